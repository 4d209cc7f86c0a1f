"""What a partner does with a registration after submitting: a small page for each action."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from accounts.zones import local_day
from core.clock import database_clock
from core.errors import BadInput, StaleVersion, WrongStatus
from registrations import shown, workflow
from registrations.enums import Action
from registrations.forms.actions import AnswerForm, LostForm, UpdateForm, WithdrawForm, WonForm
from registrations.models import Decision, Registration
from registrations.services import partner_actions, places, squatting
from registrations.services.protection import end_of_renewed
from registrations.views.access import REGISTER, crumbs, in_reach
from registrations.views.opened import changes, meant_version
from registrations.workflow import transition

METHODS = ["GET", "HEAD", "POST"]
# What is sent with them is an optional remark, so nothing is at odds where they were done already.
_WITH_REMARK = {Action.WITHDRAW, Action.RELEASE}


@dataclass(frozen=True)
class Page:
    """The words of an action's page and what is said when it is done."""

    title: str
    lead: str
    submit: str
    done: str
    danger: bool = False


@require_http_methods(METHODS)
@requires(REGISTER)
def update(request: HttpRequest, code: str) -> HttpResponse:
    """A qualifying update: it renews the protection."""
    deal = in_reach(request, code)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UpdateForm(*sent, registration=deal, today=_today(request))
    form.fields["value"].help_text = f"In {deal.currency.code}."

    def post(version: int) -> Registration:
        return partner_actions.update(
            deal,
            by=_person(request),
            fields=form.facts,
            note=form.cleaned_data["note"],
            upload=form.cleaned_data["file"],
            version=version,
        )

    evidence = deal.policy is not None and deal.policy.update_evidence_required
    words = Page(
        "Post an update",
        f"Tell us what moved. {_what_it_renews(deal)}"
        + (
            " The policy asks for evidence: the day of a contact since the last update, or a file."
            if evidence
            else ""
        ),
        "Post the update",
        "Thank you. The deal is protected until {until}.",
    )
    return act(request, deal, Action.UPDATE, form, post, words, multipart=True)


def _what_it_renews(deal: Registration) -> str:
    """Until when the deal is protected now, and once it is updated."""
    if deal.policy is None or deal.protected_until is None:
        return ""
    now, then = deal.protected_until, end_of_renewed(deal, deal.policy, at=database_clock())
    if now == then:
        return f"Protection lasts until {shown.day(now)} already, and stays so."
    return f"Protection, now until {shown.day(now)}, then lasts until {shown.day(then)}."


@require_http_methods(METHODS)
@requires(REGISTER)
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """The answer to the channel manager's question; the review goes on."""
    deal = in_reach(request, code)
    form = AnswerForm(request.POST or None)

    def post(version: int) -> Registration:
        return partner_actions.answer(
            deal, by=_person(request), text=form.cleaned_data["text"], version=version
        )

    asked = Decision.objects.filter(registration=deal, action=Action.ASK_INFORMATION).first()
    words = Page(
        "Answer the question",
        "The review goes on as soon as you have answered.",
        "Send the answer",
        "Thank you. The review goes on; you get an answer by {due}.",
    )
    return act(request, deal, Action.ANSWER, form, post, words, question=asked.text if asked else "")


