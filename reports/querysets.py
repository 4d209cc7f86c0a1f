"""Reading the open positions in the order that was asked for, page by page."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Value

from registrations.models import Registration

if TYPE_CHECKING:
    from accounts.models import User
    from reports.models import OpenPosition

# Stands for 'none' in columns that are sorted by: NULL has no place in a key.
NEVER = datetime(9999, 12, 31, tzinfo=UTC)

COLUMNS = {
    "name": "sort_name",
    "value": "value_base",
    "oldest": "oldest",
    "registrations": "registrations",
    "ends": "protection_ends",
}


class _RowIsBeyond(Func):
    """(a, b) < (c, d) as PostgreSQL compares rows: one range of one index, however deep the page."""

    arity = 4
    output_field = models.BooleanField()
    conditional = True

    def __init__(self, *expressions: Any, operator: str) -> None:
        super().__init__(*expressions)
        self.operator = operator

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, Any]:
        """The comparison; the operator is one of ours."""
        parts: list[str] = []
        params: list[Any] = []
        for expression in self.get_source_expressions():
            sql, values = compiler.compile(expression)
            parts.append(sql)
            params.extend(values)
        a, b, c, d = parts
        return f"({a}, {b}) {self.operator} ({c}, {d})", params


class OpenPositionQuerySet(models.QuerySet["OpenPosition"]):
    def visible_to(self, user: User) -> OpenPositionQuerySet:
        """All for those who see every registration, none for others: the figures are of everybody's deals."""
        return self if user.may("registrations.view_all") else self.none()

    def current(self) -> OpenPositionQuerySet:
        """Companies with something open."""
        return self.filter(registrations__gt=0)

    def holding(self, fitting: models.Q) -> OpenPositionQuerySet:
        """Companies with at least one open registration for which `fitting` holds."""
        rows = Registration.objects.open().filter(fitting, discarded_at=None, company=OuterRef("company"))
        return self.filter(Exists(rows))

    def in_order(self, sort: str) -> OpenPositionQuerySet:
        """By a key of COLUMNS, '-' in front turns it round; the company's id decides between equals."""
        column, sign = COLUMNS[sort.lstrip("-")], "-" if sort.startswith("-") else ""
        return self.order_by(f"{sign}{column}", f"{sign}company_id")

    def beyond(self, sort: str, key: tuple[Any, int]) -> OpenPositionQuerySet:
        """What comes after the row with this key, in the same order."""
        column = COLUMNS[sort.lstrip("-")]
        return self.filter(
            _RowIsBeyond(
                F(column),
                F("company_id"),
                Value(key[0]),
                Value(key[1]),
                operator="<" if sort.startswith("-") else ">",
            )
        )


def key_of(position: OpenPosition, sort: str) -> str:
    """The address value of the page after `position`."""
    value = getattr(position, COLUMNS[sort.lstrip("-")])
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return base64.urlsafe_b64encode(json.dumps([text, position.pk]).encode()).decode().rstrip("=")


def read_key(after: str, sort: str) -> tuple[Any, int] | None:
    """The key in an address, None for anything that is not one: the list then begins at its start."""
    parsers: dict[str, Callable[[str], Any]] = {
        "name": _text,
        "value": _amount,
        "registrations": int,
        "oldest": _moment,
        "ends": _moment,
    }
    try:
        text, pk = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        key = parsers[sort.lstrip("-")](str(text)), int(pk)
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error, InvalidOperation):
        return None
    number = key[0] if isinstance(key[0], int) else 0
    return key if max(abs(key[1]), abs(number)) < 2**31 else None


def _text(text: str) -> str:
    if "\x00" in text:
        raise ValueError("no text of the database")
    return text.encode("utf-8").decode("utf-8")  # a lone surrogate is no text either


def _amount(text: str) -> Decimal:
    amount = Decimal(text)
    if not amount.is_finite() or abs(amount) > Decimal(10) ** 24:
        raise ValueError("no amount")
    return amount


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no moment")
    return moment
