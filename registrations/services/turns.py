"""What happens when a registration's turn in line comes: looked at under the policy in force, then offered (R9)."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max

from accounts.models import User
from core.business_time import Calendar, add_business_days
from policies.models import RegistrationPolicy
from policies.outcome import Facts, Landing, Outcome, decide
from registrations.enums import Action, Status
from registrations.models import Conflict, Offer, Registration
from registrations.services import holdings, judgements, notices, offer_links, receipts, routing
from registrations.services.clocks import review_due
from registrations.services.transitions import Step, move

_TURN = "The registration before yours ended, and you were next in line."
_LAST_MINUTE = time(23, 59, 59)


def take_turn(waiting: Registration, *, at: datetime) -> bool:
    """It is `waiting`'s turn: offered, or back in review with the scope kept for it, or refused by the policy.

    False where it was refused, so that the next in line has its turn. The caller holds company and registration.
    """
    policy = waiting.policy = RegistrationPolicy.objects.in_force(at)
    waiting.waits_for = None
    outcome = recheck(waiting, policy, at)
    if outcome.landing == Landing.REFUSED:
        _refuse(waiting, outcome, policy, at)
        return False
    if outcome.landing == Landing.IN_REVIEW:
        _review(waiting, outcome, policy, at)
    else:
        _offer(waiting, policy, at)
    return True


def recheck(waiting: Registration, policy: RegistrationPolicy, at: datetime) -> Outcome:
    """What the policy in force says now. Where a person put it in line, they have seen what asks for a look: then only a
    holder of what may be the same company, whom nobody has judged, sends it back to them.

    Those behind it in line are no rivals to it, nor is a claim of direct sales that came later.
    """
    unjudged = judgements.unjudged_holder(waiting) is not None
    seen = waiting.decisions.filter(action=Action.WAITLIST, by__isnull=False).exists()
    if seen and not unjudged:
        return _only_refusals(_facts(waiting, 0.0, at), policy)
    return decide(_facts(waiting, 1.0 if unjudged else _best_score(waiting), at), policy)


def answer_by(start: datetime, policy: RegistrationPolicy, registration: Registration) -> datetime:
    """The last moment of the policy's last business day, counted from `start` where the partner works."""
    partner = registration.partner
    zone = ZoneInfo(partner.time_zone)
    calendar = Calendar(str(partner.country), partner.time_zone)
    last = add_business_days(start, policy.offer_business_days, calendar).astimezone(zone)
    return datetime.combine(last.date(), _LAST_MINUTE, zone)


def _facts(waiting: Registration, best_score: float, at: datetime) -> Facts:
    return Facts(
        value_in_base=(waiting.value or Decimal(0)) * waiting.currency.rate_to_base,
        partner_status=waiting.partner.status,
        tender=waiting.tender,
        contact_stated=bool(waiting.contact_made),
        best_score=best_score,
        at=at,
    )


def _only_refusals(facts: Facts, policy: RegistrationPolicy) -> Outcome:
    outcome = decide(facts, policy)
    return outcome if outcome.landing == Landing.REFUSED else Outcome(Landing.APPROVED)


def _best_score(waiting: Registration) -> float:
    open_ones = Conflict.objects.filter(registration=waiting).unjudged().standing()
    others = open_ones.exclude(rival__company=waiting.company_id)
    score: float | None = others.aggregate(best=Max("score"))["best"]
    return score or 0.0


def _refuse(waiting: Registration, outcome: Outcome, policy: RegistrationPolicy, at: datetime) -> None:
    step = Step({"text": outcome.rule, "policy": policy.version}, ("policy", "waits_for"))
    move(waiting, Action.REFUSE, Status.REFUSED, by=None, at=at, step=step)
    rule = f"When your turn came: {outcome.rule}"
    decision = receipts.write(
        waiting, Action.REFUSE, before=Status.WAITLISTED, by=None, at=at, rule=rule, policy=policy
    )
    notices.decided(waiting, "registration.refused", decision)


def _review(waiting: Registration, outcome: Outcome, policy: RegistrationPolicy, at: datetime) -> None:
    """A person looks first; nobody else can take the scope meanwhile."""
    holdings.reserve(waiting, at=at)
    waiting.review_reasons = ["turn_came", *(finding.code for finding in outcome.findings)]
    waiting.reviewer = routing.reviewer_for(waiting.partner, at)
    waiting.review_due_at = review_due(policy, at)
    fields = ("policy", "waits_for", "review_reasons", "reviewer", "review_due_at")
    step = Step({"rule": outcome.rule, "turn": True, "policy": policy.version}, fields)
    move(waiting, Action.RETURN, Status.IN_REVIEW, by=None, at=at, step=step)
    occasion = f"turn:{waiting.version}"
    notices.tell_partner(waiting, "registration.turn_came", occasion=occasion, rule=outcome.rule)
    notices.tell_referee(waiting, "registration.review_needed", occasion=occasion)


def _offer(waiting: Registration, policy: RegistrationPolicy, at: datetime) -> None:
    offer = Offer(registration=waiting, policy=policy, made_at=at, answer_by=answer_by(at, policy, waiting))
    offer.save()
    last_day = offer.answer_by.date()  # still in the partner's time zone
    said = {"policy": policy.version, "offer": offer.code, "until": last_day.isoformat()}
    step = Step(said, ("policy", "waits_for"))
    move(waiting, Action.OFFER, Status.OFFERED, by=None, at=at, step=step)
    decision = receipts.write(
        waiting, Action.OFFER, before=Status.WAITLISTED, by=None, at=at, rule=_TURN, policy=policy
    )

    def own_link(person: User) -> dict[str, Any]:
        # A channel manager, told where nobody of the firm is left to tell, gets the registration's page instead.
        return {} if person.is_vendor else {"offer_url": offer_links.link_for(offer, person)}

    offer.message = notices.tell_partner(
        waiting,
        "registration.offered",
        occasion=offer.code,
        decision=decision,
        answer_by=last_day,
        business_days=policy.offer_business_days,
        protection_days=policy.protection_days,
        for_each=own_link,
    )
    offer.save(update_fields=["message"])
