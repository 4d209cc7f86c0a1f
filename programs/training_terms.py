"""How long what somebody learned counts (P5). The one place of these rules.

What was learned before a path was begun is carried over with its day: what the path grants ends as if it had begun on the day
of the oldest of it, so that nobody gets a new term with nothing learned. On a path that grants a certification it counts no
more, and is done anew, once it is *spent*: where it earned one of the same type that has to be earned anew, or where it is so
old that what it grants would lapse within RENEW_DAYS.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Max, Min

from core.vendor_days import vendor_day
from partners.certificates.dates import last_day
from partners.models import CertificateType
from programs.models import ModuleDone, Take

# So many days before what a path granted lapses, it can be taken again.
RENEW_DAYS = 90
# Of a take, a module's id and the moment it was done: whether that no longer counts there.
IsSpent = Callable[[Take, int, datetime], bool]


@dataclass
class Done:
    """The modules of a take by id: those that count, and those that were done and have to be done anew."""

    counts: set[int] = field(default_factory=set)
    anew: set[int] = field(default_factory=set)


def may_be_taken_again(passed: Take, today: date) -> bool:
    """Whether a take that was passed may be followed by another one: what it granted was revoked, or lapses soon, or the path
    granted nothing then and does now."""
    grants_now = passed.certificate_id is None and passed.path.grants_id is not None
    return passed.is_revoked or grants_now or _lapses_soon(passed.valid_until, today)


def term_end(take: Take, kind: CertificateType, first: date) -> date | None:
    """The last day of what a take grants that begins on `first`: earlier where it rests on what was carried over; None for a
    type that does not end."""
    if kind.validity_months is None:
        return None
    oldest = take.done.filter(at__lt=take.started_at).aggregate(at=Min("at"))["at"]
    return last_day(min(first, vendor_day(oldest)) if oldest else first, kind.validity_months)


def done_of(takes: Collection[Take], today: date) -> dict[int, Done]:
    """What is done on takes, by their ids: three queries at most. The takes should come with `path__grants`."""
    found = {take.pk: Done() for take in takes}
    by_pk, is_spent = {take.pk: take for take in takes}, spent_on(takes, today)
    rows = ModuleDone.objects.filter(take__in=found).order_by()
    for pk, module, at in rows.values_list("take", "module", "at"):
        done = found[pk]
        (done.anew if is_spent(by_pk[pk], module, at) else done.counts).add(module)
    return found


def spent_on(takes: Collection[Take], today: date) -> IsSpent:
    """Judges what was learned for these takes. On one that is passed all counts that did then."""
    granting = [take for take in takes if take.passed_at is None and take.path.grants_id is not None]
    used = _used_up(granting, today) if granting else {}

    def is_spent(take: Take, module: int, at: datetime) -> bool:
        kind = take.path.grants
        if kind is None or take.passed_at is not None:
            return False
        until = used.get((take.user_id, kind.pk, module))
        return (until is not None and at <= until) or (at < take.started_at and _is_stale(at, kind, today))

    return is_spent


def _used_up(takes: Collection[Take], today: date) -> dict[tuple[int, int, int], datetime]:
    """By person, type and module until when it was done for certificates that have to be earned anew."""
    users, kinds = {take.user_id for take in takes}, {take.path.grants_id for take in takes}
    earned = Take.objects.filter(user__in=users, certificate__type__in=kinds)
    over = [one for one in earned.select_related("certificate", "path") if may_be_taken_again(one, today)]
    if not over:
        return {}
    done = ModuleDone.objects.filter(take__in=over).order_by()
    by = done.values_list("take__user", "take__certificate__type", "module")
    return {(user, kind, module): until for user, kind, module, until in by.annotate(until=Max("at"))}


def _is_stale(at: datetime, kind: CertificateType, today: date) -> bool:
    months = kind.validity_months
    return months is not None and _lapses_soon(last_day(vendor_day(at), months), today)


def _lapses_soon(until: date | None, today: date) -> bool:
    return until is not None and (until - today).days <= RENEW_DAYS
