"""Writing at a draft: begun, saved as it grows, thrown away."""

from copy import copy
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from accounts.models import User
from catalog.money import base_currency
from core.clock import database_clock
from core.errors import BadInput, StaleVersion, WrongStatus
from policies.forms.drafts import DraftForm, unfinished_words
from policies.models import RegistrationPolicy
from policies.services import begin_draft, checking, delete_draft, save_draft
from policies.views.editing import context_of, preview
from policies.words import Change, changes

EDIT = "policies.edit"
_MOMENT = timedelta(seconds=5)


@require_POST
@requires(EDIT)
def new_version(request: HttpRequest) -> HttpResponse:
    """A draft with the settings of the version in force, or of the one that was chosen."""
    user = request.user
    assert isinstance(user, User)
    chosen = request.POST.get("base", "")
    base = None
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 9:
        base = get_object_or_404(RegistrationPolicy.objects.visible_to(user), version=int(chosen))
    draft = begin_draft(by=user, base=base)
    return redirect("policies:edit_draft", draft.version)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def edit_draft(request: HttpRequest, number: int) -> HttpResponse:
    """The form. A POST saves all that is a value, keeps the rest as it was entered, and says what is wrong."""
    draft = draft_in_reach(request, number)
    if not draft.is_draft:
        return published_meanwhile(request, draft)
    if request.method != "POST":
        return _page(request, DraftForm.of(draft, base_currency()), draft)
    form = DraftForm(request.POST, base=base_currency())
    try:
        draft = _store(request, form, draft, last=True)
    except StaleVersion as stale:
        fresh = draft_in_reach(request, number)
        return _page(
            request,
            form,
            fresh,
            status=stale.status,
            refused=f"{stale.message} If you save now, what you entered takes the place of what was saved.",
            told=form.problems,
            differs=_differs(form, fresh),
        )
    except BadInput as wrong:
        return _page(request, form, draft, status=wrong.status, refused=wrong.message, told=form.problems)
    if request.POST.get("then") == "publish":
        return redirect("policies:publish_draft", number)
    messages.success(request, "The draft is saved.")
    return redirect("policies:edit_draft", number)


@require_POST
@requires(EDIT)
def live(request: HttpRequest, number: int) -> HttpResponse:
    """Saves while it is typed, or as the page is left, and answers with what stands beside the fields by then."""
    base = base_currency()
    form = DraftForm(request.POST, base=base)
    context: dict[str, Any] = {"live": True}
    try:
        draft = context["draft"] = draft_in_reach(request, number)
        draft = _store(request, form, draft, last="leaving" in request.POST)
    except (StaleVersion, BadInput, WrongStatus) as refused:
        context["refused"] = refused.message
        return render(request, "policies/_draft_refused.html", context, status=refused.status)
    current = RegistrationPolicy.objects.in_force(database_clock())
    context = {**context, "draft": draft, "saved_at": _saved_at(draft)}
    shown = preview(form, draft, current, base, form.problems)
    return render(request, "policies/_draft_live.html", context_of(shown, **context))


@require_POST
@requires(EDIT)
def delete(request: HttpRequest, number: int) -> HttpResponse:
    """Throws a draft away."""
    assert isinstance(request.user, User)
    draft = draft_in_reach(request, number)
    delete_draft(draft, by=request.user)
    messages.success(request, f"Draft {number} is deleted.")
    return redirect("policies:registration_policy")


def draft_in_reach(request: HttpRequest, number: int) -> RegistrationPolicy:
    """The version with this number, if this person may see it; it may be no draft any more. Raises WrongStatus where the draft
    that was written at is gone."""
    assert isinstance(request.user, User)
    visible = RegistrationPolicy.objects.visible_to(request.user).select_related("changed_by")
    written = request.POST.get("draft", "")
    if not written:
        return get_object_or_404(visible, version=number)
    # Its number goes to the next draft, or it was published under a later one: what was written at it is for itself alone.
    known = written.isascii() and written.isdigit() and len(written) < 18
    found = visible.filter(pk=written).first() if known else None
    if found is None or (found.is_draft and found.version != number):
        raise WrongStatus(f"Draft {number} was deleted meanwhile. What you sent was not saved.")
    return found


def published_meanwhile(request: HttpRequest, version: RegistrationPolicy) -> HttpResponse:
    """On to the version that is no draft any more; whoever sent something reads that it changed nothing."""
    if request.method == "POST":
        words = f"Version {version.version} was published meanwhile. What you sent changed nothing."
        messages.warning(request, words)
    return redirect("policies:version", version.version)


def _store(
    request: HttpRequest, form: DraftForm, draft: RegistrationPolicy, *, last: bool = False
) -> RegistrationPolicy:
    """Raises StaleVersion, BadInput, WrongStatus as save_draft does. `last`: by a button or as the page is left, and so after
    what the page itself was saving meanwhile."""
    assert isinstance(request.user, User)
    settings, unfinished = form.valid_settings, form.unfinished
    if "revision" in form.errors:
        raise BadInput("This page is incomplete. Reload it, then go on.")
    if "note" in form.errors:
        raise BadInput(" ".join(map(str, form.errors["note"])))
    revision = form.cleaned_data["revision"]
    if last and revision == draft.revision - 1 and _just_saved_by(request.user, draft):
        revision = draft.revision
    return save_draft(
        draft,
        by=request.user,
        revision=revision,
        settings=settings,
        unfinished=unfinished,
        note=form.cleaned_data["note"],
    )


def _differs(form: DraftForm, saved: RegistrationPolicy) -> list[Change]:
    """What was entered otherwise than it was saved meanwhile: `before` as saved, `after` as entered."""
    entered = copy(saved)
    for name, value in checking.each_by_itself(dict(form.valid_settings)).items():
        setattr(entered, name, value)
    return changes(saved, entered, base_currency())


def _just_saved_by(person: User, draft: RegistrationPolicy) -> bool:
    """The page itself saves while it is typed: a button that is pressed meanwhile comes with the number before that."""
    age = database_clock() - draft.changed_at if draft.changed_at else _MOMENT
    return draft.changed_by == person and age < _MOMENT


def _saved_at(draft: RegistrationPolicy) -> str:
    """'10:32', with the day where it is not today's."""
    if draft.changed_at is None:
        return ""
    local = timezone.localtime(draft.changed_at)
    return f"{local:%H:%M}" if local.date() == timezone.localdate() else f"{local:%-d %b, %H:%M}"


def _page(
    request: HttpRequest,
    form: DraftForm,
    draft: RegistrationPolicy,
    status: int = 200,
    refused: str = "",
    told: dict[str, str] | None = None,
    differs: list[Change] | None = None,
) -> HttpResponse:
    current = RegistrationPolicy.objects.in_force(database_clock())
    address = reverse("policies:registration_policy")
    told = told if told is not None else unfinished_words(draft, base_currency())
    context = {
        "page_title": f"Draft of version {draft.version}",
        "breadcrumbs": [
            {"label": "Registration policy", "url": address},
            {"label": f"Draft {draft.version}"},
        ],
        "form": form,
        "draft": draft,
        "authors": ", ".join(str(author) for author in draft.authors.all()),
        "saved_at": _saved_at(draft),
        "current": current,
        "refused": refused,
        "differs": differs,
    }
    shown = preview(form, draft, current, base_currency(), told)
    return render(request, "policies/draft.html", context_of(shown, **context), status=status)
