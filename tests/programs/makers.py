"""Programs, tiers and training for the tests."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from core.clock import Clock, fixed
from notifications.models import Message
from partners.certificates.enums import CertificateKind, HeldBy
from partners.models import CertificateType, Partner
from programs.enums import Joining, ProgramStatus, Publishing
from programs.models import Criterion, Module, Path, Program, Take
from programs.services.keeping import ConditionGiven, create_program, save_stage, set_status
from programs.services.training import keeping, taking
from tests.people import MONDAY, MONDAY_CLOCK

TODAY = MONDAY.date()
QUESTIONS = [
    {
        "text": "Who decides on a conflict?",
        "answers": [
            {"text": "The channel manager", "right": True},
            {"text": "The larger firm", "right": False},
        ],
    },
    {
        "text": "What keeps a deal protected?",
        "answers": [
            {"text": "A qualifying update", "right": True},
            {"text": "Waiting", "right": False},
            {"text": "An extension", "right": True},
        ],
    },
]
RIGHT = [[0], [0, 2]]
WRONG = [[1], [0]]


def at(days: float, start: datetime = MONDAY) -> Clock:
    """A clock that stands so many days after MONDAY."""
    return fixed(start + timedelta(days=days))


def make_module(
    by: User, name: str, *, quiz: bool = True, clock: Clock = MONDAY_CLOCK, **fields: Any
) -> Module:
    """A published module, with QUESTIONS unless `quiz` is false."""
    values = {
        "name": name,
        "text": f"# {name}\n\nAll about it.",
        "minutes": 5,
        "video_url": "",
        "attempts": 2,
        "pause_hours": 24,
        **fields,
    }
    module = keeping.save_module(None, by=by, fields=values, clock=clock)
    if quiz:
        keeping.save_quiz(
            module, by=by, questions=QUESTIONS, pass_mark=80, version=module.version, clock=clock
        )
        module.refresh_from_db()
    return keeping.publish_module(module, Publishing.PUBLISHED, by=by, version=module.version)


def make_type(code: str = "sales-basic", name: str = "Certified seller") -> CertificateType:
    """A certification that people hold, for two years."""
    return CertificateType.objects.get_or_create(
        code=code,
        defaults={
            "name": name,
            "kind": CertificateKind.CERTIFICATION,
            "issuer": "The vendor",
            "held_by": HeldBy.PERSON,
            "validity_months": 24,
        },
    )[0]


def make_path(
    by: User,
    name: str,
    *modules: Module,
    grants: CertificateType | None = None,
    for_everybody: bool = True,
    in_order: bool = True,
    clock: Clock = MONDAY_CLOCK,
) -> Path:
    """A published path."""
    fields = {"name": name, "summary": f"Learn {name}.", "grants": grants, "for_everybody": for_everybody}
    fields["in_order"] = in_order
    path = keeping.save_path(None, by=by, fields=fields, modules=modules, clock=clock)
    return keeping.publish_path(path, Publishing.PUBLISHED, by=by, version=path.version)


def make_program(
    by: User,
    name: str = "Rising partners",
    *,
    joining: Joining = Joining.APPLICATION,
    audience: Any = (),
    paths: Any = (),
    stages: list[tuple[str, list[ConditionGiven]]] | None = None,
    starts_on: date = date(2026, 1, 1),
    ends_on: date | None = None,
    clock: Clock = MONDAY_CLOCK,
) -> Program:
    """An open program; one stage without conditions unless `stages` says more."""
    fields = {
        "name": name,
        "summary": f"{name} helps firms to grow.",
        "joining": joining,
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    program = create_program(by=by, fields=fields, audience=audience, paths=paths, clock=clock)
    for title, conditions in stages or [("Welcome", [])]:
        save_stage(
            program,
            by=by,
            version=program.version,
            name=title,
            text=f"{title} is open.",
            conditions=conditions,
            paths=[],
        )
        program.refresh_from_db()
    return set_status(program, ProgramStatus.OPEN, by=by, version=program.version)


def criterion(tier: str, measure: str, threshold: float, **fields: Any) -> Criterion:
    """A criterion in force since the beginning of 2026."""
    values = {"starts_on": date(2026, 1, 1), "created_at": MONDAY, **fields}
    return Criterion.objects.create(tier=tier, measure=measure, threshold=Decimal(str(threshold)), **values)


def pass_path(person: User, path: Path, *, clock: Clock = MONDAY_CLOCK) -> Take:
    """The person begins the path and passes all of it."""
    take = taking.begin(path, by=person, clock=clock)
    for row in path.path_modules.select_related("module"):
        if keeping.latest_quiz(row.module):
            attempt = taking.start_attempt(row.module, by=person, clock=clock)
            taking.submit_attempt(attempt, RIGHT, by=person, clock=clock)
        else:
            taking.finish_module(row.module, by=person, clock=clock)
    take.refresh_from_db()
    return take


def told(event: str) -> list[str]:
    """To whom mails of `event` were written, in order."""
    return list(Message.objects.filter(event=event).order_by("pk").values_list("address", flat=True))


def make_firms(number: int, manager: User) -> list[Partner]:
    """Active firms."""
    return [
        Partner.objects.create(name=f"Firm {n}", country="DE", status="active", manager=manager)
        for n in range(number)
    ]
