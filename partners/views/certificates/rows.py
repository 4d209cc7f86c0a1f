"""Certificates as the pages list them: formatted once, without a query a row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from core.shown import day
from partners.certificates.closing import Closing
from partners.certificates.words import Standing, standing_of
from partners.models import Certificate


@dataclass(frozen=True)
class Row:
    """One certificate in a list. `again_url` leads to the form that renews it, or hands it in again; empty where there is
    nothing to do or the reader can't."""

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


def rows_of(
    certificates: Iterable[Certificate],
    today: date,
    *,
    closes: dict[int, Closing] | None = None,
    may_submit: bool = False,
) -> list[Row]:
    """Rows of certificates that came from `with_names().with_followers()`."""
    return [_row(one, today, closes or {}, may_submit=may_submit) for one in certificates]


def again_url(certificate: Certificate, step: str) -> str:
    """The form for what follows a certificate."""
    address = reverse("partners:submit_certificate", args=[certificate.partner.code])
    return f"{address}?{'renews' if step == 'renew' else 'like'}={certificate.code}"


def _row(one: Certificate, today: date, closes: dict[int, Closing], *, may_submit: bool) -> Row:
    standing = standing_of(one, today)
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
        again_url=again_url(one, standing.step) if standing.step and may_submit else "",
    )
