"""What the desk answers to a deed: the next registration, or the same one with what stood against it."""

import json
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from registrations.models import Decision, Registration
from registrations.services.undo import UNDO_SECONDS
from registrations.views.review.address import Address
from registrations.views.review.desk import desk_context
from registrations.views.review.item import Feedback, load


def answer(
    request: HttpRequest,
    address: Address,
    following: Registration | None,
    said: str,
    made: Decision | Sequence[Decision] | None = None,
    tone: str = "ok",
    **more: Any,
) -> HttpResponse:
    """The desk with `following` open beside the list (None: the list, empty or with its first row), and `said` in passing.
    `more` is for the desk's context."""
    url = address.to("review_item", following.code) if following else address.queue()
    in_part = bool(getattr(request, "htmx", False))
    if not in_part and not more:
        messages.success(request, said)
        return redirect(url)
    opened = load(following.code, request.user) if following else None  # type: ignore[arg-type]
    context = desk_context(request.user, Address(address.choice), opened, **more)  # type: ignore[arg-type]
    if not in_part:
        return render(request, "registrations/review/desk.html", context)
    response = render(request, "registrations/review/_desk.html", context)
    response.headers["HX-Push-Url"] = url
    response.headers["HX-Trigger"] = json.dumps(
        {"toast": {"text": said, "tone": tone, **_undoing(made, address)}}
    )
    return response


def _undoing(made: Decision | Sequence[Decision] | None, address: Address) -> dict[str, Any]:
    """The toast's button for decisions whose mail is held back: it posts, and `u` presses it. It leads back to this view."""
    if isinstance(made, Decision):
        label, url, fields = "Undo", reverse("registrations:undo", args=[made.code]), []
        undoable = bool(made.undo)
    else:
        undoable = bool(made)
        label, url = f"Undo all {len(made or [])}", reverse("registrations:undo_bulk")
        fields = [["decision", one.code] for one in made or []]
    if not undoable:
        return {}
    url += address.query()
    action = {"label": label, "url": url, "post": True, "key": "u", **({"fields": fields} if fields else {})}
    return {"seconds": UNDO_SECONDS, "action": action}


def refused_many(request: HttpRequest, address: Address, form: Any) -> HttpResponse:
    """The list with the form for many as it was sent, and what it says is missing. Nothing was changed."""
    context = desk_context(request.user, address, refused_bulk=form)  # type: ignore[arg-type]
    page = "_desk.html" if getattr(request, "htmx", False) else "desk.html"
    return render(request, f"registrations/review/{page}", context, status=422)


def refused(
    request: HttpRequest, registration: Registration, address: Address, feedback: Feedback
) -> HttpResponse:
    """The registration as it is now, with what stood against the decision. Nothing was changed."""
    fresh = load(registration.code, request.user)  # type: ignore[arg-type]
    wanted = str(feedback.form.data.get("candidate", ""))[:20]
    address = Address(address.choice, address.page, wanted or address.candidate)
    context = desk_context(request.user, address, fresh, feedback)  # type: ignore[arg-type]
    page = "_desk.html" if getattr(request, "htmx", False) else "desk.html"
    status = feedback.error.status if feedback.error else 422
    return render(request, f"registrations/review/{page}", context, status=status)
