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
from policies.routing import deals_words, never_taken, route_for, target_words
from policies.saying import amount
from policies.services.routes import add_route, change_route, end_route, may_review, move_route
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
    form = TryForm(request.GET if "value" in request.GET else None, base=base)
    context = {
        "page_title": "Review routes",
        "sections": sections(request.user, "routes"),
        "rows": [
            _row(route, base, place, len(found), idle=f"route:{route.pk}" in idle)
            for place, route in enumerate(found, start=1)
        ],
        "form": form,
        "answer": _answer(form, found, now, base) if form.is_bound and form.is_valid() else None,
        "limit": amount(RegistrationPolicy.objects.in_force(now).auto_approve_below, base),
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
    initial = RouteForm.initial_of(found) if found else None
    form = RouteForm(request.POST if request.method == "POST" else None, base=base, initial=initial)
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


def _row(route: ReviewRoute, base: str, place: int, of: int, *, idle: bool) -> dict[str, Any]:
    dead = route.person is not None and not may_review(route.person)
    words = f"{route.person} no longer decides registrations, so the partner's own manager gets it."
    return {
        "pk": route.pk,
        "place": place,
        "deals": deals_words(route, base),
        "target": target_words(route),
        "first": place == 1,
        "last": place == of,
        "dead": words if dead else "",
        "idle": idle,
    }


def _answer(form: TryForm, found: list[ReviewRoute], now: datetime, base: str) -> dict[str, Any]:
    """Where the deal goes, asked of the function that assigns."""
    value: Decimal = form.cleaned_data["value"]
    line = form.cleaned_data["product_line"]
    taken = route_for((route_of(route) for route in found), value=value, product_lines=[line.pk], at=now)
    place = next((n for n, route in enumerate(found, 1) if taken and taken.code == f"route:{route.pk}"), 0)
    route = found[place - 1] if place else None
    if route is not None and route.person is not None and not may_review(route.person):
        target = f"{target_words(None)}, since {route.person} no longer decides registrations"
    else:
        target = target_words(route)
    return {
        "words": f"A deal of {amount(value, base)} on {line} goes to {target}.",
        "place": place,
    }
