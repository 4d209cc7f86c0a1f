"""What certificates of people are good for with tiers: they count as certified people, and as trained ones where a path
granted them."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from django.urls import reverse

from core.clock import database_clock
from core.vendor_days import vendor_day
from partners.certificates.gates import Case, Gate, Judge
from partners.enums import PartnerTier
from partners.models import Partner
from programs.counted_people import CERTIFIED, TRAINED, people_of, types_counted
from programs.enums import MoveStatus
from programs.ladder import rank
from programs.models import Criterion, Enrolment, Move

_ADJECTIVE = {CERTIFIED: "certified", TRAINED: "trained"}


def opens(codes: Collection[str]) -> dict[str, list[Gate]]:
    """Certifications of persons → the tiers that ask for certified people now: two queries."""
    rows = Criterion.objects.in_force(vendor_day(database_clock())).filter(measure=CERTIFIED, program=None)
    tiers = sorted({row.tier for row in rows}, key=rank)
    if not tiers:
        return {}
    gates = [Gate(f"tier:{tier}", f"Counts for {PartnerTier(tier).label}", _url()) for tier in tiers]
    return {code: list(gates) for code in types_counted({CERTIFIED}, codes)}


def asks(codes: Collection[str]) -> set[str]:
    """Those that make people count for what a tier asks for now, by itself or in a program: up to three queries."""
    rows = Criterion.objects.in_force(vendor_day(database_clock())).filter(measure__in=_ADJECTIVE)
    return types_counted(set(rows.order_by().values_list("measure", flat=True)), codes)


def prepare(firms: Collection[int], days: Collection[date]) -> Judge:
    """Says which figures of people that a firm's present tier asks for it reaches, by itself, in a program of the firm's or
    for a tier below it: seven queries. The strictest criterion of each figure says it. Of the tier from which a firm fell for
    want of such people, it says the figures that were missing."""
    tiers = dict(Partner.objects.filter(pk__in=firms).values_list("pk", "tier"))
    asked = list(Criterion.objects.filter(measure__in=_ADJECTIVE).select_related("program"))
    if not asked:
        return lambda case: []
    enrolled = set(
        Enrolment.objects.counting_for_tiers()
        .filter(partner__in=firms)
        .values_list("partner", "program")
        .distinct()
    )
    people, fallen = people_of(firms), _fallen(tiers)

    def judge_tier(case: Case, tier: str, measures: Collection[str]) -> list[Gate]:
        bound = [
            row
            for row in asked
            if _runs(row, case.on)
            and (row.program_id is None or (case.firm, row.program_id) in enrolled)
            and rank(row.tier) <= rank(tier)
        ]
        if not any(row.tier == tier for row in bound):
            return []  # a tier that asks for nothing is kept
        found = []
        for measure in measures:
            marks = [row for row in bound if row.measure == measure]
            most = max(
                marks, key=lambda row: (row.threshold, rank(row.tier), -(row.program_id or 0)), default=None
            )
            if most is not None and people.number(measure, case) >= most.threshold:
                found.append(_gate(tier, most))
        return found

    def judge(case: Case) -> list[Gate]:
        if case.firm not in tiers:
            return []
        lost, missing = fallen.get(case.firm, ("", []))
        return [
            *judge_tier(case, tiers[case.firm], [*_ADJECTIVE]),
            *(judge_tier(case, lost, missing) if missing else []),
        ]

    return judge


def _fallen(tiers: Mapping[int, str]) -> dict[int, tuple[str, list[str]]]:
    """The tier that each firm's last move led down from, and which figures of people were missing then; not of a firm whose tier
    was changed since."""
    rows = Move.objects.filter(partner__in=tiers, status=MoveStatus.DONE).order_by(
        "partner_id", "-ended_at", "-pk"
    )
    return {
        move.partner_id: (
            move.source,
            sorted(
                {
                    one["measure"]
                    for one in move.figures
                    if one["measure"] in _ADJECTIVE and Decimal(one["value"]) < Decimal(one["threshold"])
                }
            ),
        )
        for move in rows.distinct("partner_id")
        if not move.is_up and move.target == tiers[move.partner_id]
    }


def _gate(tier: str, row: Criterion) -> Gate:
    number = f"{row.threshold.normalize():f}"
    people = f"{number} {_ADJECTIVE[row.measure]} {'person' if row.threshold == 1 else 'people'}"
    where = f" in {row.program.name}" if row.program is not None else ""
    who = "it" if row.tier == tier else f"{PartnerTier(row.tier).label}, a step on the way,"
    return Gate(f"tier:{tier}", f"{PartnerTier(tier).label}: {who} asks for {people}{where}", _url())


def _runs(row: Criterion, on: date) -> bool:
    return row.starts_on <= on and (row.ends_on is None or row.ends_on >= on)


def _url() -> str:
    return reverse("programs:our_tier")
