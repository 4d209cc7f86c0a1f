"""What a certificate is good for with programs that take their firms in by themselves, and with the library: where it was what
kept a firm in the audience, the firm leaves with it, and reads no longer what it read for it, or in that program."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q
from django.urls import reverse

from core.clock import database_clock
from core.vendor_days import vendor_day
from partners.certificates.gates import Case, Gate, Judge
from partners.groups.lapsing import asks_for_some, membership_as_if, named_by
from partners.models import Group
from programs.enums import ProgramStatus
from programs.leaving import Leaving, leaving
from programs.models import ContentItem, Enrolment, Program
from programs.papers import Papers
from programs.querysets.content import ContentItemQuerySet

# The groups of which a firm has to be in one, for the gate.
Door = tuple[list[Group], Gate]


def opens(codes: Collection[str]) -> dict[str, list[Gate]]:
    """Nothing in general: how firms are grouped is not told."""
    return {}


def asks(codes: Collection[str]) -> set[str]:
    """Those that the groups of programs and of the library ask for: two queries."""
    on = vendor_day(database_clock())
    programs = Program.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), status=ProgramStatus.OPEN)
    used = [Group.objects.filter(programs__in=programs), Group.objects.filter(content__in=_published())]
    return named_by((group for groups in used for group in groups.distinct()), codes)


def prepare(firms: Collection[int], days: Collection[date]) -> Judge:
    """Says which of its programs a firm stays in, and what it reads in the library, for its groups or in a program: a constant
    number of queries. Those that no group with a certificate in its rule leads to are left out."""
    programs = leaving(firms, days)
    items, taken = _library(firms, days, programs)
    papers = Papers(programs.doors)
    groups = {group.pk: group for those, _ in items for group in those}
    is_in = membership_as_if(groups.values(), firms, days)

    def still_in(case: Case, program: Program) -> bool:
        codes = papers.counted(case, program, until=programs.for_good.get((case.firm, program.pk)))
        return codes == case.codes or program.code in programs.stays(case.firm, case.on, codes)

    def judge(case: Case) -> list[Gate]:
        doors, rests = programs.doors.get(case.firm, ()), case.firm in programs.resting
        stays = programs.stays(case.firm, case.on, case.codes)
        stays -= {one.code for one in doors if not still_in(case, one)}
        taking = [_gate(one, rests) for one in doors if one.code in stays]
        reading = [
            gate
            for those, gate in items
            if taken.get((case.firm, gate.name), set()) & stays
            or any(is_in(group.pk, case.firm, case.on, case.codes) for group in those)
        ]
        return taking + reading

    return judge


def _library(
    firms: Collection[int], days: Collection[date], programs: Leaving
) -> tuple[list[Door], dict[tuple[int, str], set[str]]]:
    """What firms read for their groups, or in programs that they may leave, and in which programs (codes) a firm (its id) reads
    which of it: five queries."""
    doors = [
        (firm, one) for firm, those in programs.doors.items() if firm not in programs.resting for one in those
    ]
    leads_out = {one.pk for _, one in doors}
    rows = (
        _published()
        .filter(Q(groups__isnull=False) | Q(program_contents__program__in=leads_out), for_all=False)
        .distinct()
        .select_related("current")
        .prefetch_related("groups", "program_contents__program")
        .order_by("current__title")
    )
    found: list[Door] = []
    readers: dict[str, set[int]] = {}
    for firm, code in [*_going_on(firms, days), *((firm, one.code) for firm, one in doors)]:
        readers.setdefault(code, set()).add(firm)
    taken: dict[tuple[int, str], set[str]] = {}
    for item in rows:
        groups, links = list(item.groups.all()), item.program_contents.all()
        if item.current is None or not (_ask(groups) or any(link.program_id in leads_out for link in links)):
            continue
        url = reverse("programs:content", args=[item.code])
        found.append((groups, Gate(_name(item.code), f"Reading ‘{item.current.title}’", url)))
        for link in links:
            for firm in readers.get(link.program.code, ()):
                taken.setdefault((firm, _name(item.code)), set()).add(link.program.code)
    return found, taken


def _published() -> ContentItemQuerySet:
    return ContentItem.objects.published()


def _going_on(firms: Collection[int], days: Collection[date]) -> list[tuple[int, str]]:
    """The firms with the programs (codes) that they take part in."""
    rows = Enrolment.objects.enrolled().filter(
        partner__in=firms, program__in=Program.objects.going_on_one_of(days)
    )
    return list(rows.values_list("partner", "program__code"))


def _name(code: str) -> str:
    return f"content:{code}"


def _ask(groups: Iterable[Group]) -> bool:
    """Whether one of the groups asks for certificates."""
    return any(asks_for_some(group) for group in groups)


def _gate(program: Program, rests: bool) -> Gate:
    return Gate(
        f"program:{program.code}",
        f"Taking part in {program.name}" + (" once the firm is active again" if rests else ""),
        reverse("programs:program", args=[program.code]),
    )
