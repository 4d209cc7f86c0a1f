"""A customer asks in writing to work with another partner: the holder loses the deal, is told, and can appeal."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models import Q

from accounts.models import User
from accounts.zones import local_day
from core.clock import Clock, database_clock, fixed
from core.errors import BadInput
from registrations.enums import UNDER_REVIEW, Action, AgreementState, Audience, RefusalReason, Status
from registrations.models import Agreement, CustomerLetter, Decision, Registration
from registrations.services import attachments, decisions, overlaps, receiving, splits, timeline, waitlist
from registrations.services.deciding import Words, decide
from registrations.services.transitions import opened

RULE = "The customer has asked in writing to work with another partner on this project."


def wished_for(held: Registration) -> "models.QuerySet[Registration]":
    """Those whom a letter can be about: other partners' registrations that want something of what is held, waiting, under
    review, or co-selling with the holder."""
    companies = {held.company_id, *held.holdings.filter(ended_at=None).values_list("company", flat=True)}
    beside = Agreement.objects.current().filter(holder=held, state=AgreementState.AGREED)
    near = Registration.objects.filter(company__in=companies, status__in=[*UNDER_REVIEW, Status.WAITLISTED])
    # Who wants another product line, or works in another territory, would take nothing from the holder.
    waits = [row.pk for row in near.select_related("policy") if overlaps.wants_of(row, held)]
    return (
        Registration.objects.filter(Q(pk__in=waits) | Q(status=Status.SHARED, pk__in=beside.values("other")))
        .exclude(partner=held.partner_id)
        .select_related("partner")
        .order_by("rank")
    )


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
    in the future, or where the wished-for registration is not one of `wished_for` or its firm is not active; ScopeTaken where a
    third one is in the way.
    """
    if upload is None:
        raise BadInput("Attach the customer's letter or mail.", field="file")
    with transaction.atomic():
        locked = opened(held, Action.CUSTOMER_LETTER, by=by, version=version)
        at = clock()
        if dated > local_day(by, at):
            raise BadInput("The letter cannot be dated in the future.", field="dated")
        chosen = wished_for(locked).filter(pk=in_favour_of.pk).first()
        if chosen is None:
            raise BadInput("Choose a registration of this company by another partner.", field="in_favour_of")
        bar = receiving.not_selling(chosen)
        if bar:
            raise BadInput(bar, field="in_favour_of")
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
            decisions.assign(chosen, by=by, text=words, clock=fixed(at))
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
            after=give_on,
        )
