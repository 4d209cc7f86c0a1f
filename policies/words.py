"""The policy in plain sentences, from the record that the engine reads (L1): one for each setting, and what changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from catalog.money import whole
from policies.models import RegistrationPolicy
from policies.rules import SETTINGS


class Kind(StrEnum):
    """Who acts: what a partner does, what a partner leaves, what the portal or the vendor does."""

    DO = "do"
    DONT = "dont"
    WE = "we"


@dataclass(frozen=True)
class Sentence:
    """What one setting means. `has_effect` is False where another setting leaves it without one."""

    setting: str
    kind: Kind
    text: str
    has_effect: bool = True


@dataclass(frozen=True)
class Said:
    """What a writer below says of its setting."""

    kind: Kind
    text: str
    has_effect: bool = True


@dataclass(frozen=True)
class Change:
    """One setting that two versions have differently, in words."""

    setting: str
    label: str
    before: str
    after: str


def sentences(policy: RegistrationPolicy, base: str) -> list[Sentence]:
    """Everything the policy says, in the order in which a deal meets it. `base` is the code of the base currency."""
    said = [(setting, _WRITERS[setting](policy, base)) for setting in ORDER]
    return [Sentence(setting, words.kind, words.text, words.has_effect) for setting, words in said]


def changes(old: RegistrationPolicy, new: RegistrationPolicy, base: str) -> list[Change]:
    """What `new` has otherwise than `old`, in the same order."""
    return [
        Change(
            name, LABELS[name], value_words(name, getattr(old, name), base), value_words(name, value, base)
        )
        for name in ORDER
        if (value := getattr(new, name)) != getattr(old, name)
    ]


def days(number: int) -> str:
    """'1 day', '30 days'."""
    return "1 day" if number == 1 else f"{number} days"


def value_words(setting: str, value: Any, base: str) -> str:
    """A value as it stands in a list of changes."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if setting == "auto_approve_below":
        return f"{whole(value)} {base}".strip()
    if setting == "final_notice_days":
        return f"{_listed(value)} ahead" if value else "none"
    if setting.endswith("_score"):
        return _percent(value)
    if setting == "review_sla_business_days":
        return "1 business day" if value == 1 else f"{value} business days"
    return f"{value:,} in 24 hours" if setting == "prechecks_per_day" else days(value)


def _percent(score: float) -> str:
    return f"{score * 100:.4g} %"


def _listed(numbers: Sequence[int]) -> str:
    *first, last = [days(number) for number in sorted(numbers, reverse=True)]
    return f"{', '.join(first)} and {last}" if first else last


def _tender(policy: RegistrationPolicy, base: str) -> Said:
    if policy.refuse_public_tender:
        return Said(Kind.DONT, "Don't register public tenders: they are refused.")
    return Said(Kind.DO, "Public tenders can be registered. Tick the box that says it is one.")


def _evidence(policy: RegistrationPolicy, base: str) -> Said:
    if policy.evidence_required:
        text = "Say what contact with the company took place. Without it a channel manager has to look first."
        return Said(Kind.DO, text)
    return Said(
        Kind.DO, "Say what contact with the company took place, if there was any. It is not required."
    )


def _prechecks(policy: RegistrationPolicy, base: str) -> Said:
    number = policy.prechecks_per_day
    times = "once" if number == 1 else f"{number:,} times"
    text = f"Don't try out names: your firm can ask for the instant answer {times} in 24 hours."
    return Said(Kind.DONT, text)


def _approval(policy: RegistrationPolicy, base: str) -> Said:
    if policy.auto_approve:
        return Said(Kind.WE, "A registration that nothing stands against is approved at once.")
    return Said(Kind.WE, "Every registration is looked at by a channel manager.")


def _limit(policy: RegistrationPolicy, base: str) -> Said:
    amount = f"{whole(policy.auto_approve_below)} {base}".strip()
    text = f"Deals of {amount} and more are looked at by a channel manager."
    if not policy.auto_approve:
        text = f"The limit of {amount} has no effect while every registration is looked at."
    return Said(Kind.WE, text, has_effect=policy.auto_approve)


