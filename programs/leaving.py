"""Which programs a firm takes part in on a day as if it held other certificates. Those that take firms in by themselves let one
go that is in none of their groups any more; groups may ask for programs, so that one leads to another, to the end.

The sweep makes no difference: what a firm would be in again with a certificate hangs on that certificate, too; so does what it
would be in had the program not been closed to newcomers since."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache

from core.clock import database_clock
from core.vendor_days import vendor_day
from partners.enums import PartnerStatus
from partners.groups import lapsing
from partners.groups.lapsing import HasThen, asks_for_some, membership_given
from partners.models import Partner
from programs.audience import groups_of_programs
from programs.enums import Joining, ProgramStatus
from programs.group_field import FIELD
from programs.models import Enrolment, Program
from programs.querysets.programs import EnrolmentQuerySet, ProgramQuerySet
from programs.reasons import LEFT_AUDIENCE, RESTING


@dataclass(frozen=True)
class Leaving:
    """`doors`: by firm the programs that it may leave with a certificate, or left by itself; `stays` says which programs, all
    that it takes part in counted, a firm is in then. `resting`: firms that are in none of them until they are active. `for_good`:
    firm and program → the day on which the firm left it, where it takes nobody in any more: what it got since is of no use."""

    doors: dict[int, list[Program]]
    stays: HasThen
    resting: frozenset[int]
    for_good: dict[tuple[int, int], date]


def programs_as_if(firms: Collection[int], days: Collection[date]) -> HasThen:
    """Says which programs (codes) a firm is in that holds such certificates: nine queries."""
    return leaving(firms, days).stays


def leaving(firms: Collection[int], days: Collection[date]) -> Leaving:
    """What these firms may leave, or left, and what they stay in: nine queries."""
    inside: dict[int, list[Program]] = {}
    for row in _enrolled(firms).select_related("program"):
        inside.setdefault(row.partner_id, []).append(row.program)
    automatic, for_good = _by_itself(firms, days)
    asked = (
        groups_of_programs({program.pk: program for _, program in automatic}.values()) if automatic else {}
    )
    doors: dict[int, list[Program]] = {}
    for firm, program in automatic:
        if any(asks_for_some(group) for group in asked[program.pk]):
            doors.setdefault(firm, []).append(program)
    groups = {group.pk: group for those in asked.values() for group in those}
    is_in = membership_given(groups.values(), firms, days, (lapsing.FIELD, FIELD.code))
    resting = Partner.objects.filter(pk__in=doors).exclude(status=PartnerStatus.ACTIVE)

    @cache
    def stays(firm: int, day: date, codes: frozenset[str]) -> frozenset[str]:
        mine = frozenset(program.code for program in inside.get(firm, ()) if not program.is_over(day))
        theirs = [program for program in doors.get(firm, ()) if program.spans(day)]
        sure = mine.difference(program.code for program in theirs)
        left = sure.union(program.code for program in theirs)
        for _ in range(len(theirs) + 1):  # each round is right for one more step of what leads to what
            values = {lapsing.FIELD: codes, FIELD.code: left}
            kept = sure.union(
                program.code
                for program in theirs
                if any(is_in(group.pk, firm, day, values) for group in asked[program.pk])
            )
            if kept == left:
                return left
            left = kept
        return mine  # they go round in a circle, and rest

    return Leaving(doors, stays, frozenset(resting.values_list("pk", flat=True)), for_good)


def _enrolled(firms: Collection[int]) -> EnrolmentQuerySet:
    return Enrolment.objects.enrolled().filter(partner__in=firms)


def _by_itself(
    firms: Collection[int], days: Collection[date]
) -> tuple[list[tuple[int, Program]], dict[tuple[int, int], date]]:
    """The programs of these days that firms came into by themselves, and are in or left without anybody's word, or will come
    into; and where that is for good, since nobody comes in any more, the day on which they left: four queries."""
    going_on = Program.objects.going_on_one_of(days).filter(joining=Joining.AUTOMATIC)
    running = going_on.filter(status=ProgramStatus.OPEN)
    ended = Enrolment.objects.last_ended().filter(partner__in=firms)
    left = ended.ended_by_portal(LEFT_AUDIENCE)
    back = ended.ended_by_portal(RESTING)
    back |= ended.ended_with_partnership().filter(decided_at__isnull=False)
    found = _coming(firms, running)
    for_good: dict[tuple[int, int], date] = {}
    for rows, programs in ((_enrolled(firms), running), (back, running), (left, going_on)):
        rows = rows.filter(way=Joining.AUTOMATIC, program__in=programs).select_related("program")
        for row in rows:
            found[row.partner_id, row.program_id] = row.program
            if row.program.status != ProgramStatus.OPEN and row.ended_at is not None:
                for_good[row.partner_id, row.program_id] = vendor_day(row.ended_at)
    ordered = sorted(found.items(), key=lambda one: one[1].name)
    return [(firm, program) for (firm, _), program in ordered], for_good


def _coming(firms: Collection[int], running: ProgramQuerySet) -> dict[tuple[int, int], Program]:
    """Those that have not begun yet, for every firm that the sweep may take in on their first day: three queries."""
    ahead = list(running.filter(starts_on__gt=vendor_day(database_clock())))
    if not ahead:
        return {}
    some = Partner.objects.filter(pk__in=firms, status__in=[PartnerStatus.ACTIVE, PartnerStatus.SUSPENDED])
    mine = Enrolment.objects.filter(partner__in=firms, program__in=ahead)
    out = set((mine.open() | mine.ended_by_word()).values_list("partner", "program"))
    return {
        (firm, program.pk): program
        for firm in some.values_list("pk", flat=True)
        for program in ahead
        if (firm, program.pk) not in out
    }
