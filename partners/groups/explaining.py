"""Why a firm is in a group or isn't: each condition with its tick, asked of the database in the same words as the group."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from partners.enums import PickKind
from partners.groups.compiling import condition_q
from partners.groups.fields import field_of
from partners.groups.membership import holds
from partners.groups.rules import Block, Condition, Rule
from partners.groups.words import Words
from partners.merging.away import merged_away
from partners.models import Group, GroupPick, Partner


@dataclass(frozen=True)
class Tick:
    """A condition: whether it holds, and what the firm has."""

    words: str
    holds: bool
    has: str


@dataclass(frozen=True)
class BlockTick:
    """A block: whether it holds, and its conditions."""

    match: str
    holds: bool
    ticks: list[Tick]


@dataclass(frozen=True)
class Explanation:
    """The whole answer. `by_rule` is what the rule alone says; `pick` what somebody said by hand, which outranks it."""

    firm: Partner
    inside: bool
    by_rule: bool
    match: str
    items: list[Tick | BlockTick]
    pick: GroupPick | None
    merged: bool = False  # the record became part of another one: in no group, whatever is said here besides

    @property
    def sentence(self) -> str:
        """The answer in a sentence."""
        if self.merged:
            return "This record became part of another one: its firm is in the groups of that one."
        if self.pick is not None:
            verb = "Added" if self.pick.kind == PickKind.ADDED else "Excluded"
            return f"{verb} by hand by {self.pick.by}: {self.pick.reason}"
        if not self.items:
            return "The group has no rule, and nobody added this firm by hand."
        if self.by_rule:
            return "All conditions hold." if self.match == "all" else "At least one condition holds."
        return "Not all conditions hold." if self.match == "all" else "None of the conditions holds."


def explain(rule: Rule, firm: Partner, *, at: datetime, group: Group | None = None) -> Explanation:
    """Why `firm` is in or out of a group with `rule` at `at`: one query for the ticks, one for what was said by hand,
    one for whether the record still stands for itself."""
    told = iter(_truths(rule, firm, at))
    words = Words()

    def tick(condition: Condition) -> Tick:
        field = field_of(condition.field)
        has = field.shown(firm, at) if field is not None else ""
        return Tick(words.of_condition(condition), next(told), has)

    items: list[Tick | BlockTick] = []
    for item in rule.items:
        if isinstance(item, Block):
            ticks = [tick(condition) for condition in item.items]
            items.append(BlockTick(item.match, _join(item.match, [one.holds for one in ticks]), ticks))
        else:
            items.append(tick(item))
    by_rule = bool(items) and _join(rule.match, [item.holds for item in items])
    pick = None
    if group is not None and group.pk is not None:
        pick = GroupPick.objects.filter(group=group, partner=firm).select_related("by").first()
    inside = pick.kind == PickKind.ADDED if pick is not None else by_rule
    merged = Partner.objects.filter(merged_away(), pk=firm.pk).exists()
    return Explanation(firm, inside and not merged, by_rule, rule.match, items, pick, merged)


def _truths(rule: Rule, firm: Partner, at: datetime) -> list[bool]:
    """Whether each condition holds, in the order of rule.conditions()."""
    columns: dict[str, Any] = {
        f"holds_{number}": holds(condition_q(condition, at))
        for number, condition in enumerate(rule.conditions())
    }
    if not columns:
        return []
    row = Partner.objects.filter(pk=firm.pk).annotate(**columns).values(*columns).get()
    return [row[name] for name in columns]


def _join(match: str, truths: list[bool]) -> bool:
    return any(truths) if match == "any" else all(truths)