def _review(policy: RegistrationPolicy, base: str) -> Said:
    text = (
        "If the company looks like one that is registered or claimed already, a channel manager compares the two. "
        f"That begins at {_percent(policy.review_score)} likelihood."
    )
    return Said(Kind.WE, text)


def _same(policy: RegistrationPolicy, base: str) -> Said:
    text = f"From {_percent(policy.same_score)} likelihood on, a company counts as the very one that is registered."
    return Said(Kind.WE, text, has_effect=policy.waitlist_same)


def _waitlist(policy: RegistrationPolicy, base: str) -> Said:
    if policy.waitlist_same:
        text = (
            "If another registration holds the very same company, yours joins the waitlist by itself: "
            "first come, first served."
        )
        return Said(Kind.WE, text)
    text = "Nobody is put on the waitlist by the portal alone: a channel manager decides that."
    return Said(Kind.WE, text)


def _answer(policy: RegistrationPolicy, base: str) -> Said:
    within = value_words("review_sla_business_days", policy.review_sla_business_days, base)
    return Said(Kind.WE, f"Whatever needs a look is answered within {within}.")


def _protection(policy: RegistrationPolicy, base: str) -> Said:
    text = (
        f"Update your deal while you work on it. Approved, it is protected for {days(policy.protection_days)}, "
        "and each update starts them anew."
    )
    return Said(Kind.DO, text)


def _reminder(policy: RegistrationPolicy, base: str) -> Said:
    number = days(policy.reminder_days)
    text = f"After {number} without an update we remind you."
    if 2 * policy.reminder_days < policy.protection_days - max(policy.final_notice_days, default=0):
        text = f"After {number} without an update we remind you, and every {number} from then on."
    return Said(Kind.WE, text)


def _final_notices(policy: RegistrationPolicy, base: str) -> Said:
    notices = "notice comes" if len(policy.final_notice_days) == 1 else "notices come"
    when = _listed(policy.final_notice_days) if policy.final_notice_days else "never"
    text = f"Don't let the end pass by: the final {notices} {when} before it. After it the company is free for others."
    return Said(Kind.DONT, text)


def _warning(policy: RegistrationPolicy, base: str) -> Said:
    number = days(policy.warning_days_before_expiry)
    text = f"Nothing expires unless a final notice was really sent to you, at least {number} before."
    return Said(Kind.WE, text)


LABELS = {
    "refuse_public_tender": "Refuse public tenders",
    "evidence_required": "Contact has to be stated",
    "prechecks_per_day": "Instant answers for a firm",
    "auto_approve": "Approve without a person",
    "auto_approve_below": "Approve without a person below",
    "review_score": "Review from a likelihood of",
    "same_score": "Same company from a likelihood of",
    "waitlist_same": "Waitlist without a person",
    "review_sla_business_days": "Answer within",
    "protection_days": "Protection",
    "reminder_days": "Reminder after",
    "final_notice_days": "Final notices",
    "warning_days_before_expiry": "Between final notice and expiry at least",
}
_WRITERS: dict[str, Callable[[RegistrationPolicy, str], Said]] = {
    "refuse_public_tender": _tender,
    "evidence_required": _evidence,
    "prechecks_per_day": _prechecks,
    "auto_approve": _approval,
    "auto_approve_below": _limit,
    "review_score": _review,
    "same_score": _same,
    "waitlist_same": _waitlist,
    "review_sla_business_days": _answer,
    "protection_days": _protection,
    "reminder_days": _reminder,
    "final_notice_days": _final_notices,
    "warning_days_before_expiry": _warning,
}
# A setting without a sentence would be a rule that nobody can read: it fails here and in a test.
ORDER = [*_WRITERS, *(setting for setting in SETTINGS if setting not in _WRITERS)]
