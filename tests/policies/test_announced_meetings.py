"""Rights that meet requirements which are announced: whom they concern, and what a mail says of both."""

import pytest

from core.clock import database_clock
from core.errors import BadInput
from notifications.models import Message
from partners.models import Partner
from policies.enums import Barred
from policies.mine import mine
from policies.models import ExclusiveRight
from policies.services import publish_version
from policies.services.requirements import Asked, preview
from policies.services.rights import Wanted, give_right
from tests.policies.makers import give, in_days, require, territory
from tests.policies.test_binding_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def golds_alone(northgate, southridge, gateways, olga):
    Partner.objects.filter(pk=northgate.pk).update(tier="gold")
    require(gateways, olga, least_tier="gold")


def flat(person, event):
    found = Message.objects.filter(recipient=person, event=event).order_by("pk")
    return [" ".join(mail.text.split()) for mail in found]


def right_from(day, partner, line, europe, **more):
    begins = in_days(day)
    return Wanted(
        partner=partner,
        product_line=line,
        territory=europe,
        industry=None,
        begins_on=begins,
        note="By contract.",
        **more,
    )


def test_a_right_concerns_whom_an_announced_requirement_lets_in_while_it_runs(
    client, charlie, northgate, golds_alone, olga, gateways, europe
):
    require(gateways, olga, begins=40)
    sent = {
        "partner": northgate.code,
        "product_line": "gateways",
        "territory": "europe",
        "is_exclusive": "yes",
        "begins_on": in_days(40).isoformat(),
        "effect": "refused",
        "note": "By contract.",
        "step": "show",
    }
    client.force_login(olga)
    page = client.post("/policies/rights/new/", sent)
    assert [firm.name for firm in page.context["concerned"]] == ["Southridge"]
    assert "No other firm is told" not in text_of(page)

    give_right(right_from(40, northgate, gateways, europe), by=olga)

    (mail,) = flat(charlie, "policy.right_announced")
    assert "Gateways in Europe" in mail


def test_a_right_that_ends_before_an_announced_opening_concerns_nobody(
    charlie, northgate, golds_alone, olga, gateways, europe
):
    require(gateways, olga, begins=40)

    give_right(right_from(35, northgate, gateways, europe, ends_on=in_days(39)), by=olga)

    assert flat(charlie, "policy.right_announced") == []


def test_notice_is_not_waived_where_an_announced_opening_lets_a_firm_in(
    northgate, golds_alone, olga, gateways, europe
):
    require(gateways, olga, begins=5)

    with pytest.raises(BadInput, match="Southridge is concerned and told ahead"):
        give_right(right_from(5, northgate, gateways, europe, nobody_concerned=True), by=olga)
    assert not ExclusiveRight.objects.exists()


def test_an_opening_is_told_with_what_a_right_keeps_from_the_firm_then(
    charlie, northgate, golds_alone, olga, gateways, europe
):
    give_right(right_from(40, northgate, gateways, europe), by=olga)
    assert flat(charlie, "policy.right_announced") == []  # it could not register the line

    require(gateways, olga, begins=40)

    mail = Message.objects.filter(recipient=charlie, event="policy.requirement_changes").latest("pk")
    text = " ".join(mail.text.split())
    assert "your firm may register it in part from" in mail.subject
    assert (
        "your firm may register a part of it then: – Not open to your firm then: Gateways in Europe." in text
    )
    assert "Not open to your firm then: Gateways in Europe." in " ".join(mail.html.split())
    assert "Northgate" not in text


def test_a_narrowing_to_what_another_one_has_alone_names_both_reasons(
    bob, northgate, southridge, olga, gateways
):
    dach = territory("dach", "DE", "AT")
    northgate.territories.add(dach, territory("france", "FR"))
    give(southridge, olga, product_line=gateways, territory=dach)

    require(gateways, olga, begins=20, territories=[dach])

    (mail,) = flat(bob, "policy.requirement_changes")
    assert "registrations of your firm are refused then:" in mail
    assert "– Your firm registers it for customers in Dach only." in mail
    assert "– Not open to your firm then: Gateways in Dach." in mail
    assert "Southridge" not in mail


@pytest.mark.parametrize("by", ["onboarding", "everything is looked at"])
def test_what_the_policy_looks_at_anyway_is_open_to_nobody_and_no_loss(
    by, client, charlie, northgate, southridge, olga, gateways
):
    Partner.objects.exclude(pk=southridge.pk).delete()
    if by == "onboarding":
        Partner.objects.filter(pk=southridge.pk).update(status="onboarding")
        southridge.refresh_from_db()
    else:
        publish_version(by=olga, settings={"auto_approve": False}, note="We look.")
    client.force_login(olga)

    (row,) = client.get("/policies/products/").context["rows"]
    page = client.get("/policies/products/gateways/")
    (firm,) = page.context["firms"]
    asked = Asked(least_tier="gold", effect=Barred.REVIEW)
    found = preview(gateways, asked, begins_on=in_days(20), now=database_clock())

    assert (row.open_to, row.of) == (0, 1)
    assert firm.stand.words == mine(southridge, database_clock()).lines[0].label == "Looked at first"
    reason = "Your firm is still being onboarded" if by == "onboarding" else "looked at by a channel manager"
    assert reason in text_of(page)
    assert (found.loses, found.gains, found.unchanged) == ([], [], 1)


def test_a_firm_in_onboarding_that_gains_a_line_reads_that_its_deals_are_looked_at(
    charlie, southridge, golds_alone, olga, gateways
):
    Partner.objects.filter(pk=southridge.pk).update(status="onboarding")

    require(gateways, olga, begins=40)

    mail = Message.objects.filter(recipient=charlie, event="policy.requirement_changes").latest("pk")
    text = " ".join(mail.text.split())
    assert "what your firm needs changes on" in mail.subject
    assert "looked at by a channel manager first then: – Your firm is still being onboarded." in text


def test_that_the_policy_looks_at_deals_is_no_reason_why_they_are_refused(
    charlie, southridge, northgate, olga, gateways
):
    publish_version(by=olga, settings={"auto_approve": False}, note="We look.")

    require(gateways, olga, begins=40, kinds=["msp"])

    (text,) = flat(charlie, "policy.requirement_changes")
    assert "registrations of your firm are refused then: – " in text
    assert "looked at by a channel manager" not in text


def test_of_other_firms_is_said_nothing_where_there_are_none(client, northgate, southridge, olga, gateways):
    Partner.objects.filter(pk=northgate.pk).update(tier="gold")
    client.force_login(olga)
    sent = {"begins_on": in_days(20).isoformat(), "effect": "refused", "based_on": "0", "step": "preview"}

    def shown(tier):
        return text_of(client.post("/policies/products/gateways/change/", sent | {"least_tier": tier}))

    assert "Nothing changes for 1 other firm." in shown("gold")
    assert "Nothing changes for" not in shown("platinum")
