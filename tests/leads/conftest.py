"""What the tests of leads have in common: two more firms, and who serves where."""

from typing import Any

import pytest

from accounts import enums
from accounts.models import User
from catalog.models import ProductLine
from leads.enums import Way
from leads.models import Lead
from leads.services.giving import give
from partners.enums import PartnerStatus
from partners.models import Partner
from registrations.models import Registration
from registrations.services import decisions, partner_actions
from tests.leads.makers import later, make_lead
from tests.people import make_user


@pytest.fixture
def served(northgate: Partner, southridge: Partner, alice: User, charlie: User, europe: object) -> None:
    """Both firms serve Europe and have somebody who answers."""
    for firm in (northgate, southridge):
        firm.territories.add(europe)  # type: ignore[arg-type]


@pytest.fixture
def eastfield(mara: User) -> Partner:
    """A firm that serves everywhere, with one rep, erin."""
    firm = Partner.objects.create(name="Eastfield", country="PL", status=PartnerStatus.ACTIVE, manager=mara)
    make_user("Erin", enums.PARTNER_REP, firm)
    return firm


@pytest.fixture
def erin(eastfield: Partner) -> User:
    return eastfield.members.get().user


@pytest.fixture
def kept_for_an_earlier_one(
    mara: User, charlie: User, erin: User, northgate: Partner, gateways: ProductLine, register: Any
) -> tuple[Lead, Registration, Registration]:
    """A lead of Northgate's; who came after it, is still under review, and has the place kept for them now that Eastfield has
    left it; and who waits in line."""
    held = register(erin, "Kestrel Foods", value=900_000, clock=later(1))
    lead = make_lead(mara, "Kestrel Foods", gateways)
    give(lead, way=Way.HAND, by=mara, partner=northgate, clock=later(2))
    decisions.assign(held, by=mara, clock=later(3))
    fay = make_user("Fay", enums.PARTNER_REP, charlie.member.partner)
    reviewed = register(fay, "Kestrel Foods", clock=later(4))
    waits = register(charlie, "Kestrel Foods", clock=later(5))
    held.refresh_from_db()
    decisions.put_on_waitlist(waits, behind=held, by=mara, clock=later(6))
    held.refresh_from_db()
    partner_actions.withdraw(held, by=erin, clock=later(7))
    reviewed.refresh_from_db()
    assert "turn_came" in reviewed.review_reasons
    return lead, reviewed, waits
