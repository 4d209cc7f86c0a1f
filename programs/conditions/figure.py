"""A figure of the firm reached, such as registrations in the last twelve months."""

from collections.abc import Sequence
from datetime import datetime

from programs import measures
from programs.conditions.rule import Choices, Key, Rule, Standing, wanted_of
from programs.models import Condition, Enrolment


def _choices() -> Choices:
    return [(measure.code, measure.label) for measure in measures.all_measures()]


def _words(condition: Condition, name: str) -> str:
    measure = measures.measure_of(condition.target)
    wanted = wanted_of(condition)
    return f"{name}: {measure.shown(wanted) if measure else wanted} or more"


def _judge(
    conditions: Sequence[Condition], enrolments: Sequence[Enrolment], at: datetime
) -> dict[Key, Standing]:
    codes = [condition.target for condition in conditions]
    figures = measures.figures_of(codes, {enrolment.partner_id for enrolment in enrolments}, at)
    found: dict[Key, Standing] = {}
    for condition in conditions:
        measure = measures.measure_of(condition.target)
        for enrolment in enrolments:
            value = figures[enrolment.partner_id][condition.target]
            note = f"{measure.shown(value)} so far" if measure else ""
            found[condition.pk, enrolment.pk] = Standing(value, wanted_of(condition), note)
    return found


RULE = Rule("figure", "Figure reached", _choices, "At least", _words, _judge)
