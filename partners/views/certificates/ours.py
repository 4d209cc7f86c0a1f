"""A firm's own certificates, with what to do next."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.models import User
from core.clock import database_clock
from core.vendor_days import vendor_day
from partners.certificates.closing import closing_with
from partners.certificates.enums import CertificateStatus
from partners.certificates.gates import Gate, opened_by
from partners.certificates.obtaining import Training, without_paper
from partners.enums import PartnerStatus
from partners.models import Certificate, CertificateType, Partner
from partners.services.certificates.submitting import may_submit
from partners.standing_words import standing_word
from partners.views.certificates.rows import Anew, anew_of, rows_of


@dataclass(frozen=True)
class Missing:
    """A type that the firm holds no certificate of, what one would open, and where it comes by one: `training` is the name of
    what grants it, '' where a paper is handed in."""

    title: str
    kind: str
    issuer: str
    note: str
    opens: list[Gate]
    url: str
    training: str


@require_safe
@requires("partners.view_own")
def ours(request: HttpRequest) -> HttpResponse:
    """What the reader's firm holds, what is being verified, what ended, and what there is besides."""
    user = request.user
    assert isinstance(user, User)
    partner = Partner.objects.visible_to(user).filter(members__user=user).first()
    if partner is None:
        raise Http404("You belong to no firm.")
    now = database_clock()
    today, over = vendor_day(now), partner.status == PartnerStatus.ENDED
    may = may_submit(user, partner) and not over
    own = Certificate.objects.visible_to(user).filter(partner=partner).with_names().with_followers()
    found = list(own)
    closes, anew = closing_with(found, today=today), anew_of(found, user, now)
    rows = rows_of(found, today, closes=closes, anew=anew, may_submit=may)
    here = [
        row for row in rows if row.standing.tone != "off"
    ]  # what was taken back or followed by another is past
    missing = [] if over else _missing(found, anew, partner, now, may_submit=may)
    context = {
        "page_title": "Certificates",
        "breadcrumbs": [{"label": "My firm", "url": reverse("partners:firm")}, {"label": "Certificates"}],
        "partner": partner,
        "standing": standing_word(user) if over else None,
        "rows": sorted(here, key=lambda row: -row.standing.urge),
        "past": [row for row in rows if row.standing.tone == "off"],
        "next": max(
            (row for row in here if row.standing.urge and not over),
            key=lambda row: row.standing.urge,
            default=None,
        ),
        "missing": missing,
        "papers_missing": any(not one.training for one in missing),
        "may_submit": may,
    }
    return render(request, "partners/certificates/ours.html", context)


def _missing(
    found: list[Certificate], anew: dict[int, Anew], partner: Partner, now: datetime, *, may_submit: bool
) -> list[Missing]:
    """Training is for all of the firm's people; papers are for those who may hand them in."""
    held = {
        one.type_id
        for one in found
        if one.member is None or one.member.user.is_active  # whoever left takes what they earned along
        if one.status in (CertificateStatus.SUBMITTED, CertificateStatus.VERIFIED) or one.pk in anew
    }
    ways = without_paper([partner], now)[partner.pk]
    types = [
        kind
        for kind in CertificateType.objects.exclude(pk__in=held)
        if (ways[kind.code] is not None if kind.code in ways else may_submit)
    ]
    opens = opened_by([kind.code for kind in types])
    form = reverse("partners:submit_certificate", args=[partner.code])
    missing = [_one(kind, opens[kind.code], ways.get(kind.code), form) for kind in types]
    return sorted(missing, key=lambda one: (not one.opens, one.title))


def _one(kind: CertificateType, opens: list[Gate], training: Training | None, form: str) -> Missing:
    return Missing(
        title=kind.name,
        kind=kind.get_kind_display(),
        issuer=kind.issuer,
        note=kind.note,
        opens=opens,
        url=training.url if training else f"{form}?type={kind.code}",
        training=training.name if training else "",
    )
