"""Each rule of the policy on its own: the row fails when the rule is taken away."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from policies.models import RegistrationPolicy
from policies.outcome import Facts, Landing, decide

NOW = datetime(2026, 3, 2, tzinfo=UTC)
CLEAR = Facts(value_in_base=Decimal(50_000), partner_status="active", tender=False, contact_stated=True)
POLICY = {"auto_approve_below": Decimal(100_000), "review_score": 0.35, "same_score": 0.85}

RULES = [
    ({}, {}, Landing.APPROVED, []),
    ({"partner_status": "suspended"}, {}, Landing.REFUSED, ["partner_standing"]),
    ({"partner_status": "ended"}, {}, Landing.REFUSED, ["partner_standing"]),
    ({"tender": True}, {"refuse_public_tender": True}, Landing.REFUSED, ["tender"]),
    ({"tender": True}, {"refuse_public_tender": False}, Landing.APPROVED, []),
    ({"same_is_held": True, "best_score": 0.9}, {"waitlist_same": True}, Landing.WAITLISTED, ["held"]),
    ({"same_is_held": True, "best_score": 0.9}, {"waitlist_same": False}, Landing.IN_REVIEW, ["similar"]),
    (
        {"same_is_held": True, "best_score": 0.9, "check_failed": True},
        {"waitlist_same": True},
        Landing.IN_REVIEW,
        ["check_failed", "similar"],
    ),
    ({"check_failed": True}, {}, Landing.IN_REVIEW, ["check_failed"]),
    ({"best_score": 0.35}, {}, Landing.IN_REVIEW, ["similar"]),
    ({"best_score": 0.349}, {}, Landing.APPROVED, []),
    ({"best_score": 0.35}, {"review_score": 0.4}, Landing.APPROVED, []),
    ({"best_score": 0.9, "only_other_product_lines": True}, {}, Landing.IN_REVIEW, ["other_lines"]),
    ({"crowd": True}, {}, Landing.IN_REVIEW, ["crowd"]),
    ({"partner_status": "onboarding"}, {}, Landing.IN_REVIEW, ["partner_onboarding"]),
    ({"partner_status": "prospect"}, {}, Landing.IN_REVIEW, ["partner_onboarding"]),
    ({"contact_stated": False}, {"evidence_required": True}, Landing.IN_REVIEW, ["no_contact"]),
    ({"contact_stated": False}, {"evidence_required": False}, Landing.APPROVED, []),
    ({"value_in_base": Decimal(100_000)}, {}, Landing.IN_REVIEW, ["value"]),
    ({"value_in_base": Decimal("99999.99")}, {}, Landing.APPROVED, []),
    ({"value_in_base": Decimal(100_000)}, {"auto_approve_below": Decimal(200_000)}, Landing.APPROVED, []),
    ({}, {"auto_approve": False}, Landing.IN_REVIEW, ["all"]),
    ({"tier": "silver", "open_registrations": 100}, {}, Landing.REFUSED, ["cap"]),
    ({"tier": "silver", "open_registrations": 99}, {}, Landing.APPROVED, []),
    ({"tier": "gold", "open_registrations": 100}, {}, Landing.APPROVED, []),
    ({"tier": "platinum", "open_registrations": 10**6}, {}, Landing.APPROVED, []),
    ({"at": NOW, "let_expire_at": NOW - timedelta(days=29)}, {}, Landing.REFUSED, ["cooling_off"]),
    ({"at": NOW, "let_expire_at": NOW - timedelta(days=30)}, {}, Landing.APPROVED, []),
    (
        {"at": NOW, "let_expire_at": NOW - timedelta(days=1)},
        {"cooling_off_days": 0},
        Landing.APPROVED,
        [],
    ),
]


@pytest.mark.parametrize(("facts", "settings", "landing", "codes"), RULES)
def test_rule(facts, settings, landing, codes):
    outcome = decide(replace(CLEAR, **facts), RegistrationPolicy(**{**POLICY, **settings}))

    assert (outcome.landing, [finding.code for finding in outcome.findings]) == (landing, codes)


def test_a_refusal_comes_before_the_waitlist_and_any_review():
    facts = replace(
        CLEAR, tender=True, same_is_held=True, best_score=0.9, crowd=True, value_in_base=Decimal(10**9)
    )
    policy = RegistrationPolicy(**POLICY, refuse_public_tender=True, waitlist_same=True, auto_approve=False)

    outcome = decide(facts, policy)

    assert (outcome.landing, [finding.code for finding in outcome.findings]) == (Landing.REFUSED, ["tender"])


def test_the_limit_stands_in_the_sentence():
    policy = RegistrationPolicy(**{**POLICY, "auto_approve_below": Decimal(250_000)})

    outcome = decide(replace(CLEAR, value_in_base=Decimal(300_000)), policy)

    assert (
        outcome.rule == "Deals of 250,000 and above in the base currency are looked at by a channel manager."
    )


def test_all_reasons_for_a_review_are_told_the_deciding_one_first():
    facts = replace(
        CLEAR, check_failed=True, crowd=True, partner_status="onboarding", value_in_base=Decimal(10**6)
    )

    codes = [finding.code for finding in decide(facts, RegistrationPolicy(**POLICY)).findings]

    assert codes == ["check_failed", "crowd", "partner_onboarding", "value"]


def test_nothing_against_it_is_said_in_words():
    assert decide(CLEAR, RegistrationPolicy(**POLICY)).rule == "Nothing in the policy stands against it."
