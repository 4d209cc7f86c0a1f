"""Disputing a decision: the partner's appeal, and the page on which another manager decides it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from core.clock import database_clock
from core.errors import BadInput, NotAllowed
from registrations import shown, workflow
from registrations.claims import Claim
from registrations.enums import Action, RequestState, Status
from registrations.forms.requests import GRANT, AppealForm
from registrations.models import Appeal, Decision, Registration
from registrations.services import appeal_grants, appeals
from registrations.views import asked
from registrations.views.access import REGISTER, VIEW, crumbs, noted
from registrations.views.actions import METHODS
from registrations.views.page import title_of

_MOVED_ON = (
    "Something else happened to the registration since the decision, so nothing is left that could be granted. "
    "Dismiss the appeal, and say so to the partner."
)

_CLOSED = (
    "Something else happened to the registration since the decision, so nothing was left that could be granted: the appeal "
    "closed by itself. "
)
_NEXT = "If you disagree with what happened since, its receipt says whether and until when you can appeal."


@require_http_methods(METHODS)
@requires(REGISTER)
def appeal(request: HttpRequest, code: str) -> HttpResponse:
    """The form of an appeal. What stands against one (too late, the second time) is told before anything is typed."""
    person: Any = request.user
    reach = Decision.objects.visible_to(person).select_related("registration__partner", "policy")
    decision = get_object_or_404(reach, code=code)
    deal = noted(request, decision.registration)
    appeals.check(decision, deal, database_clock())
    workflow.check(person, Action.APPEAL, deal)
    form = AppealForm(request.POST, request.FILES) if request.method == "POST" else AppealForm()
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = appeals.appeal(decision, by=person, text=said["text"], upload=said["file"])
        except BadInput as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(
                request, f"Your appeal is on its way. You get an answer by {shown.day(made.due_at)}."
            )
            return redirect("registrations:appeal_page", made.code)
    context = {
        "page_title": "Appeal against a decision",
        "breadcrumbs": crumbs(deal, "Appeal"),
        "registration": deal,
        "form": form,
        "lead": f"{'Somebody else than the person who decided' if decision.by else 'A channel manager'} looks at it anew. "
        "You can appeal once against each decision, so say all that was overlooked." + _if_alone(decision),
        "question": decision.text or decision.rule,
        "submit": "Send the appeal",
        "busy": "Sending",
        "multipart": True,
    }
    return render(request, "registrations/action.html", context, status=422 if form.errors else 200)


@require_http_methods(METHODS)
@requires(*VIEW)
def appeal_page(request: HttpRequest, code: str) -> HttpResponse:
    """An appeal, for both sides; a manager who did not make the first decision decides it here."""
    person: Any = request.user
    reach = Appeal.objects.visible_to(person).select_related(
        "registration__partner",
        "registration__company",
        "asked_by",
        "attachment",
        "outcome__by",
        "first_decider",
    )
    reach = reach.select_related("decision__policy", "decision__extension")
    found = get_object_or_404(reach, code=code)
    noted(request, found.registration)
    if request.method == "POST" and not person.may("registrations.decide"):
        raise NotAllowed("Your role does not include this.")
    decision = found.decision
    may_answer = found.state == RequestState.OPEN and workflow.may(
        person, Action.DISMISS_APPEAL, found.registration
    )
    own = found.first_decider_id == person.pk
    if request.method == "POST" and own:
        raise NotAllowed(
            "You made the decision that this appeal is against, so somebody else has to decide it. "
            "It stays on the list of requests for them."
        )

    def answer(said: dict[str, Any]) -> HttpResponse:
        deed = appeals.grant if said["answer"] == GRANT else appeals.dismiss
        told = {name: said[name] for name in ("text", "internal_note", "version")}
        return redirect("registrations:receipt", deed(found, by=person, **told).code)

    first = str(found.first_decider) if found.first_decider else "The registration policy"
    page = asked.Asked(
        found,
        title="Appeal against a decision",
        facts=[
            (
                "Against",
                f"{title_of(decision, vendor=person.is_vendor)}: {decision.get_reason_code_display() or decision.rule}",
            ),
            ("First decided by", f"{first}, {shown.moment(decision.at)}"),
            *_meanwhile(found),
        ],
        first_words=decision.text,
        yes=_yes(found),
        no="Dismiss it: the first decision stands",
        receipts=[("First receipt", decision.code)],
        answer=found.outcome,
        barred=_barred(found) if may_answer and own else "",
        alone=_alone(found) if found.state == RequestState.OPEN else "",
        told=_told(found, may_answer=may_answer, vendor=person.is_vendor),
        told_title="All extensions were given" if _limit(found) else "The registration has moved on",
    )
    return asked.respond(
        request, page, answer if may_answer and not own else None, crumb=reverse("registrations:requests")
    )


def _meanwhile(found: Appeal) -> list[tuple[str, str]]:
    """What waits for the answer."""
    if found.state != RequestState.OPEN or found.decision.action != Action.REORDER:
        return []
    return [("Meanwhile", "Nobody is offered a turn that this is about.")]


def _told(found: Appeal, *, may_answer: bool, vendor: bool) -> str:
    limit = _limit(found)
    if limit and found.state == RequestState.LAPSED:
        return f"{limit} So the appeal closed by itself: no further days can be given." + (
            "" if vendor else " An update renews the protection in full."
        )
    if limit:
        return (
            f"{limit} No further days can be given. Dismiss the appeal, and say so to the partner."
            if may_answer
            else ""
        )
    if found.state == RequestState.LAPSED:
        return _CLOSED + ("Nothing is to be done." if vendor else _NEXT)
    return _MOVED_ON if may_answer and appeals.has_moved_on(found, found.registration) else ""


def _limit(found: Appeal) -> str:
    """That the extension it is about cannot be given any more, or could not be when it closed, since the limit is reached."""
    if found.state == RequestState.LAPSED:
        closed = found.registration.timeline.filter(kind="appeal_past_limit", data__appeal=found.code)
        return str(closed.order_by("-number").values_list("data__text", flat=True).first() or "")
    if found.state != RequestState.OPEN or appeals.has_moved_on(found, found.registration):
        return ""
    return appeals.past_limit(found.decision, found.registration, database_clock())


def _yes(found: Appeal) -> str:
    if found.state != RequestState.OPEN or appeals.has_moved_on(found, found.registration) or _limit(found):
        return ""
    if found.decision.action == Action.REFUSE_EXTENSION:
        return "Grant it: the extension is given after all"
    if found.decision.action == Action.REORDER:
        return "Grant it: back to its place by time of submission; those who lose a place by it are told"
    grant = appeal_grants.what_a_grant_does(found, found.registration, database_clock())
    if grant.status == Status.APPROVED:
        return f"Grant it: the deal is protected anew, for the full time{_passing(grant, found.registration)}"
    return f"Grant it: back into review, with you as its referee, since {_why_reviewed(found, grant)}"


def _why_reviewed(found: Appeal, grant: appeal_grants.Grant) -> str:
    """Why a grant does not protect the deal at once; for the vendor's eyes."""
    ahead = grant.ahead
    if ahead.reviewed is not None:
        first = _named(ahead.reviewed, found.registration)
        return f"another registration came first and is still under review: {first}"
    if ahead.appeals:
        return f"an appeal about the order of the line has to be answered first: {', '.join(ahead.appeals)}"
    if ahead.line:
        named = ", ".join(f"{row.code} of {row.partner}" for row in ahead.line)
        return f"the line comes first: {named}"
    if ahead.claims:
        return f"somebody came first: {_claims(ahead.claims, found.registration)}"
    if grant.holder is None:
        return "the conflict check failed, and nobody knows whether another registration is in the way"
    named = _named(grant.holder, found.registration)
    return f"another partner holds it: {named}" if grant.holder.is_held else f"it is kept for {named}"


