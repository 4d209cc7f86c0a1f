"""Distribution rights in words for operations, and which of them meet."""

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
    kind = "exclusive" if right.is_exclusive else "distribution"
    whose = f"the {kind} right of {right.partner}: {right_words(right)} ({right.code})"
    if ended:
        return f"It lay, or may have lain, within {whose}. That right has ended."
    own = "" if right.is_exclusive else " The partner holds none to all of the deal that lies within it."
    return f"It lies, or may lie, within {whose}.{own} The partner does not read whose it is."


def own_ended_words(record: str) -> str:
    """That a right of the deal's own partner, under which it may have been registered, has ended."""
    right = ExclusiveRight.objects.select_related("product_line", "territory", "industry")
    found = right.get(code=record.partition(":")[2])
    return f"The partner's own right to {right_words(found)} ({found.code}) has ended."


def overlap_words(found: list[ExclusiveRight]) -> str:
    """What stands against a new right, by name: for operations only."""
    told = [
        f"{right.partner} has {right_words(right)}, {period_words(right.begins_at, right.ends_at)} ({right.code}, {_kind(right)})"
        for right in found
    ]
    return (
        f"This overlaps: {'; '.join(told)}. Choose other days or another scope, or end that one first. Rights of several firms "
        "overlap only where none is exclusive."
    )


def _kind(right: ExclusiveRight) -> str:
    return "exclusive" if right.is_exclusive else "not exclusive"


def overlapping(right: ExclusiveRight) -> list[ExclusiveRight]:
    """The standing rights that `right`, not stored yet, can't stand beside: what the database's constraint asks, in words. The
    firm's own, too, though the database lets those be that are not exclusive: a merge of two records may bring them together."""
    found = ExclusiveRight.objects.standing().filter(_meets(right.begins_at, right.ends_at))
    if not right.is_exclusive:
        found = found.filter(Q(is_exclusive=True) | Q(partner=right.partner_id))
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
