"""Automatic programs whose audience goes round in a circle: it asks, by itself or by way of another such program, who takes part
in that very program. With 'Program is not given' a firm would come in and go out with every sweep."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q

from core.clock import database_clock
from core.vendor_days import vendor_day
from partners.groups.operators import Takes
from partners.groups.rules import Condition, Rule, read_rule
from partners.groups.words import Words
from partners.models import Group
from programs.audience import groups_of_programs
from programs.enums import Joining, ProgramStatus
from programs.group_field import FIELD
from programs.models import Program


def circle_of(program: Program, audience: Iterable[Group], *, rules: Mapping[int, Rule] | None = None) -> str:
    """The circle that a program with this audience is in, in a sentence that says what to do; '' for none, and for one that
    firms don't come into by themselves. `rules`: groups, by id, as if they had these. Up to four queries."""
    if program.joining != Joining.AUTOMATIC:
        return ""
    asked = _asked_by(audience, rules or {})
    for group, condition in asked:
        if _means(condition, program):
            return (
                f"The group ‘{group.name}’ asks whether a firm takes part in {program.name} itself ({_words(condition)}), so"
                " who is in would decide who comes in. Choose another group, or change its rule."
            )
    if not asked:
        return ""
    others = _followed(program, vendor_day(database_clock()))
    groups = groups_of_programs(others)
    for group, condition in asked:
        for other in others:
            if _means(condition, other) and _leads_to(program, other, others, groups, rules or {}):
                return (
                    f"The group ‘{group.name}’ asks who takes part in {other.name}, and that depends on who takes part in"
                    f" {program.name}: it goes round in a circle. Choose another group, or change the rule of one."
                )
    return ""


def circles_of(programs: Iterable[Program]) -> dict[int, str]:
    """Those of `programs` that are in a circle, by id, each with its sentence."""
    listed = list(programs)
    audiences = groups_of_programs(listed)
    found = {program.pk: circle_of(program, audiences[program.pk]) for program in listed}
    return {key: words for key, words in found.items() if words}


def objections(group: Group, rule: Rule) -> list[str]:
    """The circles that a group with this rule would bring its programs into."""
    mine = Program.objects.filter(audience=group).exclude(status=ProgramStatus.CLOSED).order_by("name")
    listed = list(mine)
    audiences = groups_of_programs(listed)
    found = [circle_of(program, audiences[program.pk], rules={group.pk: rule}) for program in listed]
    return [words for words in found if words]


def _asked_by(groups: Iterable[Group], rules: Mapping[int, Rule]) -> list[tuple[Group, Condition]]:
    """The conditions about programs in the rules of these groups."""
    return [
        (group, condition)
        for group in groups
        for condition in rules.get(group.pk, read_rule(group.rule)).conditions()
        if condition.field == FIELD.code
    ]


def _means(condition: Condition, program: Program) -> bool:
    """Whether taking part in the program can make a difference to the condition; one without values asks for any program."""
    return condition.operator.takes == Takes.NOTHING or program.code in condition.values


def _followed(but_not: Program, today: date) -> list[Program]:
    """The programs that take firms in and let them go by themselves, now or later."""
    rows = Program.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), status=ProgramStatus.OPEN)
    return list(rows.filter(joining=Joining.AUTOMATIC).exclude(pk=but_not.pk).order_by("name"))


def _leads_to(
    goal: Program,
    start: Program,
    others: list[Program],
    groups: Mapping[int, list[Group]],
    rules: Mapping[int, Rule],
) -> bool:
    """Whether who is in `start` depends on who is in `goal`."""
    seen, ahead = {start.pk}, [start]
    while ahead:
        for _, condition in _asked_by(groups[ahead.pop().pk], rules):
            if _means(condition, goal):
                return True
            new = [one for one in others if one.pk not in seen and _means(condition, one)]
            seen.update(one.pk for one in new)
            ahead += new
    return False


def _words(condition: Condition) -> str:
    return Words().of_condition(condition)
