"""The people of every test. alice owns, bob leads her firm, dan is her colleague, charlie works for the rival;
mara referees, olga runs operations, ivan reads, ada administers. Import the plugin by its fixtures' names."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from accounts import enums
from accounts.models import Role, User
from catalog.models import ProductLine, Territory
from core.clock import Clock, fixed
from partners.enums import PartnerStatus
from partners.models import Member, Partner
from registrations.models import Registration
from registrations.services import drafts, submission
from registrations.services.drafts import LineInput

PASSWORD = "correct horse battery staple"
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MONDAY_CLOCK: Clock = fixed(MONDAY)


def make_user(name: str, role: str, partner: Partner | None = None) -> User:
    """A person with the address <name>@<firm>.example and PASSWORD."""
    domain = f"{partner.name.lower().replace(' ', '')}.example" if partner else "vendor.example"
    user = User.objects.create_user(
        f"{name.lower()}@{domain}", PASSWORD, name=name, role=Role.objects.get(code=role)
    )
    if partner is not None:
        Member.objects.create(user=user, partner=partner)
    return user


@pytest.fixture
def mara(db: None) -> User:
    return make_user("Mara", enums.CHANNEL_MANAGER)


@pytest.fixture
def olga(db: None) -> User:
    return make_user("Olga", enums.CHANNEL_OPERATIONS)


@pytest.fixture
def ivan(db: None) -> User:
    return make_user("Ivan", enums.AUDITOR)


@pytest.fixture
def ada(db: None) -> User:
    return make_user("Ada", enums.ADMINISTRATOR)


@pytest.fixture
def northgate(mara: User) -> Partner:
    return Partner.objects.create(name="Northgate", country="DE", status=PartnerStatus.ACTIVE, manager=mara)


@pytest.fixture
def southridge(mara: User) -> Partner:
    return Partner.objects.create(name="Southridge", country="FR", status=PartnerStatus.ACTIVE, manager=mara)


@pytest.fixture
def alice(northgate: Partner) -> User:
    return make_user("Alice", enums.PARTNER_REP, northgate)


@pytest.fixture
def bob(northgate: Partner) -> User:
    return make_user("Bob", enums.PARTNER_ADMIN, northgate)


@pytest.fixture
def dan(northgate: Partner) -> User:
    return make_user("Dan", enums.PARTNER_REP, northgate)


@pytest.fixture
def charlie(southridge: Partner) -> User:
    return make_user("Charlie", enums.PARTNER_REP, southridge)


@pytest.fixture
def gateways(db: None) -> ProductLine:
    return ProductLine.objects.get_or_create(code="gateways", defaults={"name": "Gateways"})[0]


@pytest.fixture
def sensors(db: None) -> ProductLine:
    return ProductLine.objects.get_or_create(code="sensors", defaults={"name": "Sensors"})[0]


@pytest.fixture
def europe(db: None) -> Territory:
    return Territory.objects.get_or_create(
        code="europe", defaults={"name": "Europe", "countries": ["DE", "FR"], "created_at": None}
    )[0]


def draft_for(person: User, company_name: str, line: ProductLine, **fields: Any) -> Registration:
    """A draft with all that a submission needs; `fields` override."""
    values = {
        "company_name": company_name,
        "country": "DE",
        "value": Decimal(50_000),
        "expected_close": MONDAY.date().replace(month=9),
        "deal_name": "Plant monitoring",
        **fields,
    }
    draft = drafts.start_draft(by=person, fields=values, clock=MONDAY_CLOCK)
    return drafts.save_draft(draft, by=person, fields={}, lines=[LineInput(line)], clock=MONDAY_CLOCK)


def submitted(
    person: User, company_name: str, line: ProductLine, *, clock: Clock = MONDAY_CLOCK, **fields: Any
) -> Registration:
    """A registration as it is after submitting."""
    return submission.submit(draft_for(person, company_name, line, **fields), by=person, clock=clock)


@pytest.fixture
def register(gateways: ProductLine) -> Callable[..., Registration]:
    """`register(alice, 'Acme GmbH', clock=…, value=…)` submits a registration for gateways."""

    def make(
        person: User, company_name: str, *, line: ProductLine | None = None, **rest: Any
    ) -> Registration:
        return submitted(person, company_name, line or gateways, **rest)

    return make
