"""A training path passed, by so many people of the firm."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Count

from core.vendor_days import vendor_day
from programs.conditions.rule import Choices, Key, Rule, Standing, one_by_one, pairs, people, wanted_of
from programs.models import Condition, Enrolment, Path, Take


def _choices() -> Choices:
    return list(Path.objects.order_by("name").values_list("code", "name"))


def _words(condition: Condition, name: str) -> str:
    number = wanted_of(condition)
    return f"{people(number)} passed the training “{name}”"


def _judge(
    conditions: Sequence[Condition], enrolments: Sequence[Enrolment], at: datetime
) -> dict[Key, Standing]:
    rows = (
        Take.objects.valid(vendor_day(at))
        .filter(
            path__code__in={condition.target for condition in conditions},
            user__is_active=True,
            user__member__partner__in={enrolment.partner_id for enrolment in enrolments},
        )
        .order_by()
        .values_list("path__code", "user__member__partner")
        .annotate(number=Count("user", distinct=True))
    )
    found = {(code, firm): Decimal(number) for code, firm, number in rows}
    return {
        (condition.pk, enrolment.pk): _standing(
            found.get((condition.target, enrolment.partner_id), Decimal(0)), wanted_of(condition)
        )
        for condition, enrolment in pairs(conditions, enrolments)
    }


def _standing(value: Decimal, wanted: Decimal) -> Standing:
    return Standing(value, wanted, f"{value:,.0f} of {wanted:,.0f}" if wanted > 1 else "")


def _closed(targets: Collection[str]) -> set[str]:
    return set(targets) - set(
        Path.objects.published().filter(code__in=targets).order_by().values_list("code", flat=True)
    )


RULE = Rule("training", "Training passed", _choices, "How many people", one_by_one(_words), _judge, _closed)
