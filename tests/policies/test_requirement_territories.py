"""A requirement by territory takes customers from a firm that works elsewhere, too: it is shown before, told, and stands on the
pages; what is closed by it is never announced as open."""

from datetime import timedelta

import pytest

from core.clock import database_clock, fixed
from notifications.models import Message
from policies.concerned import firms_concerned
from policies.enums import Barred
from policies.loading import right_of
from policies.mine import mine
from policies.services.publishing import publish_version
from policies.services.requirements import Asked, preview, take_back_requirement
from policies.services.rights import end_right
from registrations.enums import Status
from tests.people import submitted
from tests.policies.makers import give, in_days, licence, require, territory
from tests.policies.test_binding_pages import text_of

pytestmark = pytest.mark.django_db
ONLY = "registers it for customers in Dach only"


@pytest.fixture
def areas(northgate):
    """Northgate works in both."""
    found = territory("dach", "DE", "AT", "CH"), territory("america", "US", "CA")
    northgate.territories.set(found)
    return found


def told(person):
    found = Message.objects.filter(recipient=person, event="policy.requirement_changes")
    return list(found.order_by("pk"))


def lands(person, name, line, country, days):
    then = fixed(database_clock() + timedelta(days=days))
    return submitted(person, name, line, clock=then, country=country).status


@pytest.mark.parametrize("works_everywhere", [False, True])
def test_who_loses_customers_is_shown_before_and_told(
    works_everywhere, client, bob, alice, northgate, southridge, olga, gateways, areas
):
    dach, _ = areas
    southridge.territories.set([dach])
    publish_version(by=olga, settings={"outside_territory": "refused"}, note="At home.")
    if works_everywhere:
        northgate.territories.clear()
    client.force_login(olga)
    sent = {
        "territories": ["dach"],
        "begins_on": in_days(20).isoformat(),
        "effect": "refused",
        "based_on": "0",
    }
    shown = text_of(client.post("/policies/products/gateways/change/", sent | {"step": "preview"}))
    assert f"May register → May register in part: it {ONLY}" in shown
    assert "Nothing changes for 1 other firm." in shown  # Southridge sells in DACH alone

    require(gateways, olga, begins=20, territories=[dach])

    (mail,) = told(bob)
    assert mail.subject.startswith("Gateways: your firm may register it in part from")
    assert f"your firm may register a part of it then:\n– Your firm {ONLY}." in mail.text
    (ahead,) = mine(northgate, database_clock()).changes
    assert (
        ahead.worse,
        ahead.words.endswith(f"It is open to your firm in part then: your firm {ONLY}."),
    ) == (
        True,
        True,
    )
    assert mine(southridge, database_clock()).changes == []
    assert lands(alice, "Acme Inc", gateways, "US", 19) == Status.APPROVED
    assert lands(alice, "Bolt Inc", gateways, "US", 21) == Status.REFUSED
    assert lands(alice, "Cord AG", gateways, "DE", 21) == Status.APPROVED


STEPS = [
    ("narrower", {"territories": [0, 1]}, {"territories": [0]}, True),
    ("harder", {"territories": [0], "effect": Barred.REVIEW}, {"territories": [0]}, True),
    ("moved", {"territories": [0]}, {"territories": [1]}, True),
    ("wider", {"territories": [0]}, {"territories": [0, 1]}, False),
    ("milder", {"territories": [0]}, {"territories": [0], "effect": Barred.REVIEW}, False),
    ("everywhere", {"territories": [0]}, {}, False),
]


@pytest.mark.parametrize(
    ("before", "after", "loses"), [step[1:] for step in STEPS], ids=[s[0] for s in STEPS]
)
def test_each_change_of_where_it_is_sold_is_a_change(
    before, after, loses, bob, northgate, olga, gateways, areas
):
    def asked(values):
        return values | {"territories": [areas[place] for place in values.get("territories", [])]}

    require(gateways, olga, **asked(before))
    heard = len(told(bob))

    shown = preview(gateways, Asked(**asked(after)), begins_on=in_days(20), now=database_clock())
    row = require(gateways, olga, begins=20, **asked(after))

    assert [one.partner for one in (shown.loses if loses else shown.gains)] == [northgate]
    assert len(shown.loses) == loses
    assert len(told(bob)) == heard + 1
    assert [change.worse for change in mine(northgate, database_clock()).changes] == [loses]
    take_back_requirement(row, by=olga)
    assert "is taken back: nothing changes on that day" in told(bob)[-1].text


