"""Three programs, four tiers with what they ask for, and training that people took: told through the services."""

from datetime import datetime, timedelta
from decimal import Decimal

from accounts.models import User
from core.clock import Clock
from core.vendor_days import vendor_day
from demo.history import Past
from demo.program_steps import do_program_steps, write_program_steps
from demo.training_texts import LESSONS
from partners.certificates.enums import CertificateKind, HeldBy
from partners.models import CertificateType, Group, Partner
from programs.enums import Joining, ProgramStatus, Publishing
from programs.models import Condition, Enrolment, Module, Move, Path, Program
from programs.services import enrolling, journeys, keeping
from programs.services.keeping import ConditionGiven
from programs.services.sweeping import sweep_programs
from programs.services.tiers import criteria, moving
from programs.services.tiers.computing import compute_tiers
from programs.services.training import keeping as writing
from programs.services.training import taking

_TYPES = {
    "sales-professional": ("Korrel Sales Professional", 24),
    "edge-engineer": ("Korrel Edge Engineer", 18),
}
_PATHS = (
    ("Selling with us", "sales-professional", True, ("registering", "needs", "portfolio")),
    ("Edge engineer", "edge-engineer", False, ("edge", "rollout")),
)
# Who passed what, so many days ago.
_PASSED = (
    ("bob", "Selling with us", 160),
    ("charlie", "Selling with us", 150),
    ("grace", "Selling with us", 149),
    ("sigrid", "Selling with us", 120),
    ("lars", "Selling with us", 118),
    ("marco", "Selling with us", 90),
    ("giulia", "Selling with us", 88),
    ("luc", "Selling with us", 80),
    ("mei", "Selling with us", 60),
    ("arun", "Selling with us", 58),
    ("haruto", "Selling with us", 50),
    ("katrin", "Selling with us", 34),
    ("nora", "Selling with us", 33),
    ("priya", "Selling with us", 32),
    ("james", "Selling with us", 10),
    ("lars", "Edge engineer", 70),
    ("marco", "Edge engineer", 64),
    ("bob", "Edge engineer", 41),
)
_CRITERIA = (
    ("silver", "registrations", 3),
    ("silver", "trained_people", 1),
    ("gold", "registrations", 10),
    ("gold", "certified_people", 2),
    ("gold", "won_value", 50_000),
    ("platinum", "registrations", 10),
    ("platinum", "certified_people", 4),
    ("platinum", "won_value", 350_000),
    ("platinum", "satisfaction", 85),
)
_SATISFACTION = (
    ("Northgate Automation", 91, 50),
    ("Southridge Controls", 78, 45),
    ("Lombarda Automazione", 88, 30),
    ("Fjordtech Systemer AS", 84, 30),
)
_APPROVED = {
    "Alpenblick IT-Dienste": "Well earned.",
    "Lakeshore Digital": "Nobody of yours is trained at the moment.",
}


def load_programs(past: Past, today: datetime, people: dict[str, User]) -> None:
    """As of `today`: training since half a year, programs since four months, tiers since three."""
    olga = people["olga"]
    with past.at(today - timedelta(days=170)) as clock:
        _types()
        paths = _training(olga, clock)
    with past.at(today - timedelta(days=165)) as clock:
        _programs(olga, paths, clock)
        write_program_steps(olga)
    _join(past, today, people)
    do_program_steps(past, today, people)
    for key, path, days in sorted(_PASSED, key=lambda row: -row[2]):
        with past.at(today - timedelta(days=days)) as clock:
            _pass(paths[path], people[key], clock)
    _begin(past, today, people, paths)
    with past.at(today - timedelta(days=90)) as clock:
        for tier, measure, threshold in _CRITERIA:
            criteria.set_criterion(
                by=olga,
                tier=tier,
                measure=measure,
                threshold=Decimal(threshold),
                starts_on=vendor_day(clock()),
                clock=clock,
            )
    _enter_satisfaction(past, today)
    _decide(past, today, people)


def _enter_satisfaction(past: Past, today: datetime) -> None:
    """Each firm's own manager enters it."""
    for name, value, days in _SATISFACTION:
        firm = Partner.objects.select_related("manager").get(name=name)
        with past.at(today - timedelta(days=days)) as clock:
            if firm.manager is not None:
                moving.enter_figure(
                    firm,
                    measure="satisfaction",
                    value=Decimal(value),
                    by=firm.manager,
                    note="Survey of customers",
                    clock=clock,
                )


def _types() -> None:
    for code, (name, months) in _TYPES.items():
        CertificateType.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "kind": CertificateKind.CERTIFICATION,
                "issuer": "Korrel",
                "held_by": HeldBy.PERSON,
                "validity_months": months,
                "needs_file": False,
                "note": "Pass the training of the same name.",
            },
        )


