"""Taking a decision back within seconds, before its mail leaves.

`kept` holds back the mail of a decision and remembers what the rows were; `undo` cancels the mail and puts them back. The
mail decides which of the two happens: a message that a worker has claimed cannot be cancelled, one that is cancelled is
never claimed.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from accounts.models import User
from companies.services import lock_registry
from core.clock import Clock, database_clock
from core.errors import NotAllowed, WrongStatus
from notifications.enums import MessageStatus
from notifications.holding import current, hold_mail
from notifications.models import Message
from notifications.services import cancel_message, restore_messages
from registrations.enums import (
    KEEPS_OTHERS_OUT,
    OPEN,
    Action,
    Audience,
    Status,
)
from registrations.models import (
    Decision,
    Holding,
    Registration,
    Snooze,
    TimelineEntry,
)
from registrations.services import coming_back, holdings, parting, places, resuming, rival_ends, timeline
from registrations.services.instead import instead
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
    Action.JUDGE,
    Action.REVOKE,
    Action.REOPEN,
    Action.EXTEND,
    Action.REFUSE_EXTENSION,
    Action.CUSTOMER_LETTER,
    Action.REORDER,
    Action.GRANT_APPEAL,
    Action.DISMISS_APPEAL,
}
# Not put back here: the company (parting.py), and what each change writes anew.
_LEFT = {"id", "code", "company", "status", "version", "changed_at"}
_FIELDS = [field for field in Registration._meta.concrete_fields if field.name not in _LEFT]
_RECENT = timedelta(minutes=2)  # longer than any mail is held
_OVER = "The mail about this decision has left, so it cannot be undone any more."


@dataclass
class Memory:
    """What `kept` gives to the work inside it: put the decision here."""

    decision: Decision | None = None
    before: list[tuple[Registration, list[int]]] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)  # of each registration's last entry
    snoozes: dict[int, datetime] = field(default_factory=dict)  # until when each registration was set aside
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)  # about its conflicts


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
    memory, locked_at = Memory(), locked.company_id
    if action not in UNDOABLE or current() is not None:
        yield memory
        return
    named = [row.pk for row in beside]
    memory.before = _rows(locked, named, rival_ends.locked_with(locked, action))
    about = [row.code for row, _ in memory.before]
    pending = Message.objects.filter(about__in=about, status=MessageStatus.PENDING)
    memory.waiting = list(pending.values_list("pk", flat=True))
    memory.numbers = _last_numbers([row.pk for row, _ in memory.before])
    memory.snoozes = _snoozed(memory.numbers)
    memory.answers = parting.answers_about(locked) if action == Action.JUDGE else {}
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
        "company": locked_at,
        "woken": _woken(memory.snoozes),
        "answers": memory.answers,
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
        lock_registry()  # nobody submits the same in another spelling while it comes back
        locked = opened(decision.registration, Action.UNDO, by=by, also_companies=_companies(decision))
        decision = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
        at = clock()
        _check(decision, by, at)
        _stop_mail(decision)
        main, *followers = _remembered(decision)["deals"]
        _check_unchanged(locked, main, decision)
        _end_what_it_gave(decision, at)
        if decision.action == Action.JUDGE:
            # First, since what a registration holds twice is two again only when its companies are.
            parting.part_again(decision, _remembered(decision).get("company"), by=by, at=at)
        for told in followers:
            other = opened(Registration.objects.get(pk=told["id"]), Action.UNDO, by=None)
            _put_back(other, told, decision, by=by, at=at)
        _take_back_words(decision, by=by, at=at)
        _put_back(locked, main, decision, by=by, at=at)
        resuming.resume(decision, [told["id"] for told in _remembered(decision)["deals"]])
        _set_aside_again(decision)
        if decision.action == Action.WAITLIST:
            # Last, since companies are not parted while one waits in line behind the other.
            parting.part_again(decision, None, by=by, at=at)
        taken_back = Decision.objects.filter(
            registration__in=[told["id"] for told in _remembered(decision)["deals"]], at=decision.at
        )
        taken_back.update(undone_at=at, undone_by=by)
        _let_earlier_be_undone(decision, at)
        locked.refresh_from_db()
    return locked


def _whole(decision: Decision) -> Decision:
    """Of a change of the order, which has a receipt for each whose place changed, the one that takes all of it back."""
    if decision.undo or decision.action != Action.REORDER:
        return decision
    together = Decision.objects.filter(action=Action.REORDER, at=decision.at, by=decision.by_id)
    return together.filter(undo__isnull=False).select_related("registration").first() or decision


def _companies(decision: Decision) -> list[int]:
    """Those of all registrations that it touched, and where its own stood before."""
    told = decision.undo or {}
    touched = Registration.objects.filter(
        pk__in=[int(pk) for pk in told.get("entries", {})], company__isnull=False
    )
    return [pk for pk in (told.get("company"), *touched.values_list("company", flat=True)) if pk is not None]


def _rows(
    locked: Registration, beside_it: Collection[int], others: Iterable[int]
) -> list[tuple[Registration, list[int]]]:
    """The registration and the open ones beside it as the database has them now, each with its current holdings; and those in
    line where something is kept for it, or for those that the decision touches `beside_it`."""
    touched = {locked.pk, *beside_it}
    kept = Holding.objects.filter(registration__in=touched, ended_at=None).values_list("company", flat=True)
    companies = held_together(locked.company_id or 0, *kept)
    beside = Q(company__in=companies, status__in=OPEN)
    # The line may give its turn to somebody elsewhere, who came first.
    named = {*touched, *others}
    line = Registration.objects.filter(beside | Q(pk__in=named))
    named |= set(places.reviews_beside(line.values("pk")))
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


def _snoozed(registrations: Iterable[int]) -> dict[int, datetime]:
    rows = Snooze.objects.filter(registration__in=list(registrations))
    return dict(rows.values_list("registration", "until"))


def _woken(before: dict[int, datetime]) -> dict[str, str]:
    """Registration → until when it was set aside, of those that something ended meanwhile."""
    now = _snoozed(before)
    return {str(pk): until.isoformat() for pk, until in before.items() if now.get(pk, until) < until}


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
        "version_before": before.version,
        "fields": fields,
        "holdings": holdings,
    }


def _text(field: Any, row: Registration) -> Any:
    return None if field.value_from_object(row) is None else field.value_to_string(row)


def _check(decision: Decision, by: User, at: datetime) -> None:
    if decision.by_id != by.pk:
        way = instead(decision, kind="a decision of your own")
        raise NotAllowed(f"Only the person who decided can take it back. {way}")
    if decision.undone_at is not None:
        raise WrongStatus("This decision was undone already.")
    if not decision.undo:
        raise WrongStatus(f"This decision cannot be undone by itself. {instead(decision)}")
    if at > decision.at + timedelta(seconds=decision.undo.get("held", HELD_SECONDS)):
        raise WrongStatus(f"{_OVER} {instead(decision)}")


def _stop_mail(decision: Decision) -> None:
    for message in Message.objects.filter(pk__in=_remembered(decision)["messages"]).order_by("pk"):
        if not cancel_message(message):
            raise WrongStatus(f"{_OVER} {instead(decision)}")
    # A reminder that waited for the morning when protection was taken away waits again.
    restore_messages(_remembered(decision)["stopped"])


def _check_unchanged(locked: Registration, told: dict[str, Any], decision: Decision) -> None:
    if locked.version != told["version"]:
        raise WrongStatus(
            f"Something happened to {locked.code} after this decision, so it cannot be undone. {instead(decision)}"
        )


def _end_what_it_gave(decision: Decision, at: datetime) -> None:
    """First of all: what each held before is free again then, in whatever order it is put back."""
    for told in _remembered(decision)["deals"]:
        given = Holding.objects.filter(registration=told["id"], ended_at=None)
        given.exclude(pk__in=told["holdings"]).update(ended_at=at)


def _put_back(
    locked: Registration, told: dict[str, Any], decision: Decision, *, by: User, at: datetime
) -> None:
    _check_unchanged(locked, told, decision)
    for name, text in told["fields"].items():
        field: Any = Registration._meta.get_field(name)
        setattr(locked, field.attname, None if text is None else field.to_python(text))
    # What was set aside stays so: a snooze holds as long as nothing has changed since, and the undo is no news.
    Snooze.objects.filter(registration=locked, at__gte=told.get("changed_at", at)).update(at=at)
    target = Status(told["status"])
    if target in KEEPS_OTHERS_OUT and coming_back.comes_back(locked.status, target):
        coming_back.check_alone(locked, since=decision.at, at=at)
    if locked.pk != decision.registration_id and target == locked.status:
        locked.save(update_fields=list(told["fields"]))
        holdings.hold_again(locked, told["holdings"], at=at)
        return
    data = _taken_back(decision, locked.pk)
    move(locked, Action.UNDO, target, by=by, at=at, step=Step(data, tuple(told["fields"]), Audience.VENDOR))
    holdings.hold_again(locked, told["holdings"], at=at)


def _set_aside_again(decision: Decision) -> None:
    """What was waited for has not happened: whatever the decision woke sleeps on, unless it was set aside anew."""
    for pk, until in _remembered(decision).get("woken", {}).items():
        asleep = Snooze.objects.filter(registration=int(pk), until=decision.at)
        asleep.update(until=datetime.fromisoformat(until))


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


def _let_earlier_be_undone(decision: Decision, at: datetime) -> None:
    """What was decided just before `decision` about the same registrations stands as if `decision` had never been made, so it can
    be undone as well. Anything else that happened in between keeps it from that, as ever."""
    recent = Decision.objects.filter(at__gt=at - _RECENT, undo__isnull=False, undone_at=None)
    for told in _remembered(decision)["deals"]:
        if "version_before" not in told:
            continue  # decided before this was kept
        version = Registration.objects.values_list("version", flat=True).get(pk=told["id"])
        found = recent.filter(
            undo__deals__contains=[{"id": told["id"], "version": told["version_before"]}]
        ).order_by("pk")
        for earlier in found.select_for_update():
            for deal in _remembered(earlier)["deals"]:
                if deal["id"] == told["id"]:
                    deal["version"] = version
            earlier.save(update_fields=["undo"])


def _remembered(decision: Decision) -> dict[str, Any]:
    assert decision.undo is not None
    return dict(decision.undo)
