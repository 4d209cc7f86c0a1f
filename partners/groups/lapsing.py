"""Which groups a firm leaves when a certificate lapses, asked beforehand: groups may ask for certificates."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time

from partners.certificates.gates import Lapse
from partners.groups.compiling import Known
from partners.groups.fields import any_of
from partners.groups.membership import holds, membership_q
from partners.groups.operators import Operator
from partners.groups.rules import Condition, read_rule
from partners.models import Group, Partner

FIELD = "certificate"


def asks_for(group: Group, code: str) -> bool:
    """Whether the group's rule asks about this type of certificate, or whether there is any."""
    return any(
        condition.field == FIELD and (code in condition.values or not condition.values)
        for condition in read_rule(group.rule).conditions()
    )


def as_if(codes: frozenset[str]) -> Known:
    """Answers conditions about certificates for a firm that has these."""

    def known(condition: Condition) -> bool | None:
        if condition.field != FIELD:
            return None
        wanted = set(condition.values)
        return {
            Operator.ANY_OF: bool(wanted & codes),
            Operator.NONE_OF: not wanted & codes,
            Operator.ALL_OF: wanted <= codes,
            Operator.IS_SET: bool(codes),
            Operator.IS_EMPTY: not codes,
        }[condition.operator]

    return known


def let_go(asked: Sequence[tuple[Lapse, Sequence[Group]]]) -> list[bool]:
    """Of each lapse and groups whether its firm is in one of these up to that day, and in none from it on: one query."""
    rules = {group.pk: read_rule(group.rule) for _, groups in asked for group in groups}
    columns = {}
    for number, (lapse, groups) in enumerate(asked):
        day = datetime.combine(lapse.on, time(), UTC)
        for name, codes in (("with", lapse.remaining | {lapse.code}), ("without", lapse.remaining)):
            inside = [membership_q(rules[group.pk], group, day, as_if(codes)) for group in groups]
            columns[f"{name}_{number}"] = holds(any_of(inside))
    if not columns:
        return []
    firms = Partner.objects.filter(pk__in={lapse.firm for lapse, _ in asked}).order_by()
    rows = {row["pk"]: row for row in firms.annotate(**columns).values("pk", *columns)}
    found = [(rows.get(lapse.firm, {}), number) for number, (lapse, _) in enumerate(asked)]
    return [bool(row.get(f"with_{n}") and not row.get(f"without_{n}")) for row, n in found]


def lost_groups(lapses: Sequence[Lapse], groups: Iterable[Group]) -> dict[int, frozenset[str]]:
    """By the certificate's id, the codes of those of `groups` that its firm is in no longer; what is not there loses none."""
    asked = [(lapse, [group]) for group in groups for lapse in lapses if asks_for(group, lapse.code)]
    found: dict[int, frozenset[str]] = {}
    for (lapse, (group,)), lost in zip(asked, let_go(asked), strict=True):
        if lost:
            found[lapse.certificate] = found.get(lapse.certificate, frozenset()) | {group.code}
    return found
