"""The policy in sentences: none of its settings goes without one, and each says what the setting says."""

from decimal import Decimal

import pytest

from policies.forms.drafts import DraftForm
from policies.forms.groups import GROUPS
from policies.models import RegistrationPolicy
from policies.settings import SETTINGS
from policies.words import LABELS, ORDER, Kind, changes, sentences

OTHER = {
    "registering_kinds": ["msp"],
    "least_tier": "gold",
    "onboarding_partners": "refused",
    "outside_territory": "refused",
    "least_value": Decimal(5_000),
    "required_fields": ["website", "expected_close"],
    "protection_days": 90,
    "reminder_days": 20,
    "final_notice_days": [14, 3],
    "warning_days_before_expiry": 2,
    "grace_days": 5,
    "escalation_days": 2,
    "review_sla_business_days": 1,
    "offer_business_days": 3,
    "scope_product_line": False,
    "scope_territory": True,
    "scope_industry": True,
    "scope_family": True,
    "review_other_scope": False,
    "auto_approve": False,
    "auto_approve_below": Decimal(250_000),
    "same_score": 0.8,
    "review_score": 0.6,
    "waitlist_same": True,
    "refuse_public_tender": True,
    "evidence_required": True,
    "prechecks_per_day": 30,
    "prechecks_per_person": 20,
    "extension_days": 45,
    "extensions_most": 0,
    "extension_evidence_required": False,
    "update_evidence_required": True,
    "open_most_registered": 5,
    "open_most_silver": None,
    "open_most_gold": 500,
    "open_most_platinum": 1_000,
    "cooling_off_days": 0,
    "appeal_days": 30,
    "right_notice_days": 10,
}


def test_a_new_column_is_a_setting_and_has_to_be_explained(monkeypatch):
    """Whatever a version has besides what it says about itself is a setting; without words the page of the policy breaks."""
    about = {
        "id",
        "version",
        "effective_from",
        "note",
        "created_by",
        "created_at",
        "withdrawn_by",
        "withdrawn_at",
    }
    about |= {"revision", "changed_at", "changed_by", "unfinished", "published_by", "published_at"}
    columns = {field.name for field in RegistrationPolicy._meta.concrete_fields}
    assert set(SETTINGS) == columns - about

    monkeypatch.setattr("policies.words.ORDER", [*ORDER, "shoe_size"])
    with pytest.raises(KeyError, match="shoe_size"):
        sentences(RegistrationPolicy(), "EUR")


def test_every_setting_has_one_sentence_and_a_label():
    said = [sentence.setting for sentence in sentences(RegistrationPolicy(), "EUR")]

    assert sorted(said) == sorted(SETTINGS)
    assert sorted(LABELS) == sorted(SETTINGS)
    assert sorted(OTHER) == sorted(SETTINGS)
    assert sorted(name for group in GROUPS for name in group.settings) == sorted(SETTINGS)
    assert set(DraftForm.base_fields) == {*SETTINGS, "note", "revision"}
    assert len(ORDER) == len(set(ORDER))


@pytest.mark.parametrize("setting", sorted(OTHER))
def test_another_value_is_another_sentence(setting):
    """The sentence is made from the setting, not written beside it."""
    before = {sentence.setting: sentence for sentence in sentences(RegistrationPolicy(), "EUR")}
    after = {
        sentence.setting: sentence
        for sentence in sentences(RegistrationPolicy(**{setting: OTHER[setting]}), "EUR")
    }

    assert before[setting].text != after[setting].text


