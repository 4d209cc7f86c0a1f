"""The policy in plain sentences, from the record that the engine reads (L1): one for each setting, and what changed.

The sentence of a setting that a rule decides by stands in that rule's file; the others are written beside this one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from partners.enums import PartnerTier
from policies.models import RegistrationPolicy
from policies.rules import POLICY_RULES, cap, exclusive_right
from policies.saying import Kind as Kind
from policies.saying import Said as Said
from policies.settings import SETTINGS
from policies.words import asking, holding, protecting, requests
from policies.words.labels import LABELS as LABELS
from policies.words.values import value_words as value_words


@dataclass(frozen=True)
class Sentence:
    """What one setting means, or with '' a rule that no setting changes. `has_effect` is False where another setting
    leaves it without one."""

    setting: str
    kind: Kind
    text: str
    has_effect: bool = True


@dataclass(frozen=True)
class Change:
    """One setting that two versions have differently, in words: the values and the sentences that they make. `has_effect` is
    False where it has one in neither."""

    setting: str
    label: str
    before: str
    after: str
    said_before: str = ""
    said_after: str = ""
    has_effect: bool = True


_About = TypeVar("_About", Sentence, Change)
_LIMIT = "open_most_"  # and the tier: how many deals a firm of it has open
Writer = Callable[[RegistrationPolicy, str], Said]
_BY_RULE: dict[str, Writer] = {rule.SETTING: rule.sentence for rule in POLICY_RULES if rule.SETTING}


def _of_tier(tier: PartnerTier, policy: RegistrationPolicy, base: str) -> Said:
    return cap.sentence_of(tier, policy)


# In the order in which a deal meets them. A setting without a sentence would be a rule that nobody can read: a test
# fails then.
_WRITERS: dict[str, Writer] = {
    **{name: _BY_RULE[name] for name in ("registering_kinds", "least_tier", "onboarding_partners")},
    **{name: _BY_RULE[name] for name in ("refuse_public_tender", "least_value", "outside_territory")},
    **{name: _BY_RULE[name] for name in ("required_fields", "evidence_required")},
    "prechecks_per_day": asking.prechecks,
    "prechecks_per_person": asking.prechecks_of_a_person,
    **{name: _BY_RULE[name] for name in ("auto_approve", "auto_approve_below", "review_score")},
    "same_score": holding.same,
    "waitlist_same": _BY_RULE["waitlist_same"],
    "offer_business_days": holding.offer,
    "scope_product_line": holding.scope_product_line,
    "scope_territory": holding.scope_territory,
    "scope_industry": holding.scope_industry,
    "scope_family": holding.scope_family,
    "review_other_scope": _BY_RULE["review_other_scope"],
    "review_sla_business_days": holding.answer,
    "protection_days": protecting.protection,
    "reminder_days": protecting.reminder,
    "final_notice_days": protecting.final_notices,
    "warning_days_before_expiry": protecting.warning,
    "grace_days": protecting.grace,
    "escalation_days": protecting.escalation,
    "update_evidence_required": protecting.update_evidence,
    "extensions_most": requests.extensions_most,
    "extension_days": requests.extension,
    "extension_evidence_required": requests.extension_evidence,
    **{f"open_most_{tier}": partial(_of_tier, tier) for tier in PartnerTier},
    "cooling_off_days": _BY_RULE["cooling_off_days"],
    "appeal_days": requests.appeal,
    "right_notice_days": exclusive_right.sentence,
}
ORDER = [*_WRITERS, *(setting for setting in SETTINGS if setting not in _WRITERS)]


def sentences(policy: RegistrationPolicy, base: str) -> list[Sentence]:
    """Everything the settings say, in the order in which a deal meets it. `base` is the code of the base currency."""
    return [sentence_of(setting, policy, base) for setting in ORDER]


def sentence_of(setting: str, policy: RegistrationPolicy, base: str) -> Sentence:
    """What one setting says."""
    said = _WRITERS[setting](policy, base)
    return Sentence(setting, said.kind, said.text, said.has_effect)


def standing_sentences(policy: RegistrationPolicy, base: str) -> list[Sentence]:
    """What the engine does whatever the settings are."""
    said = [rule.sentence(policy, base) for rule in POLICY_RULES if not rule.SETTING and rule is not cap]
    return [Sentence("", words.kind, words.text, words.has_effect) for words in said]


def for_tier(found: list[_About], tier: str) -> list[_About]:
    """Sentences or changes without the limits of other tiers than this: what a firm of the tier needs to read."""
    own = f"{_LIMIT}{tier}"
    return [one for one in found if not one.setting.startswith(_LIMIT) or one.setting == own]


def changes(old: RegistrationPolicy, new: RegistrationPolicy, base: str) -> list[Change]:
    """What `new` has otherwise than `old`, in the same order."""
    return _differing(old, new, base, awakened=False)


def told_changes(old: RegistrationPolicy, new: RegistrationPolicy, base: str) -> list[Change]:
    """What partners read of it: the changes that have an effect in one of the two, and what stays as it is and has one since
    another setting changed."""
    return [change for change in _differing(old, new, base, awakened=True) if change.has_effect]


def _differing(
    old: RegistrationPolicy, new: RegistrationPolicy, base: str, *, awakened: bool
) -> list[Change]:
    """The settings with another value; with `awakened` also those that have gained their effect."""
    found = []
    for name in ORDER:
        before, after = sentence_of(name, old, base), sentence_of(name, new, base)
        was, value = getattr(old, name), getattr(new, name)
        if value != was or (awakened and after.has_effect and not before.has_effect):
            has_effect = before.has_effect or after.has_effect
            values = value_words(name, was, base), value_words(name, value, base)
            found.append(Change(name, LABELS[name], *values, before.text, after.text, has_effect))
    return found
