"""Giving a lead to a firm, by each of the ways, and offering it on when a firm does not take it."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from core.clock import Clock, database_clock, fixed
from core.errors import BadInput, DomainError, NotAllowed, ScopeTaken, WrongStatus
from leads.enums import GiftEnd, LeadAction, Onward, Way
from leads.models import Gift, Lead
from leads.querysets import firm_of
from leads.services import notices
from leads.services.deadlines import answer_by
from leads.services.eligibility import Standing, eligible, next_of_territory, standings
from leads.services.held import refuse_held, take_out
from leads.services.rotation import take_turn
from leads.services.transitions import move, opened
from leads.workflow import OUT_OF_POOL
from notifications.holding import wait_for_day
from partners.models import Partner
from registrations.services.submission import next_rank


class NobodyLeft(DomainError):
    """There is no firm that the lead could go to."""

    title = "There is no firm for this lead"


class NoTerritory(BadInput):
    """By territory, where the lead has none: one was taken off it, or it never had one."""


def give(
    lead: Lead,
    *,
    way: str,
    by: User,
    partner: Partner | None = None,
    onward: str = Onward.BACK,
    message: str = "",
    version: int | None = None,
    clock: Clock = database_clock,
) -> Gift:
    """Gives the lead to `partner` by hand, or to the firm that `way` (territory, rotation) chooses. One whose registration the
    policy would refuse is not chosen, but a person may give it the lead.

    `onward` says where it goes if the firm does not take it. Raises BadInput for a firm that may not have it, NobodyLeft
    where no firm fits, ScopeTaken while another firm holds the company for the same product lines.
    """
    with transaction.atomic():
        locked, _ = opened(lead, LeadAction.GIVE, by=by, version=version)
        chosen = _by_hand(locked, partner, clock) if way == Way.HAND else choose(locked, way, clock=clock)
        _check_onward(locked, onward)
        locked.onward = onward
        refuse_held(locked, chosen)
        return _hand_over(locked, chosen, LeadAction.GIVE, way=way, by=by, at=clock(), message=message)


def put_into_pool(
    lead: Lead, *, by: User | None, version: int | None = None, clock: Clock = database_clock
) -> Lead:
    """Lets the firms that fit claim it: first come, one wins. Raises NobodyLeft where none could, ScopeTaken."""
    with transaction.atomic():
        locked, _ = opened(lead, LeadAction.POOL, by=by, version=version)
        refuse_held(locked, None)
        return _pool(locked, by=by, at=clock())


def claim(lead: Lead, *, by: User, clock: Clock = database_clock) -> Gift:
    """Takes a lead out of the pool for the firm of `by`. Of two at the same time one wins; the other gets WrongStatus,
    which says so. Raises NotAllowed for a firm that may not have it. One that another firm has come to hold leaves the
    pool here, in the same words as any that leaves it: whether a company is held is not told (R3)."""
    firm = firm_of(by)
    if firm is None:
        raise NotAllowed("Only people of a partner can claim leads.")
    try:
        return _claim(lead, firm, by=by, clock=clock)
    except ScopeTaken as reason:
        take_out(lead, clock=clock)
        raise WrongStatus(OUT_OF_POOL) from reason


def _claim(lead: Lead, firm: Partner, *, by: User, clock: Clock) -> Gift:
    with transaction.atomic():
        locked, _ = opened(lead, LeadAction.CLAIM, by=by)
        rows = standings(locked, clock=clock)
        _check_claim(next((found for found in rows if found.partner.pk == firm.pk), None))
        refuse_held(locked, firm)
        locked.onward = Onward.POOL
        return _hand_over(locked, firm, LeadAction.CLAIM, way=Way.POOL, by=by, at=clock())


def offer_on(lead: Lead, gift: Gift, *, at: datetime) -> str:
    """After `gift` ended without success: the lead goes on as it says in `onward`. Returns where, in words.

    The lead comes from `opened` and has no firm now. Where nobody is left it waits for the vendor; after a deadline that
    passed in silence the manager is told so, after a decline the mail about that says it.
    """
    if lead.onward == Onward.BACK:
        return _back_to_us(lead, gift, "It was to come back to you.", at=at)
    try:
        refuse_held(lead, None)
        if lead.onward == Onward.POOL:
            _pool(lead, by=None, at=at)
            return "It is in the pool again."
        chosen = choose(lead, Way(lead.onward), clock=fixed(at))
        _hand_over(lead, chosen, LeadAction.GIVE, way=lead.onward, by=None, at=at)
        return f"It was offered to {chosen.name}."
    except (NobodyLeft, NoTerritory, ScopeTaken) as reason:
        return _back_to_us(lead, gift, reason.message, at=at)


def _back_to_us(lead: Lead, gift: Gift, why: str, *, at: datetime) -> str:
    if gift.end != GiftEnd.DECLINED:
        notices.unplaced(lead, gift, why, at=at)
    return f"{why} It waits for you to give it again."


def choose(lead: Lead, way: str, *, clock: Clock = database_clock) -> Partner:
    """The firm that `way` (territory or rotation) gives the lead to. Raises NobodyLeft, BadInput."""
    fitting = eligible(lead, clock=clock)
    if way == Way.TERRITORY:
        if lead.territory is None:
            raise NoTerritory(
                "The lead has no territory. Say one first, or give it another way.", field="way"
            )
        serving = next_of_territory(lead, fitting)
        if serving is None:
            raise NobodyLeft(f"No firm that serves {lead.territory} is left for this lead.")
        return serving.partner
    if way != Way.ROTATION:
        raise BadInput("Choose how to give the lead.", field="way")
    chosen = take_turn(fitting)
    if chosen is None:
        raise NobodyLeft("No firm in the rotation is left for this lead.")
    return chosen


def _check_claim(mine: Standing | None) -> None:
    """Raises WrongStatus, in words for the firm, where it can't claim the lead."""
    if mine is not None and mine.is_eligible:
        return
    why = "; ".join([*mine.obstacles, *mine.doubts]).lower() if mine else "it is not active"
    if mine is not None and not why:
        raise WrongStatus(" ".join(["Your firm can't claim this lead now.", *mine.refusals]))
    raise WrongStatus(f"Your firm can't claim this lead: {why}.")


