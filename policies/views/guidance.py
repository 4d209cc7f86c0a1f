"""Operations' own dos and don'ts: the list, a new one, changing and ending one."""

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
from core.errors import BadInput, WrongStatus
from core.vendor_days import vendor_day
from policies.forms.guidance import TextForm
from policies.models import Guidance
from policies.services.guidance import change_text, end_text, write_text
from policies.shown import day_words
from policies.views.sections import EDIT, READ, crumbs, sections

_METHODS = ["GET", "HEAD", "POST"]
_TITLE = "Dos and don'ts"
_PAST = 50


@require_safe
@requires(READ)
def guidance(request: HttpRequest) -> HttpResponse:
    """What partners read, what they will, what they did."""
    assert isinstance(request.user, User)
    now = database_clock()
    every = Guidance.objects.select_related("created_by")
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
    found = get_object_or_404(Guidance, pk=pk)
    if found.ended_at is not None:
        raise WrongStatus("This text was changed or ended already. Look at the list again.")
    return _form_page(request, found)


@require_POST
@requires(EDIT)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows a text no longer."""
    assert isinstance(request.user, User)
    end_text(get_object_or_404(Guidance, pk=pk), by=request.user)
    messages.success(request, "Partners no longer read this text.")
    return redirect("policies:guidance")


def _form_page(request: HttpRequest, found: Guidance | None) -> HttpResponse:
    assert isinstance(request.user, User)
    today = vendor_day(database_clock())
    initial: dict[str, Any] = {"begins_on": today}
    if found is not None:
        initial = {
            "kind": found.kind,
            "text": found.text,
            "begins_on": max(today, vendor_day(found.begins_at)),
        }
    form = TextForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            if found is None:
                write_text(by=request.user, **form.cleaned_data)
            else:
                change_text(found, by=request.user, **form.cleaned_data)
        except BadInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, "Saved.")
            return redirect("policies:guidance")
    title = "Change the text" if found else "New text"
    context = {
        "page_title": title,
        "breadcrumbs": crumbs(_TITLE, "policies:guidance", title),
        "form": form,
        "cancel_url": reverse("policies:guidance"),
    }
    return render(request, "policies/edit_text.html", context, status=422 if form.errors else 200)


def _row(text: Guidance, now: datetime) -> dict[str, Any]:
    return {
        "pk": text.pk,
        "kind": text.kind,
        "label": text.get_kind_display(),
        "text": text.text,
        "begins": day_words(text.begins_at),
        "ended": day_words(text.ended_at),
        "author": str(text.created_by),
        "open": text.ended_at is None,
    }
