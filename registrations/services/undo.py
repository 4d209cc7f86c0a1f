"""Taking a decision back within seconds, before its mail leaves.

`kept` holds back the mail of a decision and remembers what the rows were; `undo` cancels the mail and puts them back. The
mail decides which of the two happens: a message that a worker has claimed cannot be cancelled, one that is cancelled is
never claimed.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

import companies.services as company_services
from accounts.models import User
from companies.models import Verdict
from core.clock import Clock, database_clock, fixed
from core.errors import NotAllowed, WrongStatus
from notifications.enums import MessageStatus
from notifications.holding import current, hold_mail
from notifications.models import Message
from notifications.services import cancel_message, restore_messages
from registrations.enums import (
    OPEN,
    Action,
    AgreementState,
    Audience,
    ConflictState,
    OfferOutcome,
    RequestState,
    Status,
)
from registrations.models import (
    Agreement,
    Appeal,
    Conflict,
    Decision,
    Extension,
    Offer,
    Registration,
    Snooze,
    TimelineEntry,
)
from registrations.services import timeline
from registrations.services.transitions import Step, held_together, move, opened

# What a person is told they have, and what the mail really waits: the last second's click is on its way, too.
UNDO_SECONDS = 10
HELD_SECONDS = 12
_holds: ContextVar[int] = ContextVar("undo holds", default=HELD_SECONDS)

UNDOABLE = {
    Action.ASSIGN,
    Action.REFUSE,
    Action.ASK_INFORMATION,
    Action.WAITLIST,
    Action.REVOKE,
    Action.EXTEND,
    Action.REFUSE_EXTENSION,
    Action.CUSTOMER_LETTER,
    Action.REORDER,
    Action.GRANT_APPEAL,
    Action.DISMISS_APPEAL,
}
# Not put back: the company (a verdict's business), and what each change writes anew.
_LEFT = {"id", "code", "company", "status", "version", "changed_at"}
_FIELDS = [field for field in Registration._meta.concrete_fields if field.name not in _LEFT]
_OVER = "The mail about this decision has left, so it cannot be undone any more. Make a new decision instead."


@dataclass
class Memory:
    """What `kept` gives to the work inside it: put the decision here."""

    decision: Decision | None = None
    before: list[tuple[Registration, list[int]]] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)  # of each registration's last entry


@contextmanager
def held_for(seconds: int) -> Iterator[None]:
    """Decisions made inside can be undone for `seconds`: many at once are told at the end that they can."""
    token = _holds.set(seconds)
    try:
        yield
    finally:
        _holds.reset(token)


@contextmanager
def kept(locked: Registration, action: Action, *, beside: Iterable[Registration] = ()) -> Iterator[Memory]:
    """Holds back all mail written inside, and keeps with `memory.decision` what takes it back.

    `locked` came from `opened` and is not saved yet. `beside` are others that the decision may change besides those of the
    companies that were locked with it. A decision inside another one is undone with that one only.
    """
    memory = Memory()
    if action not in UNDOABLE or current() is not None:
        yield memory
        return
    memory.before = _rows(locked, beside)
    about = [row.code for row, _ in memory.before]
    pending = Message.objects.filter(about__in=about, status=MessageStatus.PENDING)
    memory.waiting = list(pending.values_list("pk", flat=True))
    memory.numbers = _last_numbers([row.pk for row, _ in memory.before])
    with hold_mail(_holds.get()) as held:
        yield memory
    decision = memory.decision
    assert decision is not None
    memory.before.sort(key=lambda row: row[0].pk != decision.registration_id)  # what it is about comes first
    now = Registration.objects.in_bulk([before.pk for before, _ in memory.before])
    changed = [_difference(before, now[before.pk], holdings) for before, holdings in memory.before]
    stopped = Message.objects.filter(pk__in=memory.waiting, status=MessageStatus.CANCELLED)
    decision.undo = {
        "deals": [told for told in changed if told],
        "entries": _entries_since(memory.numbers),
        "held": held.seconds,
        "messages": held.messages,
        "stopped": list(stopped.values_list("pk", flat=True)) if memory.waiting else [],
    }
    decision.save(update_fields=["undo"])


def may_undo(decision: Decision, user: User, now: datetime) -> bool:
    """Whether to show the button: `user` decided it moments ago. Whether it can be done is asked under the locks."""
    fresh = now <= decision.at + timedelta(seconds=UNDO_SECONDS)
    return bool(fresh and decision.by_id == user.pk and decision.undo and decision.undone_at is None)


def still_open(user: User, now: datetime, *, most: int = 3) -> list[tuple[Decision, int]]:
    """The last `most` that `user` decided and may take back now, the oldest first, each with the seconds that are left."""
    since = now - timedelta(seconds=UNDO_SECONDS)
    made = Decision.objects.filter(by=user, at__gt=since, undo__isnull=False, undone_at=None)
    return [
        (decision, max(1, UNDO_SECONDS - int((now - decision.at).total_seconds())))
        for decision in made.select_related("registration").order_by("at", "pk")
        if may_undo(decision, user, now)
    ][-most:]


def undo(decision: Decision, *, by: User, clock: Clock = database_clock) -> Registration:
    """Takes back a decision and all that followed from it; its mails never leave.

    Only for the person who decided, while the mail is held. Raises NotAllowed, WrongStatus, ScopeTaken; then nothing changes.
    """
    with transaction.atomic():
        decision = _whole(decision)
        if decision.action == Action.WAITLIST:
            company_services.lock_registry()  # it may have joined two companies
        locked = opened(decision.registration, Action.UNDO, by=by)
        decision = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
        at = clock()
        _check(decision, by, at)
        _stop_mail(decision)
        main, *followers = _remembered(decision)["deals"]
        for told in followers:
            other = opened(Registration.objects.get(pk=told["id"]), Action.UNDO, by=None)
            _put_back(other, told, decision, by=by, at=at)
        _take_back_words(decision, by=by, at=at)
        _put_back(locked, main, decision, by=by, at=at)
        _reopen_requests(decision)
        if decision.action == Action.WAITLIST:
            _part_again(decision, by=by, at=at)
        taken_back = Decision.objects.filter(
            registration__in=[told["id"] for told in _remembered(decision)["deals"]], at=decision.at
        )
        taken_back.update(undone_at=at, undone_by=by)
        locked.refresh_from_db()
    return locked


def _whole(decision: Decision) -> Decision:
    """Of a change of the order, which has a receipt for each whose place changed, the one that takes all of it back."""
    if decision.undo or decision.action != Action.REORDER:
        return decision
    together = Decision.objects.filter(action=Action.REORDER, at=decision.at, by=decision.by_id)
    return together.filter(undo__isnull=False).select_related("registration").first() or decision


def _rows(locked: Registration, others: Iterable[Registration]) -> list[tuple[Registration, list[int]]]:
    """The registration and the open ones beside it as the database has them now, each with its current holdings."""
    companies = held_together(locked.company_id or 0)
    beside = Q(company__in=companies, status__in=OPEN)
    named = [locked.pk, *(row.pk for row in others)]
    rows = list(Registration.objects.filter(beside | Q(pk__in=named)).order_by("rank"))
    held: dict[int, list[int]] = {row.pk: [] for row in rows}
    found = locked.holdings.model._default_manager.filter(registration__in=rows, ended_at=None)
    for pk, registration in found.values_list("pk", "registration"):
        held[registration].append(pk)
    return [(row, held[row.pk]) for row in rows]


def _last_numbers(ids: list[int]) -> dict[int, int]:
    rows = TimelineEntry.objects.filter(registration__in=ids).order_by().values_list("registration")
    return dict.fromkeys(ids, 0) | dict(rows.annotate(Max("number")))


def _entries_since(numbers: dict[int, int]) -> dict[str, list[int]]:
    """Registration → the numbers of the entries that it got after the last one in `numbers`."""
    found: dict[str, list[int]] = {}
    rows = TimelineEntry.objects.filter(registration__in=numbers).order_by("registration", "number")
    for registration, number in rows.values_list("registration", "number"):
        if number > numbers[registration]:
            found.setdefault(str(registration), []).append(number)
    return found


def _difference(before: Registration, after: Registration, holdings: list[int]) -> dict[str, Any]:
    """What `before` was where it is different `after`; empty when nothing about it changed."""
    fields = {
        field.name: _text(field, before)
        for field in _FIELDS
        if field.value_from_object(before) != field.value_from_object(after)
    }
    if not fields and after.version == before.version:
        return {}
    return {
        "id": before.pk,
        "status": before.status,
        "changed_at": before.changed_at.isoformat(),
        "version": after.version,
        "fields": fields,
        "holdings": holdings,
    }


def _text(field: Any, row: Registration) -> Any:
    return None if field.value_from_object(row) is None else field.value_to_string(row)


def _check(decision: Decision, by: User, at: datetime) -> None:
    if decision.by_id != by.pk:
        raise NotAllowed("Only the person who decided can take it back. Make a decision of your own instead.")
    if decision.undone_at is not None:
        raise WrongStatus("This decision was undone already.")
    if not decision.undo:
        raise WrongStatus("This decision cannot be undone by itself. Make a new decision instead.")
    if at > decision.at + timedelta(seconds=decision.undo.get("held", HELD_SECONDS)):
        raise WrongStatus(_OVER)


def _stop_mail(decision: Decision) -> None:
    for message in Message.objects.filter(pk__in=_remembered(decision)["messages"]).order_by("pk"):
        if not cancel_message(message):
            raise WrongStatus(_OVER)
    # A reminder that waited for the morning when protection was taken away waits again.
    restore_messages(_remembered(decision)["stopped"])


def _put_back(
    locked: Registration, told: dict[str, Any], decision: Decision, *, by: User, at: datetime
) -> None:
    if locked.version != told["version"]:
        raise WrongStatus(
            f"Something happened to {locked.code} after this decision, so it cannot be undone. Make a new decision."
        )
    for name, text in told["fields"].items():
        field: Any = Registration._meta.get_field(name)
        setattr(locked, field.attname, None if text is None else field.to_python(text))
    # What was set aside stays so: a snooze holds as long as nothing has changed since, and the undo is no news.
    Snooze.objects.filter(registration=locked, at__gte=told.get("changed_at", at)).update(at=at)
    target = Status(told["status"])
    if locked.pk != decision.registration_id and target == locked.status:
        locked.save(update_fields=list(told["fields"]))
        _hold_as_before(locked, told, at)
        return
    data = _taken_back(decision, locked.pk)
    move(locked, Action.UNDO, target, by=by, at=at, step=Step(data, tuple(told["fields"]), Audience.VENDOR))
    _hold_as_before(locked, told, at)


def _hold_as_before(locked: Registration, told: dict[str, Any], at: datetime) -> None:
    """What was held goes on as if it had never ended; what the decision brought ends."""
    locked.holdings.filter(since=at).exclude(pk__in=told["holdings"]).delete()
    locked.holdings.filter(ended_at=None).exclude(pk__in=told["holdings"]).update(ended_at=at)
    locked.holdings.filter(pk__in=told["holdings"]).update(ended_at=None)


def _taken_back(decision: Decision, registration: int) -> dict[str, Any]:
    """What the entry of an undo says: the decision, and which entries of this registration it takes back."""
    numbers = _remembered(decision).get("entries", {}).get(str(registration), [])
    return {"decision": decision.code, "action": decision.action, "took_back": numbers}


def _take_back_words(decision: Decision, *, by: User, at: datetime) -> None:
    """Those beside it whose status did not change may have been told something, too, such as that they were passed over."""
    for pk in _remembered(decision).get("entries", {}):
        if int(pk) == decision.registration_id:
            continue
        other = opened(Registration.objects.get(pk=pk), Action.UNDO, by=None)
        data = _taken_back(decision, other.pk)
        if not other.timeline.filter(kind=Action.UNDO, data__decision=decision.code).exists():
            timeline.record(other, Action.UNDO.value, actor=by, at=at, data=data, audience=Audience.VENDOR)


def _reopen_requests(decision: Decision) -> None:
    """The request that it answered, and what it made pointless (a request, an offer, a split), wait for an answer again."""
    Extension.objects.filter(decision=decision).update(state=RequestState.OPEN, decision=None, closed_at=None)
    Extension.objects.filter(
        registration=decision.registration_id, state=RequestState.LAPSED, closed_at=decision.at
    ).update(state=RequestState.OPEN, closed_at=None)
    deals = [told["id"] for told in _remembered(decision)["deals"]]
    Appeal.objects.filter(
        registration__in=deals, state=RequestState.LAPSED, closed_at=decision.at, outcome=None
    ).update(state=RequestState.OPEN, closed_at=None)
    Offer.objects.filter(registration__in=deals, ended_at=decision.at).update(
        outcome=OfferOutcome.OPEN, ended_at=None, ended_by=None
    )
    for agreement in Agreement.objects.filter(ended_at=decision.at).filter(
        Q(holder__in=deals) | Q(other__in=deals)
    ):
        agreement.ended_at = None
        if agreement.state == AgreementState.ENDED:
            agreement.state = AgreementState.PROPOSED
        agreement.save(update_fields=["ended_at", "state"])
    refused = Appeal.objects.filter(outcome=decision).values("decision")
    Extension.objects.filter(decision__in=refused).update(state=RequestState.REFUSED)
    Appeal.objects.filter(outcome=decision).update(
        state=RequestState.OPEN, outcome=None, decided_by=None, closed_at=None
    )


def _part_again(decision: Decision, *, by: User, at: datetime) -> None:
    """Takes back the verdict that putting it in line gave by the way."""
    for verdict in Verdict.objects.active().filter(by=by, at=decision.at):
        company_services.undo_verdict(verdict, by=by, clock=fixed(at))
    Conflict.objects.filter(judged_by=by, judged_at=decision.at).update(
        state=ConflictState.OPEN, judged_by=None, judged_at=None
    )


def _remembered(decision: Decision) -> dict[str, Any]:
    assert decision.undo is not None
    return dict(decision.undo)
