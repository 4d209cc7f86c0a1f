"""A certificate held: by the firm or, for certificates of persons, by so many of its people."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q

from partners.models import Certificate, CertificateType
from programs.conditions.rule import Choices, Key, Rule, Standing, one_by_one, pairs, people, wanted_of
from programs.models import Condition, Enrolment, Path


def _choices() -> Choices:
    return list(CertificateType.objects.order_by("name").values_list("code", "name"))


def _words(condition: Condition, name: str) -> str:
    number = wanted_of(condition)
    return f"You hold “{name}”" if number == 1 else f"{people(number)} hold “{name}”"


def _judge(
    conditions: Sequence[Condition], enrolments: Sequence[Enrolment], at: datetime
) -> dict[Key, Standing]:
    rows = (
        Certificate.objects.holding(at)
        .filter(
            type__code__in={condition.target for condition in conditions},
            partner__in={enrolment.partner_id for enrolment in enrolments},
        )
        .order_by()
        .values_list("type__code", "partner")
        .annotate(members=Count("member", distinct=True), number=Count("pk"))
    )
    found = {(code, firm): Decimal(counted(members, number)) for code, firm, members, number in rows}
    return {
        (condition.pk, enrolment.pk): _standing(
            found.get((condition.target, enrolment.partner_id), Decimal(0)), wanted_of(condition)
        )
        for condition, enrolment in pairs(conditions, enrolments)
    }


def counted(members: int, number: int) -> int:
    """What so many valid ones, made out to so many people, count: one of a person once a person, one of the firm by itself."""
    return members or min(number, 1)


def _standing(value: Decimal, wanted: Decimal) -> Standing:
    return Standing(value, wanted, f"{value:,.0f} of {wanted:,.0f}" if wanted > 1 else "")


def _closed(targets: Collection[str]) -> set[str]:
    """Neither are papers of the type taken, nor does any training grant it that can be begun."""
    granted = Path.objects.published().filter(grants__isnull=False)
    to_be_had = CertificateType.objects.filter(Q(offered=True) | Q(pk__in=granted.values("grants")))
    return set(targets) - set(to_be_had.filter(code__in=targets).order_by().values_list("code", flat=True))


RULE = Rule(
    "certificate", "Certificate held", _choices, "How many people", one_by_one(_words), _judge, _closed
)