@pytest.mark.parametrize(
    ("settings", "setting", "kind", "words"),
    [
        ({}, "protection_days", Kind.DO, "protected for 60 days"),
        ({"protection_days": 1}, "protection_days", Kind.DO, "protected for 1 day,"),
        ({}, "final_notice_days", Kind.DONT, "7 days and 1 day before it"),
        (
            {"final_notice_days": [3]},
            "final_notice_days",
            Kind.DONT,
            "the final notice comes 3 days before it",
        ),
        ({"final_notice_days": [1, 7, 14]}, "final_notice_days", Kind.DONT, "14 days, 7 days and 1 day"),
        ({}, "reminder_days", Kind.WE, "After 30 days without an update we remind you."),
        ({"reminder_days": 1}, "reminder_days", Kind.WE, "and every day from then on"),
        ({"reminder_days": 10}, "reminder_days", Kind.WE, "and every 10 days from then on"),
        ({}, "auto_approve_below", Kind.WE, "Deals of 100,000 EUR and more"),
        ({"auto_approve_below": Decimal("1250.50")}, "auto_approve_below", Kind.WE, "Deals of 1,250.50 EUR"),
        ({"refuse_public_tender": True}, "refuse_public_tender", Kind.DONT, "Don't register public tenders"),
        ({"refuse_public_tender": False}, "refuse_public_tender", Kind.DO, "can be registered"),
        ({"review_score": 0.35}, "review_score", Kind.WE, "35%"),
        ({}, "review_sla_business_days", Kind.WE, "within 2 business days"),
        ({}, "extension_days", Kind.DO, "does not expire before you have the answer"),
        (
            {"warning_days_before_expiry": 5},
            "extension_days",
            Kind.DO,
            "After a refusal at least 5 days are left",
        ),
        (
            {},
            "cooling_off_days",
            Kind.DONT,
            "Giving it up once a final notice has left, or when only a request",
        ),
        ({"registering_kinds": ["msp", "reseller"]}, "registering_kinds", Kind.WE, "Reseller and Managed"),
        ({"least_tier": "gold"}, "least_tier", Kind.WE, "from the tier Gold on"),
        ({"least_value": Decimal(5_000)}, "least_value", Kind.DONT, "below 5,000 EUR"),
        ({"outside_territory": "review"}, "outside_territory", Kind.WE, "looked at by a channel manager"),
        (
            {"required_fields": ["city", "contact_name"]},
            "required_fields",
            Kind.DO,
            "also the company's city and the name of a contact person.",
        ),
        ({"review_sla_business_days": 1}, "review_sla_business_days", Kind.WE, "within 1 business day."),
    ],
)
def test_sentence(settings, setting, kind, words):
    said = {sentence.setting: sentence for sentence in sentences(RegistrationPolicy(**settings), "EUR")}

    assert said[setting].kind == kind
    assert words in said[setting].text


@pytest.mark.parametrize("other", [{}, *({name: value} for name, value in sorted(OTHER.items()))])
def test_the_company_is_free_at_the_end_or_after_the_grace_and_never_both(other):
    """Whatever else is set, one sentence says when: the end itself without days of grace, the day after them with some."""
    for number in (0, 1, 10):
        policy = RegistrationPolicy(**{**other, "grace_days": number})
        said = {one.setting: one.text for one in sentences(policy, "EUR")}
        free = [setting for setting, text in said.items() if "the company is free" in text]

        assert free == ["grace_days" if number else "final_notice_days"], number


def test_a_limit_without_effect_says_so():
    said = {
        sentence.setting: sentence for sentence in sentences(RegistrationPolicy(auto_approve=False), "EUR")
    }

    assert not said["auto_approve_below"].has_effect
    assert "no effect" in said["auto_approve_below"].text
    for needed in (True, False):
        policy = RegistrationPolicy(extensions_most=0, extension_evidence_required=needed)
        said = {one.setting: one for one in sentences(policy, "EUR")}
        for setting in ("extension_days", "extension_evidence_required"):
            assert "no effect" in said[setting].text and not said[setting].has_effect


@pytest.mark.parametrize("setting", sorted(OTHER))
def test_every_value_has_words(setting):
    """For a difference of two versions: what it was, what it is."""
    old, new = RegistrationPolicy(), RegistrationPolicy(**{setting: OTHER[setting]})

    (change,) = changes(old, new, "EUR")

    assert change.before and change.after and change.before != change.after
    assert change.said_before != change.said_after


def test_changes_name_what_differs_and_nothing_else():
    old = RegistrationPolicy(review_score=0.35)
    new = RegistrationPolicy(protection_days=90, waitlist_same=True, review_score=0.4)

    assert [(change.label, change.before, change.after) for change in changes(old, new, "EUR")] == [
        ("Review from a likelihood of", "35%", "40%"),
        ("Waitlist without a person", "no", "yes"),
        ("Protection", "60 days", "90 days"),
    ]
