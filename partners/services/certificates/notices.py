"""Who is told about certificates. Every mail about them leaves from here, through the outbox."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from core.clock import fixed
from core.mornings import sending_time, zone_of
from core.vendor_days import vendor_day
from notifications.models import Message
from notifications.services import notify
from partners.certificates.closing import Closing, closing_by_revoking
from partners.certificates.earning import Earned, without_renewal_on_paper
from partners.certificates.earning_words import (
    Reading,
    after_its_end,
    after_no,
    before_its_end,
    reading_of,
    url_for,
)
from partners.certificates.enums import CertificateStatus
from partners.certificates.ladder import LAPSED
from partners.contacts import admins_of, each_once, firm_and_keepers
from partners.models import Certificate


def decided(certificate: Certificate, event: str, *, by: User) -> None:
    """Whoever handed it in, if they still belong to the firm, else its admins, and the person it is made out to."""
    author = certificate.submitted_by
    member = getattr(author, "member", None)
    here = author is not None and author.is_active and member and member.partner_id == certificate.partner_id
    people = [author] if here else admins_of(certificate.partner)
    assert certificate.decided_at is not None
    told_no = [certificate] if certificate.status != CertificateStatus.VERIFIED else []
    anew = without_renewal_on_paper(told_no, certificate.decided_at).get(certificate.pk)
    today = vendor_day(certificate.decided_at)
    revoked = certificate.status == CertificateStatus.REVOKED
    closes = closing_by_revoking(certificate, today=today) if revoked else Closing()
    for person in each_once(*people, _holder(certificate), but_not=by):
        reading = reading_of(certificate, person)
        says = after_no(anew, reading, certificate, closed=bool(closes)) if told_no else ""
        _notify(
            certificate,
            event,
            person,
            occasion=f"{event}:{certificate.code}",
            context={
                "earn_anew": says,
                "closes": [gate.words for gate in closes],
                "why_nothing": closes.why,
                "first_day": certificate.valid_from if certificate.valid_from > today else None,
            },
            training_url=url_for(anew, reading),
        )


def warned(
    certificate: Certificate,
    event: str,
    *,
    days: int,
    closes: Closing,
    renewal_waits: bool,
    last: datetime,
    now: datetime,
) -> Message | None:
    """The firm's admins, whoever keeps the firm and the person it is made out to, each in their own day but before `last`.
    Returns the first message, None where there is nobody."""
    anew = without_renewal_on_paper([certificate], now).get(certificate.pk)
    messages = []
    for person in firm_and_keepers(certificate.partner, _holder(certificate), at=now):
        reading = reading_of(certificate, person)
        context = {
            "days_left": max(0, (certificate.valid_to - _today(person, now)).days)
            if certificate.valid_to
            else 0,
            "closes": [gate.words for gate in closes],
            "why_nothing": closes.why,
            "with_others": any(gate.together for gate in closes),
            "renewal_waits": renewal_waits,
            "earn_anew": _to_do(anew, reading, closes, is_over=days == LAPSED) if anew else "",
            "to_vendor": person.is_vendor,
        }
        sent = _notify(
            certificate,
            event,
            person,
            occasion=f"{event}:{certificate.code}:{days}",
            context=context,
            training_url="" if renewal_waits else url_for(anew, reading),
            now=now,
            last=last,
        )
        messages.append(sent)
    return next(iter(messages), None)


def _to_do(anew: Earned, reading: Reading, closes: Closing, *, is_over: bool) -> str:
    with_others = any(gate.together for gate in closes)
    if is_over:
        return after_its_end(anew, reading, with_others=with_others, closed=bool(closes))
    return before_its_end(anew, reading, with_others=with_others)


def _notify(
    certificate: Certificate,
    event: str,
    person: User,
    *,
    occasion: str,
    context: dict[str, Any],
    training_url: str = "",
    now: datetime | None = None,
    last: datetime | None = None,
) -> Message:
    when: dict[str, Any] = {}
    if now is not None:
        when = {
            "clock": fixed(now),
            "not_before": sending_time(now, zone_of(person.time_zone), last=last),
        }
    return notify(
        event=event,
        recipient=person,
        context=_context(certificate) | context | {"leads_to_training": bool(training_url)},
        occasion=occasion,
        link=training_url or reverse("partners:certificate", args=[certificate.code]),
        about=certificate.code,
        **when,
    )


def _holder(certificate: Certificate) -> User | None:
    return certificate.member.user if certificate.member is not None else None


def _today(person: User, now: datetime) -> date:
    return now.astimezone(zone_of(person.time_zone)).date()


def _context(certificate: Certificate) -> dict[str, Any]:
    """Plain values for the templates."""
    holder = _holder(certificate)
    return {
        "paper": {
            "code": certificate.code,
            "type": certificate.type.name,
            "kind": certificate.type.get_kind_display().lower(),
            "number": certificate.number,
            "issuer": certificate.type.issuer,
            "holder": holder.name if holder else certificate.partner.name,
            "valid_to": certificate.valid_to,
            "reason": certificate.reason,
        },
        "partner_name": certificate.partner.name,
    }
