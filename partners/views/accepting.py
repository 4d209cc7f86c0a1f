"""The page behind the link of an invitation. Opening it changes nothing: mail scanners open links."""

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.errors import BadInput
from partners.forms import AcceptForm
from partners.models import Invitation
from partners.services import accept_invitation, read_invitation


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Says who invites whom to what; the button creates the account and signs in. A spent link is 410."""
    invitation = read_invitation(token)
    if request.method != "POST":
        firm = invitation.partner
        zone = firm.time_zone if firm else invitation.invited_by.time_zone
        return _page(request, AcceptForm(initial={"name": invitation.name, "time_zone": zone}), invitation)
    form = AcceptForm(request.POST)
    if form.is_valid():
        try:
            user = accept_invitation(token, **form.cleaned_data)
        except BadInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
            return redirect("home")
    return _page(request, form, invitation)


def _page(request: HttpRequest, form: AcceptForm, invitation: Invitation) -> HttpResponse:
    context = {
        "page_title": f"Welcome to {settings.PORTAL_NAME}",
        "form": form,
        "invitation": invitation,
        "place": invitation.partner.name if invitation.partner else settings.PORTAL_NAME,
    }
    return render(request, "partners/accept.html", context, status=422 if form.errors else 200)
