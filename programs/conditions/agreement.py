"""An agreement accepted by the firm, in any of its versions."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

from partners.models import Agreement, AgreementAcceptance
from programs.conditions.rule import Choices, Key, Rule, Standing, one_by_one, pairs
from programs.models import Condition, Enrolment


def _choices() -> Choices:
    return list(Agreement.objects.order_by("title").values_list("code", "title"))


def _words(condition: Condition, name: str) -> str:
    return f"Your firm accepted “{name}”"


def _judge(
    conditions: Sequence[Condition], enrolments: Sequence[Enrolment], at: datetime
) -> dict[Key, Standing]:
    accepted = set(
        AgreementAcceptance.objects.filter(
            version__agreement__code__in={condition.target for condition in conditions},
            partner__in={enrolment.partner_id for enrolment in enrolments},
            at__lte=at,
        )
        .order_by()
        .values_list("version__agreement__code", "partner")
    )
    return {
        (condition.pk, enrolment.pk): Standing(
            Decimal((condition.target, enrolment.partner_id) in accepted), Decimal(1)
        )
        for condition, enrolment in pairs(conditions, enrolments)
    }


def _closed(targets: Collection[str]) -> set[str]:
    running = Agreement.objects.filter(code__in=targets, ended_at=None).order_by()
    return set(targets) - set(running.values_list("code", flat=True))


RULE = Rule("agreement", "Agreement accepted", _choices, "", one_by_one(_words), _judge, _closed)
