"""A step that the vendor's people do or confirm for the firm, such as a kick-off meeting."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from programs.conditions.rule import Key, Rule, Standing, one_by_one, pairs
from programs.models import Condition, Enrolment, StepDone


def _words(condition: Condition, _name: str) -> str:
    return condition.target


def _judge(
    conditions: Sequence[Condition], enrolments: Sequence[Enrolment], at: datetime
) -> dict[Key, Standing]:
    done = set(
        StepDone.objects.filter(condition__in=conditions, enrolment__in=enrolments).values_list(
            "condition", "enrolment"
        )
    )
    return {
        (condition.pk, enrolment.pk): Standing(
            Decimal((condition.pk, enrolment.pk) in done), Decimal(1), "We do this"
        )
        for condition, enrolment in pairs(conditions, enrolments)
    }


RULE = Rule("vendor", "Step done by us", None, "", one_by_one(_words), _judge)
