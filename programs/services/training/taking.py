"""What people do in training: they begin a path, do its modules, answer quizzes; passing the path grants the certificate."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock, fixed
from core.errors import NotAllowed, TooMany, WrongStatus
from core.vendor_days import vendor_day
from partners.enums import PartnerStatus
from partners.models import Partner
from programs import quizzes
from programs.models import Attempt, Module, ModuleDone, Path, Take
from programs.permissions import TRAIN, firm_of
from programs.services.training import granting
from programs.services.training.carrying import carry_over, drop_spent
from programs.services.training.keeping import latest_quiz
from programs.training import RESTS, may_take
from programs.training_order import first_before
from programs.training_terms import may_be_taken_again


@dataclass(frozen=True)
class Outcome:
    """What a submission came to: the scored attempt, and the paths that it completed."""

    attempt: Attempt
    passed: tuple[Path, ...]


def begin(path: Path, *, by: User, clock: Clock = database_clock) -> Take:
    """Begins a path for `by`, or finds the take that is open. What they did elsewhere counts as `carry_over` says, and where
    that is all of it the path is passed at once. A path passed before is taken again when its certificate lapses soon or was
    revoked, or the path grants another one now. Raises NotAllowed outside their reach, WrongStatus while the last one is still
    good."""
    firm = _firm(by)
    now = clock()
    if not may_take(by, path, now):
        raise NotAllowed("This training is not open for your firm.")
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=by.pk)  # two at once begin one
        takes = list(Take.objects.of(by).filter(path=path).with_held(vendor_day(now)))
        open_one = next((take for take in takes if take.passed_at is None), None)
        if open_one is not None:
            return open_one
        if takes and not may_be_taken_again(takes[0], vendor_day(now)):
            raise WrongStatus(f"You passed “{path.name}” already.")
        take = Take.objects.create(user=by, partner=firm, path=path, started_at=now)
        carry_over(take, at=now)
        if granting.is_complete(take):
            granting.pass_path(take, at=now)
    return take


def finish_module(module: Module, *, by: User, clock: Clock = database_clock) -> list[Path]:
    """Notes that somebody has done a module without a quiz, in every path they are on; returns the paths that this passed.
    Doing it twice counts once, from the first time on that path. Raises WrongStatus for a module with a quiz: passing that is
    what counts; and for one that is not open yet."""
    _firm(by)
    if latest_quiz(module) is not None:
        raise WrongStatus("This module is done by passing its quiz.")
    with transaction.atomic():
        now = clock()
        check_open(module, by=by, clock=fixed(now))
        return _note_done(module, None, by=by, at=now)


def start_attempt(module: Module, *, by: User, clock: Clock = database_clock) -> Attempt:
    """An attempt at the module's quiz, or the one that is open. Raises WrongStatus without a quiz, outside a path or while
    another module comes first, TooMany during the pause after too many failures."""
    _firm(by)
    now = clock()
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=by.pk)
        if not _open_takes(module, by).exists():
            raise WrongStatus("Begin the training first; then you can take its quizzes.")
        check_open(module, by=by, clock=fixed(now))
        known = Attempt.objects.of(by).open().filter(module=module).first()
        if known is not None:
            return known
        quiz = latest_quiz(module)
        if quiz is None:
            raise WrongStatus("This module has no quiz.")
        again = quizzes.next_attempt_at(failed_since_pass(by, module), module.attempts, module.pause_hours)
        if again is not None and again > now:
            raise TooMany(f"You used {module.attempts} attempts. The next one is possible after the pause.")
        return Attempt.objects.create(user=by, module=module, quiz=quiz, started_at=now)


def submit_attempt(
    attempt: Attempt, chosen: quizzes.Chosen, *, by: User, clock: Clock = database_clock
) -> Outcome:
    """Scores an attempt with the version it was begun with. The first submission counts; a second one, at the same moment or
    later, changes nothing and returns what the first came to. Raises WrongStatus where the firm was suspended or ended since
    the attempt was begun; it stays open then."""
    if attempt.user_id != by.pk:
        raise NotAllowed("This attempt is somebody else's.")
    with transaction.atomic():
        locked = Attempt.objects.select_for_update(of=("self",)).select_related("quiz", "module")
        current = locked.get(pk=attempt.pk)
        if current.submitted_at is not None:
            return Outcome(current, ())
        _firm(by)
        now = clock()
        result = quizzes.score(current.quiz.questions, chosen, current.quiz.pass_mark)
        current.answers, current.submitted_at = chosen, now
        current.score, current.passed = result.score, result.passed
        current.save(update_fields=["answers", "submitted_at", "score", "passed"])
        passed = _note_done(current.module, current, by=by, at=now) if result.passed else []
    return Outcome(current, tuple(passed))


def check_open(module: Module, *, by: User, clock: Clock = database_clock) -> None:
    """Raises WrongStatus, with what comes first, where the modules of a path open one after another and this one has not."""
    if found := first_before(by, module, vendor_day(clock())):
        first, take = found
        raise WrongStatus(
            f"“{first.name}” comes first: the modules of “{take.path.name}” open one after another."
        )


def failed_since_pass(user: User, module: Module) -> list[datetime]:
    """The moments of the failures since the last success, in order: one query."""
    failed: list[datetime] = []
    rows = Attempt.objects.of(user).filter(module=module, submitted_at__isnull=False)
    for at, passed in rows.order_by("submitted_at").values_list("submitted_at", "passed"):
        if passed or at is None:
            failed = []
        else:
            failed.append(at)
    return failed


def _note_done(module: Module, attempt: Attempt | None, *, by: User, at: datetime) -> list[Path]:
    passed = []
    for take in (
        _open_takes(module, by).select_for_update(of=("self",)).select_related("path__grants", "partner")
    ):
        drop_spent(take, at=at)
        if not take.done.filter(module=module, at__gte=take.started_at).exists():
            values = {"at": at, "attempt": attempt}  # what was carried over takes the new day
            ModuleDone.objects.update_or_create(take=take, module=module, defaults=values)
        if granting.is_complete(take):
            granting.pass_path(take, at=at)
            passed.append(take.path)
    if not passed and attempt is None and not Take.objects.of(by).filter(done__module=module).exists():
        raise WrongStatus("Begin the training first; then its modules count.")
    return passed


def _open_takes(module: Module, by: User):  # type: ignore[no-untyped-def]
    return Take.objects.of(by).filter(passed_at=None, path__path_modules__module=module).order_by("pk")


def _firm(by: User) -> Partner:
    firm = firm_of(by)
    if firm is None or not by.may(TRAIN):
        raise NotAllowed("Training is for people of partners.")
    if firm.status in RESTS:
        raise WrongStatus(RESTS[PartnerStatus(firm.status)])
    return firm
