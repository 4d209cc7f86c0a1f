"""The decisions, each a POST: done, the next registration opens; refused, the same one says why and keeps the words."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounts.access import requires
from core.clock import database_clock
from core.errors import BadInput, DomainError, ScopeTaken, WrongStatus
from core.shown import sentence
from registrations import queue
from registrations.forms import review as forms
from registrations.models import Conflict, Decision, Registration
from registrations.services import decisions, judgements, reopening
from registrations.services.seen import require_seen
from registrations.views.review import rivals
from registrations.views.review.address import address_of
from registrations.views.review.answers import answer, refused
from registrations.views.review.differences import differences_since
from registrations.views.review.history import changes_since
from registrations.views.review.item import Feedback, load

_Entered = dict[str, Any]
_Done = tuple[str, Decision]  # what is said, and the decision that can be undone
_Deed = Callable[[Registration, _Entered], _Done]


@requires("registrations.decide")
@require_POST
def assign(request: HttpRequest, code: str) -> HttpResponse:
    """Gives the deal to its partner."""

    def deed(registration: Registration, entered: _Entered) -> _Done:
        told = _of(entered, "text", "passing", "internal_note", "version")
        return "Approved", decisions.assign(registration, by=request.user, **told)  # type: ignore[arg-type]

    return _decide(request, code, forms.AssignForm, deed)


@requires("registrations.decide")
@require_POST
def refuse(request: HttpRequest, code: str) -> HttpResponse:
    """Refuses with a reason, a text for the partner and perhaps a note that they never see."""

    def deed(registration: Registration, entered: _Entered) -> _Done:
        told = _of(entered, "reason_code", "text", "internal_note", "version")
        return "Refused", decisions.refuse(registration, by=request.user, **told)  # type: ignore[arg-type]

    return _decide(request, code, forms.RefuseForm, deed)


@requires("registrations.decide")
@require_POST
def ask_information(request: HttpRequest, code: str) -> HttpResponse:
    """Asks the partner a question."""

    def deed(registration: Registration, entered: _Entered) -> _Done:
        told = _of(entered, "text", "version")
        asked = decisions.ask_information(registration, by=request.user, **told)  # type: ignore[arg-type]
        return "Question sent for", asked

    return _decide(request, code, forms.AskForm, deed)


@requires("registrations.decide")
@require_POST
def waitlist(request: HttpRequest, code: str) -> HttpResponse:
    """Puts it in line behind the selected candidate."""

    def deed(registration: Registration, entered: _Entered) -> _Done:
        holder = _candidate(request, registration, entered["candidate"]).registration
        if holder is None:
            raise BadInput(
                "Direct sales is not a holder, so nobody can wait behind it. Refuse, or assign the deal."
            )
        told = _of(entered, "text", "internal_note", "version")
        made = decisions.put_on_waitlist(registration, behind=holder, by=request.user, **told)  # type: ignore[arg-type]
        return "Waitlisted", made

    return _decide(request, code, forms.WaitlistForm, deed)


@requires("companies.judge")
@require_POST
def same_company(request: HttpRequest, code: str) -> HttpResponse:
    """The selected candidate is the same company; the registration stays open for the decision."""

    def deed(registration: Registration, entered: _Entered) -> _Done:
        rival = _candidate(request, registration, entered["candidate"])
        told = _of(entered, "reason", "version")
        made = judgements.declare_same(_to_judge(rival), by=request.user, seen_from=registration, **told)  # type: ignore[arg-type]
        return sentence(f"Noted: the same company as {rival.title}"), made

    return _decide(request, code, forms.SameForm, deed, stays=True)


@requires("companies.judge")
@require_POST
def different_company(request: HttpRequest, code: str) -> HttpResponse:
    """The selected candidate is another company; the registration stays open for the decision."""

    def deed(registration: Registration, entered: _Entered) -> _Done:
        rival = _candidate(request, registration, entered["candidate"])
        told = _of(entered, "reason", "version")
        made = judgements.declare_different(
            _to_judge(rival),
            by=request.user,  # type: ignore[arg-type]
            seen_from=registration,
            **told,
        )
        return f"Noted: {rival.title} is another company.", made

    return _decide(request, code, forms.DifferentForm, deed, stays=True)


@requires("registrations.revoke")
@require_POST
def revoke(request: HttpRequest, code: str) -> HttpResponse:
    """Takes protection away."""

    def deed(registration: Registration, entered: _Entered) -> _Done:
        told = _of(entered, "reason_code", "text", "internal_note", "version")
        return "Revoked", decisions.revoke(registration, by=request.user, **told)  # type: ignore[arg-type]

    return _decide(request, code, forms.RevokeForm, deed)


@requires("registrations.decide")
@require_POST
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """Takes a refused or revoked registration back into review; it stays open for the decision."""

    def deed(registration: Registration, entered: _Entered) -> _Done:
        told = _of(entered, "text", "internal_note", "version")
        made = reopening.reopen(registration, by=request.user, **told)  # type: ignore[arg-type]
        return f"Reopened {code}: it is in review again.", made

    return _decide(request, code, forms.ReopenForm, deed, stays=True)


def _decide(
    request: HttpRequest, code: str, form_class: type[forms.DecisionForm], deed: _Deed, *, stays: bool = False
) -> HttpResponse:
    """Reads the form, does the deed, answers with the next registration of the view (or the same one, if it `stays`)."""
    registration = load(code, request.user)  # type: ignore[arg-type]
    if registration is None:
        raise Http404("There is no registration with this reference.")
    address = address_of(request)
    form = form_class(request.POST)
    if not form.is_valid():
        return refused(request, registration, address, Feedback(form))
    try:
        number = form.cleaned_data.get("seen") or registration.timeline.count()
        require_seen(registration, number, by=request.user)  # type: ignore[arg-type]
        done = deed(registration, form.cleaned_data)
    except DomainError as error:
        return refused(request, registration, address, _feedback(request, registration, form, error))
    said, made = done
    if stays:
        return answer(request, address, registration, said, made)
    reader = queue.reader_of(request.user, database_clock())  # type: ignore[arg-type]
    rows = queue.rows_of(address.choice, reader)
    following = queue.next_after(registration, rows)
    return answer(request, address, following, _told(said, code, following, rows.count()), made)


def _told(said: str, code: str, following: Registration | None, left: int) -> str:
    return f"{said} {code}. " + (f"Next of {left}." if following else "Nothing else waits in this view.")


def _feedback(
    request: HttpRequest, registration: Registration, form: forms.DecisionForm, error: DomainError
) -> Feedback:
    if isinstance(error, BadInput) and error.field in form.fields:
        form.add_error(error.field, error.message)
        return Feedback(form, error)
    if isinstance(error, ScopeTaken):
        return Feedback(form, error)
    seen = form.cleaned_data.get("seen") or 0
    if not seen:
        return Feedback(form, error)
    since = (registration, seen, database_clock(), request.user)
    return Feedback(form, error, changes_since(*since), differences_since(*since))  # type: ignore[arg-type]


def _candidate(request: HttpRequest, registration: Registration, key: str) -> rivals.Rival:
    found = rivals.rivals_of(registration, request.user)  # type: ignore[arg-type]
    rival = next((one for one in found if one.key == key), None)
    if rival is None:
        raise WrongStatus("This candidate is no longer there. Choose another one.")
    return rival


def _to_judge(rival: rivals.Rival) -> Conflict:
    """The conflict; a holder beside it that no check found is known to be the same company, or of its family."""
    if rival.conflict.pk is None:
        raise BadInput("This is known already. Change it on the company's page.")
    return rival.conflict


def _of(entered: _Entered, *names: str) -> _Entered:
    return {name: entered[name] for name in names}
