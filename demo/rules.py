"""Policy versions, companies that belong together, and open invitations."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from accounts.enums import PARTNER_REP
from accounts.models import Role, User
from companies.models import Company
from companies.services import add_alias, look_for_doubles, set_parent
from companies.services.verdicts import declare_different
from demo.history import Past
from partners.models import Partner
from partners.services import invite
from policies.services import publish_version
from policies.services.telling import tell_of_versions


def load_policies(past: Past, today: datetime, *, by: User) -> None:
    """A second version, in force for half a year, and a third that begins in two weeks; partners were told of both."""
    versions: tuple[tuple[int, int, dict[str, object], str], ...] = (
        (
            200,
            190,
            {"refuse_public_tender": True, "auto_approve_below": Decimal(90_000), "review_score": 0.45},
            "Public tenders are registered with direct sales; automatic approval up to 90,000; a closer look at names.",
        ),
        (8, -14, {"evidence_required": True}, "From now on we ask what contact took place."),
    )
    for written, begins, settings, note in versions:
        with past.at(today - timedelta(days=written)) as clock:
            publish_version(
                by=by,
                settings=settings,
                effective_from=_midnight(by, today - timedelta(days=begins)),
                note=note,
                clock=clock,
            )
            tell_of_versions(clock=clock)


def _midnight(by: User, day: datetime) -> datetime:
    """As `by` enters it in the form that publishes a version: midnight of the day in their own time zone."""
    return datetime.combine(day.date(), time(), ZoneInfo(by.time_zone))


def relate_companies(past: Past, today: datetime, *, by: User) -> None:
    """A subsidiary below its parent, a trading name that somebody confirmed, and two that only sound alike."""
    with past.at(today - timedelta(days=3)) as clock:
        group = Company.objects.get(name="Nordhavn Shipping A/S")
        set_parent(Company.objects.get(name="Nordhavn Shipping Training"), group, by=by, clock=clock)
        group = Company.objects.get(name="Vantage Aerospace Group plc")
        add_alias(group, "VAG Aerospace", by=by, reason="So they sign their letters.", clock=clock)
        air, faucet = (Company.objects.get(name=f"Delta {what}") for what in ("Air Lines", "Faucet Company"))
        declare_different(air, faucet, by=by, reason="An airline and a maker of taps.", clock=clock)


def find_doubles(past: Past, today: datetime) -> None:
    """What the portal itself noticed: companies that look like doubles."""
    with past.at(today - timedelta(days=1)) as clock:
        look_for_doubles(clock=clock)


def invite_people(past: Past, today: datetime, people: dict[str, User]) -> None:
    """Two invitations that wait for an answer."""
    role = Role.objects.get(code=PARTNER_REP)
    with past.at(today - timedelta(days=2)) as clock:
        for name, email, inviter in (
            ("Jonas Thiel", "jonas@northgate.example", "bob"),
            ("Sanne Visser", "sanne@kestrel.example", "femke"),
        ):
            partner = Partner.objects.get(members__user=people[inviter])
            invite(email=email, name=name, role=role, partner=partner, by=people[inviter], clock=clock)
