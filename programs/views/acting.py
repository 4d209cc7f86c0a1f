"""A page with one form: the form, the service, and what is said when it is done or refused."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core.errors import BadInput, StaleVersion


def act(
    request: HttpRequest,
    form: forms.BaseForm,
    post: Callable[[], Any],
    *,
    title: str,
    done: str | Callable[[Any], str],
    go: Callable[[Any], str],
    breadcrumbs: Sequence[dict[str, str]],
    submit: str,
    cancel_url: str,
    lead: str = "",
    version: int | None = None,
    template: str = "programs/form.html",
    **more: Any,
) -> HttpResponse:
    """Shows the form, or posts it and goes to `go(what the service returned)`. A stale form comes back with what was typed
    in it, status 409; what can't be used with words at its field, status 422. `done` is what is said then, or makes it of
    what the service returned."""
    stale, status = False, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                result = post()
            except BadInput as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
            except StaleVersion:
                stale, status = True, 409
            else:
                messages.success(request, done(result) if callable(done) else done)
                return redirect(go(result))
    context = {
        "page_title": title,
        "breadcrumbs": breadcrumbs,
        "form": form,
        "submit": submit,
        "cancel_url": cancel_url,
        "lead": lead,
        "stale": stale,
        "version": version,
        **more,
    }
    return render(request, template, context, status=status)
