"""Who is told about moves between tiers. Every mail about them leaves from here, through the outbox."""

from decimal import Decimal
from typing import Any

from django.urls import reverse

from accounts.models import User
from notifications.services import notify
from partners.enums import PartnerTier
from programs.measures import measure_of
from programs.models import Move
from programs.services.notices import admins_of
from programs.services.tiers.deciders import asked_to_decide
from programs.services.tiers.standing import Standing


def proposed(move: Move) -> None:
    """The firm's manager, or whoever stands in for them, learns that there is something to decide; without one, everybody
    who may decide."""
    for person in asked_to_decide(move.partner, move.proposed_at):
        _notify(move, "tier.proposed", person)


def moved(move: Move) -> None:
    """The firm learns that it has another tier."""
    _tell_firm(move, "tier.moved_up" if move.is_up else "tier.moved_down")


def notice_given(move: Move) -> None:
    """The firm learns the day on which it would move down, and what it takes to stay."""
    _tell_firm(move, "tier.notice")


def reminded(move: Move, standing: Standing) -> None:
    """The firm learns again, with what is missing now."""
    missing = [
        {"label": known.label, "shown": known.shown(gap.value), "asked": known.shown(gap.threshold)}
        for gap in standing.gaps.get(move.source, [])
        if not gap.is_met and (known := measure_of(gap.measure)) is not None
    ]
    _tell_firm(move, "tier.notice_near", missing=missing)


def taken_back(move: Move) -> None:
    """The firm learns that it does not move, and why not."""
    has = PartnerTier(move.partner.tier).label
    _tell_firm(move, "tier.notice_taken_back", why=move.taken_back_for, has=has)


def _tell_firm(move: Move, event: str, **more: Any) -> None:
    for person in admins_of(move.partner):
        _notify(move, event, person, **more)


def _notify(move: Move, event: str, person: User, **more: Any) -> None:
    link = reverse("programs:move", args=[move.code]) if person.is_vendor else reverse("programs:our_tier")
    own = [row for row in move.figures if row["value"] != "" and not _met(row)]
    context = {
        "partner_name": move.partner.name,
        "source": PartnerTier(move.source).label,
        "target": PartnerTier(move.target).label,
        "up": move.is_up,
        "due_on": move.due_on,
        "reason": move.reason,
        "figures": move.figures,
        "missing": own,
        **more,
    }
    notify(
        event=event,
        recipient=person,
        context=context,
        occasion=f"{event}:{move.code}",
        link=link,
        about=move.code,
    )


def _met(row: dict[str, str]) -> bool:
    return Decimal(row["value"]) >= Decimal(row["threshold"])
