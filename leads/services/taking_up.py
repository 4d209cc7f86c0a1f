"""What ends a lead well: it is a registration of the firm that has it, by accepting it or by registering its company by hand."""

from datetime import datetime
from functools import partial

from django.utils import formats, timezone

from accounts.models import User
from companies.models import Company
from core.errors import DomainError
from leads import workflow
from leads.enums import GiftEnd, LeadAction
from leads.models import Gift, Lead
from leads.services import ending, in_time, notices
from leads.services.beside import deal_of
from leads.services.transitions import locked_row, move
from policies.models import RegistrationPolicy
from registrations.claims import OwnClaim, Precedence
from registrations.models import Registration
from registrations.scope import lines_of, scope_of
from registrations.services.claims import end_claim


def precedence_of(lead: Lead, gift: Gift) -> Precedence:
    """A registration of the lead counts from the day that the firm was given it."""
    day = timezone.localtime(gift.at, timezone.get_default_timezone())
    given_on = formats.date_format(day, "DATE_FORMAT")
    return Precedence(gift.rank, gift.at, lead.company, f"From lead {lead.code}, given on {given_on}.")


def own_leads(
    registration: Registration, company: Company, *, by: User, at: datetime, but: Lead | None = None
) -> list[OwnClaim]:
    """The leads but that one that the firm has at `company` and that this submission of its takes up: those whose deal it meets
    under the policy in force, whatever products they name where they name none. The registry and the company are locked; the
    leads are, too, from here on."""
    scope = scope_of(registration, RegistrationPolicy.objects.in_force(at), company_id=company.pk)
    gifts = Gift.objects.open().filter(partner=registration.partner_id, lead__company=company)
    if but is not None:
        gifts = gifts.exclude(lead=but)
    found = []
    for pk in gifts.order_by("lead").values_list("lead", flat=True):
        lead = locked_row(pk)
        gift = lead.gifts.open().select_related("partner__manager").get()
        deal = deal_of(lead)
        lines = deal.product_lines or lines_of(registration)
        met = scope.meets(deal.company, lines, deal.territory, deal.industry)
        if met and _may_be_answered(lead, gift, by, at):
            found.append(_claim(lead, gift, by=by, at=at))
    return found


def with_others(
    lead: Lead, gift: Gift, registration: Registration, *, by: User, at: datetime
) -> list[OwnClaim]:
    """The locked lead that is accepted, and what its registration takes up beside it, the earliest first: another lead of the
    firm's for the same, at a company that was only later found to be the same."""
    others = own_leads(registration, lead.company, by=by, at=at, but=lead)
    own = [_claim(lead, gift, by=by, at=at), *others]
    return sorted(own, key=lambda claim: claim.precedence.rank)


def _claim(lead: Lead, gift: Gift, *, by: User, at: datetime) -> OwnClaim:
    return OwnClaim(precedence_of(lead, gift), partial(_take_up, lead, gift, by, at))


def _take_up(lead: Lead, gift: Gift, by: User, at: datetime, registration: Registration) -> None:
    """The locked lead is `registration` from now on."""
    ending.end(gift, GiftEnd.ACCEPTED, by=by, at=at)
    lead.registration = registration
    told = {"registration": registration.code, "landed": registration.status}
    move(lead, LeadAction.ACCEPT, by=by, at=at, partner=gift.partner, data=told, fields=["registration"])
    end_claim(lead.code, at=at)
    notices.accepted(gift, registration, at=at)


def _may_be_answered(lead: Lead, gift: Gift, by: User, at: datetime) -> bool:
    try:
        workflow.check(by, LeadAction.ACCEPT, lead, gift)
        in_time.require_in_time(gift, at)
    except DomainError:
        return False
    return True
