"""The line behind a holder: first come, first served (R9)."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from companies.services import lock_companies
from core.clock import Clock, database_clock
from notifications.holding import by_calendar
from policies.firms import SELLING
from policies.models import RegistrationPolicy
from registrations.enums import Action, Status
from registrations.models import Holding, Registration
from registrations.services import giving_back, holdings, next_turns, notices, places, splits
from registrations.services.clocks import review_due
from registrations.services.locks import lock_registration, lock_registrations
from registrations.services.next_turns import Due, Place
from registrations.services.transitions import Step, held_together, move
from registrations.services.turns import keep_turn, take_turn

log = logging.getLogger(__name__)


def move_up(ended: Registration, *, at: datetime) -> list[Registration]:
    """The place is free: after `ended` gave its scope back, the next in line who fits has its turn. Returns those.

    The caller holds the company's lock. Safe to call where nothing became free.
    """
    splits.close_with(ended, at=at)
    return _go_on(ended, holdings.freed_companies(ended, at=at), at=at)


def go_on(kept: Registration, *, at: datetime) -> list[Registration]:
    """What was kept for `kept` at a company is so no more, however its review went on: the line there goes on. The same as
    `move_up` of one that has not ended, and holds what it holds now."""
    companies = holdings.given_back_at(kept, at=at)
    return _go_on(kept, companies, at=at) if companies else []


def _go_on(ended: Registration, freed: list[int], *, at: datetime) -> list[Registration]:
    """The line is that of the whole family: who comes first at another company of it goes first, since they exclude each
    other."""
    companies = held_together(*freed)
    if companies != [ended.company_id]:
        lock_companies(companies)  # `opened` has them; a verdict on a company's page has its two
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
    again. What is kept for a review whose firm is not active is given back first. Returns codes. Safe to run any number of
    times."""
    now = clock()
    done = _pass_over_idle(now)
    # Roughly, and rather too many than too few: what is held is looked at again behind the lock.
    lines = Registration.objects.filter(pk=OuterRef(OuterRef("pk"))).values("lines__product_line")
    held = Holding.objects.filter(
        Q(product_line__in=lines) | Q(product_line=None),
        _meets("territory"),
        _meets("industry"),
        ended_at=None,
        company=OuterRef("company"),
    )
    free = Registration.objects.in_line().filter(~Exists(held), partner__status__in=SELLING)
    looked: set[int] = set()
    for company_id in sorted(set(free.values_list("company_id", flat=True))):
        if company_id in looked:
            continue
        try:
            with transaction.atomic(), by_calendar(now):
                companies = held_together(company_id)
                looked.update(companies)  # a family has one line
                lock_companies(companies)
                done += [registration.code for registration in _offer_next(companies, at=now)]
        except Exception:
            log.exception("offering what is free at company %s failed; the others go on", company_id)
    return done


def _pass_over_idle(now: datetime) -> list[str]:
    """The lines that would wait for a review of a firm that may hold no deal now go on."""
    done = []
    for review in giving_back.kept_for_idle_firms():
        try:
            with transaction.atomic(), by_calendar(now):
                kept = review.holdings.filter(ended_at=None).values_list("company_id", flat=True)
                lock_companies(held_together(review.company_id or 0, *kept))
                locked = lock_registration(review.pk)
                if giving_back.kept_for_idle_firms().filter(pk=locked.pk).exists():
                    giving_back.pass_over(locked, at=now)
                    done += [registration.code for registration in go_on(locked, at=now)]
        except Exception:
            log.exception("giving back what is kept for %s failed; the others go on", review.code)
    return done


def _meets(column: str) -> Q:
    """Holdings that are narrowed to what the registration outside says in `column`, or not narrowed by it."""
    return Q(**{column: OuterRef(column)}) | Q(**{column: None})


def _offer_next(companies: list[int], *, at: datetime) -> list[Registration]:
    """The line is locked in its order and never skipped: with SKIP LOCKED two workers promoted two (reliability.md,
    rule 3)."""
    line = Registration.objects.awaiting_turn().filter(company__in=companies).select_for_update()
    order = list(line.values_list("pk", flat=True))
    if not order:
        return []
    lock_registrations(places.reviews_beside(order))  # who came first is under review still, or is not
    rows = Registration.objects.select_related("partner__manager", "currency").in_bulk(order)
    turned, stay = [], []
    for due in next_turns.due_among([rows[pk] for pk in order], at=at):
        gets_it = _carry_out(due, at=at)
        if gets_it is not None:
            turned.append(gets_it)
        if due.held or due.first is not None:
            stay.append(due.waiting)
    _wait_behind_holders(stay)
    return turned


def _carry_out(due: Due, *, at: datetime) -> Registration | None:
    """Gives the place to whoever it is due to. Returns them; None where it is due to nobody, or was refused."""
    waiting = due.waiting
    if due.turn is not None:
        return waiting if take_turn(waiting, at=at, turn=due.turn) else None
    if due.first is not None:
        first = lock_registration(due.first.pk)
        keep_turn(first, at=at, company=due.kept_at)
        return first
    if due.place == Place.ANEW:
        keep_turn(waiting, at=at, company=due.kept_at)
    return due.goes_to


def wait_behind(given: Registration, *, at: datetime) -> None:
    """After a person gave the deal to `given`: those in line, whether it passed them or not, wait for whoever holds what they
    want now. The caller holds the company's lock."""
    wait_for_holders(given.company_id or 0, at=at)


def wait_for_holders(company: int, *, at: datetime) -> None:
    """Those in line at the company, and at what is held together with it, wait for whoever holds what they want now. The caller
    holds its lock."""
    policy = RegistrationPolicy.objects.in_force(at)
    line = list(Registration.objects.in_line().filter(company__in=held_together(company)))
    for waiting in line:
        waiting.policy = policy  # as when its turn is looked at
    _wait_behind_holders(line)


def wait_again(waiting: Registration, *, behind: int | None) -> None:
    """Its company is one of its own again: it waits `behind` whom it waited for before, or for who holds what it wants by now.
    Where nobody does, the sweep finds its turn."""
    holders = [holding.registration_id for holding in holdings.held_by_others(waiting)]
    found = behind if behind in holders or not holders else holders[0]
    Registration.objects.filter(pk=waiting.pk).update(waits_for=found)


def _wait_behind_holders(line: Sequence[Registration]) -> None:
    """Who waited for one that ended, and wants what another one holds, waits for that one from now on."""
    held = holdings.held_among(line)
    behind: dict[int, list[int]] = defaultdict(list)
    for waiting in line:
        holders = [holding.registration_id for holding in held[waiting.pk]]
        if holders and waiting.waits_for_id not in holders:
            behind[holders[0]].append(waiting.pk)
    for holder, rows in behind.items():
        Registration.objects.filter(pk__in=rows).update(waits_for=holder)
