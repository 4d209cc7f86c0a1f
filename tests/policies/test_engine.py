"""What holds of the engine whatever the facts and the version are, and that it reads nothing without words."""

import json
import random
from dataclasses import replace
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from policies.facts import Facts, Firm
from policies.findings import Effect
from policies.models import RegistrationPolicy
from policies.outcome import Landing, decide
from policies.rulebook import Rulebook
from policies.rules import POLICY_RULES, RULES, crowd
from policies.settings import SETTINGS
from policies.words import ORDER, sentences, standing_sentences
from tests.policies.facts import AT, deals, policies

LANDS = {
    Landing.SENT_BACK: {Effect.INCOMPLETE},
    Landing.REFUSED: {Effect.REFUSED},
    Landing.WAITLISTED: {Effect.WAITLIST},
    Landing.IN_REVIEW: {Effect.REVIEW, Effect.EVIDENCE},
    Landing.APPROVED: set(),
}


class Watched:
    """A version that remembers which of its settings were read."""

    def __init__(self, policy):
        self.policy, self.read = policy, set()

    def __getattr__(self, name):
        if name in SETTINGS:
            self.read.add(name)
        if name == "open_most":
            return self._open_most
        return getattr(self.policy, name)

    def _open_most(self, tier):
        self.read |= {f"open_most_{tier}"} & set(SETTINGS)
        return self.policy.open_most(tier)


@settings(max_examples=150, deadline=None)
@given(deals, policies, st.randoms(use_true_random=False))
def test_the_same_facts_always_land_in_the_same_place(facts: Facts, version: dict, chance: random.Random):
    """Total, deterministic, and the order of the rules decides only what is told first."""
    book = Rulebook(RegistrationPolicy(version=1, **version))
    outcome = decide(facts, book)
    shuffled = list(RULES)
    chance.shuffle(shuffled)
    again = decide(facts, book, rules=shuffled)

    assert decide(facts, book) == outcome
    assert (again.landing, set(again.findings)) == (outcome.landing, set(outcome.findings))
    assert {finding.effect for finding in outcome.findings} <= LANDS[outcome.landing]
    assert bool(outcome.findings) == (outcome.landing != Landing.APPROVED)
    assert set(outcome.findings) <= set(outcome.every)
    strongest = {finding.effect for finding in outcome.every}
    assert (outcome.landing == Landing.SENT_BACK) == (Effect.INCOMPLETE in strongest)
    refused = Effect.REFUSED in strongest and Effect.INCOMPLETE not in strongest
    assert (outcome.landing == Landing.REFUSED) == refused


@settings(max_examples=60, deadline=None)
@given(deals, deals, policies)
def test_the_words_tell_nothing_about_rivals(facts: Facts, other: Facts, version: dict):
    """Whoever the rivals are, a rule that speaks says the same."""
    book = Rulebook(RegistrationPolicy(version=1, **version))
    said = {finding.rule: finding for finding in decide(facts, book).every}
    for finding in decide(replace(facts, rivals=other.rivals), book).every:
        assert said.get(finding.rule, finding) == finding


@settings(max_examples=60, deadline=None)
@given(deals, st.sampled_from([0.15, 0.3, 0.45, 0.9]))
def test_a_crowd_is_one_for_versions_that_compare_the_next_company(facts: Facts, score: float):
    book = Rulebook(RegistrationPolicy(version=1, review_score=score))
    more = replace(facts, crowd=False, next_like=0.3)

    assert bool(crowd.check(more, book)) == (score <= 0.3)
    assert crowd.check(replace(more, crowd=True), book)
    assert not crowd.check(replace(more, next_like=0.0), book)


@settings(max_examples=60, deadline=None)
@given(deals, policies)
def test_facts_survive_being_kept(facts: Facts, version: dict):
    kept = json.loads(json.dumps(facts.as_json()))

    assert Facts.from_json(kept) == facts
    book = Rulebook(RegistrationPolicy(version=1, **version))
    assert decide(Facts.from_json({**kept, "since_then": "a new field"}), book) == decide(facts, book)


@settings(max_examples=60, deadline=None)
@given(deals, policies)
def test_a_rule_reads_what_it_says_it_reads(facts: Facts, version: dict):
    for rule in POLICY_RULES:
        assert undeclared(rule, facts, version) == set(), rule.CODE


def undeclared(rule, facts: Facts, version: dict):
    """The settings that a rule looked at without saying so."""
    watched = Watched(RegistrationPolicy(version=1, **version))
    rule.check(facts, Rulebook(cast(RegistrationPolicy, watched)))
    return watched.read - set(rule.READS)


def wordless(rule):
    """The settings that a rule says it reads and that are in no sentence, or are none."""
    said = {sentence.setting for sentence in sentences(RegistrationPolicy(), "EUR")}
    return set(rule.READS) - (set(SETTINGS) & said)


def test_a_setting_without_words_is_found_out():
    """What the two tests beside this one stand on: a rule that reads in secret, and one that reads what nobody explains."""

    class Secret:
        CODE, READS = "secret", ("least_tier",)

        @staticmethod
        def check(facts, book):
            return book.policy.protection_days and book.policy.open_most(facts.firm.tier)

    class Wordless:
        CODE, READS = "wordless", ("least_tier", "shoe_size")

    assert undeclared(Secret, Facts(AT, Firm(tier="gold")), {}) == {"protection_days", "open_most_gold"}
    assert wordless(Wordless) == {"shoe_size"}


def test_every_setting_that_the_engine_reads_has_a_sentence_and_every_rule_one():
    for rule in POLICY_RULES:
        assert wordless(rule) == set(), rule.CODE
        assert rule.SETTING in ("", *rule.READS), rule.CODE
        assert rule.sentence(RegistrationPolicy(), "EUR").text.endswith("."), rule.CODE
    explained = {rule.SETTING for rule in POLICY_RULES if rule.SETTING}
    assert explained <= set(ORDER)
    assert len({rule.CODE for rule in RULES}) == len(RULES)
    assert len(standing_sentences(RegistrationPolicy(), "EUR")) == 4
