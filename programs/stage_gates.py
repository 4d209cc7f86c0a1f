"""What a certificate is good for with the journeys of programs: stages that are not open yet ask for it, by itself, as what a
training path granted, or for so many certified or trained people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse

from core.clock import database_clock
from core.vendor_days import vendor_day
from partners.certificates.gates import Case, Gate, Judge
from partners.models import Certificate
from programs.conditions import certificate, figure, training
from programs.conditions.rule import wanted_of
from programs.counted_people import CERTIFIED, TRAINED, People, people_of, types_counted
from programs.enums import ProgramStatus
from programs.models import Condition, Enrolment, Path, Program, StageOpened, Take

_PEOPLE = (CERTIFIED, TRAINED)
# The conditions that certificates count for.
_HANGING = Q(kind__in=[certificate.RULE.kind, training.RULE.kind]) | Q(
    kind=figure.RULE.kind, target__in=_PEOPLE
)


def opens(codes: Collection[str]) -> dict[str, list[Gate]]:
    """Nothing in general: a program is told to the firms that it is for."""
    return {}


def asks(codes: Collection[str]) -> set[str]:
    """Those that a stage of a program asks for: up to five queries."""
    on = vendor_day(database_clock())
    programs = Program.objects.exclude(status=ProgramStatus.DRAFT).filter(
        Q(ends_on=None) | Q(ends_on__gte=on)
    )
    conditions = Condition.objects.filter(stage__program__in=programs).order_by()
    named = set(conditions.filter(kind=certificate.RULE.kind).values_list("target", flat=True))
    paths = conditions.filter(kind=training.RULE.kind).values("target")
    named.update(
        Path.objects.filter(code__in=paths).exclude(grants=None).values_list("grants__code", flat=True)
    )
    figures = set(
        conditions.filter(kind=figure.RULE.kind, target__in=_PEOPLE).values_list("target", flat=True)
    )
    return named.intersection(codes) | types_counted(figures, codes)


def prepare(firms: Collection[int], days: Collection[date]) -> Judge:
    """Says which conditions of stages a firm meets that are not open to it yet: up to eight queries."""
    ahead = _ahead(firms, days)
    targets = {one.target for those in ahead.values() for one in those}
    papers = _papers(firms, targets) if targets else {}
    passed = _passed(firms, targets) if targets else {}
    people = people_of(firms) if targets.intersection(_PEOPLE) else People({}, {}, ())

    def number(one: Condition, case: Case) -> int:
        if one.kind == certificate.RULE.kind:
            held = [
                member
                for pk, (code, member) in papers.items()
                if code == one.target and pk in case.certificates
            ]
            return certificate.counted(len({member for member in held if member}), len(held))
        if one.kind == figure.RULE.kind:
            return people.number(one.target, case)
        return len({take.user for take in passed.get((case.firm, one.target), ()) if take.holds(case)})

    def judge(case: Case) -> list[Gate]:
        return [
            _gate(one)
            for one in ahead.get(case.firm, ())
            if one.stage.program.spans(case.on) and number(one, case) >= wanted_of(one)
        ]

    return judge


@dataclass(frozen=True)
class _Passed:
    """Somebody's take: what it granted, or until when it counts."""

    user: int
    certificate: int | None
    until: date | None

    def holds(self, case: Case) -> bool:
        if self.certificate is not None:
            return self.certificate in case.certificates
        return self.until is None or self.until >= case.on


def _ahead(firms: Collection[int], days: Collection[date]) -> dict[int, list[Condition]]:
    """By firm the conditions of such kinds of the stages ahead of it: three queries."""
    going_on = Program.objects.going_on_one_of(days)
    rows = Enrolment.objects.enrolled().filter(partner__in=firms, program__in=going_on)
    enrolments = list(rows.values_list("pk", "partner", "program"))
    programs = {program for _, _, program in enrolments}
    conditions = list(
        Condition.objects.filter(_HANGING, stage__program__in=programs)
        .select_related("stage__program")
        .order_by("stage__program__name", "stage__number", "pk")
    )
    if not conditions:
        return {}
    opened = StageOpened.objects.filter(enrolment__in=[pk for pk, _, _ in enrolments])
    open_ones = set(opened.order_by().values_list("enrolment", "stage"))
    found: dict[int, list[Condition]] = {}
    for pk, firm, program in enrolments:
        found.setdefault(firm, []).extend(
            one
            for one in conditions
            if one.stage.program_id == program and (pk, one.stage_id) not in open_ones
        )
    return found


def _papers(firms: Collection[int], codes: Collection[str]) -> dict[int, tuple[str, int | None]]:
    """Certificates of these types by id, each with its type and the person it is made out to."""
    rows = Certificate.objects.filter(partner__in=firms, type__code__in=codes).order_by()
    return {pk: (code, member) for pk, code, member in rows.values_list("pk", "type__code", "member")}


def _passed(firms: Collection[int], codes: Collection[str]) -> dict[tuple[int, str], list[_Passed]]:
    """The takes of these paths that were passed, by firm and path."""
    rows = Take.objects.filter(passed_at__isnull=False, user__is_active=True, user__member__partner__in=firms)
    found: dict[tuple[int, str], list[_Passed]] = {}
    for firm, path, user, paper, until in (
        rows.filter(path__code__in=codes)
        .order_by()
        .values_list("user__member__partner", "path__code", "user", "certificate", "valid_until")
    ):
        found.setdefault((firm, path), []).append(_Passed(user, paper, until))
    return found


def _gate(one: Condition) -> Gate:
    program = one.stage.program
    return Gate(
        f"stage:{one.pk}",
        f"Opening ‘{one.stage.name}’ in {program.name}",
        reverse("programs:program", args=[program.code]),
    )
