"""The page of something that was asked: an extension or an appeal, with the form to answer it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.models import User
from core.clock import database_clock
from core.errors import BadInput, StaleVersion
from registrations import shown
from registrations.enums import RequestState
from registrations.forms.requests import AnswerForm
from registrations.models import Appeal, Attachment, Decision, Extension, Registration
from registrations.views.opened import changes
from registrations.workflow import label_for

TONES = {
    RequestState.OPEN: "wait",
    RequestState.GRANTED: "ok",
    RequestState.REFUSED: "stop",
    RequestState.LAPSED: "off",
}


@dataclass(frozen=True)
class Asked:
    """What the page says about a request: `facts` are label and value, `yes` and `no` what an answer will do; without a
    `yes` it can only be refused, and `told` says why, under `told_title`. `answer` is the decision that closed it;
    `receipts`, others that go with it, by name and code."""

    request: Extension | Appeal
    title: str
    facts: list[tuple[str, str]]
    yes: str
    no: str
    first_words: str = ""
    receipts: list[tuple[str, str]] = field(default_factory=list)
    answer: Decision | None = None
    barred: str = ""
    told: str = ""
    told_title: str = ""
    alone: str = ""


def respond(
    request: HttpRequest, page: Asked, answer: Callable[[dict[str, Any]], HttpResponse] | None, *, crumb: str
) -> HttpResponse:
    """Shows the page; with `answer`, the form as well, and does it on POST. A stale form comes back with its words."""
    asked, person = page.request, request.user
    deal = asked.registration
    form, status, stale, since = None, 200, "", []
    if answer is not None:
        form = AnswerForm(request.POST or None, initial={"version": deal.version}, yes=page.yes, no=page.no)
        if request.method == "POST":
            status = 422
            if form.is_valid():
                try:
                    return answer(form.cleaned_data)
                except BadInput as error:
                    form.add_error(error.field if error.field in form.fields else None, error.message)
                except StaleVersion as error:
                    stale, status = f"{error.message} What you wrote is kept.", 409
                    deal.refresh_from_db()
                    since = changes(request, deal)
                    form.data = {**request.POST.dict(), "version": str(deal.version)}
    elif request.method == "POST":
        stale, status = "This was answered already, or is no longer needed. Nothing was changed.", 409
    vendor = person.is_vendor  # type: ignore[union-attr]
    home = {"label": "Requests", "url": crumb} if vendor else {"label": "Registrations", "url": _list()}
    context = {
        "page_title": page.title,
        "breadcrumbs": [home, {"label": deal.code, "url": _deal(deal.code)}, {"label": asked.code}],
        "page": page,
        "asked": asked,
        "registration": deal,
        "label": label_for(deal.status, vendor=vendor),
        "state": asked.get_state_display(),
        "tone": TONES[RequestState(asked.state)],
        "asked_at": shown.moment(asked.asked_at),
        "due_at": shown.moment(asked.due_at) if asked.state == RequestState.OPEN else "",
        "overdue": asked.state == RequestState.OPEN and asked.due_at < database_clock(),
        "closed_at": shown.moment(asked.closed_at),
        "answered": page.answer,
        "file_url": _file(asked),
        "form": form,
        "stale": stale,
        "since": since,
        "added": _added_since(asked, person),  # type: ignore[arg-type]
        "vendor": vendor,
    }
    return render(request, "registrations/asked.html", context, status=status)


def _list() -> str:
    return reverse("registrations:list")


def _deal(code: str) -> str:
    return reverse("registrations:registration", args=[code])


def _file(asked: Extension | Appeal) -> str:
    return reverse("registrations:attachment", args=[asked.attachment.code]) if asked.attachment else ""


def _added_since(asked: Extension | Appeal, person: User) -> list[dict[str, str]]:
    """Files of the registration that came after the request, which its answer may rest on."""
    files = Attachment.objects.visible_to(person).filter(registration=asked.registration_id)
    files = files.filter(added_at__gt=asked.asked_at).exclude(pk=asked.attachment_id).order_by("added_at")
    return [
        {"name": file.name, "url": reverse("registrations:attachment", args=[file.code])} for file in files
    ]


@dataclass(frozen=True)
class Line:
    """A request on its registration's page."""

    title: str
    url: str
    when: str
    state: str
    tone: str
    due: str


def lines_of_requests(deal: Registration) -> list[Line]:
    """The extensions and appeals of a registration that the reader may see, newest first."""
    found: list[tuple[Extension | Appeal, str, str]] = [
        (one, f"Extension by {one.days} days", "extension") for one in deal.extensions.all()
    ]
    found += [(one, "Appeal", "appeal_page") for one in deal.appeals.all()]
    found.sort(key=lambda row: row[0].asked_at, reverse=True)
    return [
        Line(
            title,
            reverse(f"registrations:{route}", args=[one.code]),
            shown.day(one.asked_at),
            one.get_state_display(),
            TONES[RequestState(one.state)],
            shown.day(one.due_at) if one.state == RequestState.OPEN else "",
        )
        for one, title, route in found
    ]
