"""What a certificate is good for with programs that a firm may apply for, or was asked into: only firms of the audience join."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from partners.certificates.gates import Case, Gate, Judge
from partners.enums import PartnerStatus
from partners.groups.lapsing import asks_for_some, membership_as_if
from partners.models import Partner
from programs.audience import groups_of_programs
from programs.enums import ASKED, EnrolmentStatus, Joining, ProgramStatus
from programs.models import Enrolment, Program
from programs.papers import Papers


def opens(codes: Collection[str]) -> dict[str, list[Gate]]:
    """Nothing in general: how firms are grouped is not told."""
    return {}


def prepare(firms: Collection[int], days: Collection[date]) -> Judge:
    """Says which programs an active firm may join that is not in, of those that run on the day: a constant number of queries.
    Those that no group with a certificate in its rule leads to are left out."""
    active = set(
        Partner.objects.filter(pk__in=firms, status=PartnerStatus.ACTIVE).values_list("pk", flat=True)
    )
    standing = {
        (firm, program): status
        for firm, program, status in Enrolment.objects.open()
        .filter(partner__in=firms)
        .values_list("partner", "program", "status")
    }
    asked = {program for (_, program), status in standing.items() if status in ASKED}
    running = (
        Program.objects.going_on_one_of(days)
        .filter(status=ProgramStatus.OPEN)
        .exclude(joining=Joining.AUTOMATIC)
    )
    programs = list(running.filter(Q(joining=Joining.APPLICATION) | Q(pk__in=asked)).order_by("name"))
    groups = groups_of_programs(programs)
    programs = [one for one in programs if any(asks_for_some(group) for group in groups[one.pk])]
    used = {group.pk: group for one in programs for group in groups[one.pk]}
    is_in = membership_as_if(used.values(), firms, days)
    papers = Papers(firms if used else ())

    def may_join(firm: int, program: Program) -> bool:
        status = standing.get((firm, program.pk))
        if status is None:
            return program.joining == Joining.APPLICATION
        return status != EnrolmentStatus.ENROLLED

    def is_for(case: Case, program: Program) -> bool:
        codes = papers.counted(case, program)
        return any(is_in(group.pk, case.firm, case.on, codes) for group in groups[program.pk])

    def judge(case: Case) -> list[Gate]:
        if case.firm not in active:
            return []
        return [
            _gate(one)
            for one in programs
            if one.spans(case.on) and may_join(case.firm, one) and is_for(case, one)
        ]

    return judge


def _gate(program: Program) -> Gate:
    # Without an address: whoever may not join a program does not see its page.
    return Gate(f"joining:{program.code}", f"Joining {program.name}")
