"""Leads of a company that a firm holds, or has another lead for: they are given to nobody else, and leave the pool."""

from django.db import transaction
from django.db.models import Q

from core.clock import Clock, database_clock
from core.errors import ScopeTaken, WrongStatus
from leads.enums import LeadAction, LeadStatus
from leads.models import Gift, Lead
from leads.querysets import LeadQuerySet
from leads.services import notices
from leads.services.beside import given_out, scope_of_lead
from leads.services.transitions import move, opened
from partners.models import Partner
from policies.models import RegistrationPolicy
from registrations.claims import Claim
from registrations.enums import Status
from registrations.models import Holding, Registration
from registrations.scope import Scope
from registrations.services.overlaps import holder_beside_claim


def refuse_held(lead: Lead, partner: Partner | None) -> None:
    """Raises ScopeTaken while another firm than `partner` holds what a registration of the lead would hold, under the
    policy in force, or that is kept for it, or it has another lead for it: the portal does not give one company to two firms."""
    scope, firm = scope_of_lead(lead), partner.pk if partner is not None else None
    taken = _taken(scope, firm)
    if taken is not None:
        raise ScopeTaken(_why_taken(taken))
    other = given_out(lead, scope, but_to=firm)
    if other is not None:
        raise ScopeTaken(_why_given_out(lead, other))


def holder_beside(lead: Lead, partner: Partner) -> Registration | None:
    """Who of the other firms holds what `partner` would register by the lead: that registration would be looked at, or wait."""
    taken = _taken(scope_of_lead(lead), partner.pk)
    return taken.registration if taken is not None and not taken.reserved else None


def kept_beside(lead: Lead, partner: Partner) -> Registration | None:
    """For whom of the other firms it is only kept, until a review is over or an offer answered; nobody holds any of it."""
    taken = _taken(scope_of_lead(lead), partner.pk)
    return taken.registration if taken is not None and taken.reserved else None


def holder_by_another_name(lead: Lead, partner: Partner) -> Registration | None:
    """The same at what may be the same company, as long as nobody has said whether it is: the registration would be looked at."""
    return holder_beside_claim(lead.code, scope_of_lead(lead), but_of=partner.pk)


def is_given_elsewhere(lead: Lead, partner: Partner) -> bool:
    """Whether another firm has the deal while `partner` has the lead, by whatever name."""
    return bool(holder_beside(lead, partner) or holder_by_another_name(lead, partner))


def _taken(scope: Scope, but_of: int | None) -> Holding | None:
    """What another firm than `but_of` holds of it; else what is kept for another one."""
    held = Holding.objects.filter(scope.holdings(), ended_at=None)
    if but_of is not None:
        held = held.exclude(registration__partner=but_of)
    return held.select_related("registration__partner").order_by("reserved", "pk").first()


def _why_taken(taken: Holding) -> str:
    deal = taken.registration
    if not taken.reserved:
        return (
            f"{deal.partner} holds this company for the same products ({deal.code}), so nobody else could register "
            "the lead."
        )
    if deal.status == Status.OFFERED:
        return (
            f"This company is offered to {deal.partner} for the same products ({deal.code}), so nobody else could register "
            "the lead before they have answered."
        )
    return (
        f"This company is kept for {deal.partner} ({deal.code}) for the same products until its review is over, so nobody "
        "else could register the lead before that."
    )


def _why_given_out(lead: Lead, other: Claim) -> str:
    if other.company_id == lead.company_id:
        return (
            f"{other.partner} has another lead for this company and the same products ({other.code}), which waits for its "
            "answer, so this one can't go to anybody else. If both are the same, close this one."
        )
    return (
        f"{other.partner} has a lead for {other.name} and the same products ({other.code}), which waits for its answer. The "
        "policy holds the two companies together, so this one can't go to anybody else."
    )


def perhaps_held() -> LeadQuerySet:
    """The leads in the pool to look at: those of companies that somebody holds or has a lead for, or all, where a parent's
    deal counts."""
    pooled: LeadQuerySet = Lead.objects.filter(status=LeadStatus.POOLED)
    if RegistrationPolicy.objects.in_force(database_clock()).scope_family:
        return pooled
    held = Holding.objects.filter(ended_at=None).values("company")
    return pooled.filter(Q(company__in=held) | Q(company__in=Gift.objects.open().values("lead__company")))


def take_out(lead: Lead, *, clock: Clock = database_clock) -> bool:
    """Takes a lead out of the pool that `refuse_held` would refuse by now; False where it would not, or it has left the pool.

    For the firms that saw it there it is as if the vendor had taken it out: that a company is held is not told (R3). The
    vendor's own person who put it there is mailed why.
    """
    with transaction.atomic():
        try:
            locked, gift = opened(lead, LeadAction.TAKE_BACK, by=None)
        except WrongStatus:
            return False
        if gift is not None:
            return False
        try:
            refuse_held(locked, None)
        except ScopeTaken as reason:
            at = clock()
            move(locked, LeadAction.TAKE_BACK, by=None, at=at, data={"text": reason.message})
            notices.left_pool(locked, reason.message, at=at)
            return True
    return False
