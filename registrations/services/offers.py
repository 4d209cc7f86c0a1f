"""Answering an offer, and letting it lapse. Whoever comes first at the company's lock, the answer or the sweep, decides."""

import logging
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import DomainError, LinkSpent, NotAllowed, WrongStatus
from notifications.enums import MessageStatus
from notifications.holding import by_calendar, wait_for_day
from registrations import shown
from registrations.enums import Action, OfferOutcome, Status
from registrations.models import Offer, Registration
from registrations.services import notices, protection, receipts, waitlist
from registrations.services.expiry import Sweep
from registrations.services.locks import lock_registration
from registrations.services.transitions import Step, move, opened
from registrations.services.turns import answer_by, tell_of_offer

log = logging.getLogger(__name__)


class OfferOver(LinkSpent):
    """The offer was answered, lapsed, or ended with its registration. The words say which, and when."""

    title = "This offer is over"


def accept(
    offer: Offer, *, by: User, via: str = "portal", version: int | None = None, clock: Clock = database_clock
) -> Registration:
    """The deal is theirs: protection begins. Raises OfferOver once it was answered or its time has passed."""
    with transaction.atomic():
        locked = _opened(offer, Action.MOVE_UP, by=by, version=version)
        at = clock()
        require_open(offer, at)
        if not locked.partner.is_selling:
            raise NotAllowed(
                "Your firm is not active at present, so it cannot hold a deal. Ask your channel manager."
            )
        # What was offered is what they get: a version that came since may hold together what was promised alone.
        policy = locked.policy = offer.policy
        protection.renew(locked, policy, at=at)
        step = Step({"policy": policy.version, "via": via}, ("policy", *protection.FIELDS))
        move(locked, Action.MOVE_UP, Status.APPROVED, by=by, at=at, step=step)
        decision = receipts.write(
            locked,
            Action.MOVE_UP,
            before=Status.OFFERED,
            by=by,
            at=at,
            rule="You were next in line, and you accepted the offer in time.",
            policy=policy,
        )
        notices.decided(locked, "registration.moved_up", decision)
    return locked


def decline(
    offer: Offer,
    *,
    by: User,
    text: str = "",
    via: str = "portal",
    version: int | None = None,
    clock: Clock = database_clock,
) -> Registration:
    """Not wanted any more: the registration is withdrawn and the next in line gets the offer. Raises OfferOver."""
    with transaction.atomic():
        locked = _opened(offer, Action.DECLINE, by=by, version=version)
        at = clock()
        require_open(offer, at)
        locked.closed_at = at
        step = Step({"text": text, "via": via}, ["closed_at"])
        move(locked, Action.DECLINE, Status.WITHDRAWN, by=by, at=at, step=step)
        notices.tell_partner(locked, "registration.withdrawn", occasion=f"v{locked.version}", but_not=by)
        waitlist.move_up(locked, at=at)
    return locked


def lapse_offers(*, clock: Clock = database_clock, dry_run: bool = False) -> Sweep:
    """A sweep: ends offers whose time has passed and offers on. `waiting` has those whose mail left late or not at all:
    nobody loses a deal that they were not told of."""
    now = clock()
    sweep = Sweep()
    if not dry_run:
        _tell_others(now)
    due = Offer.objects.open().filter(answer_by__lt=now).order_by("answer_by", "id")
    if not due.exists():
        return sweep
    for offer in due.select_related("registration__partner", "message", "policy"):
        code = offer.registration.code
        if not _is_past(offer, now):
            sweep.waiting.append(code)
            continue
        try:
            if dry_run or _lapse(offer, now):
                sweep.done.append(code)
        except DomainError as reason:
            log.info("the offer of %s does not lapse: %s", code, reason)
        except Exception:
            log.exception("ending the offer of %s failed; the others go on", code)
            sweep.failed.append(code)
    return sweep


def _tell_others(now: datetime) -> None:
    """Offers whose mail could not be delivered: the firm's admins, else its channel manager, get them, with the days anew.
    Where there is nobody else the promised deadline holds."""
    for offer in Offer.objects.open().filter(message__status=MessageStatus.FAILED).order_by("pk"):
        try:
            with transaction.atomic(), by_calendar(now):
                _tell_somebody_else(offer, now)
        except Exception:
            log.exception(
                "telling others of the offer of %s failed; the others go on", offer.registration.code
            )


