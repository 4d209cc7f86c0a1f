"""Publishing a draft, and taking a version back that has not begun."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from accounts.models import User
from catalog.money import base_currency
from core.clock import database_clock
from core.errors import BadInput, StaleVersion
from policies.forms.drafts import PublishForm
from policies.models import RegistrationPolicy
from policies.services import publish_draft, save_draft, withdraw_version
from policies.views.ahead import ahead_of, spans_of
from policies.views.drafts import draft_in_reach, published_meanwhile
from policies.views.editing import problems_of
from policies.views.version_rows import day
from policies.words import LABELS


@require_http_methods(["GET", "HEAD", "POST"])
@requires("policies.edit")
def publish(request: HttpRequest, number: int) -> HttpResponse:
    """What a draft changes, by the day on which it begins, and how many are told of it; POST publishes."""
    draft = draft_in_reach(request, number)
    if not draft.is_draft:
        return published_meanwhile(request, draft)
    if request.method != "POST":
        form = PublishForm(initial={"note": draft.note, "revision": draft.revision, "begins": "later"})
        return _page(request, form, draft)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _page(request, form, draft, status=422)
    try:
        published = _publish(request, draft, form)
    except BadInput as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _page(request, form, draft, status=422)
    except StaleVersion as stale:
        fresh = draft_in_reach(request, number)
        form.data = {**request.POST.dict(), "revision": str(fresh.revision)}
        form.add_error(None, f"{stale.message} What it changes now stands below.")
        return _page(request, form, fresh, status=409)
    words = "applies now" if form.begin() is None else f"applies from {day(published.effective_from)}"
    told = "The partners concerned are told by mail and in the portal."
    messages.success(request, f"Version {published.version} is published and {words}. {told}")
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


def _publish(request: HttpRequest, draft: RegistrationPolicy, form: PublishForm) -> RegistrationPolicy:
    assert isinstance(request.user, User)
    given = form.cleaned_data
    with transaction.atomic():
        revision = given["revision"]
        if " ".join(given["note"].split()) != draft.note:
            noted = save_draft(
                draft,
                by=request.user,
                revision=revision,
                settings={},
                unfinished=draft.unfinished,
                note=given["note"],
            )
            revision = noted.revision
        return publish_draft(draft, by=request.user, revision=revision, effective_from=form.begin())


def _page(
    request: HttpRequest, form: PublishForm, draft: RegistrationPolicy, status: int = 200
) -> HttpResponse:
    base = base_currency()
    standing = RegistrationPolicy.objects.from_now(database_clock())
    spans = spans_of(draft, standing, base)
    address = reverse("policies:registration_policy")
    edit = reverse("policies:edit_draft", args=[draft.version])
    context = {
        "page_title": f"Publish version {draft.version}",
        "breadcrumbs": [
            {"label": "Registration policy", "url": address},
            {"label": f"Draft {draft.version}", "url": edit},
            {"label": "Publish"},
        ],
        "form": form,
        "policy": draft,
        "current": standing[0],
        "spans": spans,
        "changes_something": any(span.changes for span in spans),
        "ahead": ahead_of(draft, standing, base),
        "problems": [
            (LABELS[name], f"{edit}#setting-{name}", words)
            for name, words in problems_of(draft, base).items()
        ],
        "edit_url": edit,
    }
    return render(request, "policies/publish.html", context, status=status)
