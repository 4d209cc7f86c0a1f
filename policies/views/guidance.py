"""Operations' own dos and don'ts: the list, a new one, changing, ending and taking back one."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from accounts.models import User
from core.clock import database_clock
from core.errors import BadInput, StaleVersion, WrongStatus
from core.vendor_days import vendor_day
from policies.forms.guidance import TextForm
from policies.models import Guidance
from policies.services.guidance import change_text, end_text, write_text
from policies.shown import day_words, last_day_words
from policies.views.sections import EDIT, READ, crumbs, sections
from policies.words.guidance import beside, ended, quoted, saved, without

_METHODS = ["GET", "HEAD", "POST"]
_TITLE = "Dos and don'ts"
_PAST = 50


@require_safe
@requires(READ)
def guidance(request: HttpRequest) -> HttpResponse:
    """What partners read, what they will, what they did."""
    assert isinstance(request.user, User)
    now = database_clock()
    every = Guidance.objects.select_related("created_by", "replaces", "replaced_by")
    context = {
        "page_title": _TITLE,
        "sections": sections(request.user, "guidance"),
        "shown": [_row(text, now) for text in every.in_force(now)],
        "coming": [_row(text, now) for text in every.scheduled(now)],
        "past": [_row(text, now) for text in every.past(now)[:_PAST]],
        "may_edit": request.user.may(EDIT),
    }
    return render(request, "policies/guidance.html", context)


@require_http_methods(_METHODS)
@requires(EDIT)
def new_text(request: HttpRequest) -> HttpResponse:
    """Writes a text."""
    return _form_page(request, None)


@require_http_methods(_METHODS)
@requires(EDIT)
def edit_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Writes another text in the place of one; what was read stays in the list of past ones."""
    found = _found(pk)
    if request.method != "POST" and found.is_over(database_clock()):
        raise WrongStatus("This text was changed or ended already. Look at the list again.")
    return _form_page(request, found)


@require_POST
@requires(EDIT)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows a text no longer; one that has not begun is taken back."""
    assert isinstance(request.user, User)
    found = _found(pk)
    told = ended(found, database_clock())
    end_text(found, by=request.user, neighbours=request.POST.get("neighbours"))
    messages.success(request, told)
    return redirect("policies:guidance")


def _found(pk: int) -> Guidance:
    return get_object_or_404(Guidance.objects.select_related("replaces", "replaced_by"), pk=pk)


def _form_page(request: HttpRequest, found: Guidance | None) -> HttpResponse:
    assert isinstance(request.user, User)
    form = TextForm(request.POST if request.method == "POST" else None, initial=_initial(found))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            text = _save(form, found, request.user)
        except BadInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        except (StaleVersion, WrongStatus) as stale:  # what was typed stays
            form.add_error(None, stale.message)
            found = _found(found.pk) if found else None
            form.data = {**request.POST.dict(), "neighbours": _initial(found)["neighbours"]}
            status = 409
        else:
            messages.success(request, saved(_found(text.pk), database_clock()))
            return redirect("policies:guidance")
    title = "Change the text" if found else "New text"
    context = {
        "page_title": title,
        "breadcrumbs": crumbs(_TITLE, "policies:guidance", title),
        "form": form,
        "beside": beside(found, database_clock()) if found else "",
        "cancel_url": reverse("policies:guidance"),
    }
    status = 422 if form.errors and status == 200 else status
    return render(request, "policies/edit_text.html", context, status=status)


def _initial(found: Guidance | None) -> dict[str, Any]:
    now = database_clock()
    if found is None:
        return {"begins_on": vendor_day(now)}
    return {
        "kind": found.kind,
        "text": found.text,
        "begins_on": max(vendor_day(now), vendor_day(found.begins_at)),
        "neighbours": found.neighbours(now),
    }


def _save(form: TextForm, found: Guidance | None, by: User) -> Guidance:
    written = dict(form.cleaned_data)
    seen = written.pop("neighbours") or None
    if found is None:
        return write_text(by=by, **written)
    return change_text(found, by=by, neighbours=seen, **written)


def _row(text: Guidance, now: datetime) -> dict[str, Any]:
    before = text.until_then(now)
    return {
        "pk": text.pk,
        "kind": text.kind,
        "label": text.get_kind_display(),
        "text": text.text,
        "begins": day_words(text.begins_at),
        "ended": last_day_words(text.ended_at),
        "author": str(text.created_by),
        "coming": text.begins_at > now,
        "instead_of": quoted(before) if before else "",
        "without": without(text, now),
        "neighbours": text.neighbours(now),
    }
