"""Sorting the queue: taking, handing over, setting aside; and saying that one has a registration open."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.models import User
from core.clock import database_clock
from core.errors import BadInput, DomainError
from registrations import queue
from registrations.forms import triage as forms
from registrations.models import Registration
from registrations.services import looking, routing, triage
from registrations.views.review import choosing
from registrations.views.review.address import address_of
from registrations.views.review.answers import answer, refused
from registrations.views.review.item import Feedback, load
from registrations.views.review.tools import presence_words


@requires("registrations.decide")
@require_POST
def take(request: HttpRequest, code: str) -> HttpResponse:
    """The reader becomes the reviewer; the registration stays open."""

    def deed(registration: Registration, _: dict[str, Any]) -> str:
        triage.take(registration, by=_user(request))
        return f"{registration.code} is yours now."

    return _sort(request, code, django_forms.Form(request.POST), deed)


@requires("registrations.decide")
@require_POST
def hand_over(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody else becomes the reviewer; the registration stays open."""
    people = choosing.hand_over_choices(
        choosing.referees_of(queue.reader_of(_user(request), database_clock()))
    )

    def deed(registration: Registration, entered: dict[str, Any]) -> str:
        to = give(registration, entered, by=_user(request))
        triage.tell_handed_over([registration], to=to, by=_user(request), note=entered["note"])
        return f"{registration.code} is with {to} now."

    return _sort(request, code, forms.HandOverForm(request.POST, people=people), deed)


@requires("registrations.decide")
@require_POST
def snooze(request: HttpRequest, code: str) -> HttpResponse:
    """Leaves the queue until a day; the next registration opens."""
    form = forms.SnoozeForm(request.POST)

    def deed(registration: Registration, entered: dict[str, Any]) -> str:
        row = triage.snooze(registration, until=form.moment(), reason=entered["reason"], by=_user(request))
        return f"{registration.code} comes back {timezone.localtime(row.until):%A %-d %b}."

    return _sort(request, code, form, deed, stays=False)


@requires("registrations.decide")
@require_POST
def wake(request: HttpRequest, code: str) -> HttpResponse:
    """Back into the queue now."""

    def deed(registration: Registration, _: dict[str, Any]) -> str:
        triage.wake(registration, by=_user(request))
        return f"{registration.code} is back in the queue."

    return _sort(request, code, django_forms.Form(request.POST), deed)


@requires("registrations.view_all")
@require_POST
def look(request: HttpRequest, code: str) -> HttpResponse:
    """Said by an open page now and then: notes the reader's look and answers with who else has it open."""
    registration = Registration.objects.visible_to(_user(request)).filter(code=code).first()
    if registration is None:
        raise Http404("There is no registration with this reference.")
    number = request.POST.get("number", "")
    if number.isdecimal() and len(number) < 9:
        looking.note_look(registration, by=_user(request), number=int(number))
    others = looking.others_looking(registration, besides=_user(request), now=database_clock())
    return render(request, "registrations/review/_presence.html", {"presence": presence_words(others)})


def give(registration: Registration, entered: dict[str, Any], *, by: User) -> User:
    """Hands it to the chosen person, or to whose turn it is; returns them."""
    if entered["to"] == "turn":
        reviewer = triage.deal_out(registration, by=by).reviewer
        assert reviewer is not None
        return reviewer
    to = next((person for person in routing.referees() if str(person.pk) == entered["to"]), None)
    if to is None:
        raise BadInput("This person is no longer there. Choose somebody else.", field="to")
    triage.hand_over(registration, to=to, by=by, note=entered["note"])
    return to


def _sort(
    request: HttpRequest,
    code: str,
    form: Any,
    deed: Callable[[Registration, dict[str, Any]], str],
    *,
    stays: bool = True,
) -> HttpResponse:
    registration = load(code, _user(request))
    if registration is None:
        raise Http404("There is no registration with this reference.")
    address = address_of(request)
    if not form.is_valid():
        return refused(request, registration, address, Feedback(form))
    reader = queue.reader_of(_user(request), database_clock())
    following: Registration | None = registration
    if not stays:
        following = queue.next_after(registration, queue.rows_of(address.choice, reader))
    try:
        said = deed(registration, form.cleaned_data)
    except DomainError as error:
        if isinstance(error, BadInput) and error.field in form.fields:
            form.add_error(error.field, error.message)
        return refused(request, registration, address, Feedback(form, error))
    return answer(request, address, following, said)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
