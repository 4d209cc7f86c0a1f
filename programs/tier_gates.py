"""What certificates of people are good for with tiers: they count as certified people, and as trained ones where a path
granted them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from core.clock import database_clock
from partners.certificates.enums import CertificateKind, HeldBy
from partners.certificates.gates import Case, Gate, Judge
from partners.certificates.querysets import OF_SOMEBODY_HERE
from partners.enums import PartnerTier
from partners.models import Certificate, CertificateType, Partner
from programs.ladder import rank
from programs.models import Criterion, Enrolment, Take

CERTIFIED, TRAINED = "certified_people", "trained_people"
_ADJECTIVE = {CERTIFIED: "certified", TRAINED: "trained"}


def opens(codes: Collection[str]) -> dict[str, list[Gate]]:
    """Certifications of persons → the tiers that ask for certified people now: two queries."""
    rows = Criterion.objects.in_force(database_clock().date()).filter(measure=CERTIFIED, program=None)
    tiers = sorted({row.tier for row in rows}, key=rank)
    if not tiers:
        return {}
    counted = CertificateType.objects.filter(
        code__in=codes, kind=CertificateKind.CERTIFICATION, held_by=HeldBy.PERSON
    )
    gates = [Gate(f"tier:{tier}", f"Counts for {PartnerTier(tier).label}", _url()) for tier in tiers]
    return {code: list(gates) for code in counted.values_list("code", flat=True)}


@dataclass(frozen=True)
class _People:
    """Whom certificates make count: `certified` by the certificate's id; `trained` by that of what a path granted, and
    those whose path granted nothing, with their firm."""

    certified: Mapping[int, int]
    trained: Mapping[int, int]
    for_good: Collection[tuple[int | None, int]]

    def number(self, measure: str, case: Case) -> int:
        """How many the firm has in this case."""
        if measure == CERTIFIED:
            return len({self.certified[pk] for pk in case.certificates if pk in self.certified})
        granted = {self.trained[pk] for pk in case.certificates if pk in self.trained}
        return len(granted | {user for firm, user in self.for_good if firm == case.firm})


def prepare(firms: Collection[int], days: Collection[date]) -> Judge:
    """Says which figures of people that a firm's present tier asks for it reaches, by itself, in a program of the firm's or
    for a tier below it: six queries. The strictest criterion of each figure says it."""
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
    people = _people(firms)

    def judge(case: Case) -> list[Gate]:
        tier = tiers.get(case.firm, "")
        bound = [
            row
            for row in asked
            if _runs(row, case.on)
            and (row.program_id is None or (case.firm, row.program_id) in enrolled)
            and tier
            and rank(row.tier) <= rank(tier)
        ]
        if not any(row.tier == tier for row in bound):
            return []  # a tier that asks for nothing is kept
        found = []
        for measure in _ADJECTIVE:
            marks = [row for row in bound if row.measure == measure]
            most = max(
                marks, key=lambda row: (row.threshold, rank(row.tier), -(row.program_id or 0)), default=None
            )
            if most is not None and people.number(measure, case) >= most.threshold:
                found.append(_gate(tier, most))
        return found

    return judge


def _people(firms: Collection[int]) -> _People:
    certified = Certificate.objects.filter(
        OF_SOMEBODY_HERE, partner__in=firms, member__isnull=False, type__kind=CertificateKind.CERTIFICATION
    )
    takes = Take.objects.filter(
        passed_at__isnull=False, user__is_active=True, user__member__partner__in=firms
    ).order_by()
    return _People(
        {pk: member for pk, member in certified.values_list("pk", "member") if member is not None},
        {
            paper: user
            for paper, user in takes.values_list("certificate", "user").exclude(certificate=None)
            if paper is not None
        },
        set(takes.filter(certificate=None, valid_until=None).values_list("user__member__partner", "user")),
    )


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
