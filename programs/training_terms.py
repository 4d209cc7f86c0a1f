"""How long what somebody learned counts (P5). The one place of these rules.

Nobody gets a new term with nothing learned. Where a module of a path was done since the path was begun, what it grants counts in
full, from the day of passing. What was learned before is carried over with its day; where that is all, what the path grants ends
as if it had begun on the day of the oldest of it. A module that is done again on the path takes the new day.

On a path that grants a certification, what was learned is done anew once it is *spent*: where it earned one of the same type that
has to be earned anew, or where it was carried over and a certificate from its day would have lapsed.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Max, Min

from core.vendor_days import vendor_day
from partners.certificates.dates import last_day
from partners.models import CertificateType
from programs.models import ModuleDone, Take
from programs.querysets.training import RENEW_DAYS

_HALF_A_MONTH = 15
# Of a take, a module's id and the moment it was done: whether that no longer counts there.
IsSpent = Callable[[Take, int, datetime], bool]


@dataclass
class Done:
    """The modules of a take by id: those that count, and those that were done and have to be done anew."""

    counts: set[int] = field(default_factory=set)
    anew: set[int] = field(default_factory=set)


def renew_days(kind: CertificateType) -> int:
    """So many days before its end what training granted of a type can be earned anew."""
    months = kind.validity_months
    return RENEW_DAYS if months is None else min(RENEW_DAYS, months * _HALF_A_MONTH)


def opens_again(passed: Take) -> date | None:
    """The first day on which what a take granted can be earned anew before its end; None where it does not end. The take should
    come with `certificate__type`."""
    if passed.valid_until is None:
        return None
    days = renew_days(passed.certificate.type) if passed.certificate is not None else RENEW_DAYS
    return passed.valid_until - timedelta(days=days)


def may_be_taken_again(passed: Take, today: date) -> bool:
    """Whether a take that was passed may be followed by another one: what it granted has to be earned anew, or the path grants
    something now that it did not then. The take comes from `with_held()`."""
    return grants_else_now(passed) or _is_due(passed, today)


def grants_else_now(passed: Take) -> bool:
    """Whether the path of a take that was passed grants a type now that the take did not, and that the person does not hold
    otherwise: it granted nothing then, or another one. The take comes from `with_held()`."""
    kind = passed.certificate.type_id if passed.certificate is not None else None
    return passed.path.grants_id not in (None, kind) and not passed.holds_granted  # type: ignore[attr-defined]


def _is_due(passed: Take, today: date) -> bool:
    """Whether what a take granted has to be earned anew: it was revoked, or lapses soon."""
    opens = opens_again(passed)
    return passed.is_revoked or (opens is not None and opens <= today)


def term_end(take: Take, kind: CertificateType, first: date) -> date | None:
    """The last day of what a take grants that begins on `first`: earlier where all of it was carried over; None for a type that
    does not end."""
    if kind.validity_months is None:
        return None
    days = take.done.filter(module__path_modules__path=take.path_id).aggregate(old=Min("at"), new=Max("at"))
    if days["new"] is not None and days["new"] < take.started_at:
        first = min(first, vendor_day(days["old"]))
    return last_day(first, kind.validity_months)


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
    rows = Take.objects.filter(user__in=users, certificate__type__in=kinds)
    earned = rows.select_related("certificate__type", "path")
    over = [one for one in earned if _is_due(one, today)]
    if not over:
        return {}
    done = ModuleDone.objects.filter(take__in=over).order_by()
    by = done.values_list("take__user", "take__certificate__type", "module")
    return {(user, kind, module): until for user, kind, module, until in by.annotate(until=Max("at"))}


def _is_stale(at: datetime, kind: CertificateType, today: date) -> bool:
    months = kind.validity_months
    return months is not None and last_day(vendor_day(at), months) < today
