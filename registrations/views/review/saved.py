"""The reader's own views of the queue: kept, renamed, deleted. Nobody sees those of others."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.models import User
from core.errors import DomainError
from registrations.forms.triage import ViewNameForm
from registrations.models import SavedView
from registrations.models.desk import LONGEST_QUERY
from registrations.services import saved_views
from registrations.views.review.address import choice_from, query_of


@requires("registrations.view_all")
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keeps the view and filters that are open under a name."""
    query = query_of(choice_from(request.POST.get("query", "")[:LONGEST_QUERY]))
    form = ViewNameForm(request.POST)
    if not form.is_valid():
        return _back(request, query, str(form.errors["name"][0]), refused=True)
    try:
        view = saved_views.save_view(_user(request), name=form.cleaned_data["name"], query=query)
    except DomainError as error:
        return _back(request, query, error.message, refused=True)
    return _back(request, query, f"Kept as “{view.name}”.")


@requires("registrations.view_all")
@require_POST
def rename_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Gives one of the reader's views another name."""
    view = _own(request, view_id)
    form = ViewNameForm(request.POST)
    if not form.is_valid():
        return _back(request, view.query, str(form.errors["name"][0]), refused=True)
    try:
        saved_views.rename_view(view, name=form.cleaned_data["name"])
    except DomainError as error:
        return _back(request, view.query, error.message, refused=True)
    return _back(request, view.query, f"Renamed to “{view.name}”.")


@requires("registrations.view_all")
@require_POST
def delete_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Forgets one of the reader's views."""
    view = _own(request, view_id)
    saved_views.delete_view(view)
    return _back(request, "", f"Deleted the view “{view.name}”. Its registrations are untouched.")


def _own(request: HttpRequest, view_id: int) -> SavedView:
    return get_object_or_404(SavedView, pk=view_id, user=_user(request))


def _back(request: HttpRequest, query: str, said: str, *, refused: bool = False) -> HttpResponse:
    (messages.error if refused else messages.success)(request, said)
    url = reverse("registrations:queue")
    return redirect(f"{url}?{query}" if query else url)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
