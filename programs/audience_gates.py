"""What a certificate is good for with programs that take their firms in by themselves, and with the library: where it was what
kept a firm in the audience, the firm leaves with it, and reads no longer."""

from collections.abc import Collection, Iterable
from datetime import date

from django.urls import reverse

from core.clock import database_clock
from partners.certificates.gates import Case, Gate, Judge
from partners.groups.lapsing import asks_for_some, membership_as_if
from partners.models import Group
from programs.leaving import leaving
from programs.models import ContentItem, Enrolment, Program

# The groups of which a firm has to be in one, for the gate.
Door = tuple[list[Group], Gate]


def opens(codes: Collection[str]) -> dict[str, list[Gate]]:
    """Nothing in general: how firms are grouped is not told."""
    return {}


def prepare(firms: Collection[int], days: Collection[date]) -> Judge:
    """Says which of its programs a firm stays in, and what it reads in the library, for its groups or in a program: a constant
    number of queries. Those that no group with a certificate in its rule leads to are left out."""
    programs, (items, taken) = leaving(firms, days), _library(firms)
    groups = {group.pk: group for those, _ in items for group in those}
    is_in = membership_as_if(groups.values(), firms, days)

    def judge(case: Case) -> list[Gate]:
        stays = programs.stays(case.firm, case.on, case.codes)
        taking = [_gate(one) for one in programs.doors.get(case.firm, ()) if one.code in stays]
        reading = [
            gate
            for those, gate in items
            if taken.get((case.firm, gate.name), set()) & stays
            or any(is_in(group.pk, case.firm, case.on, case.codes) for group in those)
        ]
        return taking + reading

    return judge


def _library(firms: Collection[int]) -> tuple[list[Door], dict[tuple[int, str], set[str]]]:
    """What firms read for their groups, and in which programs of its own (codes) a firm (its id) reads which of it: four
    queries."""
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
            found.append((groups, Gate(_name(item.code), f"Reading ‘{item.current.title}’", url)))
    if not found:
        return [], {}
    going_on = Enrolment.objects.enrolled().filter(
        partner__in=firms, program__in=Program.objects.going_on(database_clock().date())
    )
    taken: dict[tuple[int, str], set[str]] = {}
    rows_in = going_on.values_list("partner", "program__program_contents__item__code", "program__code")
    for firm, code, program in rows_in.distinct():
        taken.setdefault((firm, _name(code)), set()).add(program)
    return found, taken


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
