"""A customer asks in writing to work with another partner: the holder loses the deal, is told, and can appeal."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models import Q

from accounts.models import User
from core.clock import Clock, database_clock, fixed
from core.errors import BadInput
from registrations.enums import UNDER_REVIEW, Action, AgreementState, Audience, RefusalReason, Status
from registrations.models import Agreement, CustomerLetter, Decision, Registration
from registrations.services import attachments, decisions, splits, timeline, waitlist
from registrations.services.deciding import Words, decide
from registrations.services.transitions import opened

RULE = "The customer has asked in writing to work with another partner on this project."


def wished_for(held: Registration) -> "models.QuerySet[Registration]":
    """Those whom a letter can be about: other partners' registrations of what is held (the company, and its parents and
    subsidiaries where they are held together), waiting, under review, or co-selling with the holder."""
    companies = {held.company_id, *held.holdings.filter(ended_at=None).values_list("company", flat=True)}
    beside = Agreement.objects.current().filter(holder=held, state=AgreementState.AGREED)
    waits = Q(company__in=companies, status__in=[*UNDER_REVIEW, Status.WAITLISTED])
    return (
        Registration.objects.filter(waits | Q(status=Status.SHARED, pk__in=beside.values("other")))
        .exclude(partner=held.partner_id)
        .select_related("partner")
        .order_by("rank")
    )


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
    in the future, or where the wished-for registration is not one of `wished_for`; ScopeTaken where a third one is in the way.
    """
    if upload is None:
        raise BadInput("Attach the customer's letter or mail.", field="file")
    with transaction.atomic():
        locked = opened(held, Action.CUSTOMER_LETTER, by=by, version=version)
        at = clock()
        if dated > at.date():
            raise BadInput("The letter cannot be dated in the future.", field="dated")
        chosen = wished_for(locked).filter(pk=in_favour_of.pk).first()
        if chosen is None:
            raise BadInput("Choose a registration of this company by another partner.", field="in_favour_of")
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
