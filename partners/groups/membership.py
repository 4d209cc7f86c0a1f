"""Who is in which group. Every answer is a constant number of queries, however many firms or groups it is about.

A rule is asked as it is written now; `at` is the moment that conditions about time ('in the last 90 days', a certificate
that is valid) are judged at.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import BooleanField, Case, Count, Exists, Expression, OuterRef, Q, Value, When

from core.clock import database_clock
from partners.enums import PickKind
from partners.groups.compiling import rule_q
from partners.groups.fields import any_of
from partners.groups.rules import Rule, read_rule
from partners.merging.away import merged_away
from partners.models import Group, GroupPick, Partner
from partners.querysets import PartnerQuerySet


def in_group_q(group: Group, at: datetime | None = None) -> Q:
    """What holds for the firms in `group`: use it as Partner.objects.filter(in_group_q(group))."""
    return membership_q(read_rule(group.rule), group, at or database_clock())


def in_groups_q(groups: Iterable[Group], at: datetime | None = None) -> Q:
    """What holds for firms in at least one of `groups`; for none, nobody."""
    moment = at or database_clock()
    return any_of([in_group_q(group, moment) for group in groups])


def membership_q(rule: Rule, group: Group | None, at: datetime) -> Q:
    """What holds for firms that `rule` takes in, with what was said by hand for `group` (None: not saved yet). A record that
    became part of another one is in none: its firm is in as that one."""
    inside = rule_q(rule, at)
    if group is None or group.pk is None:
        return inside & ~merged_away()
    picks = GroupPick.objects.filter(group=group, partner_id=OuterRef("pk")).order_by()
    added, excluded = picks.filter(kind=PickKind.ADDED), picks.filter(kind=PickKind.EXCLUDED)
    return (inside | Q(Exists(added))) & ~Q(Exists(excluded)) & ~merged_away()


def members_of(group: Group, at: datetime | None = None) -> PartnerQuerySet:
    """The firms in `group`, whatever their status: one query."""
    return Partner.objects.filter(in_group_q(group, at))


def groups_of(partner: Partner, at: datetime | None = None) -> list[Group]:
    """The groups that a firm is in, by name: two queries."""
    groups = list(Group.objects.order_by("name", "pk"))
    inside = _inside([partner.pk], groups, at or database_clock()).get(partner.pk, set())
    return [group for group in groups if group.pk in inside]


def group_codes(partner_ids: Collection[int], at: datetime | None = None) -> dict[int, frozenset[str]]:
    """The codes of the groups that each of these firms is in; every id has an entry. Two queries."""
    groups = list(Group.objects.order_by("pk"))
    codes = {group.pk: group.code for group in groups}
    inside = _inside(partner_ids, groups, at or database_clock())
    return {pk: frozenset(codes[group] for group in inside.get(pk, ())) for pk in partner_ids}


def which_of(groups: Iterable[Group], partner: Partner, at: datetime | None = None) -> set[int]:
    """The ids of those of `groups` that a firm is in: one query, none for no groups."""
    return _inside([partner.pk], list(groups), at or database_clock()).get(partner.pk, set())


def sizes_of(groups: Iterable[Group], at: datetime | None = None) -> dict[int, int]:
    """How many firms each group has, by its id: one query."""
    moment = at or database_clock()
    counts = {f"in_{group.pk}": Count("pk", filter=in_group_q(group, moment)) for group in groups}
    if not counts:
        return {}
    found = Partner.objects.order_by().aggregate(**counts)
    return {int(name.removeprefix("in_")): number for name, number in found.items()}


def holds(condition: Q) -> Expression:
    """A column that says whether a condition holds for a firm; a condition on NULL is a no."""
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _inside(partner_ids: Collection[int], groups: list[Group], at: datetime) -> dict[int, set[int]]:
    if not groups or not partner_ids:
        return {}
    columns = {f"in_{group.pk}": holds(in_group_q(group, at)) for group in groups}
    rows = Partner.objects.filter(pk__in=partner_ids).order_by().annotate(**columns).values("pk", *columns)
    return {row["pk"]: {int(name.removeprefix("in_")) for name in columns if row[name]} for row in rows}
