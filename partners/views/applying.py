"""Applying to become a partner, without an account. Every page says the same whoever asks."""

from allauth.core.ratelimit import consume
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import BadInput, TooMany
from partners.enums import ApplicationState
from partners.forms.applying import ApplyForm
from partners.models import Application
from partners.services.applications import apply as apply_for
from partners.services.applications import confirm, read_link


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """The form. What it answers never depends on who is known already, nor on whether a program sprang the trap."""
    form = ApplyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not consume(request, action="apply"):
            raise TooMany("Several applications came from your network in the last hour. Try again later.")
        try:
            if not form.is_trapped():
                apply_for(form.given())
        except BadInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            return redirect("partners:applied")
    context = {"page_title": f"Become a partner of {settings.PORTAL_NAME}", "form": form}
    return render(request, "partners/apply/form.html", context, status=422 if form.errors else 200)


@require_safe
def applied(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "partners/apply/sent.html", {"page_title": "Look into your mail"})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_application(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the mailed link: a button that confirms (mail scanners open links), then how far the application has come."""
    if request.method == "POST":
        confirm(token)
        return redirect("partners:confirm_application", token)
    found = read_link(token)
    context = {
        "page_title": _TITLES[ApplicationState(found.state)],
        "application": found,
        "steps": _steps(found),
    }
    return render(request, "partners/apply/status.html", context)


_TITLES = {
    ApplicationState.UNCONFIRMED: "Confirm your application",
    ApplicationState.RECEIVED: "Your application is with us",
    ApplicationState.ACCEPTED: "Welcome",
    ApplicationState.DECLINED: "Our answer",
}


def _steps(application: Application) -> list[dict[str, str]]:
    """Where it stands, for the tracker."""
    state = application.state
    decided = state in (ApplicationState.ACCEPTED, ApplicationState.DECLINED)
    first = "current" if state == ApplicationState.UNCONFIRMED else "done"
    second = "todo" if first == "current" else ("done" if decided else "current")
    third = {"accepted": "done", "declined": "stopped"}.get(state, "todo")
    return [
        {"label": "Address confirmed", "state": first},
        {"label": "We look at it", "state": second},
        {"label": application.get_state_display() if decided else "Our answer", "state": third},
    ]
