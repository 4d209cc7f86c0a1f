"""One decision about many: each through its own service, and an outcome for each."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.models import User
from core.clock import database_clock
from core.errors import BadInput
from registrations import queue
from registrations.forms import triage as forms
from registrations.models import Decision, Registration
from registrations.services import bulk as service
from registrations.services import decisions, triage
from registrations.services.bulk import Outcome
from registrations.services.seen import require_seen
from registrations.views.review import choosing
from registrations.views.review.address import Address, address_of
from registrations.views.review.answers import answer, refused_many
from registrations.views.review.sorting import give

_Deed = Callable[[Registration, int], object]
_DECISIONS = {"approve", "ask", "refuse"}
_SAID = {
    "approve": "approved",
    "hand_over": "handed over",
    "ask": "asked",
    "refuse": "refused",
    "snooze": "set aside",
    "undo": "undone",
}


@requires("registrations.decide")
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Does what was chosen to all that were ticked, and says of each what became of it."""
    user, address = _user(request), address_of(request)
    action = request.POST.get("action", "")
    if action not in _SAID or action == "undo":
        raise BadInput("Choose what to do.")
    chosen, seen = _chosen(request, user)
    if not chosen:
        return _answer(
            request, address, action, [], "Nothing was chosen. Tick registrations in the list first."
        )
    form = _form(action, request, user)
    if not form.is_valid():
        items = tuple(request.POST.getlist("item")[: service.MOST])
        return refused_many(request, replace(address, open=form.action, items=items), form)
    given: dict[User, list[Registration]] = {}
    outcomes = service.each(chosen, _deed(action, form, user, given, seen))
    for to, rows in given.items():
        triage.tell_handed_over(rows, to=to, by=user, note=form.cleaned_data.get("note", ""))
    return _answer(request, address, action, outcomes)


@requires("registrations.decide")
@require_POST
def undo_bulk(request: HttpRequest) -> HttpResponse:
    """Takes back what was decided at once, while its mails are held; each that cannot be undone says why."""
    user = _user(request)
    codes = request.POST.getlist("decision")[: service.MOST]
    made = Decision.objects.visible_to(user).filter(code__in=codes)
    outcomes = service.undo_each(made.select_related("registration__partner"), by=user)
    refused = "" if outcomes else "There is nothing to undo."
    return _answer(request, address_of(request), "undo", outcomes, refused)


def _deed(
    action: str, form: Any, user: User, given: dict[User, list[Registration]], seen: dict[str, int]
) -> _Deed:
    """What is done to each; a decision only where nothing was noted since entry `seen` of its timeline."""
    entered = form.cleaned_data

    def hand_over(row: Registration, _: int) -> None:
        given.setdefault(give(row, entered, by=user), []).append(row)

    deeds: dict[str, _Deed] = {
        "approve": lambda row, version: service.approve_clear(row, by=user, version=version),
        "hand_over": hand_over,
        "ask": lambda row, version: decisions.ask_information(
            row, by=user, text=entered["text"], version=version
        ),
        "refuse": lambda row, version: decisions.refuse(
            row, by=user, reason_code=entered["reason_code"], text=entered["text"], version=version
        ),
        "snooze": lambda row, _: triage.snooze(row, until=form.moment(), reason=entered["reason"], by=user),
    }
    if action not in _DECISIONS:
        return deeds[action]

    def decide(row: Registration, version: int) -> object:
        require_seen(row, seen.get(row.code, row.timeline.count()), by=user)
        return deeds[action](row, version)

    return decide


def _form(action: str, request: HttpRequest, user: User) -> Any:
    if action == "hand_over":
        referees = choosing.referees_of(queue.reader_of(user, database_clock()))
        return forms.BulkHandOverForm(request.POST, people=choosing.hand_over_choices(referees))
    kinds = {
        "approve": forms.BulkApproveForm,
        "ask": forms.BulkAskForm,
        "refuse": forms.BulkRefuseForm,
        "snooze": forms.BulkSnoozeForm,
    }
    return kinds[action](request.POST)


def _chosen(request: HttpRequest, user: User) -> tuple[list[tuple[Registration, int]], dict[str, int]]:
    """What was ticked, each with the version that the list showed, and by code the last entry of its timeline then:
    'R-7KQ2MX:3:12'. Unreadable ones are left out."""
    versions: dict[str, int] = {}
    seen: dict[str, int] = {}
    for item in request.POST.getlist("item")[: service.MOST]:
        code, *numbers = item.split(":")
        if len(numbers) in (1, 2) and all(number.isdecimal() and len(number) < 9 for number in numbers):
            versions[code], *last = map(int, numbers)
            seen.update(zip([code], last, strict=False))
    rows = (
        Registration.objects.visible_to(user).filter(code__in=versions).select_related("partner", "reviewer")
    )
    return [(row, versions[row.code]) for row in rows.order_by("review_due_at", "pk")], seen


def _answer(
    request: HttpRequest, address: Address, action: str, outcomes: list[Outcome], refused: str = ""
) -> HttpResponse:
    done = [outcome for outcome in outcomes if outcome.done]
    left = [outcome for outcome in outcomes if not outcome.done]
    made = [outcome.made for outcome in done if outcome.made is not None and outcome.made.undo]
    said = refused or f"{len(done)} {_SAID[action]}" + (f", {len(left)} not" if left else "") + "."
    told = {
        "said": said,
        "done": [_row(outcome, address) for outcome in done],
        "left": [_row(outcome, address) for outcome in left],
        "ticked": [outcome.registration.code for outcome in left],
        "undo": [] if getattr(request, "htmx", False) else [decision.code for decision in made],
    }
    tone = "wait" if refused or left else "ok"
    return answer(request, address, None, said, made, tone=tone, outcome=told)


def _row(outcome: Outcome, address: Address) -> dict[str, str]:
    registration = outcome.registration
    return {
        "code": registration.code,
        "company": registration.company_name,
        "partner": registration.partner.name,
        "url": address.to("review_item", registration.code),
        "why": outcome.why,
    }


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
