"""What the firm that has a lead does with it: accept, so that it becomes a registration, or decline."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock, fixed
from core.errors import BadInput, WrongStatus
from leads.enums import DeclineReason, GiftEnd, LeadAction
from leads.models import Gift, Lead
from leads.services import notices
from leads.services.beside import own_deal
from leads.services.ending import end
from leads.services.giving import offer_on
from leads.services.in_time import require_in_time
from leads.services.taking_up import with_others
from leads.services.transitions import move, opened
from policies.models import RegistrationPolicy
from registrations.claims import earliest
from registrations.enums import Status
from registrations.models import Registration
from registrations.services import drafts
from registrations.services.claims import end_claim
from registrations.services.drafts import LineInput
from registrations.services.submission import submit

# What a lead knows of a registration; the firm says the rest when it accepts.
_CARRIED = (
    *(
        "company_name",
        "website",
        "country",
        "city",
        "postcode",
        "contact_name",
        "contact_title",
        "contact_email",
    ),
    *("contact_phone", "value", "currency", "territory"),
)


def still_asked(lead: Lead, *, at: datetime) -> list[str]:
    """What the policy in force wants filled in before submitting and the lead does not know: names of fields."""
    known = {name for name in _CARRIED if getattr(lead, name) not in (None, "")}
    if lead.company is not None and lead.company.industry:
        known.add("industry")
    return [name for name in RegistrationPolicy.objects.in_force(at).required_fields if name not in known]


def accept(
    lead: Lead,
    *,
    by: User,
    fields: dict[str, Any],
    lines: Iterable[LineInput] | None = None,
    version: int | None = None,
    clock: Clock = database_clock,
) -> Registration:
    """The lead becomes a registration of `by`, submitted at once; its place in line counts from when the lead was given. So does
    another lead that the firm has there for the same.

    `fields` are those of a registration that the firm adds or corrects (value, expected close …); `lines` None takes the
    lead's product lines. Where it lands is for the conflict check and the policy. Raises BadInput for what is missing,
    TooLate once the time to answer has passed, WrongStatus where the lead is no longer the firm's, the firm has registered the
    company meanwhile, or the policy would refuse the registration: nothing is changed.
    """
    with transaction.atomic():
        locked, gift = opened(lead, LeadAction.ACCEPT, by=by, version=version)
        assert gift is not None  # workflow.check has seen to it
        at = clock()
        require_in_time(gift, at)
        _refuse_second(locked, gift)
        return _register(locked, gift, by=by, at=at, fields=fields, lines=lines)


def decline(
    lead: Lead,
    *,
    by: User,
    reason: str,
    text: str = "",
    version: int | None = None,
    clock: Clock = database_clock,
) -> Lead:
    """The firm does not want the lead, and isn't offered it again; it goes on to the next. Raises BadInput without a reason
    from the list, or without words for 'another reason'; TooLate."""
    if reason not in DeclineReason.values:
        raise BadInput("Choose a reason from the list.", field="reason")
    if reason == DeclineReason.OTHER and not text.strip():
        raise BadInput("Say in a few words why.", field="text")
    with transaction.atomic():
        locked, gift = opened(lead, LeadAction.DECLINE, by=by, version=version)
        assert gift is not None  # workflow.check has seen to it
        at = clock()
        require_in_time(gift, at)
        gift.reason, gift.text = reason, text
        end(gift, GiftEnd.DECLINED, by=by, at=at)
        told = {"reason": reason, "text": text}
        move(locked, LeadAction.DECLINE, by=by, at=at, partner=gift.partner, data=told)
        end_claim(locked.code, at=at)
        notices.declined(gift, offer_on(locked, gift, at=at), at=at)
    return locked


def _refuse_second(lead: Lead, gift: Gift) -> None:
    """Raises WrongStatus where the firm has registered the same already, perhaps by a name that was only later found to be the
    same: a lead is no second registration of one deal."""
    deal = own_deal(lead, gift.partner_id)
    if deal is not None:
        same = deal.company_id == lead.company_id
        what = (
            "this company"
            if same
            else f"{deal.company_name}, which the policy holds together with this company,"
        )
        raise WrongStatus(
            f"Your firm has registered {what} already: {deal.code}. Nothing was changed. Ask your channel manager "
            "what becomes of the lead."
        )


def _register(
    lead: Lead,
    gift: Gift,
    *,
    by: User,
    at: datetime,
    fields: dict[str, Any],
    lines: Iterable[LineInput] | None,
) -> Registration:
    """Writes and submits the registration, which takes up the lead, under the caller's locks. Raises WrongStatus where the policy
    refuses it."""
    clock = fixed(at)
    values = {name: getattr(lead, name) for name in _CARRIED} | {"industry": lead.company.industry}
    draft = drafts.start_draft(by=by, fields=values | fields, clock=clock)
    wanted = list(lines) if lines is not None else [LineInput(line) for line in lead.product_lines.all()]
    draft = drafts.save_draft(draft, by=by, fields={}, lines=wanted, clock=clock)
    own = with_others(lead, gift, draft, by=by, at=at)
    registration = submit(draft, by=by, counts_from=earliest(own), clock=clock)
    if registration.status == Status.REFUSED:
        decision = registration.decisions.first()
        rule = decision.rule if decision else ""
        raise WrongStatus(
            f"The policy would refuse this registration: {rule} Nothing was changed; talk to your channel manager."
        )
    for claim in own:
        claim.take_up(registration)
    return registration
