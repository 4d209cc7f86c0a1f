"""Which groups a firm leaves when a certificate lapses, asked beforehand: groups may ask for certificates."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time

from partners.certificates.gates import Lapse
from partners.groups.compiling import Known
from partners.groups.membership import holds, membership_q
from partners.groups.operators import Operator
from partners.groups.rules import Condition, Rule, read_rule
from partners.models import Group, Partner

FIELD = "certificate"


def asks_for(rule: Rule, code: str) -> bool:
    """Whether the rule asks about this type of certificate, or whether there is any."""
    return any(
        condition.field == FIELD and (code in condition.values or not condition.values)
        for condition in rule.conditions()
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


def lost_groups(lapses: Sequence[Lapse], groups: Iterable[Group]) -> dict[int, frozenset[str]]:
    """By the certificate's id, the codes of those of `groups` that its firm is in up to that day and not from it on: one
    query. What is not in the answer loses none."""
    rules = {group.pk: (group, read_rule(group.rule)) for group in groups}
    asked = [
        (lapse, group, rule)
        for lapse in lapses
        for group, rule in rules.values()
        if lapse.code not in lapse.remaining and asks_for(rule, lapse.code)
    ]
    columns = {}
    for number, (lapse, group, rule) in enumerate(asked):
        day = datetime.combine(lapse.on, time(), UTC)
        for name, codes in (("with", lapse.remaining | {lapse.code}), ("without", lapse.remaining)):
            columns[f"{name}_{number}"] = holds(membership_q(rule, group, day, as_if(codes)))
    if not columns:
        return {}
    firms = Partner.objects.filter(pk__in={lapse.firm for lapse, _, _ in asked}).order_by()
    rows = {row["pk"]: row for row in firms.annotate(**columns).values("pk", *columns)}
    found: dict[int, frozenset[str]] = {}
    for number, (lapse, group, _) in enumerate(asked):
        row = rows.get(lapse.firm, {})
        if row.get(f"with_{number}") and not row.get(f"without_{number}"):
            found[lapse.certificate] = found.get(lapse.certificate, frozenset()) | {group.code}
    return found
