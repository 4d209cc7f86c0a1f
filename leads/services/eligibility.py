"""Which firms may get a lead, and why: the same answer for the list that a person chooses from, for the ways that choose
by themselves, and for the pool."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q

from leads.enums import NOT_AGAIN, GiftEnd
from leads.models import Gift, Lead, Turn
from partners.enums import PartnerStatus
from partners.models import Member, Partner
from programs.models import Enrolment, Program
from registrations.models import Registration


@dataclass(frozen=True)
class Standing:
    """A firm in view of one lead. `reasons` speak for it, `obstacles` forbid it, `doubts` forbid it to the ways that choose
    by themselves but not to a person. `waiting` counts leads that wait for its answer."""

    partner: Partner
    covers: bool
    waiting: int
    last_at: datetime | None
    weight: int
    position: int
    reasons: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    obstacles: list[str] = field(default_factory=list)

    @property
    def may_be_given(self) -> bool:
        """A person may give it the lead."""
        return not self.obstacles

    def at(self, turn: Turn) -> "Standing":
        """The same with the firm's turn as it stands under the lock."""
        return replace(self, weight=turn.weight, position=turn.position)

    @property
    def is_eligible(self) -> bool:
        """It may get the lead by any way, and claim it from the pool."""
        return not self.obstacles and not self.doubts


def standings(lead: Lead) -> list[Standing]:
    """Every firm that is active, or has had this lead, the most fitting first. Six queries, however many firms."""
    had = dict(Gift.objects.filter(lead=lead, end__in=[*NOT_AGAIN, ""]).values_list("partner_id", "end"))
    people = Member.objects.filter(
        partner=OuterRef("pk"), user__is_active=True, user__role__permissions__contains=["leads.work"]
    )
    partners = (
        Partner.objects.filter(Q(status=PartnerStatus.ACTIVE) | Q(pk__in=had))
        .annotate(reachable=Exists(people))
        .prefetch_related("territories")
    )
    given: dict[int, dict[str, Any]] = {
        row["partner"]: dict(row)
        for row in Gift.objects.values("partner")
        .annotate(
            last=Max("at"),
            waiting=Count("pk", filter=Q(ended_at=None)),
            answered=Count("pk", filter=Q(end__in=[GiftEnd.ACCEPTED, *NOT_AGAIN])),
            accepted=Count("pk", filter=Q(end=GiftEnd.ACCEPTED)),
        )
        .order_by()
    }
    knows = set(
        Registration.objects.filter(company=lead.company_id)
        .exclude(status="draft")
        .values_list("partner_id", flat=True)
    )
    turns = {turn.partner_id: turn for turn in Turn.objects.all()}
    front = front_of(turns.values())
    found = [
        _standing(
            partner, lead, had, given.get(partner.pk, {}), turns.get(partner.pk), front, partner.pk in knows
        )
        for partner in partners
    ]
    if lead.program is not None:
        _in_view_of(lead.program, found)
    return sorted(found, key=_by_fit)


def eligible(lead: Lead) -> list[Standing]:
    """The firms that may get the lead by any way, the most fitting first."""
    return [standing for standing in standings(lead) if standing.is_eligible]


def front_of(turns: Iterable[Turn]) -> int:
    """Where the rotation stands: where firms begin that are new, or come back."""
    return min((turn.position for turn in turns if turn.weight > 0), default=0)


def _in_view_of(program: Program, found: list[Standing]) -> None:
    """What the program that the lead is kept for says about each firm: one query."""
    inside = set(Enrolment.objects.enrolled().filter(program=program).values_list("partner_id", flat=True))
    for standing in found:
        if standing.partner.pk in inside:
            standing.reasons.insert(0, f"Takes part in {program}")
        else:
            standing.doubts.append(f"Does not take part in {program}")


def _by_fit(standing: Standing) -> tuple[bool, bool, bool, int, float, str]:
    """Those who may have it, cover its territory, have the least to answer, and had one longest ago."""
    last = standing.last_at.timestamp() if standing.last_at else 0.0
    return (
        bool(standing.obstacles),
        bool(standing.doubts),
        not standing.covers,
        standing.waiting,
        last,
        standing.partner.name,
    )


def _standing(
    partner: Partner,
    lead: Lead,
    had: dict[int, str],
    given: dict[str, Any],
    turn: Turn | None,
    front: int,
    knows_company: bool,
) -> Standing:
    served = {territory.pk for territory in partner.territories.all()}
    covers = lead.territory_id in served
    waiting = int(given.get("waiting", 0))
    last = given.get("last")
    standing = Standing(
        partner=partner,
        covers=covers,
        waiting=waiting,
        last_at=last if isinstance(last, datetime) else None,
        weight=turn.weight if turn else 1,
        position=turn.position if turn else front,
    )
    standing.reasons.extend(_reasons(lead, served, covers, knows_company, given))
    if lead.territory is not None and served and not covers:
        standing.doubts.append(f"Does not serve {lead.territory}")
    standing.obstacles.extend(_obstacles(partner, had.get(partner.pk)))
    return standing


def _reasons(
    lead: Lead, served: set[int], covers: bool, knows_company: bool, given: dict[str, Any]
) -> list[str]:
    found = []
    if covers:
        found.append(f"Serves {lead.territory}")
    elif not served:
        found.append("Serves every territory")
    elif lead.territory is None:
        found.append("The lead has no territory")
    if knows_company:
        found.append("Has registered this company before")
    waiting, answered = given.get("waiting", 0), given.get("answered", 0)
    if not given:
        found.append("Has had no lead yet")
    elif not waiting:
        found.append("No lead waits for its answer")
    else:
        found.append(
            "1 lead waits for its answer" if waiting == 1 else f"{waiting} leads wait for its answer"
        )
    if answered:
        found.append(f"Accepted {given['accepted']} of {answered}")
    return found


def _obstacles(partner: Partner, end: str | None) -> list[str]:
    found = []
    if end is not None:
        words = {
            GiftEnd.DECLINED: "Declined this lead",
            GiftEnd.PULLED_BACK: "Let this lead's deadline pass",
        }
        found.append(words.get(GiftEnd(end), "") if end else "Has this lead now")
    if not partner.is_active:
        found.append(f"Is {partner.get_status_display().lower()}, not active")
    elif not partner.reachable:  # type: ignore[attr-defined]
        found.append("Nobody there can sign in and answer")
    return found
