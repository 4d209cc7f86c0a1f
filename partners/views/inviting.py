"""Inviting people, and taking invitations back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from accounts.models import User
from core.errors import BadInput, NotAllowed, WrongStatus
from partners.forms import InviteForm
from partners.models import Invitation, Partner
from partners.permissions import may_invite
from partners.services import invite, revoke_invitation
from partners.services.invitations import why_closed


@require_http_methods(["GET", "HEAD", "POST"])
@requires("members.invite_firm", "members.invite_any")
def invite_member(request: HttpRequest, code: str) -> HttpResponse:
    """Invites somebody into a firm."""
    assert isinstance(request.user, User)
    partner = get_object_or_404(Partner.objects.visible_to(request.user), code=code)
    if not may_invite(request.user, partner):
        raise NotAllowed("You can invite people into your own firm only.")
    if closed := why_closed(partner):
        raise WrongStatus(closed)
    return _invite(request, partner)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("members.invite_any")
def invite_staff(request: HttpRequest) -> HttpResponse:
    """Invites somebody onto the vendor's staff."""
    return _invite(request, None)


@require_POST
@requires("members.invite_firm", "members.invite_any")
def revoke(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Takes an invitation back: its link stops working."""
    assert isinstance(request.user, User)
    seen = Invitation.objects.visible_to(request.user).select_related("partner", "role")
    invitation = get_object_or_404(seen, pk=invitation_id)
    revoke_invitation(invitation, by=request.user)
    messages.success(request, f"The invitation to {invitation.email} is taken back.")
    return redirect(_home_of(invitation.partner))


def _invite(request: HttpRequest, partner: Partner | None) -> HttpResponse:
    assert isinstance(request.user, User)
    form = InviteForm(request.POST if request.method == "POST" else None, by=request.user, partner=partner)
    if request.method == "POST" and form.is_valid():
        try:
            sent = invite(**form.cleaned_data, partner=partner, by=request.user)
        except BadInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, f"The invitation to {sent.email} is on its way.")
            return redirect(_home_of(partner))
    home = _home_of(partner)
    place = {"label": partner.name if partner else "Our people", "url": home}
    context = {
        "page_title": f"Invite somebody to {partner.name}" if partner else "Invite a colleague",
        "breadcrumbs": [place, {"label": "Invite"}],
        "form": form,
        "partner": partner,
        "cancel_url": home,
    }
    return render(request, "partners/invite.html", context, status=422 if form.errors else 200)


def _home_of(partner: Partner | None) -> str:
    return reverse("partners:partner", args=[partner.code]) if partner else reverse("partners:people")
