"""Each registration is judged by what stood when it was submitted, under its own version and under the one that is tried."""

from datetime import date, timedelta

import pytest

from catalog.models import Industry, Territory
from core.clock import fixed
from partners.certificates.enums import CertificateStatus
from partners.enums import PartnerStatus, PartnerTier, PickKind
from partners.groups.services import pick_firm
from partners.models import Certificate, Partner
from partners.services.merging import merge_partners
from policies.models import ExclusiveRight, RegistrationPolicy
from policies.services.rights import end_right, end_rights_of
from registrations.models import PolicyRun
from tests.people import MONDAY
from tests.policies.makers import circle, give, licence, require
from tests.registrations.simulations.given import draft_with, simulated

pytestmark = pytest.mark.django_db
FIRST = MONDAY.date()


def at(days, hours=0):
    return fixed(MONDAY + timedelta(days=days, hours=hours))


def landed():
    """Company → where it landed, in the order of time."""
    rows = PolicyRun.objects.order_by("at", "id")
    return dict(rows.values_list("registration__company_name", "landing"))


@pytest.fixture
def nothing_differs(olga):
    """Under the version that decided all of them everything lands where it did, and all of it can be compared."""

    def check():
        simulation = simulated(RegistrationPolicy.objects.get(version=1), olga)
        assert simulation.looked_at == PolicyRun.objects.count()
        assert (simulation.unsettled, list(simulation.cases.values_list("rule", "reasons"))) == (0, [])

    return check


@pytest.fixture
def looked_at(olga):
    """The companies that a version that approves nothing alone would send to review, of those that were approved."""

    def found():
        simulation = simulated(draft_with(auto_approve=False), olga)
        assert simulation.unsettled == 0
        cases = simulation.cases.all()
        assert {(case.before, case.after) for case in cases} <= {("approved", "in_review")}
        return {case.registration.company_name for case in cases}

    return found


def test_a_right_that_begins_and_ends_in_the_middle(
    northgate, charlie, olga, gateways, europe, register, nothing_differs, looked_at
):
    right = give(northgate, olga, product_line=gateways, territory=europe, begins=2, ends=30, clock=at(0))
    register(charlie, "Before AG", clock=at(1))
    register(charlie, "Within AG", clock=at(3))
    end_right(
        right, by=olga, on=FIRST + timedelta(days=5), note="Agreed.", version=1, agreed=True, clock=at(4)
    )
    register(charlie, "Still Within GmbH", clock=at(5, hours=1))
    register(charlie, "After KG", clock=at(7))

    assert landed() == {
        "Before AG": "approved",
        "Within AG": "refused",
        "Still Within GmbH": "refused",
        "After KG": "approved",
    }
    nothing_differs()
    assert looked_at() == {"Before AG", "After KG"}


def test_a_right_that_was_taken_back_or_ended_with_its_firm(
    northgate, charlie, olga, gateways, sensors, register, nothing_differs, looked_at
):
    give(northgate, olga, product_line=gateways, clock=at(1))
    give(northgate, olga, product_line=sensors, begins=9, clock=at(1))
    register(charlie, "Within AG", clock=at(2))
    end_rights_of(northgate, by=olga, reason="They left.", clock=at(3))
    register(charlie, "After KG", clock=at(4))
    register(charlie, "Never Within GmbH", line=sensors, clock=at(12))

    assert set(ExclusiveRight.objects.values_list("withdrawn_at", flat=True)) == {None, at(3)()}
    assert landed() == {"Within AG": "refused", "After KG": "approved", "Never Within GmbH": "approved"}
    nothing_differs()
    assert looked_at() == {"After KG", "Never Within GmbH"}


def test_a_right_about_an_industry_sends_those_without_one_to_a_person_while_it_runs(
    northgate, charlie, olga, register, nothing_differs
):
    trade = Industry.objects.create(code="metals-then", name="Metals")
    register(charlie, "Before AG", clock=at(0))
    give(northgate, olga, industry=trade, ends=3, clock=at(1))
    register(charlie, "Silent AG", clock=at(2))
    register(charlie, "Metal AG", industry=trade, clock=at(2, hours=1))
    register(charlie, "After KG", industry=trade, clock=at(6))

    assert list(landed().values()) == ["approved", "in_review", "refused", "approved"]
    nothing_differs()


def test_a_requirement_that_is_replaced_and_then_lifted(
    alice, olga, gateways, register, nothing_differs, looked_at
):
    register(alice, "Free AG", clock=at(0))
    require(gateways, olga, least_tier="gold", clock=at(1))
    register(alice, "Too Low AG", clock=at(2))
    require(gateways, olga, kinds=["msp"], effect="review", begins=2, clock=at(2, hours=1))
    register(alice, "Still Too Low AG", clock=at(3))
    register(alice, "Other Kind AG", clock=at(5))
    require(gateways, olga, clock=at(6))
    register(alice, "Meadow AG", clock=at(7))

    assert list(landed().values()) == ["approved", "refused", "refused", "in_review", "approved"]
    nothing_differs()
    assert looked_at() == {"Free AG", "Meadow AG"}


