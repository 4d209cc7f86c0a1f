"""What a certificate is good for with programs that take their firms in by themselves: where it was what kept a firm in the
audience, the firm leaves with it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, time

from django.db.models import Q
from django.urls import reverse

from core.clock import database_clock
from partners.certificates.gates import Gate, Lapse
from partners.groups.compiling import Known
from partners.groups.fields import any_of
from partners.groups.membership import holds, membership_q
from partners.groups.operators import Operator
from partners.groups.rules import Condition, Rule, read_rule
from partners.models import Group, Partner
from programs.audience import groups_of_programs
from programs.enums import Joining
from programs.models import Enrolment, Program

FIELD = "certificate"


def opens(codes: Collection[str]) -> dict[str, list[Gate]]:
    """Nothing in general: how firms are grouped is not told."""
    return {}


def closes(lapses: Sequence[Lapse]) -> dict[int, list[Gate]]:
    """For each lapse the programs that the firm leaves with it: three queries at most."""
    inside = _automatic(lapses)
    if not inside:
        return {}
    groups = groups_of_programs({program.pk: program for _, program in inside}.values())
    rules = {group.pk: read_rule(group.rule) for own in groups.values() for group in own}
    asked = [
        (lapse, program)
        for lapse in lapses
        for firm, program in inside
        if firm == lapse.firm and any(_names(rules[group.pk], lapse.code) for group in groups[program.pk])
    ]
    columns = {}
    for number, (lapse, program) in enumerate(asked):
        day = datetime.combine(lapse.on, time(), UTC)
        for name, codes in (("with", lapse.remaining | {lapse.code}), ("without", lapse.remaining)):
            columns[f"{name}_{number}"] = holds(_audience_q(groups[program.pk], rules, day, codes))
    if not columns:
        return {}
    firms = Partner.objects.filter(pk__in={lapse.firm for lapse, _ in asked}).order_by()
    rows = {row["pk"]: row for row in firms.annotate(**columns).values("pk", *columns)}
    found: dict[int, list[Gate]] = {}
    for number, (lapse, program) in enumerate(asked):
        row = rows.get(lapse.firm, {})
        if row.get(f"with_{number}") and not row.get(f"without_{number}"):
            found.setdefault(lapse.certificate, []).append(_gate(program))
    return found


def _automatic(lapses: Sequence[Lapse]) -> list[tuple[int, Program]]:
    """The firms' programs that the sweep would end, as (firm, program): one query."""
    running = Program.objects.running(database_clock().date()).filter(joining=Joining.AUTOMATIC)
    rows = Enrolment.objects.enrolled().filter(
        partner__in={lapse.firm for lapse in lapses}, way=Joining.AUTOMATIC, program__in=running
    )
    return [(row.partner_id, row.program) for row in rows.select_related("program").order_by("program__name")]


def _audience_q(groups: Iterable[Group], rules: dict[int, Rule], at: datetime, codes: frozenset[str]) -> Q:
    """What holds for a firm that is in one of the groups, if `codes` are the certificates that it has."""
    known = _as_if(codes)
    return any_of([membership_q(rules[group.pk], group, at, known) for group in groups])


def _as_if(codes: frozenset[str]) -> Known:
    """Answers conditions about certificates."""

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


def _names(rule: Rule, code: str) -> bool:
    """Whether the rule asks about this type of certificate, or whether there is any."""
    return any(
        condition.field == FIELD and (code in condition.values or not condition.values)
        for condition in rule.conditions()
    )


def _gate(program: Program) -> Gate:
    return Gate(
        f"program:{program.code}",
        f"Taking part in {program.name}",
        reverse("programs:program", args=[program.code]),
    )
