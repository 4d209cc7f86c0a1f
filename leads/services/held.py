"""Leads of a company that a firm holds: nobody else could register them, so they are given to nobody else, and leave the
pool."""

from django.db import transaction

from core.clock import Clock, database_clock
from core.errors import ScopeTaken, WrongStatus
from leads.enums import LeadAction, LeadStatus
from leads.models import Lead
from leads.querysets import LeadQuerySet
from leads.services import notices
from leads.services.transitions import move, opened
from partners.models import Partner
from policies.models import RegistrationPolicy
from registrations.models import Holding
from registrations.scope import scope_under


def refuse_held(lead: Lead, partner: Partner | None) -> None:
    """Raises ScopeTaken while another firm than `partner` holds what a registration of the lead would hold, under the
    policy in force: nobody could register the lead."""
    policy = RegistrationPolicy.objects.in_force(database_clock())
    scope = scope_under(
        policy,
        company=lead.company_id,
        product_lines=[line.pk for line in lead.product_lines.all()],
        territory=lead.territory_id,
        industry=lead.company.industry_id,
    )
    held = Holding.objects.filter(scope.holdings(), ended_at=None)
    if partner is not None:
        held = held.exclude(registration__partner=partner)
    holding = held.select_related("registration__partner").first()
    if holding is not None:
        holder = holding.registration
        raise ScopeTaken(
            f"{holder.partner} holds this company for the same products ({holder.code}), so nobody else could register "
            "the lead."
        )


def perhaps_held() -> LeadQuerySet:
    """The leads in the pool to look at: those of companies that somebody holds, or all, where a parent's deal counts."""
    pooled: LeadQuerySet = Lead.objects.filter(status=LeadStatus.POOLED)
    if RegistrationPolicy.objects.in_force(database_clock()).scope_family:
        return pooled
    return pooled.filter(company__in=Holding.objects.filter(ended_at=None).values("company"))


def take_out(lead: Lead, *, clock: Clock = database_clock) -> bool:
    """Takes a lead out of the pool that somebody has come to hold since; False where nobody has, or it has left the pool.

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
