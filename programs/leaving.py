"""Which programs a firm stays in as if it held other certificates. Those that take firms in by themselves let one go that is in
none of their groups any more; groups may ask for programs, so that one leads to another, to the end."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache

from core.clock import database_clock
from partners.groups import lapsing
from partners.groups.lapsing import HasThen, asks_for_some, membership_given
from programs.audience import groups_of_programs
from programs.enums import Joining
from programs.group_field import FIELD
from programs.models import Enrolment, Program


@dataclass(frozen=True)
class Leaving:
    """`doors`: by firm the programs that it may leave with a certificate; `stays` says which programs, all that it takes part
    in counted, a firm is in then."""

    doors: dict[int, list[Program]]
    stays: HasThen


def programs_as_if(firms: Collection[int], days: Collection[date]) -> HasThen:
    """Says which programs (codes) a firm is in that holds such certificates: five queries."""
    return leaving(firms, days).stays


def leaving(firms: Collection[int], days: Collection[date]) -> Leaving:
    """What these firms may leave, and what they stay in: five queries."""
    rows = Enrolment.objects.enrolled().filter(partner__in=firms).select_related("program")
    inside: dict[int, set[str]] = {}
    automatic = []
    running = Program.objects.running(database_clock().date()).filter(joining=Joining.AUTOMATIC)
    ours = set(running.values_list("pk", flat=True))
    for row in rows.order_by("program__name"):
        inside.setdefault(row.partner_id, set()).add(row.program.code)
        if row.way == Joining.AUTOMATIC and row.program_id in ours:
            automatic.append((row.partner_id, row.program))
    asked = (
        groups_of_programs({program.pk: program for _, program in automatic}.values()) if automatic else {}
    )
    doors: dict[int, list[Program]] = {}
    for firm, program in automatic:
        if any(asks_for_some(group) for group in asked[program.pk]):
            doors.setdefault(firm, []).append(program)
    groups = {group.pk: group for those in asked.values() for group in those}
    is_in = membership_given(groups.values(), firms, days, (lapsing.FIELD, FIELD.code))

    @cache
    def stays(firm: int, day: date, codes: frozenset[str]) -> frozenset[str]:
        left = frozenset(inside.get(firm, ()))
        while True:
            values = {lapsing.FIELD: codes, FIELD.code: left}
            gone = {
                program.code
                for program in doors.get(firm, ())
                if not any(is_in(group.pk, firm, day, values) for group in asked[program.pk])
            }
            if not gone & left:
                return left
            left -= gone

    return Leaving(doors, stays)
