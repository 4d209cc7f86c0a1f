"""A customer asks in writing to work with another partner: the holder loses the deal, is told, and can appeal."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models import Q

from accounts.models import User
from accounts.zones import local_day
from companies.services import lock_registry
from core.clock import Clock, database_clock, fixed
from core.errors import BadInput
from policies.models import RegistrationPolicy
from registrations import supposing
from registrations.enums import UNDER_REVIEW, Action, AgreementState, Audience, RefusalReason, Status
from registrations.models import Agreement, CustomerLetter, Decision, Registration
from registrations.permissions import bar_in_review, bar_to_deciding
from registrations.services import (
    attachments,
    coming_back,
    decisions,
    first_come,
    overlaps,
    receiving,
    splits,
    timeline,
    waitlist,
)
from registrations.services.clocks import review_due
from registrations.services.deciding import Words, decide
from registrations.services.transitions import Step, held_together, move, opened

RULE = "The customer has asked in writing to work with another partner on this project."


def wished_for(held: Registration) -> "models.QuerySet[Registration]":
    """Those whom a letter can be about: other partners' registrations that want something of what is held, waiting, under
    review, co-selling with the holder, or refused because somebody had registered it."""
    kept = held.holdings.filter(ended_at=None).values_list("company", flat=True)
    companies = held_together(*kept, *([held.company_id] if held.company_id else []))
    beside = Agreement.objects.current().filter(holder=held, state=AgreementState.AGREED)
    near = Registration.objects.filter(company__in=companies, status__in=[*UNDER_REVIEW, Status.WAITLISTED])
    # Who wants another product line, or works in another territory, would take nothing from the holder.
    open_ones = overlaps.wanting(list(near.select_related("policy")), held)
    waits = [row.pk for row in (*open_ones, *_refused_for_it(held, companies, open_ones))]
    return (
        Registration.objects.filter(Q(pk__in=waits) | Q(status=Status.SHARED, pk__in=beside.values("other")))
        .exclude(partner=held.partner_id)
        .select_related("partner")
        .order_by("rank")
    )


def _refused_for_it(
    held: Registration, companies: Collection[int], open_ones: Collection[Registration]
) -> list[Registration]:
    """The last one of each firm that has none open and was refused since another partner had registered it."""
    reason = {"reason_code": RefusalReason.REGISTERED, "undone_at": None}
    receipts = Decision.objects.filter(action=Action.REFUSE, **reason)
    refused = Registration.objects.filter(
        company__in=companies, status=Status.REFUSED, pk__in=receipts.values("registration")
    )
    firms = {row.partner_id for row in open_ones}
    found = []
    for row in overlaps.wanting(list(refused.select_related("policy").order_by("-rank")), held):
        if row.partner_id not in firms:
            firms.add(row.partner_id)
            found.append(row)
    return found


def unjudged(held: Registration) -> list[Registration]:
    """Other partners' registrations under review, of what may be the same company: a letter can be about one of them
    once somebody has said that it is."""
    found = overlaps.unjudged(held, UNDER_REVIEW)
    listed = set(wished_for(held).values_list("pk", flat=True))
    return [row for row in found if row.partner_id != held.partner_id and row.pk not in listed]


def record(
    held: Registration,
    *,
    in_favour_of: Registration,
    dated: date,
    upload: "UploadedFile[Any] | None",
    by: User,
    text: str = "",
    internal_note: str = "",
    version: int | None = None,
    clock: Clock = database_clock,
) -> Decision:
    """Ends the protection of `held` and gives the deal to `in_favour_of`, past the line: the customer's word outranks it.

    The letter is kept for the vendor only, since it names the other partner. Raises BadInput without a letter, for a date
    in the future, or where the wished-for registration is not one of `wished_for`, its firm is not active or somebody else has
    to decide about it; ScopeTaken where a third one is in the way.
    """
    if upload is None:
        raise BadInput("Attach the customer's letter or mail.", field="file")
    with transaction.atomic():
        lock_registry()  # who was refused is checked again as it comes back
        locked = opened(held, Action.CUSTOMER_LETTER, by=by, version=version)
        at = clock()
        if dated > local_day(by, at):
            raise BadInput("The letter cannot be dated in the future.", field="dated")
        chosen = wished_for(locked).filter(pk=in_favour_of.pk).first()
        if chosen is None:
            raise BadInput("Choose a registration of this company by another partner.", field="in_favour_of")
        # Who was refused comes back under review by it.
        barred = bar_in_review if chosen.status == Status.REFUSED else bar_to_deciding
        bar = receiving.not_selling(chosen) or barred(by, chosen)
        if bar:
            raise BadInput(bar, field="in_favour_of")
        met = _met_since(chosen, locked, at)
        letter = attachments.keep(locked, upload, by=by, at=at, audience=Audience.VENDOR)
        locked.closed_at = at

        def give_on(decision: Decision) -> None:
            CustomerLetter.objects.create(
                registration=locked, in_favour_of=chosen, attachment=letter, dated=dated, decision=decision
            )
            data = {"text": f"{chosen.code} of {chosen.partner}, by a letter of {dated.isoformat()}."}
            timeline.record(locked, "given_by_letter", actor=by, at=at, data=data, audience=Audience.VENDOR)
            splits.close_with(locked, at=at)  # who sold along goes back into line, behind the chosen one
            words = "The customer has asked for you in writing, so the deal is yours."
            if chosen.status == Status.REFUSED:
                _look_again(chosen, at=at)
            decisions.assign(chosen, by=by, text=words, outranks=RULE, clock=fixed(at))
            Registration.objects.in_line().filter(waits_for=locked).update(waits_for=chosen)
            waitlist.move_up(locked, at=at)  # what the chosen one did not want of it

        return decide(
            locked,
            Action.CUSTOMER_LETTER,
            Status.REVOKED,
            by=by,
            at=at,
            words=Words(RULE, text, internal_note, RefusalReason.CUSTOMER_CHOICE),
            event="registration.customer_letter",
            fields=["closed_at"],
            beside=[chosen, *met, *first_come.reviews_behind(chosen)],
            after=give_on,
        )


def _met_since(chosen: Registration, held: Registration, at: datetime) -> list[Registration]:
    """Who came in since `chosen` was refused and may be after the same. Raises BadInput where one of them has it."""
    if chosen.status != Status.REFUSED:
        return []
    met = coming_back.look_locked(chosen, at=at)
    if met.failed:
        raise BadInput(
            "The conflict check failed, so nobody knows who else is in the way. Try again.",
            field="in_favour_of",
        )
    with supposing.ended(held.pk):
        third = overlaps.unjudged_holder(chosen, met.rows)
    if third is not None:
        raise BadInput(
            f"{third.company_name} is held by {third.partner} ({third.code}), and may be the same company. Say first, "
            f"on the page of {chosen.company}, whether it is the same or a different one.",
            field="in_favour_of",
        )
    return met.rivals


def _look_again(refused: Registration, *, at: datetime) -> None:
    """Who was refused for the holder's sake is under review again, for the decision that follows."""
    locked = opened(refused, Action.RETURN, by=None)
    policy = locked.policy or RegistrationPolicy.objects.in_force(at)
    locked.review_due_at = review_due(policy, at)
    step = Step({"letter": True}, ["review_due_at"])
    move(locked, Action.RETURN, Status.IN_REVIEW, by=None, at=at, step=step)
