"""Who is told of exclusive rights: the holder by name, firms concerned without a word on whose right it is."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from core.clock import fixed
from notifications.services import notify
from partners.models import Partner
from policies.concerned import firms_concerned
from policies.enums import Barred
from policies.loading import right_of
from policies.models import ExclusiveRight
from policies.rights import right_words
from policies.services.readers import firms_told, readers_of
from policies.shown import last_day, vendor_day


def given(right: ExclusiveRight) -> None:
    """Before it begins: the holder that they get it, the others that what it is about is reserved."""
    _tell([right.partner], "policy.right_given", right, right.created_at)
    others = firms_concerned(right_of(right), right.created_at)
    _tell(others, "policy.right_announced", right, right.created_at)


def ends(right: ExclusiveRight) -> None:
    """It ends earlier than was said, or does not begin at all: the firms that were told are, and whoever is concerned now."""
    at = right.end_set_at or right.created_at
    _tell([right.partner], "policy.right_ends", right, at, own=True)
    others = {firm.pk: firm for firm in firms_concerned(right_of(right), right.created_at)}
    told = {firm.pk: firm for firm in firms_told(f"policy.right_announced:{right.pk}:1")}
    told.pop(right.partner_id, None)
    _tell((others | told).values(), "policy.right_ends", right, at, own=False)


def _tell(firms: Iterable[Partner], event: str, right: ExclusiveRight, at: datetime, **more: Any) -> None:
    names = {firm.pk: firm.name for firm in firms}
    for firm, people in readers_of(list(names)).items():
        for person in people:
            notify(
                event=event,
                recipient=person,
                context=_context(right) | {"partner_name": names[firm], **more},
                # The code would tell the firms concerned nothing, and is not theirs to know.
                occasion=f"{event}:{right.pk}:{right.version}",
                link=reverse("policies:registration_policy"),
                clock=fixed(at),
            )


def _context(right: ExclusiveRight) -> dict[str, Any]:
    """Plain values, none of which says whose right it is."""
    return {
        "scope": right_words(right),
        "begins_on": vendor_day(right.begins_at),
        "ends_on": last_day(right.ends_at) if right.ends_at else None,
        "refused": right.effect == Barred.REFUSED,
        "taken_back": right.withdrawn_at is not None,
    }
