"""Each rule of the policy on its own: the row fails when the rule is taken away."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from policies.facts import Facts, Firm, Rival
from policies.models import RegistrationPolicy
from policies.outcome import Landing, decide
from policies.rulebook import Rulebook

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ACTIVE = Firm(id=1, kind="reseller", tier="registered", status="active", country="DE")
CLEAR = Facts(at=NOW, firm=ACTIVE, value_in_base=Decimal(50_000), product_lines=(1, 2))
POLICY = {"auto_approve_below": Decimal(100_000), "review_score": 0.35, "same_score": 0.85}


def firm(**changes):
    return {"firm": replace(ACTIVE, **changes)}


def rival(score=0.9, **more):
    return {"rivals": (Rival(score=score, **{"product_lines": (1,), **more}),)}


FRANCE = {"country": "FR", "areas": (2,)}
HELD = rival(holds=True, same_company=True)
RULES = [
    ({}, {}, Landing.APPROVED, []),
    (firm(status="suspended"), {}, Landing.REFUSED, ["partner_standing"]),
    (firm(status="ended"), {}, Landing.REFUSED, ["partner_standing"]),
    ({}, {"registering_kinds": ["msp", "distributor"]}, Landing.REFUSED, ["partner_kind"]),
    (firm(kind="msp"), {"registering_kinds": ["msp", "distributor"]}, Landing.APPROVED, []),
    ({}, {"least_tier": "silver"}, Landing.REFUSED, ["partner_tier"]),
    (firm(tier="silver"), {"least_tier": "silver"}, Landing.APPROVED, []),
    (firm(tier="gold"), {"least_tier": "silver"}, Landing.APPROVED, []),
    (firm(tier=""), {"least_tier": "silver"}, Landing.REFUSED, ["partner_tier"]),
    ({"tender": True}, {"refuse_public_tender": True}, Landing.REFUSED, ["tender"]),
    ({"tender": True}, {"refuse_public_tender": False}, Landing.APPROVED, []),
    ({}, {"least_value": Decimal("50000.01")}, Landing.REFUSED, ["below_minimum"]),
    ({}, {"least_value": Decimal(50_000)}, Landing.APPROVED, []),
    ({"value_in_base": None}, {"least_value": Decimal(50_000)}, Landing.APPROVED, []),
    (HELD, {"waitlist_same": True}, Landing.WAITLISTED, ["held"]),
    (HELD, {"waitlist_same": False}, Landing.IN_REVIEW, ["similar"]),
    (HELD, {"waitlist_same": True, "same_score": 0.95}, Landing.IN_REVIEW, ["similar"]),
    (rival(same_company=True), {"waitlist_same": True}, Landing.IN_REVIEW, ["similar"]),  # holds nothing
    (rival(holds=True), {"waitlist_same": True}, Landing.IN_REVIEW, ["similar"]),  # at another company
    ({**HELD, "check_failed": True}, {"waitlist_same": True}, Landing.IN_REVIEW, ["check_failed", "similar"]),
    ({"check_failed": True}, {}, Landing.IN_REVIEW, ["check_failed"]),
    (rival(0.35), {}, Landing.IN_REVIEW, ["similar"]),
    (rival(0.349), {}, Landing.APPROVED, []),
    (rival(0.35), {"review_score": 0.4}, Landing.APPROVED, []),
    (rival(0.1, branch=True), {}, Landing.IN_REVIEW, ["similar"]),
    (rival(0.1, same_company=True), {}, Landing.IN_REVIEW, ["similar"]),
    (rival(0.0, family=True), {}, Landing.APPROVED, []),
    (rival(0.0, family=True), {"scope_family": True}, Landing.IN_REVIEW, ["similar"]),
    (
        rival(0.0, family=True, holds=True),
        {"scope_family": True, "waitlist_same": True},
        Landing.WAITLISTED,
        ["held"],
    ),
    (rival(product_lines=(3,)), {}, Landing.IN_REVIEW, ["other_lines"]),
    (rival(product_lines=(3,)), {"review_other_scope": False}, Landing.APPROVED, []),
    (rival(product_lines=(3,)), {"scope_product_line": False}, Landing.IN_REVIEW, ["similar"]),
    (rival(product_lines=None), {}, Landing.IN_REVIEW, ["similar"]),
    ({**rival(product_lines=(3,)), "product_lines": ()}, {}, Landing.IN_REVIEW, ["similar"]),  # not known yet
    ({**rival(territory=1), "territory": 2}, {}, Landing.IN_REVIEW, ["similar"]),
    ({**rival(territory=1), "territory": 2}, {"scope_territory": True}, Landing.IN_REVIEW, ["other_lines"]),
    ({**rival(), "territory": 2}, {"scope_territory": True}, Landing.IN_REVIEW, ["similar"]),
    ({**rival(industry=1), "industry": 2}, {}, Landing.IN_REVIEW, ["similar"]),
    ({**rival(industry=1), "industry": 2}, {"scope_industry": True}, Landing.IN_REVIEW, ["other_lines"]),
    ({"crowd": True}, {}, Landing.IN_REVIEW, ["crowd"]),
    ({"turned_down": ((1.0, NOW),)}, {}, Landing.IN_REVIEW, ["decided_before"]),
    ({"turned_down": ((0.2, NOW),)}, {}, Landing.APPROVED, []),
    (firm(status="onboarding"), {}, Landing.IN_REVIEW, ["partner_onboarding"]),
    (firm(status="prospect"), {}, Landing.IN_REVIEW, ["partner_onboarding"]),
    (firm(status="onboarding"), {"onboarding_partners": "refused"}, Landing.REFUSED, ["partner_onboarding"]),
    (firm(status="onboarding"), {"onboarding_partners": "allowed"}, Landing.APPROVED, []),
    (firm(status="ended"), {"onboarding_partners": "refused"}, Landing.REFUSED, ["partner_standing"]),
    ({**firm(territories=(1,)), **FRANCE}, {}, Landing.APPROVED, []),
    (
        {**firm(territories=(1,)), **FRANCE},
        {"outside_territory": "review"},
        Landing.IN_REVIEW,
        ["outside_territory"],
    ),
    (
        {**firm(territories=(1,)), **FRANCE},
        {"outside_territory": "refused"},
        Landing.REFUSED,
        ["outside_territory"],
    ),
    ({**firm(territories=(1, 2)), **FRANCE}, {"outside_territory": "refused"}, Landing.APPROVED, []),
    (FRANCE, {"outside_territory": "refused"}, Landing.APPROVED, []),  # a firm without territories
    # A territory without countries is everywhere.
    (
        {**firm(territories=(1,), countries=()), **FRANCE},
        {"outside_territory": "refused"},
        Landing.APPROVED,
        [],
    ),
    (
        {**firm(territories=(1,)), **FRANCE, "areas": ()},  # no territory of the catalogue has the country
        {"outside_territory": "refused"},
        Landing.REFUSED,
        ["outside_territory"],
    ),
    (
        {**firm(territories=(1,)), **FRANCE, "territory": 1},  # whatever territory was stated
        {"outside_territory": "refused"},
        Landing.REFUSED,
        ["outside_territory"],
    ),
    (
        {**firm(territories=(1,)), "territory": 2},  # no country is known: the stated territory counts
        {"outside_territory": "refused"},
        Landing.REFUSED,
        ["outside_territory"],
    ),
    (
        {**firm(territories=(1,)), "territory": 2, "territories_met": (1, 2)},
        {"outside_territory": "refused"},
        Landing.APPROVED,
        [],
    ),
    (firm(territories=(1,)), {"outside_territory": "refused"}, Landing.APPROVED, []),  # nobody knows where
    ({"contact_stated": False}, {"evidence_required": True}, Landing.IN_REVIEW, ["no_contact"]),
    ({"contact_stated": False}, {"evidence_required": False}, Landing.APPROVED, []),
    ({"value_in_base": Decimal(100_000)}, {}, Landing.IN_REVIEW, ["value"]),
    ({"value_in_base": Decimal("99999.99")}, {}, Landing.APPROVED, []),
    ({"value_in_base": None}, {}, Landing.APPROVED, []),
    ({"value_in_base": Decimal(100_000)}, {"auto_approve_below": Decimal(200_000)}, Landing.APPROVED, []),
    ({}, {"auto_approve": False}, Landing.IN_REVIEW, ["all"]),
    ({**firm(tier="silver"), "open_registrations": 100}, {}, Landing.REFUSED, ["cap"]),
    ({**firm(tier="silver"), "open_registrations": 99}, {}, Landing.APPROVED, []),
    ({**firm(tier="gold"), "open_registrations": 100}, {}, Landing.APPROVED, []),
    ({**firm(tier="platinum"), "open_registrations": 10**6}, {}, Landing.APPROVED, []),
    ({"let_expire_at": NOW - timedelta(days=29)}, {}, Landing.REFUSED, ["cooling_off"]),
    ({"let_expire_at": NOW - timedelta(days=30)}, {}, Landing.APPROVED, []),
    ({"let_expire_at": NOW - timedelta(days=1)}, {"cooling_off_days": 0}, Landing.APPROVED, []),
    ({"let_expire_family": NOW - timedelta(days=29)}, {}, Landing.APPROVED, []),
    (
        {"let_expire_family": NOW - timedelta(days=29)},
        {"scope_family": True},
        Landing.REFUSED,
        ["cooling_off"],
    ),
    ({"let_expire_family": NOW - timedelta(days=30)}, {"scope_family": True}, Landing.APPROVED, []),
    ({"let_expire_like": ((0.6, NOW - timedelta(days=29)),)}, {}, Landing.IN_REVIEW, ["cooling_off"]),
    ({"let_expire_like": ((0.6, NOW - timedelta(days=30)),)}, {}, Landing.APPROVED, []),
    ({"let_expire_like": ((0.2, NOW - timedelta(days=1)),)}, {}, Landing.APPROVED, []),
]


def outcome_of(facts, settings):
    return decide(replace(CLEAR, **facts), Rulebook(RegistrationPolicy(version=7, **{**POLICY, **settings})))


@pytest.mark.parametrize(("facts", "settings", "landing", "codes"), RULES)
def test_rule(facts, settings, landing, codes):
    outcome = outcome_of(facts, settings)

    assert (outcome.landing, [finding.rule for finding in outcome.findings]) == (landing, codes)
    assert all(finding.record == "policy:7" and finding.words for finding in outcome.findings)


def test_a_refusal_comes_before_the_waitlist_and_any_review():
    facts = {"tender": True, **HELD, "crowd": True, "value_in_base": Decimal(10**9)}
    settings = {"refuse_public_tender": True, "waitlist_same": True, "auto_approve": False}

    outcome = outcome_of(facts, settings)

    assert (outcome.landing, [finding.rule for finding in outcome.findings]) == (Landing.REFUSED, ["tender"])
    spoke = ["tender", "held", "similar", "crowd", "value", "all"]
    assert [finding.rule for finding in outcome.every] == spoke


def test_the_limit_stands_in_the_sentence():
    for limit, words in ((Decimal(250_000), "250,000"), (Decimal("250000.50"), "250,000.50")):
        outcome = outcome_of({"value_in_base": Decimal(300_000)}, {"auto_approve_below": limit})
        assert outcome.rule == (
            f"Deals of {words} and more in our own currency are looked at by a channel manager."
        )


def test_all_reasons_for_a_review_are_told_the_deciding_one_first():
    facts = {
        "check_failed": True,
        "crowd": True,
        **firm(status="onboarding"),
        "value_in_base": Decimal(10**6),
    }

    codes = [finding.rule for finding in outcome_of(facts, {}).findings]

    assert codes == ["check_failed", "crowd", "partner_onboarding", "value"]


def test_nothing_against_it_is_said_in_words():
    assert outcome_of({}, {}).rule == "Nothing in the policy stands against it."
