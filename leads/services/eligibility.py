"""Which firms may get a lead, and why: for the list that a person chooses from, and for the ways that choose by themselves.
What keeps a firm from it is said by `between`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q

from core.clock import Clock, database_clock
from leads.enums import NOT_AGAIN, GiftEnd
from leads.models import Gift, Lead, Turn
from leads.services.between import Between, firms_in_view
from partners.enums import PartnerStatus
from partners.models import Partner
from registrations.models import Registration


@dataclass(frozen=True)
class Standing:
    """A firm in view of one lead. `covers`: it works where the lead is, and not just everywhere. `reasons` speak for it, `notes`
    are figures that may speak against it, `obstacles` forbid it, `doubts` forbid it to the ways that choose by themselves but
    not to a person, and so do `refusals`: why the policy would refuse its registration, in words for the firm. `waiting` counts
    leads that wait for its answer."""

    partner: Partner
    covers: bool
    waiting: int
    last_at: datetime | None
    weight: int
    position: int
    reasons: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    obstacles: list[str] = field(default_factory=list)
    refusals: tuple[str, ...] = ()

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
        return not self.obstacles and not self.doubts and not self.refusals


def standings(lead: Lead, *, clock: Clock = database_clock) -> list[Standing]:
    """Every firm that is active, or has had this lead, the most fitting first; as many queries for one firm as for many."""
    had = Gift.objects.filter(lead=lead, end__in=[*NOT_AGAIN, ""]).values("partner")
    partners = list(firms_in_view().filter(Q(status=PartnerStatus.ACTIVE) | Q(pk__in=had)))
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
    between = Between([lead], partners, at=clock())
    found = [
        _standing(
            partner,
            lead,
            between,
            given.get(partner.pk, {}),
            turns.get(partner.pk),
            front,
            knows_company=partner.pk in knows,
        )
        for partner in partners
    ]
    return sorted(found, key=_by_fit)


def eligible(lead: Lead, *, clock: Clock = database_clock) -> list[Standing]:
    """The firms that may get the lead by any way, the most fitting first."""
    return [standing for standing in standings(lead, clock=clock) if standing.is_eligible]


def next_of_territory(lead: Lead, fitting: Sequence[Standing]) -> Standing | None:
    """Whom 'by territory' gives the lead to, of the eligible firms in their order: all of them serve where it is, those whose own
    territory it is come before those that serve everywhere. None without a territory, and where nobody is left."""
    return fitting[0] if fitting and lead.territory is not None else None


def front_of(turns: Iterable[Turn]) -> int:
    """Where the rotation stands: where firms begin that are new, or come back."""
    return min((turn.position for turn in turns if turn.weight > 0), default=0)


def _by_fit(standing: Standing) -> tuple[bool, bool, bool, bool, int, float, str]:
    """Those who may have it, may register it, cover its territory, have the least to answer, and had one longest ago."""
    last = standing.last_at.timestamp() if standing.last_at else 0.0
    return (
        bool(standing.obstacles),
        bool(standing.refusals),
        bool(standing.doubts),
        not standing.covers,
        standing.waiting,
        last,
        standing.partner.name,
    )


def _standing(
    partner: Partner,
    lead: Lead,
    between: Between,
    given: dict[str, Any],
    turn: Turn | None,
    front: int,
    *,
    knows_company: bool,
) -> Standing:
    reach = between.reach_of(partner)
    covers = lead.territory_id in reach.own or (
        lead.territory is not None and not reach.everywhere and between.serves(partner, lead)
    )
    last = given.get("last")
    reasons = _reasons(lead, reach.everywhere, covers, knows_company, given)
    if lead.program is not None and between.takes_part(partner, lead):
        reasons.insert(0, f"Takes part in {lead.program}")
    return Standing(
        partner=partner,
        covers=covers,
        waiting=int(given.get("waiting", 0)),
        last_at=last if isinstance(last, datetime) else None,
        weight=turn.weight if turn else 1,
        position=turn.position if turn else front,
        reasons=reasons,
        notes=_notes(given),
        doubts=between.doubts(partner, lead),
        obstacles=between.obstacles(partner, lead),
        refusals=between.refusals(partner, lead),
    )


def _reasons(
    lead: Lead, everywhere: bool, covers: bool, knows_company: bool, given: dict[str, Any]
) -> list[str]:
    found = []
    if covers:
        found.append(f"Serves {lead.territory}")
    elif everywhere:
        found.append("Serves every territory")
    elif lead.territory is None:
        found.append("The lead has no territory")
    if knows_company:
        found.append("Has registered this company before")
    if not given:
        found.append("Has had no lead yet")
    elif not given["waiting"]:
        found.append("No lead waits for its answer")
    return found


def _notes(given: dict[str, Any]) -> list[str]:
    """What it has to answer, and how it answered."""
    found = []
    waiting, answered = given.get("waiting", 0), given.get("answered", 0)
    if waiting:
        found.append(
            "1 lead waits for its answer" if waiting == 1 else f"{waiting} leads wait for its answer"
        )
    if answered:
        found.append(f"Accepted {given['accepted']} of {answered}")
    return found
