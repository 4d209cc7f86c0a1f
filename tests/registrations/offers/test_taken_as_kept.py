"""What was offered, or held before a slip, is taken as it was then: a parent that was set since, and countries that a territory
has got since, give and take nothing."""

from datetime import timedelta

import pytest

from catalog.models import Territory
from companies.models import Company
from companies.services import hierarchy
from core.clock import fixed
from core.errors import ScopeTaken
from partners.enums import PartnerStatus
from partners.models import Partner
from registrations.enums import Status
from registrations.models import Holding, Offer
from registrations.services import decisions, offers, partner_actions
from registrations.services.undo import undo
from tests.people import MONDAY, MONDAY_CLOCK, make_user
from tests.registrations.offers.steps import later, state
from tests.registrations.requests_help import policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def erin(mara):
    """Of a third firm, Eastwind."""
    firm = Partner.objects.create(name="Eastwind", country="DE", status=PartnerStatus.ACTIVE, manager=mara)
    return make_user("Erin", "partner_rep", firm)


@pytest.fixture(params=["parent", "territory"])
def apart(request, erin, register, mara):
    """`apart(row)`: the scope of `row` grows until it meets what Erin holds. Until then the two are apart."""
    by_family = request.param == "parent"
    policy(scope_family=by_family, scope_territory=not by_family, review_other_scope=False)
    germany, france = (
        Territory.objects.create(code=code, name=code, countries=[code], created_at=MONDAY)
        for code in ("DE", "FR")
    )

    def grow(row):
        name = "Kestrel Foods AG" if by_family else "Acme Pumps GmbH"
        other = register(erin, name, territory=france)
        assert other.status == Status.APPROVED
        if by_family:
            hierarchy.set_parent(
                Company.objects.get(pk=row.company_id), other.company, by=mara, clock=later(2)
            )
        else:
            Territory.objects.filter(pk=germany.pk).update(countries=["DE", "FR"])
        return other

    grow.ground = germany
    return grow


def held_by(row):
    rows = row.holdings.filter(ended_at=None).order_by("pk")
    return list(rows.values_list("pk", "company", "territory", "countries", "reserved"))


def test_what_was_offered_is_what_they_get(apart, alice, charlie, mara, register):
    holder = register(alice, "Acme Pumps GmbH", territory=apart.ground)
    row = register(charlie, "Acme Pumps GmbH", territory=apart.ground)
    decisions.put_on_waitlist(row, behind=holder, by=mara, clock=MONDAY_CLOCK)
    holder.refresh_from_db()
    partner_actions.release(holder, by=alice, clock=later(1))
    reserved = held_by(row)
    other = apart(row)

    offers.accept(Offer.objects.get(), by=charlie, clock=later(3))

    assert state(row, other) == [Status.APPROVED, Status.APPROVED]
    assert held_by(row) == [(*kept[:-1], False) for kept in reserved]
    assert set(row.holdings.filter(ended_at=None).values_list("since", flat=True)) == {later(3)()}


def test_a_revocation_by_a_slip_is_undone(apart, alice, mara, register):
    held = register(alice, "Acme Pumps GmbH", territory=apart.ground)
    before = held_by(held)
    other = apart(held)
    made = decisions.revoke(held, by=mara, reason_code="inactive", text="Slip.", clock=later(3))
    assert held_by(held) == []

    undo(made, by=mara, clock=fixed(later(3)() + timedelta(seconds=4)))

    assert state(held, other) == [Status.APPROVED, Status.APPROVED]
    assert held_by(held) == before


def test_what_somebody_else_has_meanwhile_is_not_given_back(alice, erin, mara, register):
    held = register(alice, "Acme Pumps GmbH")
    made = decisions.revoke(held, by=mara, reason_code="inactive", text="Slip.", clock=later(3))
    other = register(erin, "Kestrel Foods AG")
    Holding.objects.filter(registration=other).update(company=held.company)
    with pytest.raises(ScopeTaken):
        undo(made, by=mara, clock=fixed(later(3)() + timedelta(seconds=4)))
    assert state(held) == [Status.REVOKED] and not held_by(held)
