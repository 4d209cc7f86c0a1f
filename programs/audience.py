"""Whom a program is for: the firms of its groups; without groups, all. Only active firms count."""

from collections.abc import Iterable
from datetime import datetime

from partners.enums import PartnerStatus
from partners.groups.membership import in_groups_q, which_of
from partners.models import Group, Partner
from partners.querysets import PartnerQuerySet
from programs.models import Program


def audience_of(program: Program, at: datetime) -> PartnerQuerySet:
    """The active firms that a program is for: one query, and one for the groups."""
    active = Partner.objects.filter(status=PartnerStatus.ACTIVE)
    groups = list(program.audience.all())
    return active.filter(in_groups_q(groups, at)) if groups else active


def is_for(program: Program, partner: Partner, at: datetime) -> bool:
    """Whether a firm is in the audience."""
    return partner.is_active and program in programs_for(partner, [program], at)


def programs_for(partner: Partner, programs: Iterable[Program], at: datetime) -> list[Program]:
    """Those of `programs` whose audience a firm is in: two queries, however many programs there are."""
    candidates = list(programs)
    if not partner.is_active or not candidates:
        return []
    wanted = groups_of_programs(candidates)
    inside = which_of(
        {group.pk: group for groups in wanted.values() for group in groups}.values(), partner, at
    )
    return [
        program
        for program in candidates
        if not wanted[program.pk] or any(group.pk in inside for group in wanted[program.pk])
    ]


def groups_of_programs(programs: Iterable[Program]) -> dict[int, list[Group]]:
    """The groups of each program by its id: one query."""
    found: dict[int, list[Group]] = {program.pk: [] for program in programs}
    links = Program.audience.through.objects.filter(program__in=found).select_related("group")
    for link in links.order_by("group__name"):
        found[link.program_id].append(link.group)
    return found
