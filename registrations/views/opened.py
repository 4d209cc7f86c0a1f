"""What became of a registration since a page with a form was opened. The form carries the version; each step of the version has
left an entry in the timeline, so the newest entries tell what the steps since were."""

from typing import Any

from django.http import HttpRequest

from accounts.models import User
from core.clock import database_clock
from registrations.models import Registration, TimelineEntry
from registrations.views.access import sent_version
from registrations.views.review.differences import Difference, differences_since

_ATTACHED = "attached"
# More steps than that are not told one by one.
_MOST = 20


def meant_version(request: HttpRequest, deal: Registration) -> int:
    """The version that the form was made from. Files that the partner's own people added since do not make their form old: it
    stands for `deal` as it was read."""
    version = sent_version(request)
    steps = deal.version - version
    if not 0 < steps <= _MOST or not _person(request).is_partner_side:
        return version
    newest = list(deal.timeline.select_related("actor__role").order_by("-number")[:steps])
    return deal.version if all(_is_own_file(entry) for entry in newest) else version


def changes(request: HttpRequest, deal: Registration) -> list[Difference]:
    """What a form that is old now did not know, oldest first: field, before, now, by whom. Nothing where the form carried no
    version that ever was."""
    steps = deal.version - sent_version(request)
    if not 0 < steps <= _MOST:
        return []
    first = _first_of(deal, steps)
    return differences_since(deal, first - 1, database_clock(), _person(request), own=True)


def _first_of(deal: Registration, steps: int) -> int:
    """The number of the entry with which the last `steps` steps of the version began. What was kept with a step, such as its
    file, belongs to it, and has its time."""
    times: list[Any] = []
    first = 1
    for entry in deal.timeline.order_by("-number")[: 3 * _MOST]:
        if entry.at not in times:
            if len(times) == steps:
                break
            times.append(entry.at)
        first = entry.number
    return first


def _is_own_file(entry: TimelineEntry) -> bool:
    return entry.kind == _ATTACHED and entry.actor is not None and entry.actor.is_partner_side


def _person(request: HttpRequest) -> User:
    person: Any = request.user
    return person
