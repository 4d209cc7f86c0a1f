"""The first screen: what is waiting for me."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Sends people to the screen their work begins on."""
    if request.user.may("registrations.decide"):  # type: ignore[union-attr]
        return redirect("registrations:queue")
    if request.user.is_partner_side:  # type: ignore[union-attr]
        return redirect("registrations:overview")
    return redirect("reports:open_registrations")
