"""What the tests of leads have in common: two more firms, and who serves where."""

import pytest

from accounts import enums
from accounts.models import User
from partners.enums import PartnerStatus
from partners.models import Partner
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
