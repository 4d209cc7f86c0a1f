"""Exclusive rights in words for operations, and which of them meet."""

from datetime import datetime

from django.db.models import Q

from policies.loading import right_of
from policies.models import ExclusiveRight
from policies.rules.exclusive_right import scope_words
from policies.shown import period_words


def right_words(right: ExclusiveRight) -> str:
    """'Gateways in DACH for Automotive': what it is about. Needs product line, territory and industry loaded."""
    return scope_words(right_of(right))


def whose_words(record: str, *, ended: bool = False) -> str:
    """Within whose right a deal lies, or lay until it `ended`, as the vendor's people read it; `record` is 'right:X-7KQ2MX'.
    Empty for one that is not there."""
    rights = ExclusiveRight.objects.select_related("partner", "product_line", "territory", "industry")
    right = rights.filter(code=record.partition(":")[2]).first()
    if right is None:
        return ""
    whose = f"the exclusive right of {right.partner}: {right_words(right)} ({right.code})"
    if ended:
        return f"It lay, or may have lain, within {whose}. That right has ended."
    return f"It lies, or may lie, within {whose}. The partner does not read whose it is."


def overlap_words(found: list[ExclusiveRight]) -> str:
    """What stands against a new right, by name: for operations only."""
    told = [
        f"{right.partner} has {right_words(right)}, {period_words(right.begins_at, right.ends_at)} ({right.code})"
        for right in found
    ]
    return f"This overlaps: {'; '.join(told)}. Choose other days or another scope, or end that one first."


def overlapping(right: ExclusiveRight) -> list[ExclusiveRight]:
    """The standing rights that `right`, not stored yet, meets: what the database's constraint asks, in words."""
    found = ExclusiveRight.objects.standing().filter(_meets(right.begins_at, right.ends_at))
    if right.product_line_id is not None:
        found = found.filter(Q(product_line=None) | Q(product_line=right.product_line_id))
    if right.industry_id is not None:
        found = found.filter(Q(industry=None) | Q(industry=right.industry_id))
    if right.countries:
        found = found.filter(Q(countries=[]) | Q(countries__overlap=right.countries))
    return list(found.select_related("partner", "product_line", "territory", "industry"))


def _meets(begins: datetime, ends: datetime | None) -> Q:
    meets = Q(ends_at=None) | Q(ends_at__gt=begins)
    return meets & Q(begins_at__lt=ends) if ends is not None else meets
