"""Which training is open for whom, and how far they are."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import F, Q

from core.vendor_days import vendor_day
from partners.enums import PartnerStatus
from programs.models import Enrolment, Module, Path, PathModule, Program, ProgramPath, Take
from programs.permissions import TRAIN, firm_of
from programs.training_terms import Done, done_of, grants_else_now, may_be_taken_again

if TYPE_CHECKING:
    from accounts.models import User
    from partners.models import Partner
    from programs.querysets.training import PathQuerySet

# Nothing more counts for firms that stand like this.
RESTS = {
    PartnerStatus.SUSPENDED: "Your firm is suspended, so its training rests. What you began goes on once it is reinstated.",
    PartnerStatus.ENDED: "The partnership with your firm has ended. What you began can be read; nothing more counts for the"
    " firm.",
}


@dataclass(frozen=True)
class Lesson:
    """A module of a path for one person: done, next, or later; `is_open` whether they may look at it already, `is_anew`
    whether they did it and it no longer counts."""

    module: Module
    is_done: bool
    is_next: bool
    is_open: bool
    is_anew: bool


@dataclass(frozen=True)
class Progress:
    """A path for one person: the take that counts (None: not begun), its modules, whether it is passed and still good,
    whether it may be taken again, and whether it grants something now that it did not when it was passed."""

    path: Path
    take: Take | None
    lessons: tuple[Lesson, ...]
    is_passed: bool
    may_renew: bool
    grants_else: bool

    @property
    def done(self) -> int:
        """How many modules are done."""
        return sum(lesson.is_done for lesson in self.lessons)

    @property
    def anew(self) -> list[str]:
        """The names of those that were done and have to be done anew."""
        return [lesson.module.name for lesson in self.lessons if lesson.is_anew]

    @property
    def total(self) -> int:
        """How many modules there are."""
        return len(self.lessons)

    @property
    def next_lesson(self) -> Lesson | None:
        """The first module that is not done; None when all are."""
        return next((lesson for lesson in self.lessons if lesson.is_next), None)


def paths_for(user: "User", at: datetime) -> "PathQuerySet":
    """The published paths that a person may take: those for everybody, a firm that is being onboarded included, and those of
    programs that go on and that the firm is enrolled in, as far as their stage is open."""
    firm = firm_of(user)
    return open_for_firm(firm, at) if firm is not None and user.may(TRAIN) else Path.objects.none()


def open_for_firm(firm: "Partner", at: datetime) -> "PathQuerySet":
    """The same for those of a firm's people who may train."""
    if not firm.is_selling:
        return Path.objects.none()
    opened = [path for _, path in opened_paths([firm], vendor_day(at))]
    return Path.objects.published().filter(Q(for_everybody=True) | Q(pk__in=opened))


def opened_paths(firms: Collection["Partner"], today: date) -> set[tuple[int, int]]:
    """Firm and path (ids): those of programs that go on and that the firm is enrolled in, as far as their stage is open.
    Published or not, and whether the firm may sell, is not asked."""
    mine = Enrolment.objects.enrolled().filter(partner__in=firms, program__in=Program.objects.going_on(today))
    # What opened for an enrolment that ended is not open for the one after it.
    opened = Q(stage=None) | Q(stage__opened__enrolment=F("program__enrolments"))
    rows = ProgramPath.objects.filter(opened, program__enrolments__in=mine)
    return set(rows.values_list("program__enrolments__partner", "path"))


def may_take(user: "User", path: Path, at: datetime) -> bool:
    """Whether this path is open for this person."""
    return paths_for(user, at).filter(pk=path.pk).exists()


def reach_of(user: "User", at: datetime) -> "PathQuerySet":
    """What somebody may look at: the paths open for them, and those they began when they were."""
    return Path.objects.filter(
        Q(pk__in=paths_for(user, at).values("pk")) | Q(pk__in=Take.objects.of(user).values("path"))
    )


def progress_of(user: "User", paths: Iterable[Path], today: date) -> list[Progress]:
    """How far a person is on each path: five queries at most, however many there are."""
    listed = list(paths)
    modules: dict[int, list[Module]] = {path.pk: [] for path in listed}
    rows = PathModule.objects.filter(path__in=modules).select_related("module").order_by("number")
    for row in rows:
        modules[row.path_id].append(row.module)
    takes: dict[int, Take] = {}
    mine = Take.objects.of(user).filter(path__in=modules).with_held(today).select_related("path__grants")
    for take in mine.order_by("started_at", "pk"):
        takes[take.path_id] = take
    done = done_of(takes.values(), today)
    return [_progress(path, takes.get(path.pk), modules[path.pk], done, today) for path in listed]


def _progress(
    path: Path, take: Take | None, modules: Sequence[Module], done: dict[int, Done], today: date
) -> Progress:
    mine = done[take.pk] if take else Done()
    finished = mine.counts
    first = next((module.pk for module in modules if module.pk not in finished), None)
    good = take is not None and take.passed_at is not None
    until = take.valid_until if take else None
    return Progress(
        path=path,
        take=take,
        lessons=tuple(
            Lesson(
                module,
                module.pk in finished,
                is_next=module.pk == first and not good,
                is_open=good or not path.in_order or module.pk in finished or module.pk == first,
                is_anew=module.pk in mine.anew,
            )
            for module in modules
        ),
        is_passed=good and not _is_revoked(take) and (until is None or until >= today),
        may_renew=take is not None and good and may_be_taken_again(take, today),
        grants_else=take is not None and good and grants_else_now(take),
    )


def _is_revoked(take: Take | None) -> bool:
    return take is not None and take.is_revoked


def names_granting(type_id: int) -> list[str]:
    """The paths that grant a type of certificate, published or not: a draft may be published, who began a retired one goes
    on."""
    return list(Path.objects.filter(grants=type_id).order_by("name").values_list("name", flat=True))