def test_what_is_open_in_part_says_so_on_all_pages(client, bob, northgate, southridge, olga, gateways, areas):
    dach, _ = areas
    southridge.territories.set([dach])
    publish_version(by=olga, settings={"outside_territory": "refused"}, note="At home.")
    require(gateways, olga, territories=[dach])

    line = mine(northgate, database_clock()).lines[0]
    assert (line.label, line.tone, [gap.words for gap in line.lacks]) == (
        "May register in part",
        "wait",
        [f"your firm {ONLY}"],
    )
    assert (
        mine(southridge, database_clock()).lines[0].label,
        mine(southridge, database_clock()).lines[0].lacks,
    ) == (
        "May register",
        (),
    )
    client.force_login(bob)
    assert f"Your firm {ONLY}." in text_of(client.get("/policies/registration/"))
    client.force_login(olga)
    page = text_of(client.get("/policies/products/gateways/"))
    assert "2 of 2 may register it, 1 of them in part" in page and f"It {ONLY}" in page
    assert "2 of 2 firms<br><span" in (matrix := text_of(client.get("/policies/products/")))
    assert "1 of them in part" in matrix


def test_a_line_that_others_hold_wherever_it_is_sold_is_not_open(
    northgate, southridge, olga, gateways, areas
):
    """The requirement leaves DACH to the firm, and somebody else has that alone."""
    dach, _ = areas
    require(gateways, olga, territories=[dach])
    give(southridge, olga, product_line=gateways, territory=dach)

    assert mine(northgate, database_clock()).lines[0].label == "Not open"


def test_nothing_opens_with_a_right_where_the_line_is_not_sold(
    bob, alice, northgate, southridge, olga, gateways, areas
):
    dach, america = areas
    require(gateways, olga, territories=[dach])
    right = give(southridge, olga, product_line=gateways, territory=america)
    assert firms_concerned(right_of(right), database_clock()) == []

    end_right(right, by=olga, on=in_days(40), note="Over.", version=right.version)

    assert not Message.objects.filter(recipient=bob, event="policy.right_ends").exists()
    assert [change for change in mine(northgate, database_clock()).changes if not change.worse] == []
    assert lands(alice, "Bolt Inc", gateways, "US", 42) == Status.REFUSED


def test_what_opens_in_a_part_of_a_right_is_told_as_that_part(
    bob, alice, northgate, southridge, olga, gateways, areas
):
    dach, _ = areas
    require(gateways, olga, territories=[dach])
    right = give(southridge, olga, product_line=gateways)

    end_right(right, by=olga, on=in_days(40), note="Over.", version=right.version)

    mail = Message.objects.get(recipient=bob, event="policy.right_ends")
    assert ", but for a part of it that stays as it is" in mail.text
    assert lands(alice, "Cord AG", gateways, "DE", 42) == Status.APPROVED
    assert lands(alice, "Bolt Inc", gateways, "US", 42) == Status.REFUSED


def test_nothing_opens_where_the_line_is_not_sold_beside_what_the_firm_holds(
    bob, northgate, southridge, olga, gateways, areas
):
    """It registers in DACH by its own right; the rest is not sold to it, whoever has a right there."""
    dach, _ = areas
    require(gateways, olga, territories=[dach])
    give(northgate, olga, product_line=gateways, territory=dach, is_exclusive=False)
    right = give(southridge, olga, product_line=gateways, is_exclusive=False)

    end_right(right, by=olga, on=in_days(40), note="Over.", version=right.version)

    assert not Message.objects.filter(recipient=bob, event="policy.right_ends").exists()


def test_a_part_that_another_one_holds_is_not_lost_by_a_requirement(
    bob, northgate, southridge, olga, gateways, areas
):
    """America is Southridge's already, so that leaving it out takes nothing from Northgate."""
    dach, america = areas
    require(gateways, olga, territories=[dach, america])
    give(southridge, olga, product_line=gateways, territory=america)
    heard = len(told(bob))

    require(gateways, olga, begins=20, territories=[dach])

    assert len(told(bob)) == heard


def test_what_else_is_missing_comes_before_where_it_is_sold(northgate, olga, gateways, areas):
    require(gateways, olga, territories=[areas[0]], certificates=[licence().code])

    line = mine(northgate, database_clock()).lines[0]

    assert (line.label, [gap.kind for gap in line.lacks]) == ("Not open", ["certificate"])


def test_a_holder_of_a_right_where_the_line_is_not_sold_is_named_as_kept_out(
    client, northgate, olga, gateways, areas
):
    require(gateways, olga, territories=[areas[0]])
    rights = [give(northgate, olga, product_line=gateways, territory=where) for where in areas]
    client.force_login(olga)

    pages = [text_of(client.get(f"/policies/rights/{right.code}/")) for right in rights]

    assert ["Nobody can register this at present" in page for page in pages] == [False, True]
    assert "for customers in Dach only" in pages[1]