def _passing(grant: appeal_grants.Grant, own: Registration) -> str:
    """Whom a grant passes, for the vendor's eyes."""
    if not grant.claims:
        return ""
    told = "its firm reads" if len(grant.claims) == 1 else "their firms read"
    return f". It passes {_claims(grant.claims, own)}; {told} that an appeal was granted"


def _claims(claims: Sequence[Claim], own: Registration) -> str:
    said = []
    for claim in claims:
        other = (
            "" if claim.company_id == own.company_id else f", for {claim.name}, which may be the same company"
        )
        said.append(f"{claim.kind} to {claim.partner} ({claim.code}){other}")
    return ", ".join(said)


def _named(other: Registration, own: Registration) -> str:
    """Its code and its firm, and its company where that is another one."""
    named = f"{other.code} of {other.partner}"
    if other.company_id == own.company_id:
        return named
    return f"{named}, for {other.company_name}, which may be the same company"


def _if_alone(decision: Decision) -> str:
    """What the form says where only the person who decided may decide."""
    if appeals.judges_but(decision.by_id).exists():
        return ""
    words = " At present nobody else may decide here; those who can change that are told at once."
    if decision.action != Action.REFUSE_EXTENSION:
        return words
    return (
        words
        + " Until they have, the end of protection waits no longer than the day on which the answer is due."
    )


def _alone(found: Appeal) -> str:
    """What the page says to both sides where only the first decider may decide."""
    if appeals.judges_of(found).exists():
        return ""
    words = f"Only {found.first_decider} may decide at present, and made the first decision. An administrator has to give "
    words += "somebody else the right to."
    if found.decision.action != Action.REFUSE_EXTENSION or not found.registration.is_held:
        return words
    due = shown.moment(found.due_at)
    return f"{words} The end of protection waits for the answer until {due}, longer only once somebody else may decide."


def _barred(found: Appeal) -> str:
    others = [str(person) for person in appeals.judges_of(found)[:3]]
    if not others:
        return ""
    return f"You made this decision, so somebody else decides the appeal: {', '.join(others)}."
