"""Sentences about how long a deal is protected, and who is told before it ends."""

from policies.models import RegistrationPolicy
from policies.saying import Kind, Said, day_list, days


def protection(policy: RegistrationPolicy, base: str) -> Said:
    text = (
        f"Update your deal while you work on it. Approved, it is protected for {days(policy.protection_days)}, "
        "and each update starts them anew. An end that an extension moved further stays."
    )
    return Said(Kind.DO, text)


def reminder(policy: RegistrationPolicy, base: str) -> Said:
    number = days(policy.reminder_days)
    again = "day" if policy.reminder_days == 1 else number
    text = f"After {number} without an update we remind you."
    if 2 * policy.reminder_days < policy.protection_days - max(policy.final_notice_days, default=0):
        text = f"After {number} without an update we remind you, and every {again} from then on."
    return Said(Kind.WE, text)


def final_notices(policy: RegistrationPolicy, base: str) -> Said:
    notices = "notice comes" if len(policy.final_notice_days) == 1 else "notices come"
    when = day_list(policy.final_notice_days) if policy.final_notice_days else "never"
    text = f"Don't let the end pass by: the final {notices} {when} before it."
    if not policy.grace_days:  # with days of grace their own sentence says when
        text += " After it the company is free for others."
    return Said(Kind.DONT, text)


def warning(policy: RegistrationPolicy, base: str) -> Said:
    number = days(policy.warning_days_before_expiry)
    text = f"Nothing expires unless a final notice was really sent to you, at least {number} before."
    return Said(Kind.WE, text)


def grace(policy: RegistrationPolicy, base: str) -> Said:
    if not policy.grace_days:
        return Said(Kind.WE, "There are no days of grace after the end of protection.", has_effect=False)
    text = f"For {days(policy.grace_days)} after the end an update still saves the deal. Then the company is free."
    return Said(Kind.WE, text)


def escalation(policy: RegistrationPolicy, base: str) -> Said:
    if not policy.escalation_days:
        return Said(Kind.WE, "A channel manager is not told of a deal that falls silent.", has_effect=False)
    number = days(policy.escalation_days)
    text = f"If you stay silent, your channel manager hears of it {number} before the end."
    return Said(Kind.WE, text)


def update_evidence(policy: RegistrationPolicy, base: str) -> Said:
    told = (
        "An update counts when it says something new: the stage, the value, the closing date, the next step, a contact "
        "or a sentence. The same words again do not count, nor does a stage or a value that the deal has had before."
    )
    if policy.update_evidence_required:
        told += " It also needs evidence: the day of a contact since the last update, or a file."
    return Said(Kind.DO, told)
