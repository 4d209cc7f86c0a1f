"""What closes when certificates end, and why nothing does, in a constant number of queries.

The promise: what a certificate closes is what the firm may do on its last day and may not on the day after, when everything
that ends by then has ended, as far as it hangs on this certificate among those that end with it. One place for all gates.
"""

from collections.abc import Collection, Iterable
from copy import copy
from dataclasses import replace
from datetime import date, timedelta

from partners.certificates.ending import Held, Moment, closed_at
from partners.certificates.enums import CertificateStatus
from partners.certificates.gates import Gate, asked_for, judge_of, opened_by
from partners.certificates.nothing import AHEAD, GONE, PAST, why_nothing
from partners.certificates.querysets import OF_SOMEBODY_HERE
from partners.models import Certificate

_DAY = timedelta(days=1)
_OVER = (CertificateStatus.REJECTED, CertificateStatus.REVOKED, CertificateStatus.WITHDRAWN)


class Closing(list[Gate]):
    """What closes with a certificate; `why` says of one that closes nothing why, as the beginning of a sentence."""

    why: str = ""


def closing_with(certificates: Collection[Certificate], *, today: date) -> dict[int, Closing]:
    """What closes with the end of each of these, by id: on the day after `valid_to`; for one without an end, or that does not
    count any more, as it is `today`. Every certificate has an answer."""
    held = _held_by({certificate.partner_id for certificate in certificates})
    moments: dict[int, tuple[Moment, Held]] = {}
    found = {certificate.pk: Closing() for certificate in certificates}
    for certificate in certificates:
        theirs = held.get(certificate.partner_id, {})
        if certificate.status == CertificateStatus.VERIFIED and certificate.pk not in theirs:
            found[certificate.pk].why = GONE
        else:
            moments[certificate.pk] = _moment(certificate, theirs, today)
    judge = judge_of(
        {moment.firm for moment, _ in moments.values()}, {moment.on for moment, _ in moments.values()}
    )
    known: dict[Moment, dict[Gate, list[Held]]] = {}
    idle: dict[int, tuple[Moment, Held]] = {}
    for pk, (moment, own) in moments.items():
        if moment not in known:
            known[moment] = closed_at(moment, judge)
        found[pk].extend(
            replace(
                gate,
                together=tuple(one.words for one in those if one != own),
                is_past=own.end is not None and own.end < today,
            )
            for gate, those in known[moment].items()
            if own in those
        )
        if not found[pk]:
            idle[pk] = (moment, own)
    asked = asked_for({own.code for _, own in idle.values()}) if idle else set()
    for pk, (moment, own) in idle.items():
        counted = frozenset(held[moment.firm].values())
        found[pk].why = why_nothing(moment, own, counted, judge, today=today, is_asked_for=own.code in asked)
    return found


def closing_by_revoking(certificate: Certificate, *, today: date) -> Closing:
    """What closes `today` as it is revoked: asked before that is done, or after it on the same day."""
    nothing = Closing()
    if certificate.valid_from > today:
        nothing.why = AHEAD
    elif certificate.valid_to is not None and certificate.valid_to < today:
        nothing.why = PAST
    elif not Certificate.objects.filter(OF_SOMEBODY_HERE, pk=certificate.pk).exists():
        nothing.why = GONE
    else:
        revoked = copy(certificate)
        revoked.status = CertificateStatus.REVOKED
        return closing_with([revoked], today=today)[certificate.pk]
    return nothing


def opening_with(certificate: Certificate, *, today: date) -> Closing:
    """What one that does not count yet, or any more, opens: for firms in general, and for its own besides."""
    code = certificate.type.code
    found = Closing(opened_by([code])[code])
    told = {gate.name for gate in found}
    own = closing_with([certificate], today=today)[certificate.pk]
    found.extend(replace(gate, together=()) for gate in own if gate.name not in told)
    found.why = own.why
    return found


def _held_by(firms: Collection[int]) -> dict[int, dict[int, Held]]:
    """All certificates of these firms that count, have counted or will, by firm and id: one query."""
    found: dict[int, dict[int, Held]] = {firm: {} for firm in firms}
    if firms:
        rows = Certificate.objects.filter(
            OF_SOMEBODY_HERE, partner__in=firms, status=CertificateStatus.VERIFIED
        )
        for row in rows.select_related("type", "member__user"):
            found[row.partner_id][row.pk] = _as_held(row)
    return found


def _as_held(row: Certificate) -> Held:
    user = row.member.user if row.member is not None else None
    holder = (user.name or user.email) if user is not None else ""
    return Held(row.pk, row.type.code, row.type.name, holder, row.number, row.valid_from, row.valid_to)


def _moment(certificate: Certificate, held: dict[int, Held], today: date) -> tuple[Moment, Held]:
    """The end of a certificate, and itself; one that does not count is asked as if it did. What ended stays closed as far as
    nothing that the firm holds today opens it again."""
    own = held.get(certificate.pk) or _as_held(certificate)
    firm, last, mine = certificate.partner_id, own.end, frozenset({own})
    now = _on(held.values(), today)
    if last is None or certificate.status in _OVER:
        return Moment(firm, today, mine, now | mine, now - mine), own
    ending = mine | {one for one in held.values() if one.end == last}
    before, after = _on(held.values(), last) | mine, _on(held.values(), last + _DAY) - mine
    if last < today:
        return Moment(firm, today, ending, before | now, after | now), own
    return Moment(firm, last + _DAY, ending, before, after), own


def _on(held: Iterable[Held], day: date) -> frozenset[Held]:
    return frozenset(one for one in held if one.begin <= day and (one.end is None or one.end >= day))
