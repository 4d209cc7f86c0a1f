"""The line behind a holder: first come, first served (R9)."""

from datetime import datetime

from policies.models import RegistrationPolicy
from registrations.enums import Action, Status
from registrations.models import Registration
from registrations.services import holdings, notices, protection, receipts
from registrations.services.transitions import Step, move


def move_up(ended: Registration, *, at: datetime) -> list[Registration]:
    """After `ended` gave its scope back: the next in line who fits gets it. Returns those who moved up.

    The caller holds the company's lock. The line is locked in order of rank and never skipped: with SKIP LOCKED two
    workers promoted two (reliability.md, rule 3). Those whose firm is not active are passed over and keep their place.
    """
    moved = []
    line = Registration.objects.in_line().filter(company=ended.company_id).select_for_update(of=("self",))
    for waiting in line.select_related("partner", "policy", "owner"):
        if not waiting.partner.is_active or holdings.held_by_others(waiting):
            continue
        _promote(waiting, at)
        moved.append(waiting)
    if moved:
        Registration.objects.in_line().filter(waits_for=ended).update(waits_for=moved[0])
    return moved


def return_to_review(ended: Registration, *, at: datetime) -> None:
    """After `ended` was won: there is nothing left to move up to, so the referee looks at those behind it."""
    line = Registration.objects.in_line().filter(waits_for=ended).select_for_update(of=("self",))
    for waiting in line.select_related("partner", "policy"):
        policy = waiting.policy or RegistrationPolicy.objects.in_force(at)
        waiting.waits_for = None
        waiting.review_reasons = ["holder_won"]
        waiting.review_due_at = protection.add_business_days(
            at, policy.review_sla_business_days, str(waiting.partner.country)
        )
        step = Step({}, ("waits_for", "review_reasons", "review_due_at"))
        move(waiting, Action.RETURN, Status.IN_REVIEW, by=None, at=at, step=step)
        notices.tell_referee(waiting, "registration.review_needed", occasion=f"returned:{waiting.version}")


def _promote(waiting: Registration, at: datetime) -> None:
    policy = RegistrationPolicy.objects.in_force(at)
    waiting.policy = policy
    waiting.waits_for = None
    protection.renew(waiting, policy, at=at)
    step = Step({"policy": policy.version}, ("policy", "waits_for", *protection.FIELDS))
    move(waiting, Action.MOVE_UP, Status.APPROVED, by=None, at=at, step=step)
    decision = receipts.write(
        waiting,
        Action.MOVE_UP,
        before=Status.WAITLISTED,
        by=None,
        at=at,
        rule="The registration before yours ended, and you were next in line.",
        policy=policy,
    )
    notices.decided(waiting, "registration.moved_up", decision)
