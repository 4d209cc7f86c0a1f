"""A change of a firm's status: what it does is shown before it is done."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import requires
from accounts.models import User
from core.errors import BadInput, StaleVersion
from partners import consequences, workflow
from partners.enums import StandingChange
from partners.forms.standing import StandingForm
from partners.models import FirmEntry, Partner
from partners.services.onboarding import required_left
from partners.services.standing import change_standing, stands_at
from partners.views.firm_frame import found_firm, frame
from partners.words import tell

# What to call it on the page, what it says of itself, and what the button says.
_WORDS = {
    StandingChange.BEGIN: (
        "Begin the onboarding of {name}?",
        "The firm gets the steps of its kind and is told so by mail.",
        "Begin onboarding",
    ),
    StandingChange.ACTIVATE: (
        "Activate {name}?",
        "From then on the firm registers deals and gets leads. Its admins are told by mail.",
        "Activate",
    ),
    StandingChange.SUSPEND: (
        "Suspend {name}?",
        "New registrations are refused until the firm is reinstated. Its people can still sign in and read.",
        "Suspend",
    ),
    StandingChange.END: (
        "End the partnership with {name}?",
        "The firm's people can still sign in and read; open invitations stop working.",
        "End the partnership",
    ),
    StandingChange.REINSTATE: (
        "Reinstate {name}?",
        "The firm goes back to where it was ({status}). Registrations and leads that ended meanwhile stay ended.",
        "Reinstate",
    ),
}
_DANGEROUS = (StandingChange.SUSPEND, StandingChange.END)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("partners.edit")
def standing(request: HttpRequest, code: str, change: str) -> HttpResponse:
    """Shows what follows, asks for the reason, does it."""
    assert isinstance(request.user, User)
    if change not in StandingChange.values:
        raise Http404
    found, chosen = found_firm(request.user, code), StandingChange(change)
    needed = workflow.MOVES[chosen].reason
    form = StandingForm(
        request.POST if request.method == "POST" else None, needed=needed, version=found.version
    )
    status = None
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_standing(found, chosen, by=request.user, **form.cleaned_data)
        except BadInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        except StaleVersion as stale:
            form.add_error(None, stale.message)
            status = stale.status
        else:
            messages.success(request, f"{changed.name} is {changed.get_status_display().lower()} now.")
            return redirect("partners:partner", found.code)
    else:
        workflow.check(request.user, chosen, found)
    return _page(request, found, chosen, form, status)


@require_safe
@requires("partners.view_all", "partners.view_own")
def history(request: HttpRequest, code: str) -> HttpResponse:
    """What happened to a firm: who, when, what."""
    assert isinstance(request.user, User)
    found = found_firm(request.user, code)
    seen = FirmEntry.objects.visible_to(request.user).filter(partner=found).select_related("actor__role")
    page = Paginator(seen.order_by("-at", "-id"), 50).get_page(request.GET.get("page"))
    context = frame(request.user, found, "history") | {
        "entries": tell(page.object_list, vendor=request.user.is_vendor),
        "page": page,
    }
    return render(request, "partners/firm/history.html", context)


def _page(
    request: HttpRequest, found: Partner, change: StandingChange, form: forms.Form, status: int | None
) -> HttpResponse:
    status_then = stands_at(found).label.lower() if change == StandingChange.REINSTATE else ""
    title, text, button = (words.format(name=found.name, status=status_then) for words in _WORDS[change])
    own = reverse("partners:partner", args=[found.code])
    context = {
        "page_title": title,
        "breadcrumbs": [
            {"label": "Partners", "url": reverse("partners:list")},
            {"label": found.name, "url": own},
            {"label": StandingChange(change).label},
        ],
        "partner": found,
        "text": text,
        "button": button,
        "form": form,
        "consequences": consequences.foresee(found, change),
        "steps_left": required_left(found) if change == StandingChange.ACTIVATE else 0,
        "steps_url": reverse("partners:onboarding", args=[found.code]),
        "danger": change in _DANGEROUS,
        "cancel_url": own,
    }
    return render(
        request, "partners/firm/standing.html", context, status=status or (422 if form.errors else 200)
    )
