"""What closes when certificates lapse: the questions for gates.py, put in a constant number of queries."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import NamedTuple

from partners.certificates.enums import CertificateStatus
from partners.certificates.gates import Gate, Lapse, closed_by
from partners.certificates.querysets import OF_SOMEBODY_HERE
from partners.models import Certificate

_DAY = timedelta(days=1)


class _Held(NamedTuple):
    pk: int
    code: str
    begin: date
    end: date | None


def closing_with(certificates: Collection[Certificate], *, today: date) -> dict[int, list[Gate]]:
    """What closes with the end of each of these, by id: on the day after `valid_to`; for one without an end, or whose end
    is past, as it were `today`. Every certificate has a list."""
    return closed_by(lapses_of(certificates, today=today))


def lapses_of(certificates: Collection[Certificate], *, today: date) -> list[Lapse]:
    """The question for each: which types the firm still holds without it on that day."""
    held: dict[int, list[_Held]] = {certificate.partner_id: [] for certificate in certificates}
    if held:
        rows = Certificate.objects.filter(
            OF_SOMEBODY_HERE, partner__in=held, status=CertificateStatus.VERIFIED
        )
        for firm, pk, code, begin, end in rows.values_list(
            "partner_id", "pk", "type__code", "valid_from", "valid_to"
        ):
            held[firm].append(_Held(pk, code, begin, end))
    return [_lapse(certificate, held[certificate.partner_id], today) for certificate in certificates]


def _lapse(certificate: Certificate, held: list[_Held], today: date) -> Lapse:
    end = certificate.valid_to
    on = end + _DAY if end is not None and end >= today else today
    remaining = frozenset(
        one.code
        for one in held
        if one.pk != certificate.pk and one.begin <= on and (one.end is None or one.end >= on)
    )
    return Lapse(certificate.pk, certificate.partner_id, certificate.type.code, remaining, on)
