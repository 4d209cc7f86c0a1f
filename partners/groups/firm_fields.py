"""The fields of the rule builder that stand on the firm itself."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import formats
from django_countries import countries

from accounts.enums import Side
from accounts.models import User
from catalog.models import Industry, Territory
from core.vendor_days import midnight, vendor_day
from partners.enums import PartnerKind, PartnerStatus, PartnerTier
from partners.groups.fields import (
    MANY_VALUES,
    NOBODY,
    ONE_OR_NO_VALUE,
    Choices,
    Field,
    Values,
    add_field,
    choice_field,
)
from partners.groups.further_fields import certificate_field, function_field
from partners.groups.operators import Operator
from partners.models import Partner

_MOST_DAYS = 36_500


def _column(code: str, label: str, choices: type[models.TextChoices]) -> Field:
    """A column with a closed list of values."""

    def shown(firm: Partner, at: datetime) -> str:
        value = getattr(firm, code)
        return str(dict(choices.choices).get(value, value))

    return choice_field(
        code,
        label,
        has=lambda values, at: Q(**{f"{code}__in": values}),
        shown=shown,
        choices=lambda: [(value, str(words)) for value, words in choices.choices],
    )


def _related(code: str, label: str, name: str, model: Any) -> Field:
    """What a firm has several of, by code: territories, industries."""

    target = model._meta.model_name

    def links() -> Any:
        through: Any = getattr(Partner, name).through
        return through.objects.filter(partner_id=OuterRef("pk"))

    return choice_field(
        code,
        label,
        has=lambda values, at: Q(Exists(links().filter(**{f"{target}__code__in": values}))),
        some=lambda at: Q(Exists(links())),
        shown=lambda firm, at: ", ".join(str(row) for row in getattr(firm, name).all()),
        choices=lambda: [(row.code, row.name) for row in model.objects.order_by("name")],
        operators=MANY_VALUES,
    )


def _named(codes: Iterable[str]) -> Choices:
    return sorted(((code, countries.name(code) or code) for code in codes), key=lambda pair: pair[1])


def _country() -> Field:
    """The builder offers the countries that firms sit in; a rule may name any."""
    return choice_field(
        "country",
        "Country",
        has=lambda values, at: Q(country__in=values),
        shown=lambda firm, at: countries.name(str(firm.country)) or str(firm.country),
        choices=lambda: _named(code for code, _ in countries),
        offered=lambda: _named(Partner.objects.order_by().values_list("country", flat=True).distinct()),
    )


def _named_people(people: QuerySet[User]) -> Choices:
    return [(str(person.pk), person.name or person.email) for person in people.order_by("name", "pk")]


def _staff() -> Choices:
    """Whoever may have been a manager: somebody who left, or does other work now, keeps their name in rules."""
    return _named_people(User.objects.filter(role__side=Side.VENDOR))


def _managers() -> Choices:
    """Who can be one, and who still is one though they left."""
    may = Q(is_active=True, role__permissions__contains=["registrations.decide"])
    return _named_people(User.objects.filter(may | Q(pk__in=Partner.objects.values("manager"))))


def _manager() -> Field:
    def has(values: Values, at: datetime) -> Q:
        return Q(
            manager_id__in=[
                int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19
            ]
        )

    return choice_field(
        "manager",
        "Channel manager",
        has=has,
        some=lambda at: Q(manager__isnull=False),
        shown=lambda firm, at: str(firm.manager) if firm.manager else "",
        choices=_staff,
        offered=_managers,
        operators=ONE_OR_NO_VALUE,
    )


def _since() -> Field:
    """When the firm was taken in; days are the vendor's, whatever zone the moment is given in."""

    def condition(operator: Operator, values: Values, at: datetime) -> Q:
        bound = _bound(operator, values[0] if values else "", at)
        if bound is None:
            return NOBODY
        late = operator in (Operator.FROM, Operator.WITHIN_DAYS)
        return Q(created_at__gte=bound) if late else Q(created_at__lt=bound)

    operators = (Operator.FROM, Operator.BEFORE, Operator.WITHIN_DAYS, Operator.OLDER_THAN_DAYS)
    return Field("since", "Partner since", operators, condition, _day_taken_in)


def _day_taken_in(firm: Partner, at: datetime) -> str:
    return formats.date_format(vendor_day(firm.created_at), "DATE_FORMAT")


def _bound(operator: Operator, value: str, at: datetime) -> datetime | None:
    if operator in (Operator.WITHIN_DAYS, Operator.OLDER_THAN_DAYS):
        if not (value.isascii() and value.isdigit() and len(value) < 6):
            return None
        return at - timedelta(days=min(int(value), _MOST_DAYS))
    try:
        return midnight(date.fromisoformat(value))
    except ValueError:
        return None


def _text(code: str, label: str) -> Field:
    """A column of text; capitals don't count."""

    def condition(operator: Operator, values: Values, at: datetime) -> Q:
        if not values:
            return NOBODY
        if operator == Operator.STARTS_WITH:
            return Q(**{f"{code}__istartswith": values[0]})
        found = Q(**{f"{code}__icontains": values[0]})
        return ~found if operator == Operator.NOT_CONTAINS else found

    operators = (Operator.CONTAINS, Operator.NOT_CONTAINS, Operator.STARTS_WITH)
    return Field(code, label, operators, condition, lambda firm, at: str(getattr(firm, code)))


_OWN: tuple[Callable[[], Field], ...] = (
    lambda: _column("kind", "Type", PartnerKind),
    lambda: _column("tier", "Tier", PartnerTier),
    lambda: _column("status", "Status", PartnerStatus),
    _country,
    lambda: _related("territory", "Territory", "territories", Territory),
    lambda: _related("industry", "Industry", "industries", Industry),
    function_field,
    certificate_field,
    _manager,
    _since,
    lambda: _text("name", "Name"),
    lambda: _text("city", "City"),
)


def add_own_fields() -> None:
    """Adds the fields of this app; called once, when it is ready."""
    for order, make in enumerate(_OWN):
        add_field(replace(make(), order=order))
