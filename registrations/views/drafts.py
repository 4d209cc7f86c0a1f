"""A draft until it is submitted: details, autosave, check, submit; or thrown away."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from core.clock import database_clock
from core.errors import BadInput, DomainError, NotAllowed, StaleVersion, TooMany, WrongStatus
from partners.standing_page import not_now
from partners.standing_words import standing_word
from registrations import shown, standing, workflow
from registrations.enums import Action, Status
from registrations.models import Registration
from registrations.services import attachments, drafts, places, squatting, submission
from registrations.views import drafting
from registrations.views.access import REGISTER, in_reach, may_begin, sent_version
from registrations.views.facts import facts_of, lines_of
from registrations.views.files import files_of
from registrations.workflow import label_for


@require_http_methods(["GET", "HEAD", "POST"])
@requires(REGISTER)
def details(request: HttpRequest, code: str) -> HttpResponse:
    """Shows and stores the whole draft. What is in order is stored even when something else is wrong. The draft of a firm
    that is suspended or ended is shown to be read."""
    draft = in_reach(request, code)
    if draft.status != Status.DRAFT:
        return redirect("registrations:registration", code)
    if request.method != "POST":
        if not may_begin(request):
            return redirect("registrations:check", code)
        return _details_page(request, draft, drafting.forms_of(draft))
    sent = drafting.forms_of(draft, drafting.with_rows(request), request.FILES)
    try:
        draft = drafting.store(draft, sent, by=_person(request), version=sent_version(request))
    except StaleVersion as error:
        return _stale(request, code, sent, error)
    attached = _attach(request, draft, sent)
    if "check" in request.POST:
        drafting.demand_all(draft, sent)
        if not sent.errors:
            return redirect("registrations:check", code)
    elif "add_line" in request.POST or "remove_line" in request.POST:
        return _details_page(request, draft, sent)
    elif not sent.errors:
        messages.success(request, "File attached." if attached else "Draft saved.")
        return redirect(reverse("registrations:details", args=[code]) + ("#attachments" if attached else ""))
    return _details_page(request, draft, sent, status=422)


def _attach(request: HttpRequest, draft: Registration, sent: drafting.DraftForms) -> bool:
    if "attach" in request.POST and not request.FILES:
        sent.attach = type(sent.attach)(request.POST, request.FILES)
    if not sent.attach.is_bound or not sent.attach.is_valid():
        return False
    try:
        attachments.attach(draft, sent.attach.cleaned_data["file"], by=_person(request))
    except (BadInput, TooMany, NotAllowed) as error:
        sent.attach.add_error("file", error.message)
        return False
    return True


def _stale(request: HttpRequest, code: str, sent: drafting.DraftForms, error: DomainError) -> HttpResponse:
    """What was typed stays in the form; saving once more puts it over what the other window stored."""
    fresh = in_reach(request, code)
    sent.lines.is_valid()
    context = {"stale": error.message, "differences": drafting.differences(fresh, sent)}
    return _details_page(request, fresh, sent, status=409, **context)


def _details_page(
    request: HttpRequest, draft: Registration, sent: drafting.DraftForms, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "page_title": draft.company_name,
        "breadcrumbs": _crumbs(draft),
        "draft": draft,
        "forms": sent,
        "form": sent.details,
        "files": files_of(draft, _person(request)),
        "saved_at": draft.changed_at,
        "draft_files_days": settings.DRAFT_FILES_DAYS,
        **more,
    }
    return render(request, "registrations/details.html", context, status=status)


@require_POST
@requires(REGISTER)
def autosave(request: HttpRequest, code: str) -> JsonResponse:
    """Stores what is in order of a half-written draft: {version, value, problems}; 409 with {message} when it cannot."""
    draft = in_reach(request, code)
    sent = drafting.forms_of(draft, request.POST)
    try:
        draft = drafting.store(draft, sent, by=_person(request), version=sent_version(request))
    except StaleVersion as error:
        words = "Another window saved this draft first. Press “Save draft” to compare."
        return JsonResponse({"message": words}, status=error.status)
    except (WrongStatus, NotAllowed, BadInput) as error:
        return JsonResponse({"message": error.message}, status=error.status)
    value = "" if draft.value is None else shown.number(draft.value)
    return JsonResponse({"version": draft.version, "value": value, "problems": sent.problems})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(REGISTER)
def check(request: HttpRequest, code: str) -> HttpResponse:
    """All answers on one page; POST submits. A repeated POST leads to the same result. While a firm is suspended its draft
    stays a draft: submitting would have the policy refuse it for good."""
    draft = in_reach(request, code)
    if draft.status != Status.DRAFT:
        return redirect("registrations:submitted", code)
    back = (reverse("registrations:check", args=[code]), "The draft")
    if request.method == "POST" and (page := not_now(request, "Submit the registration", back=back)):
        return page
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        try:
            submission.submit(draft, by=_person(request), version=sent_version(request))
            return redirect("registrations:submitted", code)
        except WrongStatus:  # the other click of a double click was first
            return redirect("registrations:submitted", code)
        except (StaleVersion, BadInput) as error:
            context["refused"], status = error.message, error.status
            draft = in_reach(request, code)
    workflow.check(_person(request), Action.SUBMIT, draft)
    word = standing_word(_person(request))
    context |= {
        "page_title": draft.company_name if word else "Check your answers",
        "breadcrumbs": [
            *_crumbs(draft)[:-1],
            {"label": draft.code, "url": "../details/"},
            {"label": "Check"},
        ],
        "draft": draft,
        "sections": facts_of(draft),
        "lines": lines_of(draft),
        "files": files_of(draft, _person(request)),
        "missing": submission.missing(draft),
        "refusal_ahead": squatting.refusal_ahead(draft, database_clock()),
        "standing": word,
    }
    return render(request, "registrations/check.html", context, status=status)


@require_safe
@requires(REGISTER)
def submitted(request: HttpRequest, code: str) -> HttpResponse:
    """The reference, where the registration landed, what happens next and by when."""
    registration = in_reach(request, code)
    if registration.status == Status.DRAFT:
        return redirect("registrations:check", code)
    days = shown.days_until(registration.protected_until, database_clock())
    place = places.place_in_line(registration)
    context = {
        "page_title": "Registration submitted",
        "registration": registration,
        "landed": standing.landed(registration),
        "label": label_for(registration.status, vendor=False),
        "next": standing.what_next(registration, place=place, days=days),
        "steps": standing.steps(registration),
        "decision": registration.decisions.filter(action=Action.SUBMIT).first(),
        "submitted_at": shown.moment(registration.submitted_at),
    }
    return render(request, "registrations/submitted.html", context)


@require_POST
@requires(REGISTER)
def discard(request: HttpRequest, code: str) -> HttpResponse:
    """Throws a draft away."""
    draft = in_reach(request, code)
    drafts.discard_draft(draft, by=_person(request))
    messages.success(request, f"The draft for {draft.company_name} was thrown away.")
    return redirect("registrations:list")


@require_POST
@requires(REGISTER)
def use_again(request: HttpRequest, code: str) -> HttpResponse:
    """A new draft with the content of one that has ended."""
    back = (reverse("registrations:registration", args=[code]), "The registration")
    if page := not_now(request, "Use its details again", back=back):
        return page
    draft = drafts.copy_to_draft(in_reach(request, code), by=_person(request))
    messages.success(
        request, f"This draft holds the details of {code}. Look through them, then submit it anew."
    )
    return redirect("registrations:details", draft.code)


def _crumbs(draft: Registration) -> list[dict[str, str]]:
    return [{"label": "Registrations", "url": reverse("registrations:list")}, {"label": draft.code}]


def _person(request: HttpRequest) -> Any:
    return request.user
