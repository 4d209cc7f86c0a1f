"""A firm that is not what it was when its deal was judged: who decides hears what the policy makes of it, each time."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from core.clock import database_clock, fixed
from partners.certificates.enums import CertificateStatus
from partners.enums import PartnerStatus, PartnerTier, PickKind
from partners.groups.services import pick_firm
from policies.firms import firm_of
from registrations.enums import Audience, Status
from registrations.models import Registration
from registrations.services.new_rules import FIRM, _firm_before, _Noted, note_new_rules
from registrations.services.timeline import first_broken
from tests.policies.makers import circle, hold, licence, require
from tests.registrations.requests_help import policy
from tests.registrations.test_new_rules import decide

pytestmark = pytest.mark.django_db
LACKS = "it takes a valid Export Licence"


@pytest.fixture
def paper(northgate, olga, gateways):
    """What Northgate's deals with gateways need: its licence."""
    require(gateways, olga, certificates=[licence().code], effect="review")
    return hold(northgate, licence())


@pytest.fixture
def deal(alice, register):
    """In review because of its value alone."""
    made = register(alice, "Kestrel AG", value=500_000, clock=fixed(database_clock() + timedelta(minutes=1)))
    assert made.status == Status.IN_REVIEW and made.review_reasons == ["value"]
    return made


def make(paper, status):
    paper.status = status
    paper.save()


def swept(minutes=2):
    return note_new_rules(clock=fixed(database_clock() + timedelta(minutes=minutes))).done


def notes(deal):
    return [entry.data["text"] for entry in deal.timeline.filter(kind=FIRM).order_by("number")]


def test_a_licence_that_is_lost_and_found_again_is_noted_each_time(paper, deal, alice, mara, client):
    assert swept() == []
    seen = deal.timeline.count()
    make(paper, CertificateStatus.REVOKED)
    assert [swept(), swept()] == [[deal.code], []]

    (said,) = notes(deal)
    assert said.startswith(
        "The firm is not what it was: certificates.\nWhat the partner would be told today: "
    )
    assert LACKS in said
    assert deal.timeline.get(kind=FIRM).audience == Audience.VENDOR
    client.force_login(mara)
    page = client.get(reverse("registrations:review_item", args=[deal.code])).content.decode()
    assert LACKS in strip_tags(page)
    client.force_login(alice)
    theirs = client.get(reverse("registrations:registration", args=[deal.code])).content.decode()
    assert "not what it was" not in theirs and LACKS not in theirs

    make(paper, CertificateStatus.VERIFIED)
    assert swept(3) == [deal.code]
    assert "What the partner would have been told holds no longer: Gateways goes to" in notes(deal)[-1]
    make(paper, CertificateStatus.REVOKED)
    assert [swept(4), swept(4)] == [[deal.code], []]
    assert notes(deal)[-1] == said and len(notes(deal)) == 3

    stopped = decide(client, mara, deal, seen)
    assert stopped.status_code == 409
    assert "The firm is not what it was after you opened this." in strip_tags(stopped.content.decode())
    assert {row.what for row in stopped.context["feedback"].differences} == {"The firm"}
    assert decide(client, mara, deal, seen + 3).status_code == 200
    deal.refresh_from_db()
    assert deal.status == Status.APPROVED and first_broken(deal) is None


def test_tier_standing_and_groups_count_as_the_policy_reads_them(alice, northgate, gateways, olga, register):
    """The version that the deal came in under, since a person decides by that one."""
    founders = circle(olga, "Founders", None, northgate)
    require(gateways, olga, groups=[founders], effect="review")
    policy(least_tier="silver", begins=database_clock() - timedelta(minutes=1))
    type(northgate).objects.filter(pk=northgate.pk).update(tier=PartnerTier.SILVER)
    northgate.refresh_from_db()
    alice.refresh_from_db()
    deal = register(alice, "Kestrel AG", value=500_000, clock=fixed(database_clock() + timedelta(minutes=1)))
    assert deal.review_reasons == ["value"]
    policy(least_tier="registered", begins=database_clock() + timedelta(minutes=2))

    northgate.tier, northgate.status = PartnerTier.REGISTERED, PartnerStatus.SUSPENDED
    northgate.save()
    pick_firm(founders, northgate, by=olga, kind=PickKind.EXCLUDED, reason="Left it.")
    swept(3)

    (said,) = notes(deal)
    assert said.startswith("The firm is not what it was: tier, standing and groups.")
    assert "Only active partners can register deals." in said and "Silver" in said
    assert "Gateways is for the group ‘Founders’; the partner does not read its name." in said


def test_what_makes_no_difference_is_not_noted_and_what_a_rule_that_began_says_is_said_once(
    deal, northgate, southridge, olga, gateways
):
    hold(northgate, licence("other", "Other Paper"))
    southridge.tier = PartnerTier.GOLD
    southridge.save()
    assert swept() == []

    paper = hold(northgate, licence())
    require(gateways, olga, begins=1, certificates=[licence().code])
    assert swept(60 * 24 * 2) == []
    make(paper, CertificateStatus.REVOKED)
    assert swept(60 * 24 * 2) == [deal.code]
    assert [entry.kind for entry in deal.timeline.order_by("number")][-1] == "rules_began"
    assert not notes(deal)
    make(paper, CertificateStatus.VERIFIED)
    assert swept(60 * 24 * 2) == [deal.code] and "holds no longer" in notes(deal)[0]


def test_what_was_not_kept_of_a_firm_is_no_change(deal, northgate, gateways, olga):
    """Runs of before firms had groups say nothing of them; what they say differently is."""
    founders = circle(olga, "Founders", None, northgate)
    require(gateways, olga, groups=[founders], effect="review")
    (run,) = deal.policy_runs.all()
    kept = Registration(pk=deal.pk, partner=northgate, submitted_at=deal.submitted_at)
    kept.judged_at = kept.submitted_at
    kept.judged_firm = {name: value for name, value in run.facts["firm"].items() if name != "groups"}
    now = firm_of(northgate, database_clock())
    assert now.groups == (founders.code,) and _firm_before(kept, _Noted(), now) == now
    kept.judged_firm |= {"tier": "gold"}
    assert _firm_before(kept, _Noted(), now) == replace(now, tier="gold")