def _tell_somebody_else(offer: Offer, now: datetime) -> None:
    waiting = lock_registration(offer.registration_id)
    offer = Offer.objects.select_for_update(of=("self",)).select_related("policy", "message").get(pk=offer.pk)
    message = offer.message
    if offer.outcome != OfferOutcome.OPEN or message is None or message.status != MessageStatus.FAILED:
        return
    told = User.objects.filter(
        messages__about=waiting.code,
        messages__occasion__startswith=f"{message.event}:{waiting.code}:{offer.code}:",
    )
    reached = [person for person in notices.people_beside(waiting.partner, told, now) if person not in told]
    read = now + min((wait_for_day(person.time_zone) for person in reached), default=timedelta(0))
    offer.answer_by = answer_by(read, offer.policy, waiting) if reached else offer.answer_by
    decision = waiting.decisions.filter(action=Action.OFFER, at=offer.made_at).first()
    offer.message = tell_of_offer(offer, waiting, reached, decision)
    offer.save(update_fields=["answer_by", "message"])


def closes_at(offer: Offer) -> datetime | None:
    """When it really ends: the promised deadline, or the policy's days after its mail was handed to the mail server, if
    that was later; None while the mail has not left."""
    message = offer.message
    if message is None or message.status == MessageStatus.CANCELLED:
        return offer.answer_by  # there is nobody whom a mail could reach
    if message.sent_at is None:
        return None
    return max(offer.answer_by, answer_by(message.sent_at, offer.policy, offer.registration))


def last_day(offer: Offer, now: datetime) -> date:
    """The day of the real deadline where the partner works; somewhere else it may be the next one already. While its mail
    has not left: the day that it would be if the mail left `now`."""
    deal = offer.registration
    ends = closes_at(offer) or max(offer.answer_by, answer_by(now, offer.policy, deal))
    return ends.astimezone(ZoneInfo(deal.partner.time_zone)).date()


def require_open(offer: Offer, at: datetime) -> None:
    """Raises OfferOver, saying what happened, unless it can still be answered at `at`."""
    words = _what_happened(offer, at)
    if words:
        raise OfferOver(words)


def _what_happened(offer: Offer, at: datetime) -> str:
    ended, company = shown.day(offer.ended_at), offer.registration.company_name
    match offer.outcome:
        case OfferOutcome.ACCEPTED:
            return f"The offer of {company} was accepted on {ended}. Nothing more is needed here."
        case OfferOutcome.DECLINED:
            return f"The offer of {company} was declined on {ended}. The deal went on to the next in line."
        case OfferOutcome.ENDED if _was_undone(offer):
            return f"The offer of {company} was made by mistake and taken back at once. You keep your place in line."
        case OfferOutcome.ENDED:
            return f"The registration of {company} ended on {ended}, and the offer with it."
        case OfferOutcome.OPEN if not _is_past(offer, at):
            return ""
    return (
        f"The offer of {company} was open until {shown.day(last_day(offer, at))} and was not answered in time. "
        "The deal went on to the next in line. If you still work on it, use the registration again for a new one."
    )


def _was_undone(offer: Offer) -> bool:
    """Whether the decision that brought it was taken back; its mail never left."""
    made = offer.registration.decisions.filter(action=Action.OFFER, at=offer.made_at)
    return bool(made.filter(undone_at__isnull=False).exists())


def _is_past(offer: Offer, now: datetime) -> bool:
    if now <= offer.answer_by:
        return False
    ends = closes_at(offer)
    return ends is not None and now > ends


def _opened(offer: Offer, action: Action, *, by: User, version: int | None) -> Registration:
    """The registration, locked, and `offer` as it is behind that lock."""
    try:
        locked = opened(offer.registration, action, by=by, version=version)
    except WrongStatus:
        offer.refresh_from_db()
        if offer.outcome == OfferOutcome.OPEN:
            raise
        raise OfferOver(_what_happened(offer, offer.ended_at or offer.made_at)) from None
    offer.refresh_from_db()
    return locked


def _lapse(offer: Offer, now: datetime) -> bool:
    """Ends one under the locks, if it is still open there: an answer may have come first."""
    with transaction.atomic(), by_calendar(now):
        locked = opened(offer.registration, Action.LAPSE, by=None)
        offer.refresh_from_db()
        if offer.outcome != OfferOutcome.OPEN or not _is_past(offer, now):
            return False
        locked.closed_at, last = now, last_day(offer, now)
        step = Step({"until": last.isoformat()}, ["closed_at"])
        move(locked, Action.LAPSE, Status.EXPIRED, by=None, at=now, step=step)
        rule = f"The offer was open until {shown.day(last)} and was not answered in time."
        decision = receipts.write(locked, Action.LAPSE, before=Status.OFFERED, by=None, at=now, rule=rule)
        notices.decided(locked, "registration.offer_lapsed", decision)
        waitlist.move_up(locked, at=now)
    return True
