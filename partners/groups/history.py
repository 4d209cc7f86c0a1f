"""A group's history: written with each change, and told in words, with the difference of any two versions."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from accounts.models import User
from partners.enums import GroupEntryKind
from partners.groups.rules import Block, Condition, Rule, read_rule
from partners.groups.words import Words
from partners.models import Group, GroupEntry, Partner

_MATCH = {
    "all": "Now all conditions must hold; before, one was enough",
    "any": "Now one condition is enough; before, all had to hold",
}


def keep_version(group: Group, kind: GroupEntryKind, *, by: User, at: datetime) -> GroupEntry:
    """Writes the group down as it is now."""
    data = {"name": group.name, "note": group.note, "rule": group.rule}
    return GroupEntry.objects.create(group=group, at=at, by=by, kind=kind, version=group.version, data=data)


def keep_word(
    group: Group, kind: GroupEntryKind, firm: Partner, *, by: User, at: datetime, reason: str = ""
) -> GroupEntry:
    """Writes down what was said by hand of a firm. Its name as it was: the firm may have another one later."""
    data = {"firm": firm.code, "name": firm.name, "reason": reason}
    return GroupEntry.objects.create(group=group, at=at, by=by, kind=kind, data=data)


def differences(before: Mapping[str, Any], after: Mapping[str, Any], words: Words) -> list[str]:
    """What changed from one version to another, in sentences; none where they say the same. Both are a version's `data`."""
    found = [
        f"{label}: {_quoted(before[name])} → {_quoted(after[name])}"
        for name, label in (("name", "Name"), ("note", "Note"))
        if before[name] != after[name]
    ]
    return found + list(_of_rules(read_rule(before["rule"]), read_rule(after["rule"]), words))


def _of_rules(before: Rule, after: Rule, words: Words) -> Iterator[str]:
    if before.match != after.match and len(before.items) > 1 and len(after.items) > 1:
        yield _MATCH[after.match]
    gone, new = _apart(before, after)
    for old in list(gone):
        match = next((item for item in new if _same_question(old, item)), None)
        if match is not None:
            gone.remove(old)
            new.remove(match)
            yield f"{words.of_item(old)} → {words.of_item(match)}"
    for item in gone:
        yield f"No longer: {words.of_item(item)}"
    for item in new:
        yield f"New: {words.of_item(item)}"
    if before and not after:
        yield "No rule any more: only firms that are added by hand are in"


def _apart(before: Rule, after: Rule) -> tuple[list[Condition | Block], list[Condition | Block]]:
    """The items of each that the other does not have; order does not matter."""
    gone, new = list(before.items), list(after.items)
    for item in before.items:
        if item in new:
            gone.remove(item)
            new.remove(item)
    return gone, new


def _same_question(one: Condition | Block, other: Condition | Block) -> bool:
    """Whether one is the other with other values: the same field, or a block of conditions about the same fields."""
    if isinstance(one, Condition) and isinstance(other, Condition):
        return one.field == other.field
    if isinstance(one, Block) and isinstance(other, Block):
        return {item.field for item in one.items} & {item.field for item in other.items} != set()
    return False


def _quoted(text: str) -> str:
    return f"‘{text}’" if text else "nothing"
