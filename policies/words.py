"""The policy in plain sentences, from the record that the engine reads (L1): one for each setting, and what changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from catalog.money import whole
from partners.enums import PartnerTier
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
    if setting in ("review_sla_business_days", "offer_business_days"):
        return "1 business day" if value == 1 else f"{value} business days"
    if setting.startswith("open_most_"):
        return "no limit" if value is None else f"{value:,}"
    if setting == "grace_days" and value == 0:
        return "none"
    if setting == "escalation_days":
        return f"{days(value)} ahead" if value else "never"
    if setting == "extensions_most":
        return "none" if value == 0 else f"{value:,}"
    return f"{value:,} in 24 hours" if setting.startswith("prechecks_per_") else days(value)


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


def _prechecks_of_a_person(policy: RegistrationPolicy, base: str) -> Said:
    number = policy.prechecks_per_person
    times = "once" if number == 1 else f"{number:,} times"
    return Said(Kind.WE, f"One person can ask {times} in 24 hours. What you type in one go counts once.")


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


def _offer(policy: RegistrationPolicy, base: str) -> Said:
    within = value_words("offer_business_days", policy.offer_business_days, base)
    text = (
        f"When the registration before yours ends without a win, you are offered the deal: answer within {within} of "
        "your country. After that it is offered to the next in line, by time of submission."
    )
    return Said(Kind.DO, text)


def _scope_product_line(policy: RegistrationPolicy, base: str) -> Said:
    if policy.scope_product_line:
        return Said(Kind.WE, "A registration holds the company for its own product lines; others stay free.")
    return Said(Kind.WE, "A registration holds the company for all product lines.")


def _scope_territory(policy: RegistrationPolicy, base: str) -> Said:
    if policy.scope_territory:
        return Said(
            Kind.DO,
            "Name the territory: a registration holds the company there only. Without one it is everywhere.",
        )
    return Said(Kind.WE, "A registration holds the company in all territories.")


def _scope_industry(policy: RegistrationPolicy, base: str) -> Said:
    if policy.scope_industry:
        return Said(
            Kind.DO,
            "Name the industry: a registration holds the company for it only. Without one it is for all.",
        )
    return Said(Kind.WE, "A registration holds the company for all industries.")


def _scope_family(policy: RegistrationPolicy, base: str) -> Said:
    if policy.scope_family:
        return Said(Kind.WE, "A registration also holds the company's parents and subsidiaries.")
    return Said(Kind.WE, "Parents and subsidiaries of a registered company are free for others.")


def _other_scope(policy: RegistrationPolicy, base: str) -> Said:
    narrowed = policy.scope_product_line or policy.scope_territory or policy.scope_industry
    text = "Another registration of the company that stays outside that scope is no obstacle."
    if policy.review_other_scope:
        text = "If the company is registered outside that scope, a channel manager takes a look first."
    return Said(Kind.WE, text, has_effect=narrowed)


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


def _grace(policy: RegistrationPolicy, base: str) -> Said:
    if not policy.grace_days:
        return Said(Kind.WE, "There are no days of grace after the end of protection.", has_effect=False)
    text = f"For {days(policy.grace_days)} after the end an update still saves the deal. Then the company is free."
    return Said(Kind.WE, text)


def _escalation(policy: RegistrationPolicy, base: str) -> Said:
    if not policy.escalation_days:
        return Said(Kind.WE, "A channel manager is not told of a deal that falls silent.", has_effect=False)
    number = days(policy.escalation_days)
    text = f"If you stay silent, your channel manager hears of it {number} before the end."
    return Said(Kind.WE, text)


def _update_evidence(policy: RegistrationPolicy, base: str) -> Said:
    told = (
        "An update counts when it says something new: the stage, the value, the closing date, the next step, a contact "
        "or a sentence. The same words again do not count."
    )
    if policy.update_evidence_required:
        told += " It also needs evidence: the day of a contact since the last update, or a file."
    return Said(Kind.DO, told)


def _open_most(tier: PartnerTier) -> Callable[[RegistrationPolicy, str], Said]:
    def write(policy: RegistrationPolicy, base: str) -> Said:
        most = policy.open_most(tier)
        if most is None:
            return Said(
                Kind.WE, f"{tier.label} partners can have any number of deals open.", has_effect=False
            )
        deals = "1 deal" if most == 1 else f"{most:,} deals"
        text = f"Don't hoard names: as a {tier.label} partner, keep no more than {deals} open at a time."
        return Said(Kind.DONT, text)

    return write


def _cooling_off(policy: RegistrationPolicy, base: str) -> Said:
    if not policy.cooling_off_days:
        return Said(Kind.DO, "A company that you let expire can be registered again at once.")
    text = f"Don't let a company expire to take it again: your firm waits {days(policy.cooling_off_days)} for that."
    return Said(Kind.DONT, text)


def _extension(policy: RegistrationPolicy, base: str) -> Said:
    text = (
        f"Ask for an extension where a project stands still: it adds {days(policy.extension_days)} to the protection. "
        "A channel manager decides."
    )
    if not policy.extensions_most:
        text = (
            f"The length of an extension, {days(policy.extension_days)}, has no effect while there are none."
        )
    return Said(Kind.DO, text, has_effect=bool(policy.extensions_most))


def _extensions_most(policy: RegistrationPolicy, base: str) -> Said:
    number = policy.extensions_most
    if not number:
        return Said(Kind.WE, "Protection is not extended: only updates renew it.")
    times = {1: "once", 2: "twice"}.get(number, f"{number:,} times")
    return Said(Kind.WE, f"A registration can be extended {times}, with one request open at a time.")


def _extension_evidence(policy: RegistrationPolicy, base: str) -> Said:
    if policy.extension_evidence_required:
        text = "Attach what shows why you need an extension, such as a mail of the customer. Without it you cannot ask."
    else:
        text = "Say why you need an extension. A file that shows it helps, but is not required."
    return Said(Kind.DO, text, has_effect=bool(policy.extensions_most))


def _appeal(policy: RegistrationPolicy, base: str) -> Said:
    text = (
        f"Appeal within {days(policy.appeal_days)} if you think a decision was wrong, once for each decision. "
        "Another person than the one who decided looks at it."
    )
    return Said(Kind.DO, text)


LABELS = {
    "refuse_public_tender": "Refuse public tenders",
    "evidence_required": "Contact has to be stated",
    "prechecks_per_day": "Instant answers for a firm",
    "prechecks_per_person": "Instant answers for a person",
    "auto_approve": "Approve without a person",
    "auto_approve_below": "Approve without a person below",
    "review_score": "Review from a likelihood of",
    "same_score": "Same company from a likelihood of",
    "waitlist_same": "Waitlist without a person",
    "offer_business_days": "Offer to the next in line is open for",
    "scope_product_line": "Product lines narrow what is held",
    "scope_territory": "The territory narrows what is held",
    "scope_industry": "The industry narrows what is held",
    "scope_family": "Parents and subsidiaries are held, too",
    "review_other_scope": "Look at registrations outside the scope",
    "review_sla_business_days": "Answer within",
    "protection_days": "Protection",
    "reminder_days": "Reminder after",
    "final_notice_days": "Final notices",
    "warning_days_before_expiry": "Between final notice and expiry at least",
    "grace_days": "Grace after the end",
    "escalation_days": "Channel manager told of silence",
    "update_evidence_required": "An update needs evidence",
    "extension_days": "An extension adds",
    "extensions_most": "Extensions of a registration",
    "extension_evidence_required": "An extension needs a file",
    "open_most_registered": "Open registrations of a Registered partner",
    "open_most_silver": "Open registrations of a Silver partner",
    "open_most_gold": "Open registrations of a Gold partner",
    "open_most_platinum": "Open registrations of a Platinum partner",
    "cooling_off_days": "Wait after an expiry",
    "appeal_days": "Time for an appeal",
}
_WRITERS: dict[str, Callable[[RegistrationPolicy, str], Said]] = {
    "refuse_public_tender": _tender,
    "evidence_required": _evidence,
    "prechecks_per_day": _prechecks,
    "prechecks_per_person": _prechecks_of_a_person,
    "auto_approve": _approval,
    "auto_approve_below": _limit,
    "review_score": _review,
    "same_score": _same,
    "waitlist_same": _waitlist,
    "offer_business_days": _offer,
    "scope_product_line": _scope_product_line,
    "scope_territory": _scope_territory,
    "scope_industry": _scope_industry,
    "scope_family": _scope_family,
    "review_other_scope": _other_scope,
    "review_sla_business_days": _answer,
    "protection_days": _protection,
    "reminder_days": _reminder,
    "final_notice_days": _final_notices,
    "warning_days_before_expiry": _warning,
    "grace_days": _grace,
    "escalation_days": _escalation,
    "update_evidence_required": _update_evidence,
    "extensions_most": _extensions_most,
    "extension_days": _extension,
    "extension_evidence_required": _extension_evidence,
    **{f"open_most_{tier}": _open_most(tier) for tier in PartnerTier},
    "cooling_off_days": _cooling_off,
    "appeal_days": _appeal,
}
# A setting without a sentence would be a rule that nobody can read: it fails here and in a test.
ORDER = [*_WRITERS, *(setting for setting in SETTINGS if setting not in _WRITERS)]
