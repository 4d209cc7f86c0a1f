"""Handing a certificate in, for the firm's own people and for operations."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from accounts.models import User
from core.errors import BadInput, NotAllowed
from partners.certificates.enums import CertificateStatus
from partners.enums import PartnerStatus
from partners.forms.certificates import CertificateForm
from partners.models import Certificate, CertificateType, Partner
from partners.services.certificates import submit_certificate
from partners.services.certificates.submitting import SUBMIT, may_submit
from partners.services.certificates.types import VERIFY
from partners.standing_page import not_any_more


@require_http_methods(["GET", "HEAD", "POST"])
@requires(SUBMIT, VERIFY)
def submit(request: HttpRequest, code: str) -> HttpResponse:
    """The form; `?type=` chooses, `?renews=` goes on from a certificate, `?like=` corrects one that was not accepted."""
    user = request.user
    assert isinstance(user, User)
    partner = get_object_or_404(Partner.objects.visible_to(user), code=code)
    if user.is_partner_side and (
        page := not_any_more(request, "Hand in a certificate", back=_home(user, partner))
    ):
        return page
    if partner.status == PartnerStatus.ENDED:
        raise NotAllowed(
            f"The partnership with {partner.name} has ended, so no certificates of it are taken any more."
        )
    if not may_submit(user, partner):
        raise NotAllowed("Your role does not include handing in certificates for this firm.")
    follows = _named(partner, user, request.GET.get("renews", ""), CertificateStatus.VERIFIED)
    sent: tuple[Any, ...] = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CertificateForm(*sent, partner=partner, follows=follows, initial=_initial(request, partner, user))
    if request.method == "POST" and form.is_valid():
        try:
            made = submit_certificate(
                partner, form.paper(), by=user, upload=form.cleaned_data["file"], follows=follows
            )
        except BadInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, "Handed in. We look at it and write to you.")
            return redirect("partners:certificate", made.code)
    return _page(request, form, partner, follows)


def _page(
    request: HttpRequest, form: CertificateForm, partner: Partner, follows: Certificate | None
) -> HttpResponse:
    assert isinstance(request.user, User)
    home, label = _home(request.user, partner)
    title = f"Renew {follows.type.name}" if follows else "Hand in a certificate"
    context = {
        "page_title": title,
        "breadcrumbs": [{"label": label, "url": home}, {"label": title}],
        "partner": partner,
        "follows": follows,
        "form": form,
        "types": CertificateType.objects.offered(),
        "cancel_url": home,
    }
    return render(request, "partners/certificates/submit.html", context, status=422 if form.errors else 200)


def _home(user: User, partner: Partner) -> tuple[str, str]:
    whole = f"{reverse('partners:certificates')}?view=all&firm={partner.code}"
    return whole if user.is_vendor else reverse("partners:our_certificates"), "Certificates"


def _initial(request: HttpRequest, partner: Partner, user: User) -> dict[str, Any]:
    like = _named(partner, user, request.GET.get("like", ""))
    if like is None:
        wanted = request.GET.get("type", "")[:40]
        return {"type": wanted} if wanted else {}
    return {
        "type": like.type.code,
        "member": like.member_id,
        "number": like.number,
        "valid_from": like.valid_from,
        "valid_to": like.valid_to,
    }


def _named(
    partner: Partner, user: User, code: str, status: CertificateStatus | None = None
) -> Certificate | None:
    if not code:
        return None
    own = Certificate.objects.visible_to(user).filter(partner=partner, code=code[:16].replace("\x00", ""))
    if status is not None:
        own = own.filter(status=status)
    return own.with_names().first()