def test_a_certificate_that_lapses_is_renewed_and_revoked(
    alice, northgate, olga, gateways, register, nothing_differs, looked_at
):
    require(gateways, olga, certificates=[licence().code], clock=at(0))
    register(alice, "Without AG", clock=at(0, hours=1))
    paper = {
        "partner": northgate,
        "type": licence(),
        "status": CertificateStatus.VERIFIED,
        "submitted_at": MONDAY,
        "decided_at": MONDAY,
    }
    first, until = FIRST + timedelta(days=1), FIRST + timedelta(days=3)
    Certificate.objects.create(**paper, number="N-1", valid_from=first, valid_to=until)
    register(alice, "With AG", clock=at(3))
    register(alice, "Lapsed AG", clock=at(4))
    Certificate.objects.create(**paper, number="N-2", valid_from=until, valid_to=date(2030, 1, 1))
    register(alice, "Renewed AG", clock=at(5))
    Certificate.objects.update(status=CertificateStatus.REVOKED)
    register(alice, "Revoked AG", clock=at(6))

    assert list(landed().values()) == ["refused", "approved", "refused", "approved", "refused"]
    nothing_differs()
    assert looked_at() == {"With AG", "Renewed AG"}


def test_a_group_that_a_requirement_names_and_the_firm_enters_and_leaves(
    alice, northgate, olga, gateways, register, nothing_differs, looked_at
):
    founders = circle(olga, "Founders")
    require(gateways, olga, groups=[founders], clock=at(0))
    register(alice, "Outside AG", clock=at(1))
    pick_firm(founders, northgate, by=olga, kind=PickKind.ADDED, reason="They were there.")
    register(alice, "Inside AG", clock=at(2))
    pick_firm(founders, northgate, by=olga, kind=PickKind.EXCLUDED, reason="They left.")
    register(alice, "Left AG", clock=at(3))
    require(gateways, olga, groups=[circle(olga, "Others")], clock=at(4))

    assert list(landed().values()) == ["refused", "approved", "refused"]
    nothing_differs()
    assert looked_at() == {"Inside AG"}


def test_a_firm_that_rises_is_suspended_and_comes_back(
    alice, northgate, olga, gateways, register, nothing_differs, looked_at
):
    require(gateways, olga, least_tier="silver", clock=at(0))
    for day, (name, tier, status) in enumerate(
        (
            ("Low AG", PartnerTier.REGISTERED, PartnerStatus.ACTIVE),
            ("Risen AG", PartnerTier.GOLD, PartnerStatus.ACTIVE),
            ("Suspended AG", PartnerTier.GOLD, PartnerStatus.SUSPENDED),
            ("Back AG", PartnerTier.SILVER, PartnerStatus.ACTIVE),
        ),
        start=1,
    ):
        Partner.objects.filter(pk=northgate.pk).update(tier=tier, status=status)
        alice.member.partner.refresh_from_db()
        register(alice, name, clock=at(day))
    Partner.objects.filter(pk=northgate.pk).update(tier=PartnerTier.REGISTERED)

    assert list(landed().values()) == ["refused", "approved", "refused", "approved"]
    nothing_differs()
    assert looked_at() == {"Risen AG", "Back AG"}


def test_a_territory_that_grows_and_shrinks_later_moves_no_deal_of_then(
    alice, northgate, charlie, southridge, olga, gateways, europe, register, nothing_differs, looked_at
):
    northgate.territories.add(europe)
    southridge.territories.add(europe)
    require(gateways, olga, territories=[europe], clock=at(0))
    give(northgate, olga, territory=europe, product_line=gateways, begins=3, clock=at(0))
    register(alice, "Inside AG", country="FR", clock=at(1))
    register(charlie, "Outside AG", country="SE", clock=at(2))
    register(charlie, "Reserved AG", country="FR", clock=at(4))
    Territory.objects.filter(pk=europe.pk).update(countries=["SE", "NO"])

    assert list(landed().values()) == ["approved", "refused", "refused"]
    nothing_differs()
    assert looked_at() == {"Inside AG"}


def test_a_right_that_went_over_with_a_merge_was_its_first_holders_until_then(
    alice, northgate, charlie, southridge, dan, olga, gateways, register, nothing_differs, looked_at
):
    give(northgate, olga, product_line=gateways, clock=at(0))
    register(alice, "Own AG", clock=at(1))
    register(charlie, "Reserved AG", clock=at(1, hours=1))
    versions = {firm.pk: firm.version for firm in (northgate, southridge)}
    merge_partners(northgate, into=southridge, by=olga, reason="One firm.", versions=versions, clock=at(2))
    register(charlie, "Theirs Now AG", clock=at(3))
    assert ExclusiveRight.objects.get().partner == southridge

    assert list(landed().values()) == ["approved", "refused", "approved"]
    nothing_differs()
    assert looked_at() == {"Own AG", "Theirs Now AG"}