def _by_hand(lead: Lead, partner: Partner | None, clock: Clock) -> Partner:
    if partner is None:
        raise BadInput("Choose the firm that gets the lead.", field="partner")
    found: Standing | None = next(
        (row for row in standings(lead, clock=clock) if row.partner.pk == partner.pk), None
    )
    if found is None or not found.may_be_given:
        why = "; ".join(found.obstacles) if found else "it is not an active partner"
        raise BadInput(f"{partner} can't get this lead: {why}.", field="partner")
    return found.partner


def _check_onward(lead: Lead, onward: str) -> None:
    if onward not in Onward.values:
        raise BadInput("Choose what happens if the firm does not take it.", field="onward")
    if onward == Onward.TERRITORY and lead.territory is None:
        raise BadInput(
            "The lead has no territory, so there is no next firm of it. Choose another.", field="onward"
        )


def _pool(lead: Lead, *, by: User | None, at: datetime) -> Lead:
    if not eligible(lead, clock=fixed(at)):
        raise NobodyLeft("No firm could claim this lead from the pool.")
    lead.pooled_at, lead.out_of_reach_at = at, None
    return move(lead, LeadAction.POOL, by=by, at=at, fields=["pooled_at", "out_of_reach_at"])


def _hand_over(
    lead: Lead,
    partner: Partner,
    action: LeadAction,
    *,
    way: str,
    by: User | None,
    at: datetime,
    message: str = "",
) -> Gift:
    gift = Gift(
        lead=lead,
        partner=partner,
        way=way,
        by=by,
        message=message,
        at=at,
        rank=next_rank(),
        answer_by=answer_by(partner, at + wait_for_day(partner.time_zone)),  # from when it can be read
    )
    try:
        with transaction.atomic():
            gift.save(force_insert=True)
    except IntegrityError as error:
        raise WrongStatus("Another firm has this lead already. Nothing was changed.") from error
    told = {"partner": partner.name, "way": way, "answer_by": gift.answer_by.isoformat()}
    if message:
        told["text"] = message
    move(lead, action, by=by, at=at, partner=partner, data=told, fields=["onward"])
    notices.given(gift)
    return gift
