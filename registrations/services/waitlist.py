"""The line behind a holder: first come, first served (R9)."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from companies.services import lock_companies
from core.clock import Clock, database_clock
from notifications.holding import by_calendar
from partners.enums import PartnerStatus
from policies.models import RegistrationPolicy
from policies.rulebook import rulebook_at
from registrations.enums import Action, Status
from registrations.models import Holding, Registration
from registrations.services import holdings, notices, order_disputes, places, splits
from registrations.services.clocks import review_due
from registrations.services.locks import lock_registration
from registrations.services.transitions import Step, held_together, move
from registrations.services.turns import keep_turn, take_turn

log = logging.getLogger(__name__)

_SELLING = (PartnerStatus.ONBOARDING, PartnerStatus.ACTIVE)


def move_up(ended: Registration, *, at: datetime) -> list[Registration]:
    """The place is free: after `ended` gave its scope back, the next in line who fits has its turn. Returns those.

    The caller holds the company's lock. Safe to call where nothing became free.
    """
    splits.close_with(ended, at=at)
    companies = holdings.freed_companies(ended, at=at)
    if companies != [ended.company_id]:
        lock_companies(companies)  # what an older policy held together is not held yet
    turned = _offer_next(companies, at=at)
    if turned:
        Registration.objects.in_line().filter(waits_for=ended).update(waits_for=turned[0])
    return turned


def return_to_review(ended: Registration, *, at: datetime) -> None:
    """After `ended` was won: there is nothing left to move up to, so the referee looks at those behind it."""
    splits.close_with(ended, at=at)
    line = Registration.objects.in_line().filter(waits_for=ended).select_for_update(of=("self",))
    for waiting in line.select_related("partner", "policy"):
        policy = waiting.policy or RegistrationPolicy.objects.in_force(at)
        waiting.waits_for = None
        waiting.review_reasons = ["holder_won"]
        waiting.review_due_at = review_due(policy, at)
        step = Step({}, ("waits_for", "review_reasons", "review_due_at"))
        move(waiting, Action.RETURN, Status.IN_REVIEW, by=None, at=at, step=step)
        occasion = f"returned:{waiting.version}"
        notices.tell_partner(waiting, "registration.line_over", occasion=occasion)
        notices.tell_referee(waiting, "registration.review_needed", occasion=occasion)


def offer_free_places(*, clock: Clock = database_clock) -> list[str]:
    """A sweep: gives their turn to those in line whose scope nobody holds, such as after their firm became active
    again. Returns codes. Safe to run any number of times."""
    now = clock()
    # Roughly, and rather too many than too few: what is held is looked at again behind the lock.
    lines = Registration.objects.filter(pk=OuterRef(OuterRef("pk"))).values("lines__product_line")
    held = Holding.objects.filter(
        Q(product_line__in=lines) | Q(product_line=None),
        _meets("territory"),
        _meets("industry"),
        ended_at=None,
        company=OuterRef("company"),
    )
    free = Registration.objects.in_line().filter(~Exists(held), partner__status__in=_SELLING)
    done = []
    for company_id in sorted(set(free.values_list("company_id", flat=True))):
        try:
            with transaction.atomic(), by_calendar(now):
                companies = held_together(company_id)
                lock_companies(companies)
                done += [registration.code for registration in _offer_next(companies, at=now)]
        except Exception:
            log.exception("offering what is free at company %s failed; the others go on", company_id)
    return done


def _meets(column: str) -> Q:
    """Holdings that are narrowed to what the registration outside says in `column`, or not narrowed by it."""
    return Q(**{column: OuterRef(column)}) | Q(**{column: None})


def _offer_next(companies: list[int], *, at: datetime) -> list[Registration]:
    """The line is locked in its order and never skipped: with SKIP LOCKED two workers promoted two (reliability.md,
    rule 3). Those whose firm is not active are passed over and keep their place; nobody has a turn that an open appeal
    about the order may give to somebody else."""
    turned: list[Registration] = []
    line = Registration.objects.awaiting_turn().filter(company__in=companies).select_for_update()
    order = list(line.values_list("pk", flat=True))
    if not order:
        return []
    rows = Registration.objects.select_related("partner__manager", "currency").in_bulk(order)
    policy, book = RegistrationPolicy.objects.in_force(at), None
    disputed = order_disputes.places_disputed([rows[pk] for pk in order], at)
    for waiting in (rows[pk] for pk in order):
        in_review = waiting.status != Status.WAITLISTED
        if not in_review:
            waiting.policy = policy  # its turn is looked at under the policy in force, the scope included
        held = holdings.held_by_others(waiting)
        if held and not in_review:
            _waits_behind(waiting, held)
        if held or not waiting.partner.is_selling or disputed.bars(waiting):
            continue
        if in_review:
            keep_turn(waiting, at=at)
            turned.append(waiting)
            continue
        before = places.reviewed_before(waiting)
        if before is not None:
            first = lock_registration(before.pk)
            keep_turn(first, at=at)
            _waits_behind(waiting, holdings.held_by_others(waiting))
            turned.append(first)
            continue
        book = book or rulebook_at(at, policy=policy)
        if take_turn(waiting, at=at, book=book):
            turned.append(waiting)
    return turned


def _waits_behind(waiting: Registration, held: list[Holding]) -> None:
    """Who waited for one that ended, and wants what another one holds, waits for that one from now on."""
    holders = [holding.registration_id for holding in held]
    if waiting.waits_for_id not in holders:
        Registration.objects.filter(pk=waiting.pk).update(waits_for=holders[0])
