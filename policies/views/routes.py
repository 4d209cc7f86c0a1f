"""The list of review routes, trying one out, and changing them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from accounts.models import User
from catalog.money import base_currency
from core.clock import database_clock
from core.errors import BadInput, WrongStatus
from policies.forms.routes import RouteForm, TryForm
from policies.loading import route_of
from policies.models import RegistrationPolicy, ReviewRoute
from policies.routing import deals_words, lost_words, never_taken, route_for, takers, target_words
from policies.saying import amount
from policies.services.routes import add_route, change_route, deciders, end_route, move_route
from policies.views.sections import EDIT, READ, crumbs, sections

_METHODS = ["GET", "HEAD", "POST"]


@require_safe
@requires(READ)
def routes(request: HttpRequest) -> HttpResponse:
    """The list in its order, and where a deal would go."""
    assert isinstance(request.user, User)
    now, base = database_clock(), base_currency()
    found = _listed(now)
    idle = never_taken([route_of(route) for route in found])
    lost = _lost(found)
    policy = RegistrationPolicy.objects.in_force(now)
    form = TryForm(request.GET if "value" in request.GET else None, base=base)
    context = {
        "page_title": "Review routes",
        "sections": sections(request.user, "routes"),
        "rows": [
            _row(route, base, place, len(found), lost=route.pk in lost, idle=f"route:{route.pk}" in idle)
            for place, route in enumerate(found, start=1)
        ],
        "form": form,
        "answer": _answer(form, found, lost, now, base) if form.is_bound and form.is_valid() else None,
        "limit": amount(policy.auto_approve_below, base) if policy.auto_approve else "",
        "may_edit": request.user.may(EDIT),
    }
    return render(request, "policies/routes.html", context)


@require_http_methods(_METHODS)
@requires(EDIT)
def new_route(request: HttpRequest) -> HttpResponse:
    """Adds a route at the end of the list."""
    return _form_page(request, None)


@require_http_methods(_METHODS)
@requires(EDIT)
def edit_route(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes a route in its place; one that somebody changed meanwhile is 409."""
    found = get_object_or_404(ReviewRoute.objects.select_related("role", "person"), pk=pk)
    if found.ended_at is not None:
        raise WrongStatus("This route was changed or taken off the list already. Look at the list again.")
    return _form_page(request, found)


@require_POST
@requires(EDIT)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up or down."""
    assert isinstance(request.user, User)
    found = get_object_or_404(ReviewRoute, pk=pk)
    move_route(found, up=request.POST.get("to") == "up", by=request.user)
    return redirect("policies:routes")


@require_POST
@requires(EDIT)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a route off the list."""
    assert isinstance(request.user, User)
    end_route(get_object_or_404(ReviewRoute, pk=pk), by=request.user)
    messages.success(request, "The route is off the list. Reviews that it assigned stay where they are.")
    return redirect("policies:routes")


def _form_page(request: HttpRequest, found: ReviewRoute | None) -> HttpResponse:
    assert isinstance(request.user, User)
    base = base_currency()
    form = RouteForm(request.POST if request.method == "POST" else None, base=base, route=found)
    if request.method == "POST" and form.is_valid():
        try:
            if found is None:
                add_route(form.leads(), by=request.user)
            else:
                change_route(found, form.leads(), by=request.user)
        except BadInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, "Saved. New reviews take this route from now on.")
            return redirect("policies:routes")
    title = "Change the route" if found else "New route"
    context = {
        "page_title": title,
        "breadcrumbs": crumbs("Review routes", "policies:routes", title),
        "form": form,
        "cancel_url": reverse("policies:routes"),
    }
    return render(request, "policies/edit_route.html", context, status=422 if form.errors else 200)


def _listed(now: datetime) -> list[ReviewRoute]:
    rows = ReviewRoute.objects.in_force(now).select_related("role", "person__role")
    return list(rows.prefetch_related("product_lines"))


def _lost(found: list[ReviewRoute]) -> set[int]:
    """The ids of those that lead to nobody any more; one query."""
    people = list(deciders())
    return {
        route.pk for route in found if (route.person or route.role) and not takers(route_of(route), people)
    }


def _row(route: ReviewRoute, base: str, place: int, of: int, *, lost: bool, idle: bool) -> dict[str, Any]:
    return {
        "pk": route.pk,
        "place": place,
        "deals": deals_words(route, base),
        "target": target_words(route),
        "first": place == 1,
        "last": place == of,
        "dead": f"These go to {lost_words(route)}." if lost else "",
        "idle": idle,
    }


def _answer(
    form: TryForm, found: list[ReviewRoute], lost: set[int], now: datetime, base: str
) -> dict[str, Any]:
    """Where the deal goes, asked of the functions that assign."""
    value: Decimal = form.cleaned_data["value"]
    line = form.cleaned_data["product_line"]
    taken = route_for((route_of(route) for route in found), value=value, product_lines=[line.pk], at=now)
    place = next((n for n, route in enumerate(found, 1) if taken and taken.code == f"route:{route.pk}"), 0)
    route = found[place - 1] if place else None
    target = lost_words(route) if route is not None and route.pk in lost else target_words(route)
    return {
        "words": f"A deal of {amount(value, base)} on {line} goes to {target}.",
        "place": place,
    }
