"""What certificates of people are good for with tiers: they count as certified people."""

from collections.abc import Collection, Sequence

from django.urls import reverse

from core.clock import database_clock
from partners.certificates.enums import CertificateKind, CertificateStatus, HeldBy
from partners.certificates.gates import Gate, Lapse
from partners.certificates.querysets import OF_SOMEBODY_HERE
from partners.enums import PartnerTier
from partners.models import Certificate, CertificateType, Partner
from programs.ladder import rank
from programs.measures import measure_of
from programs.models import Criterion

MEASURE = "certified_people"


def opens(codes: Collection[str]) -> dict[str, list[Gate]]:
    """Certifications of persons → the tiers that ask for certified people now: two queries."""
    rows = Criterion.objects.in_force(database_clock().date()).filter(measure=MEASURE, program=None)
    tiers = sorted({row.tier for row in rows}, key=rank)
    if not tiers:
        return {}
    counted = CertificateType.objects.filter(
        code__in=codes, kind=CertificateKind.CERTIFICATION, held_by=HeldBy.PERSON
    )
    gates = [Gate(f"tier:{tier}", f"Counts for {PartnerTier(tier).label}", _url()) for tier in tiers]
    return {code: list(gates) for code in counted.values_list("code", flat=True)}


def closes(lapses: Sequence[Lapse]) -> dict[int, list[Gate]]:
    """For each lapse the firm's present tier, where that person was one of the certified people that it just reaches. As other
    certificates and criteria are known now: three queries."""
    firms = {lapse.firm for lapse in lapses}
    tiers = dict(Partner.objects.filter(pk__in=firms).values_list("pk", "tier"))
    asked = list(Criterion.objects.filter(measure=MEASURE, program=None, tier__in=set(tiers.values())))
    held = list(
        Certificate.objects.filter(
            OF_SOMEBODY_HERE,
            partner__in=firms,
            member__isnull=False,
            type__kind=CertificateKind.CERTIFICATION,
            status=CertificateStatus.VERIFIED,
        )
    )
    found: dict[int, list[Gate]] = {}
    for lapse in lapses:
        tier = tiers.get(lapse.firm, "")
        mark = next((row for row in asked if row.tier == tier and _binds(row, lapse)), None)
        after = {row.member_id for row in held if row.partner_id == lapse.firm and _holds(row, lapse)}
        own = next((row for row in held if row.pk == lapse.certificate), None)
        if mark is None or own is None or own.member_id in after:
            continue
        if len(after) < mark.threshold <= len(after) + 1:
            measure = measure_of(MEASURE)
            asks = measure.shown(mark.threshold) if measure else str(mark.threshold)
            label = f"{PartnerTier(tier).label}: it asks for {asks} certified people"
            found[lapse.certificate] = [Gate(f"tier:{tier}", label, _url())]
    return found


def _binds(row: Criterion, lapse: Lapse) -> bool:
    return row.starts_on <= lapse.on and (row.ends_on is None or row.ends_on >= lapse.on)


def _holds(row: Certificate, lapse: Lapse) -> bool:
    """Whether another certificate goes on when this one has lapsed."""
    return (
        row.pk != lapse.certificate
        and row.valid_from <= lapse.on
        and (row.valid_to is None or row.valid_to >= lapse.on)
    )


def _url() -> str:
    return reverse("programs:our_tier")
