"""More time, or letting go: a partner asks for an extension or releases the deal; a manager answers the request."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from core.clock import database_clock
from core.errors import NotAllowed, WrongStatus
from policies.models import RegistrationPolicy
from registrations import shown, workflow
from registrations.enums import Action, RequestState
from registrations.forms.requests import GRANT, ExtensionForm, ReleaseForm
from registrations.models import Decision, Extension, Registration
from registrations.services import answers_owed, extension_limit, extensions, partner_actions
from registrations.views import asked
from registrations.views.access import REGISTER, VIEW, in_reach, noted
from registrations.views.actions import METHODS, Page, act, counts_as_expired


@require_http_methods(METHODS)
@requires(REGISTER)
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Asks for more protection, with the reason and what shows it."""
    deal = in_reach(request, code)
    person: Any = request.user
    workflow.check(person, Action.ASK_EXTENSION, deal)
    policy = RegistrationPolicy.objects.in_force(database_clock())
    refused = extensions.why_not(deal, policy)
    if refused:
        raise WrongStatus(refused)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ExtensionForm(*sent, evidence=policy.extension_evidence_required)

    def post(version: int) -> Registration:
        said = form.cleaned_data
        made = extensions.ask(deal, by=person, text=said["text"], upload=said["file"], version=version)
        return made.registration

    words = Page(
        "Ask for an extension",
        f"An extension adds {policy.extension_days} days to your protection, which ends on "
        f"{shown.day(deal.protected_until)}. A channel manager decides. {_meanwhile(deal)} If something moved, post an update "
        "instead: that renews the protection at once.",
        "Ask for the extension",
        "Your request is on its way. You get an answer by e-mail and here.",
    )
    return act(request, deal, Action.ASK_EXTENSION, form, post, words, multipart=True)


def _meanwhile(deal: Registration) -> str:
    if answers_owed.would_hold(deal):
        return "The deal does not expire before you have the answer."
    return "A request was refused since your last update, so this one does not hold the end off while it is looked at."


@require_http_methods(METHODS)
@requires(REGISTER)
def release(request: HttpRequest, code: str) -> HttpResponse:
    """Lets go of the deal, after saying what that means."""
    deal = in_reach(request, code)
    form = ReleaseForm(request.POST or None)

    def post(version: int) -> Registration:
        person: Any = request.user
        return partner_actions.release(deal, by=person, text=form.cleaned_data["text"], version=version)

    words = Page(
        "Release this deal?",
        "Protection ends at once, and the next in line gets the turn. This cannot be undone."
        + (counts_as_expired(deal) if deal.is_held else ""),
        "Release the deal",
        "Released. Thank you for letting others go on.",
        danger=True,
    )
    return act(request, deal, Action.RELEASE, form, post, words)


@require_http_methods(METHODS)
@requires(*VIEW)
def extension(request: HttpRequest, code: str) -> HttpResponse:
    """A request for an extension, for both sides; a manager answers it here."""
    person: Any = request.user
    reach = Extension.objects.visible_to(person).select_related(
        "registration__partner", "registration__company", "asked_by", "attachment", "decision__by"
    )
    found = get_object_or_404(reach, code=code)
    noted(request, found.registration)
    if request.method == "POST" and not person.may("registrations.decide"):
        raise NotAllowed("Your role does not include this.")
    deal, now = found.registration, database_clock()
    until = shown.unbroken(shown.day(extensions.new_end(found, now)))
    runs_on = answers_owed.owed(deal) == found
    end = answers_owed.end_after_no(deal, now) if runs_on else deal.protected_until
    may_answer = found.state == RequestState.OPEN and workflow.may(person, Action.EXTEND, deal)

    limit = extension_limit.reached_for(deal, found.asked_at, now) if may_answer else ""

    def answer(said: dict[str, Any]) -> HttpResponse:
        deed = extensions.grant if said["answer"] == GRANT else extensions.refuse
        told = {name: said[name] for name in ("text", "internal_note", "version")}
        return redirect("registrations:receipt", deed(found, by=person, **told).code)

    page = asked.Asked(
        found,
        title="Request for an extension",
        facts=[
            ("Adds", f"{found.days} days"),
            ("Protected until", _until(deal, runs_on=runs_on)),
            ("Extended before", _times(deal)),
        ],
        yes="" if limit else f"Grant it: protected until {until}",
        no=f"Refuse: protection ends on {shown.unbroken(shown.day(end))}",
        receipts=_appealed(found),
        answer=found.decision,
        told=f"{limit} No further days can be given. Refuse the request, and say so to the partner."
        if limit
        else "",
        told_title="All extensions were given",
    )
    return asked.respond(
        request, page, answer if may_answer else None, crumb=reverse("registrations:requests")
    )


def _until(deal: Registration, *, runs_on: bool) -> str:
    if not deal.is_held:
        return "not protected any more"
    day = shown.day(deal.protected_until)
    return f"{day}, and on until this request is answered" if runs_on else day


def _appealed(found: Extension) -> list[tuple[str, str]]:
    """What became of an appeal against the answer."""
    if found.decision is None:
        return []
    appealed = Decision.objects.filter(appeal_decided__decision=found.decision, undone_at=None)
    return [("After an appeal", code) for code in appealed.values_list("code", flat=True)]


def _times(deal: Registration) -> str:
    number = deal.extensions.filter(state=RequestState.GRANTED).count()
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")
