"""Certificates as the pages list them: formatted once, without a query a row."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from accounts.models import User
from core.shown import day
from core.vendor_days import vendor_day
from partners.certificates.closing import Closing
from partners.certificates.earning import without_renewal_on_paper
from partners.certificates.earning_words import on_page, reading_of, url_for
from partners.certificates.words import Standing, standing_of
from partners.models import Certificate


@dataclass(frozen=True)
class Row:
    """One certificate in a list. `again_url` leads to the form that renews it, or hands it in again, and for one
    that no paper renews to where it is earned; empty where there is nothing to do or the reader can't. `earn_anew` says of such
    a one what is to be done."""

    code: str
    url: str
    title: str
    kind: str
    number: str
    firm: str
    firm_url: str
    holder: str
    ends: str
    standing: Standing
    closes: Closing
    submitted: str
    again_url: str
    earn_anew: str


@dataclass(frozen=True)
class Anew:
    """Of a certificate that no paper renews: what it was granted for ('' for one that was handed in), what is to be done in a
    sentence, and for the holder where."""

    by: str
    words: str
    url: str


def rows_of(
    certificates: Iterable[Certificate],
    today: date,
    *,
    closes: dict[int, Closing] | None = None,
    anew: dict[int, Anew] | None = None,
    may_submit: bool = False,
) -> list[Row]:
    """Rows of certificates that came from `with_names().with_followers()`; `anew` comes from `anew_of`."""
    return [
        _row(one, today, closes or {}, (anew or {}).get(one.pk), may_submit=may_submit)
        for one in certificates
    ]


def anew_of(certificates: Collection[Certificate], reader: User, at: datetime) -> dict[int, Anew]:
    """Of those that no paper renews, by id, what the reader is told about having them anew."""
    found, today = {one.pk: one for one in certificates}, vendor_day(at)
    anew = {}
    for pk, one in without_renewal_on_paper(certificates, at).items():
        reading = reading_of(found[pk], reader)
        words = on_page(one, reading, found[pk], standing_of(found[pk], today))
        anew[pk] = Anew(one.by, words, url_for(one, reading) if words else "")
    return anew


def again_url(certificate: Certificate, step: str) -> str:
    """The form for what follows a certificate."""
    address = reverse("partners:submit_certificate", args=[certificate.partner.code])
    return f"{address}?{'renews' if step == 'renew' else 'like'}={certificate.code}"


def _row(
    one: Certificate, today: date, closes: dict[int, Closing], anew: Anew | None, *, may_submit: bool
) -> Row:
    standing = standing_of(one, today)
    step = standing.step
    paper_url = again_url(one, step) if step and may_submit else ""
    return Row(
        code=one.code,
        url=reverse("partners:certificate", args=[one.code]),
        title=one.type.name,
        kind=one.type.get_kind_display(),
        number=one.number,
        firm=one.partner.name,
        firm_url=reverse("partners:partner", args=[one.partner.code]),
        holder=(one.member.user.name or one.member.user.email) if one.member else "",
        ends=day(one.valid_to) if one.valid_to else "No end",
        standing=standing,
        closes=closes.get(one.pk, Closing()),
        submitted=day(one.submitted_at),
        again_url=(anew.url if step else "") if anew else paper_url,
        earn_anew=anew.words if anew else "",
    )
