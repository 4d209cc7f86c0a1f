"""One certificate: its page for both sides, its file, taking it back."""

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.models import User
from core.clock import database_clock
from core.downloads import as_download, in_a_frame
from core.http import note_place
from core.vendor_days import vendor_day
from partners.certificates.closing import closing_by_revoking, closing_with, opening_with
from partners.certificates.earning import earned_beside
from partners.certificates.enums import CertificateStatus
from partners.certificates.words import standing_of
from partners.enums import PartnerStatus
from partners.forms.certificates import ReasonForm
from partners.models import Certificate
from partners.services.certificates import withdraw_certificate
from partners.services.certificates.submitting import SUBMIT, may_submit
from partners.services.certificates.types import VERIFY
from partners.views.certificates.facts import facts_of, file_of, history_of
from partners.views.certificates.rows import again_url, anew_of

VIEW = ("partners.view_all", "partners.view_own")
# A page that shows a paper in a frame may frame our own addresses; no other page may frame anything.
with_paper = csp_update({"frame-src": [SELF]})


@require_safe
@with_paper
@requires(*VIEW)
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Where it stands, what it opens, what follows; operations decide here, too."""
    return page(request, found(request, code))


def page(
    request: HttpRequest, one: Certificate, *, form: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    """The page; with `form` as it came back from a decision that could not be made."""
    user = request.user
    assert isinstance(user, User)
    home = (
        {"label": "Certificates", "url": reverse("partners:certificates")}
        if user.is_vendor
        else {"label": "Certificates", "url": reverse("partners:our_certificates")}
    )
    context = {
        "page_title": one.type.name,
        "breadcrumbs": [home, {"label": one.code}],
        **context_of(one, user),
        "form": form or ReasonForm(),
    }
    return render(request, "partners/certificates/certificate.html", context, status=status)


def context_of(one: Certificate, user: User) -> dict[str, Any]:
    """What page and queue show of a certificate that came from `found`."""
    now = database_clock()
    today = vendor_day(now)
    standing, anew = standing_of(one, today), anew_of([one], user, now).get(one.pk)
    holds = one.status == CertificateStatus.VERIFIED
    gates = closing_with([one], today=today)[one.pk] if holds else opening_with(one, today=today)
    may, over = may_submit(user, one.partner), one.partner.status == PartnerStatus.ENDED
    verifies = user.may(VERIFY) and not over
    paper_url = again_url(one, standing.step) if standing.step and may and not over else ""
    return {
        "certificate": one,
        "standing": standing,
        "facts": facts_of(one),
        "file": file_of(one),
        "history": history_of(one, anew.by if anew else ""),
        "anew": anew,
        "gates": gates,
        "is_over": holds and one.valid_to is not None and one.valid_to < today,
        "again_url": anew.url if anew else paper_url,
        "may_withdraw": may and one.status == CertificateStatus.SUBMITTED,
        "may_decide": verifies
        and one.status == CertificateStatus.SUBMITTED
        and one.submitted_by_id != user.pk,
        "is_own_upload": verifies
        and one.status == CertificateStatus.SUBMITTED
        and one.submitted_by_id == user.pk,
        "may_revoke": user.may(VERIFY) and holds,
        "revoking": closing_by_revoking(one, today=today) if user.may(VERIFY) and holds else None,
        "beside": earned_beside(one) if user.may(VERIFY) and holds and anew else [],
    }


@require_safe
@requires(*VIEW)
def file(request: HttpRequest, code: str) -> FileResponse:
    """The paper, as a download; 404 outside the reader's reach or where there is none."""
    one = found(request, code)
    if not one.file:
        raise Http404("There is no file with this certificate.")
    return as_download(one.file, name=one.file_name, content_type=one.file_type)


@require_safe
@xframe_options_sameorigin
@requires(*VIEW)
def paper(request: HttpRequest, code: str) -> FileResponse:
    """The paper for the frame beside its fields: a PDF, and nothing else; 404 as with the download."""
    one = found(request, code)
    if not one.file:
        raise Http404("There is no file with this certificate.")
    return in_a_frame(one.file, name=one.file_name, content_type=one.file_type)


@require_POST
@requires(SUBMIT, VERIFY)
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Takes it back before it was looked at."""
    one = found(request, code)
    withdraw_certificate(one, by=request.user, version=sent_version(request))  # type: ignore[arg-type]
    messages.success(request, "Taken back. Nobody looks at it any more.")
    return redirect("partners:certificate", code)


def found(request: HttpRequest, code: str) -> Certificate:
    """The certificate, if the reader may see it; else 404."""
    note_place(request, reverse("partners:certificate", args=[code]))
    seen = Certificate.objects.visible_to(request.user).with_names().with_followers()  # type: ignore[arg-type]
    related = seen.select_related("submitted_by", "decided_by", "follows", "partner__manager")
    return get_object_or_404(related, code=code)


def sent_version(request: HttpRequest) -> int:
    """The version that the form was made from; what can't be read is never the present one."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
