"""Random histories: firms that change, rights and requirements that come and go, versions that ask for more or less, and deals
that are submitted in between."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from accounts.models import User
from catalog.models import Industry, ProductLine, Territory
from core.clock import Clock, fixed
from core.errors import DomainError
from core.vendor_days import vendor_day
from partners.certificates.enums import CertificateStatus
from partners.enums import PartnerKind, PartnerStatus, PartnerTier, PickKind
from partners.groups.services import pick_firm
from partners.models import Certificate, CertificateType, Group, Partner
from policies.enums import Barred, RequiredField
from policies.models import ExclusiveRight
from policies.services import publish_version
from policies.services.rights import end_right, take_back_right
from registrations.services import partner_actions
from tests.people import MONDAY, submitted
from tests.policies.makers import give, require

_NAMES = (
    "Acme Pumps GmbH",
    "ACME Pumps",
    "Nordhavn Shipping",
    "Late Foods BV",
    "Town of Ulm",
    "Blohm Presswerk",
)
_ASKED = [RequiredField.WEBSITE, RequiredField.NEXT_STEP, RequiredField.INDUSTRY]


@dataclass
class World:
    """Who and what there is; `now` moves on with every step."""

    people: list[User]
    olga: User
    lines: list[ProductLine]
    places: list[Territory]
    trade: Industry
    paper: CertificateType
    circle: Group
    now: datetime = MONDAY
    happened: list[str] = field(default_factory=list)

    @property
    def clock(self) -> Clock:
        return fixed(self.now)

    @property
    def firms(self) -> list[Partner]:
        return list(Partner.objects.filter(members__user__in=self.people).order_by("pk").distinct())


def _register(world: World, draw: Callable[..., Any]) -> None:
    person = User.objects.get(pk=draw(st.sampled_from(world.people)).pk)  # its firm as it is now
    filled = {
        "website": draw(st.sampled_from(["", "here.example"])),
        "next_step": draw(st.sampled_from(["", "Workshop"])),
        "industry": draw(st.sampled_from([None, world.trade])),
        "territory": draw(st.sampled_from([None, *world.places])),
        "country": draw(st.sampled_from(["DE", "FR", "SE"])),
        "value": draw(st.sampled_from([Decimal(4_000), Decimal(50_000), Decimal(150_000)])),
        "tender": draw(st.booleans()),
    }
    deal = submitted(
        person, draw(st.sampled_from(_NAMES)), draw(st.sampled_from(world.lines)), clock=world.clock, **filled
    )
    world.happened[-1] += f": {deal.status}"


def _give(world: World, draw: Callable[..., Any]) -> None:
    give(
        draw(st.sampled_from(world.firms)),
        world.olga,
        product_line=draw(st.sampled_from([*world.lines, None])),
        territory=draw(st.sampled_from([None, *world.places])),
        industry=draw(st.sampled_from([None, None, world.trade])),
        begins=draw(st.integers(0, 2)),
        ends=draw(st.sampled_from([None, 2, 4])),
        is_exclusive=draw(st.booleans()),
        effect=draw(st.sampled_from(Barred.values)),
        clock=world.clock,
    )


def _end(world: World, draw: Callable[..., Any]) -> None:
    for right in ExclusiveRight.objects.standing().order_by("-pk")[:1]:
        if right.begins_at > world.now:
            take_back_right(right, by=world.olga, note="Not now.", version=right.version, clock=world.clock)
        else:
            last = vendor_day(world.now) + timedelta(days=draw(st.integers(0, 1)))
            by, version = world.olga, right.version
            end_right(right, by=by, on=last, note="Over.", version=version, agreed=True, clock=world.clock)


def _require(world: World, draw: Callable[..., Any]) -> None:
    require(
        draw(st.sampled_from(world.lines)),
        world.olga,
        begins=draw(st.integers(0, 2)),
        clock=world.clock,
        kinds=draw(st.sampled_from([[], [PartnerKind.MSP], [PartnerKind.RESELLER]])),
        least_tier=draw(st.sampled_from(["", PartnerTier.SILVER])),
        certificates=draw(st.sampled_from([[], [world.paper.code]])),
        territories=draw(st.sampled_from([[], world.places[:1]])),
        groups=draw(st.sampled_from([[], [world.circle]])),
        effect=draw(st.sampled_from(Barred.values)),
    )


def _publish(world: World, draw: Callable[..., Any]) -> None:
    wanted = {
        "required_fields": draw(st.lists(st.sampled_from(_ASKED), unique=True)),
        "refuse_public_tender": draw(st.booleans()),
        "waitlist_same": draw(st.booleans()),
        "least_tier": draw(st.sampled_from([PartnerTier.REGISTERED, PartnerTier.SILVER])),
        "open_most_registered": draw(st.sampled_from([2, 50])),
        "outside_territory": draw(st.sampled_from(["allowed", "review", "refused"])),
    }
    publish_version(by=world.olga, settings=wanted, note="Again.", clock=world.clock)


def _paper(world: World, draw: Callable[..., Any]) -> None:
    firm, begins = draw(st.sampled_from(world.firms)), vendor_day(world.now)
    if draw(st.booleans()):
        Certificate.objects.filter(partner=firm).update(status=CertificateStatus.REVOKED)
    else:
        Certificate.objects.create(
            partner=firm,
            type=world.paper,
            number=f"N-{world.now:%d%H}",
            valid_from=begins,
            valid_to=begins + timedelta(days=draw(st.integers(0, 3))),
            status=CertificateStatus.VERIFIED,
            submitted_at=world.now,
            decided_at=world.now,
        )


def _firm(world: World, draw: Callable[..., Any]) -> None:
    firm = draw(st.sampled_from(world.firms))
    firm.tier = draw(st.sampled_from(PartnerTier.values))
    firm.kind = draw(st.sampled_from([PartnerKind.RESELLER, PartnerKind.MSP]))
    statuses = [PartnerStatus.ACTIVE, PartnerStatus.ACTIVE, PartnerStatus.ONBOARDING, PartnerStatus.SUSPENDED]
    firm.status = draw(st.sampled_from(statuses))
    firm.save(update_fields=["tier", "kind", "status"])
    firm.territories.set(draw(st.sampled_from([[], world.places[:1], world.places])))
    kind = draw(st.sampled_from(PickKind.values))
    pick_firm(world.circle, firm, by=world.olga, kind=kind, reason="So it is.")


def _place(world: World, draw: Callable[..., Any]) -> None:
    place = draw(st.sampled_from(world.places))
    place.countries = draw(st.sampled_from([["DE"], ["DE", "FR"], ["SE"]]))
    place.save(update_fields=["countries"])


def _withdraw(world: World, draw: Callable[..., Any]) -> None:
    person = draw(st.sampled_from(world.people))
    for deal in person.registrations.filter(status="approved").order_by("pk")[:1]:
        partner_actions.withdraw(deal, by=person, clock=world.clock)


# A deal is submitted in every second step.
_STEPS = (_give, _give, _end, _require, _require, _publish, _paper, _firm, _place, _withdraw)


def lead(world: World, draw: Callable[..., Any]) -> None:
    """Some steps by chance, hours or days apart; what the portal refuses has not happened."""
    for _ in range(draw(st.integers(4, 12))):
        world.now += timedelta(hours=draw(st.sampled_from([1, 7, 26, 49])))
        step = draw(st.sampled_from(_STEPS))
        for one in (step, _register):
            world.now += timedelta(seconds=1)
            world.happened.append(f"{world.now:%d %H:%M} {one.__name__}")
            try:
                one(world, draw)
            except DomainError as refused:
                world.happened[-1] += f": {refused.message}"