def _training(olga: User, clock: Clock) -> dict[str, Path]:
    modules: dict[str, Module] = {}
    for key, lesson in LESSONS.items():
        fields = {
            "name": lesson.name,
            "text": lesson.text,
            "minutes": lesson.minutes,
            "video_url": lesson.video,
            "attempts": 3,
            "pause_hours": 12,
        }
        module = writing.save_module(None, by=olga, fields=fields, clock=clock)
        if lesson.quiz:
            writing.save_quiz(
                module,
                by=olga,
                questions=lesson.questions,
                pass_mark=60,
                version=module.version,
                clock=clock,
            )
            module.refresh_from_db()
        if key != "energy":  # still being written
            module = writing.publish_module(module, Publishing.PUBLISHED, by=olga, version=module.version)
        modules[key] = module
    paths = {}
    for name, grants, everybody, keys in _PATHS:
        fields = {
            "name": name,
            "summary": "What everybody who sells for us should know: half an hour, in three lessons."
            if everybody
            else "For the people who stand in the plant: installing, rolling out, handing over.",
            "grants": CertificateType.objects.get(code=grants),
            "for_everybody": everybody,
        }
        path = writing.save_path(
            None,
            by=olga,
            fields=fields,
            modules=[modules[key] for key in keys],
            clock=clock,
        )
        paths[name] = writing.publish_path(path, Publishing.PUBLISHED, by=olga, version=path.version)
    return paths


# Program → (summary, way in, groups, paths, stages with what they ask for).
_PROGRAMS: tuple[
    tuple[str, str, Joining, str, tuple[str, ...], tuple[tuple[str, str, tuple[ConditionGiven, ...]], ...]],
    ...,
] = (
    (
        "Partner basics",
        "The first steps with us: sell with confidence, register your first deals, know whom to call.",
        Joining.AUTOMATIC,
        "Active partners",
        ("Selling with us",),
        (
            ("Welcome", "Your contact calls you within a week. Begin with the training below.", ()),
            (
                "First deals",
                "You have somebody who knows how it is done. Now register what you work on.",
                (ConditionGiven("training", "Selling with us", Decimal(1)),),
            ),
            (
                "On your way",
                "You may ask for leads, and your deals are answered within a day.",
                (ConditionGiven("figure", "registrations", Decimal(5)),),
            ),
        ),
    ),
    (
        "Edge Specialists",
        "For firms that put Edge Runtime into plants: training for engineers, a test kit on loan, a named engineer of ours, and "
        "the name of a specialist in our directory.",
        Joining.APPLICATION,
        "Plant builders, Advisory circle",
        ("Edge engineer",),
        (
            ("Starting", "Order your test kit from your contact. The training for engineers is open.", ()),
            (
                "Trained",
                "Your engineers may open tickets with our development directly.",
                (
                    ConditionGiven("training", "Edge engineer", Decimal(1)),
                    ConditionGiven("vendor", "Kick-off with our engineers"),
                ),
            ),
            (
                "Specialist",
                "You stand in our directory, and leads of the region reach you first.",
                (
                    ConditionGiven("certificate", "edge-engineer", Decimal(2)),
                    ConditionGiven("figure", "registrations", Decimal(8)),
                ),
            ),
            (
                "Reference",
                "We write about your plant together, and you speak at our conference.",
                (
                    ConditionGiven("figure", "won_value", Decimal(300_000)),
                    ConditionGiven("vendor", "Visit of a reference plant"),
                ),
            ),
        ),
    ),
    (
        "Partner council",
        "Twice a year with product management: what comes next, and what you need.",
        Joining.INVITATION,
        "Gold and platinum",
        (),
        (
            ("Member", "The agenda of the next meeting comes by mail.", ()),
            ("Voice", "Your topic stands on the agenda.", (ConditionGiven("vendor", "Topic handed in"),)),
        ),
    ),
)


def _programs(olga: User, paths: dict[str, Path], clock: Clock) -> None:
    for name, summary, joining, group, training, stages in _PROGRAMS:
        fields = {
            "name": name,
            "summary": summary,
            "joining": joining,
            "starts_on": vendor_day(clock()),
            "ends_on": vendor_day(clock()) + timedelta(days=500) if joining == Joining.INVITATION else None,
        }
        program = keeping.create_program(
            by=olga,
            fields=fields,
            audience=Group.objects.filter(name__in=group.split(", ")),
            paths=[paths[path] for path in training],
            clock=clock,
        )
        for title, text, conditions in stages:
            keeping.save_stage(
                program,
                by=olga,
                version=program.version,
                name=title,
                text=text,
                conditions=[
                    ConditionGiven(one.kind, paths[one.target].code, one.threshold)
                    if one.kind == "training"
                    else one
                    for one in conditions
                ],
                paths=[],
            )
            program.refresh_from_db()
        keeping.set_status(program, ProgramStatus.OPEN, by=olga, version=program.version)


