"""Writing the next version of the registration policy, and taking one back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from accounts.models import User
from catalog.money import base_currency
from core.clock import database_clock
from core.errors import BadInput, StaleVersion
from policies.forms import NewVersion
from policies.models import RegistrationPolicy
from policies.services import publish_version, withdraw_version
from policies.words import changes


@require_http_methods(["GET", "HEAD", "POST"])
@requires("policies.edit")
def new_version(request: HttpRequest) -> HttpResponse:
    """The form, filled with the version in force; a valid one is published."""
    base = base_currency()
    current = RegistrationPolicy.objects.in_force(database_clock())
    if request.method != "POST":
        return _page(request, NewVersion.starting_from(current, base), current)
    form = NewVersion(request.POST, base=base)
    if not form.is_valid():
        return _page(request, form, current, status=422)
    assert isinstance(request.user, User)
    try:
        published = publish_version(
            by=request.user,
            settings=form.settings(),
            effective_from=form.begin(),
            note=form.cleaned_data["note"],
            based_on=form.cleaned_data["version"],
        )
    except BadInput as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _page(request, form, current, status=422)
    except StaleVersion:
        return _overtaken(request, form, current, base)
    applies = "applies now" if form.begin() is None else "will apply from the day you chose"
    messages.success(request, f"Version {published.version} is published and {applies}.")
    return redirect("policies:registration_policy")


@require_POST
@requires("policies.edit")
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Takes back a version that has not begun."""
    assert isinstance(request.user, User)
    policy = get_object_or_404(RegistrationPolicy.objects.visible_to(request.user), version=number)
    withdraw_version(policy, by=request.user)
    messages.success(request, f"Version {policy.version} is taken back: it will not apply.")
    return redirect("policies:registration_policy")


def _overtaken(
    request: HttpRequest, form: NewVersion, current: RegistrationPolicy, base: str
) -> HttpResponse:
    """Another version came first: says what it changed, keeps what was entered, and lets it be sent again."""
    seen = RegistrationPolicy.objects.filter(version=form.cleaned_data["version"]).first()
    found = changes(seen, current, base) if seen else []
    told = "; ".join(f"{change.label}: {change.after} instead of {change.before}" for change in found)
    words = f"Version {current.version} came into force while you were writing. {told}".strip().rstrip(".")
    form.add_error(None, f"{words}. Look through your settings, then publish again.")
    form.data = {**request.POST.dict(), "version": str(current.version)}
    return _page(request, form, current, status=409)


def _page(
    request: HttpRequest, form: NewVersion, current: RegistrationPolicy, status: int = 200
) -> HttpResponse:
    address = reverse("policies:registration_policy")
    context = {
        "page_title": "New version of the policy",
        "breadcrumbs": [{"label": "Registration policy", "url": address}, {"label": "New version"}],
        "form": form,
        "policy": current,
        "cancel_url": address,
    }
    return render(request, "policies/new_version.html", context, status=status)