@require_http_methods(METHODS)
@requires(REGISTER)
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Gives the registration up, after saying what that means."""
    deal = in_reach(request, code)
    form = WithdrawForm(request.POST or None)

    def post(version: int) -> Registration:
        return partner_actions.withdraw(
            deal, by=_person(request), text=form.cleaned_data["text"], version=version
        )

    if deal.is_held:
        effect = "Protection ends at once and the next in line is offered the deal. This cannot be undone."
        effect += counts_as_expired(deal)
    elif places.place_in_line(deal):
        effect = "You lose your place in line. This cannot be undone."
    else:
        effect = (
            "The review stops. This cannot be undone; you can use the details again for a new registration."
        )
    words = Page("Withdraw this registration?", effect, "Withdraw", "Withdrawn.", danger=True)
    return act(request, deal, Action.WITHDRAW, form, post, words)


def counts_as_expired(deal: Registration) -> str:
    """What giving it up means for the firm once a final notice has left or is due; '' where it means nothing more."""
    again = squatting.wait_if_given_up(deal, database_clock())
    if again is None:
        return ""
    return (
        " Its end is near, so this counts as letting it expire: your firm can register the company again from "
        f"{shown.moment(again)} on. An update keeps the deal."
    )


@require_http_methods(METHODS)
@requires(REGISTER)
def won(request: HttpRequest, code: str) -> HttpResponse:
    """Won, with the final value and the day."""
    deal = in_reach(request, code)
    initial = {"value": deal.value, "closed_on": _today(request)}
    form = WonForm(request.POST or None, initial=initial)
    form.fields["value"].help_text = f"In {deal.currency.code}."

    def post(version: int) -> Registration:
        said = form.cleaned_data
        return partner_actions.record_won(
            deal, by=_person(request), value=said["value"], closed_on=said["closed_on"], version=version
        )

    words = Page(
        "Mark as won",
        "Congratulations. Tell us what it came to and when it was signed.",
        "Mark as won",
        "Congratulations on winning {company}.",
    )
    return act(request, deal, Action.WIN, form, post, words)


@require_http_methods(METHODS)
@requires(REGISTER)
def lost(request: HttpRequest, code: str) -> HttpResponse:
    """Lost, with a reason and the day."""
    deal = in_reach(request, code)
    form = LostForm(request.POST or None, initial={"closed_on": _today(request)})

    def post(version: int) -> Registration:
        return partner_actions.record_lost(deal, by=_person(request), version=version, **form.cleaned_data)

    effect = (
        "Protection ends and the next in line is offered the deal."
        if deal.is_held
        else "The registration ends."
    )
    words = Page(
        "Mark as lost", f"{effect} This cannot be undone.", "Mark as lost", "Recorded as lost.", danger=True
    )
    return act(request, deal, Action.LOSE, form, post, words)


def act(
    request: HttpRequest,
    deal: Registration,
    action: Action,
    form: forms.Form,
    post: Callable[[int], Registration],
    words: Page,
    **more: Any,
) -> HttpResponse:
    """Shows the form, or posts it through the service; a stale form comes back with what was typed in it."""
    if request.method == "POST" and _is_done(deal, action):
        return _again(request, deal, action, form)
    workflow.check(_person(request), action, deal)
    stale, since, status = "", [], 200
    if request.method == "POST":
        if form.is_valid():
            try:
                changed = post(meant_version(request, deal))
            except WrongStatus:
                deal.refresh_from_db()
                if not _is_done(deal, action):
                    raise
                return _again(request, deal, action, form)
            except BadInput as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
            except StaleVersion:
                stale = "Something changed here after you opened this page. Your entries are kept: look, then send again."
                deal = in_reach(request, deal.code)
                since = changes(request, deal)
            else:
                messages.success(request, _said(words.done, changed))
                return redirect("registrations:registration", deal.code)
        status = 409 if stale else 422
    context = {
        "page_title": words.title,
        "breadcrumbs": crumbs(deal, words.title),
        "registration": deal,
        "form": form,
        "lead": words.lead,
        "submit": words.submit,
        "danger": words.danger,
        "busy": "Sending",
        "stale": stale,
        "since": since,
        **more,
    }
    return render(request, "registrations/action.html", context, status=status)


def _is_done(deal: Registration, action: Action) -> bool:
    """Whether the action has led where it leads already: the second POST of a double click."""
    row = transition(action)
    return deal.status in row.targets and deal.status not in row.sources


def _again(request: HttpRequest, deal: Registration, action: Action, form: forms.Form) -> HttpResponse:
    """The second POST: of a double click it leads on; one that says something else than what was recorded is told so."""
    entry = deal.timeline.standing().filter(kind=action).order_by("-number").first()
    done = entry.data if entry else {}
    names = {"text": "text", "reason": "reason", "closed_on": "on"} | (
        {"value": "value"} if "value" in done else {}
    )
    said = form.cleaned_data if form.is_valid() else None
    if said is not None and all(
        _same(said[name], done.get(key)) for name, key in names.items() if name in said
    ):
        return redirect("registrations:registration", deal.code)
    how = ""
    if action == Action.WIN and deal.closed_value is not None:
        how = f", with {shown.money(deal.closed_value, deal.currency)} on {shown.day(deal.closed_on)}"
    elif action == Action.LOSE and deal.loss_reason:
        how = f", with the reason “{deal.get_loss_reason_display()}”, on {shown.day(deal.closed_on)}"
    state = workflow.label_for(deal.status, vendor=False)
    told = (
        f"{deal.code} is “{state}” already{how}. What you sent now was not recorded, and nothing was changed."
    )
    if action in _WITH_REMARK:
        messages.info(request, told)
        return redirect("registrations:registration", deal.code)
    raise WrongStatus(told)


def _same(sent: Any, recorded: Any) -> bool:
    if isinstance(sent, Decimal):
        return recorded is not None and sent == Decimal(recorded)
    if isinstance(sent, date):
        return bool(recorded == sent.isoformat())
    return (sent or "") == (recorded or "")


def _said(words: str, deal: Registration) -> str:
    return words.format(
        until=shown.day(deal.protected_until), due=shown.day(deal.review_due_at), company=deal.company_name
    )


def _today(request: HttpRequest) -> date:
    return local_day(_person(request), database_clock())


def _person(request: HttpRequest) -> Any:
    return request.user
