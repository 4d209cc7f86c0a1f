"""A small page for one action on a lead: the form, the service, and what is said when it is done or refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core.errors import BadInput, StaleVersion
from leads.models import Lead
from leads.views.access import crumbs


@dataclass(frozen=True)
class Page:
    """The words of an action's page and what is said when it is done."""

    title: str
    lead: str
    submit: str
    done: str
    danger: bool = False


def act(
    request: HttpRequest,
    found: Lead,
    form: forms.Form,
    post: Callable[[], Any],
    words: Page,
    *,
    go: Callable[[Any], HttpResponse] | None = None,
    template: str = "leads/action.html",
    **more: Any,
) -> HttpResponse:
    """Shows the form, or posts it; a stale form comes back with what was typed in it, status 409."""
    stale, status = "", 200
    if request.method == "POST":
        if form.is_valid():
            try:
                done = post()
            except BadInput as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
            except StaleVersion:
                stale = "Something changed here after you opened this page. Your entries are kept: look, then send again."
                found.refresh_from_db()
            else:
                messages.success(request, words.done)
                return go(done) if go else redirect("leads:lead", found.code)
        status = 409 if stale else 422
    context = {
        "page_title": words.title,
        "breadcrumbs": crumbs(request, found, words.title),
        "lead": found,
        "form": form,
        "words": words,
        "stale": stale,
        **more,
    }
    return render(request, template, context, status=status)