def _join(past: Past, today: datetime, people: dict[str, User]) -> None:
    """By itself, by application and by invitation; one application and one invitation wait for an answer."""
    edge, council = (Program.objects.get(name=name) for name in ("Edge Specialists", "Partner council"))
    olga = people["olga"]
    with past.at(today - timedelta(days=164)) as clock:
        sweep_programs(clock=clock)
    for key, days, text in (
        ("bob", 140, "Four of our engineers work in plants all week."),
        ("sigrid", 120, "We run sixty hydropower stations for our customers."),
        ("giulia", 100, ""),
    ):
        with past.at(today - timedelta(days=days)) as clock:
            applied = enrolling.apply(edge, by=people[key], text=text, clock=clock)
        with past.at(today - timedelta(days=days - 2)) as clock:
            enrolling.approve(applied, by=olga, clock=clock)
    for key, days in (("bob", 130), ("sigrid", 80)):
        step = Condition.objects.get(target="Kick-off with our engineers")
        with past.at(today - timedelta(days=days)) as clock:
            mine = Enrolment.objects.get(program=edge, partner=people[key].member.partner)
            journeys.mark_done(mine, step, by=olga, note="By video, one hour.", clock=clock)
    with past.at(today - timedelta(days=4)) as clock:
        enrolling.apply(
            edge, by=people["haruto"], text="Three car makers asked us for it this year.", clock=clock
        )
    for name, days, accepts in (
        ("Lombarda Automazione", 70, "giulia"),
        ("Fjordtech Systemer AS", 70, "sigrid"),
        ("Northgate Automation", 3, ""),
    ):
        with past.at(today - timedelta(days=days)) as clock:
            words = "We would like to hear you on the roadmap of Fleet Manager."
            asked = enrolling.invite(
                council, Partner.objects.get(name=name), by=olga, text=words, clock=clock
            )
        if accepts:
            with past.at(today - timedelta(days=days - 3)) as clock:
                enrolling.accept(asked, by=people[accepts], clock=clock)


def _pass(path: Path, person: User, clock: Clock) -> None:
    take = taking.begin(path, by=person, clock=clock)
    for row in path.path_modules.select_related("module"):
        _do(row.module, person, clock)
    take.refresh_from_db()


def _do(module: Module, person: User, clock: Clock, *, rightly: bool = True) -> None:
    quiz = writing.latest_quiz(module)
    if quiz is None:
        taking.finish_module(module, by=person, clock=clock)
        return
    attempt = taking.start_attempt(module, by=person, clock=clock)
    chosen = [
        [number for number, answer in enumerate(question["answers"]) if answer["right"] == rightly]
        for question in quiz.questions
    ]
    taking.submit_attempt(attempt, chosen, by=person, clock=clock)


def _begin(past: Past, today: datetime, people: dict[str, User], paths: dict[str, Path]) -> None:
    """alice is in the middle of two paths, dan failed a quiz once, rahul has just begun."""
    with past.at(today - timedelta(days=6)) as clock:
        selling = [row.module for row in paths["Selling with us"].path_modules.select_related("module")]
        for key in ("alice", "dan", "rahul"):
            taking.begin(paths["Selling with us"], by=people[key], clock=clock)
        _do(selling[0], people["alice"], clock)
        _do(selling[1], people["alice"], clock)
        _do(selling[0], people["dan"], clock, rightly=False)
    with past.at(today - timedelta(days=5)) as clock:
        taking.begin(paths["Edge engineer"], by=people["alice"], clock=clock)
        first = paths["Edge engineer"].path_modules.select_related("module")[0]
        taking.start_attempt(first.module, by=people["alice"], clock=clock)  # and was called away


def _decide(past: Past, today: datetime, people: dict[str, User]) -> None:
    """Figures week by week; one move up was approved, of one move down notice runs, one was declined, the others wait."""
    for days in (28, 21, 14, 7, 1):
        with past.at(today - timedelta(days=days) + timedelta(hours=3)) as clock:
            sweep_programs(clock=clock)
            compute_tiers(clock=clock)
        if days == 21:
            _answer(past, today - timedelta(days=20))


def _answer(past: Past, moment: datetime) -> None:
    """Each firm's own manager decides."""
    proposed = Move.objects.filter(status="proposed").select_related("partner__manager")
    with past.at(moment) as clock:
        for move in proposed:
            name, manager = move.partner.name, move.partner.manager
            if manager is not None and name in _APPROVED:
                moving.approve(move, by=manager, reason=_APPROVED[name], clock=clock)
            elif manager is not None and name == "Fjordtech Systemer AS":
                reason = "Their large project closes next quarter."
                moving.decline(move, by=manager, reason=reason, clock=clock)
