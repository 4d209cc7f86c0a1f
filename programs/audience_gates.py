"""What a certificate is good for with programs that take their firms in by themselves, and with the library: where it was what
kept a firm in the audience, the firm leaves with it, and reads no longer."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse

from core.clock import database_clock
from partners.certificates.gates import Gate, Lapse
from partners.groups.lapsing import asks_for, let_go
from partners.models import Group
from programs.audience import groups_of_programs
from programs.enums import Joining
from programs.models import ContentItem, Enrolment, Program


def opens(codes: Collection[str]) -> dict[str, list[Gate]]:
    """Nothing in general: how firms are grouped is not told."""
    return {}


@dataclass(frozen=True)
class _Held:
    """Something that the lapse's firm has since it is in one of the groups, of which one asks for that certificate."""

    lapse: Lapse
    groups: Sequence[Group]
    gate: Gate


def closes(lapses: Sequence[Lapse]) -> dict[int, list[Gate]]:
    """For each lapse the programs that the firm leaves with it, and what it reads in the library no longer: seven queries
    at most."""
    asked = [*_programs(lapses), *_library(lapses)]
    found: dict[int, list[Gate]] = {}
    for held, lost in zip(asked, let_go([(held.lapse, held.groups) for held in asked]), strict=True):
        if lost:
            found.setdefault(held.lapse.certificate, []).append(held.gate)
    return found


def _programs(lapses: Sequence[Lapse]) -> Iterator[_Held]:
    """The firms' programs that the sweep would end: two queries."""
    running = Program.objects.running(database_clock().date()).filter(joining=Joining.AUTOMATIC)
    rows = Enrolment.objects.enrolled().filter(
        partner__in={lapse.firm for lapse in lapses}, way=Joining.AUTOMATIC, program__in=running
    )
    inside = [
        (row.partner_id, row.program) for row in rows.select_related("program").order_by("program__name")
    ]
    groups = groups_of_programs({program.pk: program for _, program in inside}.values()) if inside else {}
    for lapse in lapses:
        for firm, program in inside:
            if firm == lapse.firm and _asks(groups[program.pk], lapse.code):
                yield _Held(lapse, groups[program.pk], _gate(program))


def _library(lapses: Sequence[Lapse]) -> Iterator[_Held]:
    """What firms read for their groups alone, and in no program of theirs: four queries."""
    items = list(
        ContentItem.objects.published()
        .filter(for_all=False, groups__isnull=False)
        .distinct()
        .select_related("current")
        .prefetch_related("groups")
        .order_by("current__title")
    )
    found = [
        (lapse, item, list(item.groups.all()))
        for lapse in lapses
        for item in items
        if _asks(item.groups.all(), lapse.code)
    ]
    if not found:
        return
    going_on = Enrolment.objects.enrolled().filter(
        partner__in={lapse.firm for lapse in lapses},
        program__in=Program.objects.going_on(database_clock().date()),
    )
    taken = set(going_on.values_list("partner", "program__program_contents__item").distinct())
    for lapse, item, groups in found:
        if (lapse.firm, item.pk) not in taken and item.current is not None:
            url = reverse("programs:content", args=[item.code])
            yield _Held(lapse, groups, Gate(f"content:{item.code}", f"Reading ‘{item.current.title}’", url))


def _asks(groups: Iterable[Group], code: str) -> bool:
    """Whether one of the groups asks for the certificate."""
    return any(asks_for(group, code) for group in groups)


def _gate(program: Program) -> Gate:
    return Gate(
        f"program:{program.code}",
        f"Taking part in {program.name}",
        reverse("programs:program", args=[program.code]),
    )
