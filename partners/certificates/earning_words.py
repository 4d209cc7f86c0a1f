"""What is to be done about a certificate that no paper renews, in a sentence for its reader: mails and pages say the same."""

from dataclasses import dataclass

from accounts.models import User
from core.shown import day
from partners.certificates.earning import Earned
from partners.certificates.enums import CertificateStatus
from partners.certificates.words import Standing
from partners.enums import PartnerStatus
from partners.models import Certificate


@dataclass(frozen=True)
class Reading:
    """Who reads: whether it is the holder, else the holder's name."""

    is_holder: bool
    holder: str
    is_vendor: bool


def reading_of(certificate: Certificate, reader: User) -> Reading:
    """How somebody reads of a certificate; `member__user` should be loaded."""
    holder = certificate.member.user if certificate.member is not None else None
    name = (holder.name or holder.email) if holder is not None else certificate.partner.name
    return Reading(reader == holder, name, reader.is_vendor)


def url_for(one: Earned | None, reading: Reading) -> str:
    """Where the reader earns it anew now; '' for others than the holder, and where it is not possible now."""
    possible = one is not None and one.way is not None and one.way.opens is None
    return one.way.url if one and one.way and possible and reading.is_holder else ""


def before_its_end(one: Earned, reading: Reading, *, with_others: bool) -> str:
    """For the warnings."""
    others = ", and renew what ends with it," if with_others else ""
    return _says(one, reading, f"{others} before that day, and nothing changes.")


def after_its_end(one: Earned, reading: Reading, *, with_others: bool, closed: bool) -> str:
    """For the word on the day after."""
    others = ", and renew what ended with it" if with_others else ""
    return _says(one, reading, f"{others}. Then {'everything is open' if closed else 'it counts'} again.")


def after_no(one: Earned | None, reading: Reading, certificate: Certificate, *, closed: bool) -> str:
    """For whoever reads that it was revoked, and whether something `closed` with that, or rejected; '' where a paper is handed in
    instead (`one` is None). Of a firm whose partnership ended nothing is earned or handed in any more."""
    if certificate.partner.status == PartnerStatus.ENDED:
        return "As the partnership has ended, there is nothing to do."
    if one is None:
        return ""
    if certificate.status != CertificateStatus.REVOKED:
        return _says(one, reading, " to open it.")
    return _says(one, reading, " to open it again." if closed else ", so that it counts again.")


def on_page(one: Earned, reading: Reading, certificate: Certificate, standing: Standing) -> str:
    """For pages; '' where nothing is to be done, as with one that does not end, was renewed, or is of a firm whose partnership
    ended. `certificate` comes from `with_followers()`."""
    if certificate.partner.status == PartnerStatus.ENDED:
        return ""
    if standing.step:
        over = standing.days is None
        return _says(one, reading, ", so that it counts again." if over else ", so that it counts on.")
    goes_on = certificate.status == CertificateStatus.VERIFIED and standing.tone == "ok"
    if not one.by or not goes_on or certificate.valid_to is None or certificate.is_renewed or one.way is None:
        return ""
    since = f"From {day(one.way.opens)} on" if one.way.opens else "From now on"
    return f"{since}, {'you' if reading.is_holder else reading.holder} can {one.way.act} to renew it."


def _says(one: Earned, reading: Reading, tail: str) -> str:
    if one.by:
        return _told(one, reading, tail)
    if one.instead:
        who = "You" if reading.is_holder else reading.holder
        return (
            f"Papers of this type are taken no more. {who} passed “{one.instead}”, which counts in its place."
        )
    ask = "" if reading.is_vendor else "Ask your channel manager what counts in its place."
    told = _told(one, reading, tail) if one.way is not None else ask
    return f"Papers of this type are taken no more. {told}".strip()


def _told(one: Earned, reading: Reading, tail: str) -> str:
    if one.way is None:
        ask = "" if reading.is_vendor else " Ask your channel manager how to renew it."
        return f"No training that grants it is open for {'you' if reading.is_holder else reading.holder} now.{ask}"
    if one.way.opens is not None:
        who = "you" if reading.is_holder else reading.holder
        return f"From {day(one.way.opens)} on, {who} can {one.way.act}."
    if reading.is_holder:
        return f"{one.way.act[0].upper()}{one.way.act[1:]}{tail}"
    return f"{reading.holder} has to {one.way.act}{tail}"
