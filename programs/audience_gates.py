"""What a certificate is good for with programs that take their firms in by themselves, and with the library: where it was what
kept a firm in the audience, the firm leaves with it, and reads no longer."""

from collections.abc import Collection, Iterable
from datetime import date

from django.urls import reverse

from core.clock import database_clock
from partners.certificates.gates import Case, Gate, Judge
from partners.groups.lapsing import asks_for_some, membership_as_if
from partners.models import Group
from programs.audience import groups_of_programs
from programs.enums import Joining
from programs.models import ContentItem, Enrolment, Program

# A firm's id (None: any firm) and the groups of which it has to be in one, for the gate.
Door = tuple[int | None, list[Group], Gate]


def opens(codes: Collection[str]) -> dict[str, list[Gate]]:
    """Nothing in general: how firms are grouped is not told."""
    return {}


def prepare(firms: Collection[int], days: Collection[date]) -> Judge:
    """Says which of its programs a firm stays in, and what it reads in the library for its groups alone: eight queries at
    most. Those that no group with a certificate in its rule leads to are left out."""
    programs, (items, taken) = _programs(firms), _library(firms)
    doors = [*programs, *items]
    groups = {group.pk: group for _, those, _ in doors for group in those}
    is_in = membership_as_if(groups.values(), firms, days)

    def judge(case: Case) -> list[Gate]:
        return [
            gate
            for firm, those, gate in doors
            if firm in (None, case.firm)
            and (case.firm, gate.name) not in taken
            and any(is_in(group.pk, case.firm, case.on, case.codes) for group in those)
        ]

    return judge


def _programs(firms: Collection[int]) -> list[Door]:
    """The firms' programs that the sweep would end: two queries."""
    running = Program.objects.running(database_clock().date()).filter(joining=Joining.AUTOMATIC)
    rows = Enrolment.objects.enrolled().filter(partner__in=firms, way=Joining.AUTOMATIC, program__in=running)
    inside = [
        (row.partner_id, row.program) for row in rows.select_related("program").order_by("program__name")
    ]
    groups = groups_of_programs({program.pk: program for _, program in inside}.values()) if inside else {}
    return [
        (firm, groups[program.pk], _gate(program)) for firm, program in inside if _ask(groups[program.pk])
    ]


def _library(firms: Collection[int]) -> tuple[list[Door], set[tuple[int, str]]]:
    """What firms read for their groups, and which of it a firm (its id) reads in a program of its own: four queries."""
    rows = (
        ContentItem.objects.published()
        .filter(for_all=False, groups__isnull=False)
        .distinct()
        .select_related("current")
        .prefetch_related("groups")
        .order_by("current__title")
    )
    found: list[Door] = []
    for item in rows:
        groups = list(item.groups.all())
        if item.current is not None and _ask(groups):
            url = reverse("programs:content", args=[item.code])
            found.append((None, groups, Gate(_name(item.code), f"Reading ‘{item.current.title}’", url)))
    if not found:
        return [], set()
    going_on = Enrolment.objects.enrolled().filter(
        partner__in=firms, program__in=Program.objects.going_on(database_clock().date())
    )
    taken = going_on.values_list("partner", "program__program_contents__item__code").distinct()
    return found, {(firm, _name(code)) for firm, code in taken}


def _name(code: str) -> str:
    return f"content:{code}"


def _ask(groups: Iterable[Group]) -> bool:
    """Whether one of the groups asks for certificates."""
    return any(asks_for_some(group) for group in groups)


def _gate(program: Program) -> Gate:
    return Gate(
        f"program:{program.code}",
        f"Taking part in {program.name}",
        reverse("programs:program", args=[program.code]),
    )
