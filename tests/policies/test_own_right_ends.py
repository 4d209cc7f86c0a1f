"""What a firm reads of the end of its own right beside others': each part that closes to it by that, in mail and on its page."""

from datetime import timedelta

import pytest

from core.clock import fixed
from core.vendor_days import midnight
from notifications.models import Message
from partners.models import Partner
from policies.enums import Barred
from policies.mine import mine
from policies.services import publish_version
from policies.services.right_ends import tell_of_right_ends
from policies.services.rights import end_right, take_back_right
from policies.services.rights_ahead import tell_who_is_kept_out_since
from policies.shown import day_words
from tests.people import submitted
from tests.policies.makers import give, in_days, mail_leaves, territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def germany(db):
    return territory("germany", "DE")


@pytest.fixture
def third(db):
    return Partner.objects.create(name="Third Firm", country="DE", status="active")


def shared(partner, olga, **scope):
    return give(partner, olga, is_exclusive=False, **scope)


def ended(own, olga, on=45):
    """The end is set, and the days around it pass."""
    end_right(own, by=olga, on=in_days(on), note="Contract ends.", version=own.version)
    mail_leaves()
    for day in (1, on - 1, on + 1, on + 2):
        clock = fixed(midnight(in_days(day)))
        tell_of_right_ends(clock=clock)
        tell_who_is_kept_out_since(clock=clock)


def mails(person, *events):
    found = Message.objects.filter(recipient=person, event__in=events or ["policy.right_ends"])
    return list(found.exclude(status="cancelled").order_by("pk"))


def flat(mail):
    return " ".join(mail.text.split())


def closes(mail):
    """What the mail says of the time after the end."""
    return flat(mail).partition("registrations stay as they are.")[2].partition("Read what")[0].strip()


@pytest.mark.parametrize("begins", [0, 40])
@pytest.mark.parametrize("all_lines", [False, True])
def test_a_part_that_anothers_right_closes_with_the_end_is_named(
    begins, all_lines, charlie, northgate, southridge, olga, gateways, sensors, europe, germany
):
    """Also one that begins while the own right runs, of which nothing was told then."""
    own = shared(southridge, olga, product_line=None if all_lines else gateways, territory=europe)
    others = europe if all_lines else germany
    shared(northgate, olga, product_line=gateways, territory=others, begins=begins)

    ended(own, olga)

    (mail,) = mails(charlie, "policy.right_ends", "policy.right_announced")
    part = f"Gateways in {others.name}"
    assert closes(mail) == f"After that day new ones inside this are refused: {part}."
    assert f"inside this are refused: {part}." in mail.html
    assert "Northgate" not in mail.text
    (change,) = [one for one in mine(southridge, midnight(in_days(41))).changes if one.worse]
    assert change.words.startswith(f"{part}: new registrations of your firm will be refused.")
    for day, status in ((45, "approved"), (47, "refused")):
        clock = fixed(midnight(in_days(day)))
        assert submitted(charlie, f"Day {day} KG", gateways, clock=clock).status == status


def test_what_is_refused_in_a_part_is_named_beside_what_is_looked_at_everywhere(
    charlie, northgate, southridge, third, olga, gateways, europe, germany
):
    own = shared(southridge, olga, product_line=gateways, territory=europe)
    shared(northgate, olga, product_line=gateways, territory=europe, effect=Barred.REVIEW)
    short = shared(third, olga, product_line=gateways, territory=germany, ends=90)

    ended(own, olga)

    (mail,) = mails(charlie)
    until = day_words(short.ends_at - timedelta(seconds=1))
    assert closes(mail) == (
        "After that day new ones inside it are looked at by a channel manager first. "
        f"After that day new ones inside this are refused until {until}: Gateways in Germany."
    )


def test_a_planned_end_names_the_part_when_it_is_reminded_of(
    charlie, northgate, southridge, olga, gateways, europe, germany
):
    own = shared(southridge, olga, product_line=gateways, territory=europe, ends=60)
    shared(northgate, olga, product_line=gateways, territory=germany)

    tell_of_right_ends(clock=fixed(own.ends_at - timedelta(days=30)))

    (mail,) = mails(charlie)
    assert "inside this are refused: Gateways in Germany. If you want to go on" in flat(mail)


def test_of_two_rights_of_its_own_the_end_of_one_closes_what_the_other_leaves(
    charlie, northgate, southridge, olga, gateways, sensors, europe, germany
):
    """Others' right reaches beyond both."""
    own = shared(southridge, olga, product_line=gateways, territory=europe)
    shared(southridge, olga, product_line=sensors, territory=germany)
    shared(northgate, olga, territory=territory("west", "DE", "US"))

    ended(own, olga)

    (mail,) = mails(charlie)
    part = "All product lines in West, but for what your firm has a right to itself"
    assert closes(mail) == f"After that day new ones inside this are refused: {part}."
    (change,) = [one for one in mine(southridge, midnight(in_days(44))).changes if one.worse]
    assert change.words.startswith(f"{part}: new registrations of your firm will be refused.")


def test_nothing_is_named_that_stays_as_it_is_or_is_announced_for_itself(
    charlie, northgate, southridge, third, olga, gateways, europe, germany
):
    publish_version(by=olga, settings={"outside_territory": "refused"}, note="At home only.")
    southridge.territories.set([europe])
    own = shared(southridge, olga, product_line=gateways, territory=europe)
    shared(northgate, olga, product_line=gateways, territory=germany, begins=46)  # as the own one ends
    shared(third, olga, product_line=gateways, territory=territory("usa", "US"))  # beside it

    ended(own, olga)

    (mail,), (announced,) = mails(charlie), mails(charlie, "policy.right_announced")
    assert closes(mail) == ""
    assert announced.subject.endswith("Gateways in Germany is not open to new registrations")


def test_what_was_to_follow_on_its_own_and_is_taken_back_leaves_the_part_closed(
    charlie, northgate, southridge, olga, gateways, europe, germany
):
    shared(southridge, olga, product_line=gateways, territory=europe, ends=40)
    following = shared(southridge, olga, product_line=gateways, territory=europe, begins=41)
    shared(northgate, olga, product_line=gateways, territory=germany)

    take_back_right(following, by=olga, note="Not signed.", version=1)

    (mail,) = mails(charlie)
    assert closes(mail) == "From that day on new ones inside this are refused: Gateways in Germany."


def test_what_the_firm_keeps_a_narrower_right_to_is_not_said_to_close(
    charlie, northgate, southridge, olga, gateways, europe, germany
):
    """The wide right ends, and its successor goes as far as anybody else's right does."""
    own = shared(southridge, olga, product_line=gateways, territory=europe, ends=45)
    shared(southridge, olga, product_line=gateways, territory=germany, begins=46)
    shared(northgate, olga, territory=germany)
    for day in (44, 47):
        clock = fixed(midnight(in_days(day)))
        assert submitted(charlie, f"Day {day} KG", gateways, clock=clock).status == "approved"

    tell_of_right_ends(clock=fixed(own.ends_at - timedelta(days=20)))

    (mail,) = mails(charlie)
    assert "are refused" not in flat(mail)
    assert not [change.words for change in mine(southridge, midnight(in_days(40))).changes if change.worse]
