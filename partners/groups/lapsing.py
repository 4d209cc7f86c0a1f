"""Which groups a firm is in as if it held other certificates: groups may ask for certificates, and for what hangs on groups in
its turn, such as programs that take in whoever is in a group. Apps further up know that, and follow it to its end."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date

from core.vendor_days import midnight
from partners.enums import PickKind
from partners.groups.compiling import condition_q
from partners.groups.fields import field_of, is_whole
from partners.groups.membership import holds
from partners.groups.operators import Operator, Takes
from partners.groups.rules import Block, Condition, Rule, read_rule
from partners.models import Group, GroupPick, Partner

FIELD = "certificate"
# PostgreSQL answers with at most 1,664 columns.
_COLUMNS = 400
Answers = dict[tuple[int, date, Condition], bool]
# (the group's id, the firm's id, a day, codes of the types it holds) → whether the firm is in the group.
IsIn = Callable[[int, int, date, frozenset[str]], bool]
# The same, given for some fields by their code which values the firm has.
Values = Mapping[str, frozenset[str]]
IsInGiven = Callable[[int, int, date, Values], bool]
# (the firm's id, a day, codes of the types it holds) → which values of a field the firm has then.
HasThen = Callable[[int, date, frozenset[str]], frozenset[str]]
Follow = Callable[[Collection[int], Collection[date]], HasThen]

_followed: dict[str, Follow] = {}


def follow(field: str, prepare: Follow) -> None:
    """Says of a field what a firm has of it as if it held other certificates; the app that adds the field does so when it is
    ready. `prepare(firms, days)` takes a constant number of queries, what it returns none."""
    _followed[field] = prepare


def asks_for_some(group: Group) -> bool:
    """Whether the group's rule asks about certificates, or about what may hang on them."""
    return any(one.field == FIELD or one.field in _followed for one in read_rule(group.rule).conditions())


def named_by(groups: Iterable[Group], codes: Collection[str]) -> set[str]:
    """Those of these types of certificates that the rules of the groups ask for; all, where one asks for any."""
    found: set[str] = set()
    for group in groups:
        for one in read_rule(group.rule).conditions():
            if one.field == FIELD:
                found |= set(codes if one.operator.takes == Takes.NOTHING else one.values)
    return found.intersection(codes)


def membership_as_if(groups: Iterable[Group], firms: Collection[int], days: Collection[date]) -> IsIn:
    """Says of these groups, firms and days whether a firm is inside that holds such certificates; all else as it is known now,
    but for what follows from them. Two queries (one more for each 400 conditions and days), those of the fields that have to
    be followed, none when asked."""
    listed = list(groups)
    used = {one.field for group in listed for one in read_rule(group.rule).conditions()}
    has_then = {field: prepare(firms, days) for field, prepare in _followed.items() if field in used}
    is_in = membership_given(listed, firms, days, (FIELD, *has_then))

    def as_if(group: int, firm: int, day: date, codes: frozenset[str]) -> bool:
        values = {field: has(firm, day, codes) for field, has in has_then.items()}
        return is_in(group, firm, day, {FIELD: codes} | values)

    return as_if


def membership_given(
    groups: Iterable[Group], firms: Collection[int], days: Collection[date], fields: Collection[str]
) -> IsInGiven:
    """Says of these groups, firms and days whether a firm is inside that has such values of these fields; all else as it is
    known now. Two queries (one more for each 400 conditions and days), none when asked."""
    rules = {group.pk: read_rule(group.rule) for group in groups}
    answers = _answers(rules.values(), firms, days, fields) if rules else {}
    picks = {
        (group, firm): kind
        for group, firm, kind in GroupPick.objects.filter(group__in=rules, partner__in=firms).values_list(
            "group", "partner", "kind"
        )
    }

    def is_in(group: int, firm: int, day: date, values: Values) -> bool:
        if pick := picks.get((group, firm)):
            return pick == PickKind.ADDED
        return _is_met(rules[group], lambda one: _answer(one, values, answers, firm, day))

    return is_in


def _is_met(rule: Rule | Block, met: Callable[[Condition], bool]) -> bool:
    """As compiling.py joins them: nobody for a rule without conditions."""
    found = [_is_met(item, met) if isinstance(item, Block) else met(item) for item in rule.items]
    return any(found) if rule.match == "any" else bool(found) and all(found)


def _answer(condition: Condition, values: Values, answers: Answers, firm: int, day: date) -> bool:
    if condition.field not in values:
        return answers.get((firm, day, condition), False)
    field, codes = field_of(condition.field), values[condition.field]
    if field is None or condition.operator not in field.operators:
        return False
    if not is_whole(condition.operator, condition.values):
        return False
    wanted = set(condition.values)
    return {
        Operator.ANY_OF: bool(wanted & codes),
        Operator.NONE_OF: not wanted & codes,
        Operator.ALL_OF: wanted <= codes,
        Operator.IS_SET: bool(codes),
        Operator.IS_EMPTY: not codes,
    }[condition.operator]


def _answers(
    rules: Iterable[Rule], firms: Collection[int], days: Collection[date], given: Collection[str]
) -> Answers:
    """Whether each condition on a field that is not given holds for each firm on each day."""
    conditions = dict.fromkeys(one for rule in rules for one in rule.conditions() if one.field not in given)
    found: Answers = {}
    for asked in _portions([(day, one) for day in days for one in conditions]):
        columns = {
            f"c_{number}": holds(condition_q(one, midnight(day))) for number, (day, one) in enumerate(asked)
        }
        rows = Partner.objects.filter(pk__in=firms).order_by().annotate(**columns).values("pk", *columns)
        for row in rows:
            for number, (day, one) in enumerate(asked):
                found[row["pk"], day, one] = row[f"c_{number}"]
    return found


def _portions(asked: list[tuple[date, Condition]]) -> Iterator[list[tuple[date, Condition]]]:
    for start in range(0, len(asked), _COLUMNS):
        yield asked[start : start + _COLUMNS]
