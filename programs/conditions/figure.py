"""A figure of the firm reached, such as registrations in the last twelve months."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial

from programs import measures
from programs.conditions.rule import Choices, Key, Rule, Standing, named, pairs, wanted_of
from programs.models import Condition, Enrolment


def _choices() -> Choices:
    return [(measure.code, measure.label) for measure in measures.all_measures()]


def _words(conditions: Sequence[Condition], names: Mapping[str, str]) -> dict[int, str]:
    shown = _shown_by({condition.target for condition in conditions})
    return {
        one.pk: f"{named(one, names)}: {shown[one.target](wanted_of(one)) or wanted_of(one)} or more"
        for one in conditions
    }


def _judge(
    conditions: Sequence[Condition], enrolments: Sequence[Enrolment], at: datetime
) -> dict[Key, Standing]:
    codes = {condition.target for condition in conditions}
    figures = measures.figures_of(codes, {enrolment.partner_id for enrolment in enrolments}, at)
    shown = _shown_by(codes)
    found: dict[Key, Standing] = {}
    for condition, enrolment in pairs(conditions, enrolments):
        value = figures[enrolment.partner_id][condition.target]
        words = shown[condition.target](value)
        note = f"{words} so far" if words else ""
        found[condition.pk, enrolment.pk] = Standing(value, wanted_of(condition), note)
    return found


def _shown_by(codes: Collection[str]) -> dict[str, Callable[[Decimal], str]]:
    """By the measure's code how its values read, '' for one that no app knows (any more). Each measure's unit is asked for
    once."""
    known = {code: measures.measure_of(code) for code in codes}
    return {
        code: partial(measure.shown, unit=measure.unit()) if measure else lambda _: ""
        for code, measure in known.items()
    }


RULE = Rule("figure", "Figure reached", _choices, "At least", _words, _judge)
