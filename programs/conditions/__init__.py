"""Conditions under which a stage of a journey opens: one kind a file, and the list of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from programs.conditions import agreement, certificate, figure, training, vendor
from programs.conditions.rule import Choices, Key, Rule, Standing
from programs.models import Condition, Enrolment

RULES: dict[str, Rule] = {
    rule.kind: rule for rule in (training.RULE, certificate.RULE, figure.RULE, agreement.RULE, vendor.RULE)
}

__all__ = ["RULES", "Choices", "Key", "Rule", "Standing", "closed_of", "judge", "words_of"]


def judge(
    conditions: Sequence[Condition], enrolments: Sequence[Enrolment], at: datetime
) -> dict[Key, Standing]:
    """How each firm stands with each condition. Conditions of a kind that nobody knows (any more) have no entry, so they are
    never met."""
    found: dict[Key, Standing] = {}
    for kind, rule in RULES.items():
        own = [condition for condition in conditions if condition.kind == kind]
        if own and enrolments:
            found |= rule.judge(own, enrolments, at)
    return found


def words_of(conditions: Iterable[Condition]) -> dict[int, str]:
    """Each condition in words by its id: one query for each kind that chooses from the database, and
    one for each figure that has a unit."""
    listed = list(conditions)
    found: dict[int, str] = {}
    for kind in {condition.kind for condition in listed}:
        own = [condition for condition in listed if condition.kind == kind]
        rule = RULES.get(kind)
        if rule is None:
            found |= {one.pk: "A condition that this portal does not know any more" for one in own}
        else:
            found |= rule.words(own, dict(rule.choices()) if rule.choices else {})
    return found


def closed_of(conditions: Iterable[Condition]) -> set[int]:
    """The ids of those that no firm can come to any more, since what they ask for was taken out of use: one query for each
    kind that chooses from the database."""
    listed = list(conditions)
    found: set[int] = set()
    for kind in {condition.kind for condition in listed}:
        own = [condition for condition in listed if condition.kind == kind]
        rule = RULES.get(kind)
        gone = rule.closed({one.target for one in own}) if rule else {one.target for one in own}
        found |= {one.pk for one in own if one.target in gone}
    return found
