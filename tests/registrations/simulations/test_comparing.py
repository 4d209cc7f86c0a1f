"""One case under two versions: the same version is history itself, and each difference names its finding."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.facts import Facts, Firm, Rival
from policies.models import RegistrationPolicy
from policies.outcome import Landing, decide
from policies.rules import RULES
from policies.saying import percent
from registrations.enums import Occasion
from registrations.simulation.case import Case
from registrations.simulation.comparing import Part, Reason, compare, landing_of
from registrations.simulation.tally import Cell, Tally, by_rule, cells_from_json, matrix, moved
from registrations.simulation.telling import LANDING_WORDS, RULE_WORDS, not_shown, sentence
from tests.registrations.simulations.given import NOON, all_facts, book, books, pairs_of_books

CLEAR = Facts(at=NOON, firm=Firm(id=9, tier="silver"), product_lines=(4,), value_in_base=Decimal(50_000))
HELD = Rival(score=1.0, holds=True, same_company=True)


def case(facts, landing, **more):
    return Case(1, Occasion.SUBMISSION, NOON, 1, landing, facts, **more)


@given(all_facts, books, st.booleans(), st.booleans())
def test_under_the_version_that_decided_it_everything_lands_where_it_did(facts, policy, seen, guessed):
    asked = case(facts, Landing.APPROVED, only_refusals=seen, reconstructed=guessed)
    then = replace(asked, landing=landing_of(decide(facts, policy), asked))

    found = compare(then, then=policy, now=policy)

    assert (found.after, found.reasons, found.unsettled) == (then.landing, (), False)


@given(all_facts, books)
def test_facts_that_were_kept_are_decided_alike(facts, policy):
    kept = Facts.from_json(json.loads(json.dumps(facts.as_json())))

    assert kept == facts
    assert decide(kept, policy) == decide(facts, policy)


@given(all_facts, pairs_of_books)
def test_every_difference_names_the_finding_that_makes_it(facts, versions):
    then, now = versions
    before = case(facts, decide(facts, then).landing)

    found = compare(before, then=then, now=now)

    assert found.after == decide(facts, now).landing and not found.unsettled
    assert bool(found.reasons) == (found.after != before.landing)
    if found.reasons:
        first = found.reasons[0]
        speaks = {finding.rule for finding in decide(facts, now).every}
        spoke = {finding.rule for finding in decide(facts, then).every}
        assert first.part in (Part.CAME, Part.GONE) and first.words
        assert first.rule in (speaks if first.part == Part.CAME else spoke)


@pytest.mark.parametrize(
    ("facts", "then", "now", "after", "reasons"),
    [
        (
            {"value_in_base": Decimal(120_000)},
            {},
            {"auto_approve_below": Decimal(150_000)},
            Landing.APPROVED,
            [("value", Part.GONE)],
        ),
        ({"tender": True}, {}, {"refuse_public_tender": True}, Landing.REFUSED, [("tender", Part.CAME)]),
        (
            {"tender": True, "crowd": True},
            {"refuse_public_tender": True},
            {},
            Landing.IN_REVIEW,
            [("tender", Part.GONE), ("crowd", Part.STAYS)],
        ),
        (
            {"rivals": (HELD,)},
            {},
            {"waitlist_same": True},
            Landing.WAITLISTED,
            [("held", Part.CAME)],
        ),
        (
            {"rivals": (HELD,)},
            {"waitlist_same": True},
            {},
            Landing.IN_REVIEW,
            [("held", Part.GONE), ("similar", Part.STAYS)],
        ),
    ],
)
def test_what_comes_what_goes_and_what_was_hidden(facts, then, now, after, reasons):
    known = replace(CLEAR, **facts)
    before, policy = book(then), book(now, 2)

    found = compare(case(known, decide(known, before).landing), then=before, now=policy)

    assert found.after == after
    assert [(reason.rule, reason.part) for reason in found.reasons] == reasons


def test_what_the_facts_do_not_explain_is_no_difference():
    large = replace(CLEAR, value_in_base=Decimal(500_000))
    policy = book({})

    amended = compare(case(large, Landing.APPROVED, reconstructed=True), then=policy, now=policy)
    assert (amended.unsettled, amended.reasons[0].rule) == (True, "value")
    assert amended.reasons[0].words == (
        "It was approved at once then; by what is known of it now it would have been sent to review."
    )
    unreadable = compare(case(None, Landing.REFUSED), then=policy, now=policy)
    assert (unreadable.unsettled, unreadable.after) == (True, Landing.REFUSED)


def test_a_turn_that_a_person_prepared_is_kept_from_it_by_a_refusal_only():
    large = replace(CLEAR, value_in_base=Decimal(500_000), tender=True)
    turn = case(large, Landing.APPROVED, only_refusals=True)

    assert compare(turn, then=book({}), now=book({"auto_approve": False}, 2)).after == Landing.APPROVED
    refused = compare(turn, then=book({}), now=book({"refuse_public_tender": True}, 2))
    assert (refused.after, [reason.rule for reason in refused.reasons]) == (Landing.REFUSED, ["tender"])
    back = compare(
        replace(turn, landing=Landing.REFUSED), then=book({"refuse_public_tender": True}), now=book({}, 2)
    )
    assert back.reasons == (Reason("tender", "Public tenders cannot be registered.", Part.GONE),)


def test_the_figures_add_up_and_come_back_from_json():
    tally = Tally()
    tally.count("approved", "approved", "", Decimal("10.50"))
    tally.count("in_review", "approved", "value", Decimal(100))
    tally.count("in_review", "approved", "value", Decimal("0.25"))
    tally.count("approved", "refused", "cap", Decimal(7))

    cells = cells_from_json(json.loads(json.dumps(tally.cells_as_json())))

    assert cells == tally.cells
    assert matrix(cells)[Landing.IN_REVIEW, Landing.APPROVED] == Cell(2, Decimal("100.25"))
    assert sum(cell.number for cell in matrix(cells).values()) == 4
    assert moved(cells) == Cell(3, Decimal("107.25"))
    assert by_rule(cells) == {"value": 2, "cap": 1}


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({}, "There was nothing to simulate in this period."),
        (
            {("approved", "approved", ""): 1},
            "The one registration would land where it did.",
        ),
        (
            {("approved", "approved", ""): 1200},
            "All 1,200 registrations would land where they did.",
        ),
        (
            {
                ("in_review", "approved", "value"): 38,
                ("approved", "refused", "cap"): 3,
                ("in_review", "refused", "cap"): 1,
                ("refused", "refused", ""): 958,
            },
            "Would auto-approve 38 more and refuse 4; 958 of 1,000 would land where they did.",
        ),
        (
            {("approved", "in_review", "value"): 2, ("in_review", "waitlisted", "held"): 1},
            "Would send 2 more to review and put 1 more in line; 0 of 3 would land where they did.",
        ),
    ],
)
def test_the_sentence(cells, words):
    assert sentence({key: Cell(number) for key, number in cells.items()}) == words


def test_the_sentence_leaves_out_what_cannot_be_compared():
    assert sentence({}, 7) == "None of the registrations in this period can be compared."
    alike = {("approved", "approved", ""): Cell(12)}
    assert sentence(alike, 7) == "All 12 registrations that can be compared would land where they did."


def test_what_a_version_changes_besides_is_named():
    was, will = (
        RegistrationPolicy(),
        RegistrationPolicy(protection_days=40, cooling_off_days=9, appeal_days=5),
    )

    told = not_shown(was, will, "EUR")

    assert told.endswith("shows nowhere here: Protection (40 days) and Time for an appeal (5 days).")
    assert not_shown(was, RegistrationPolicy(cooling_off_days=9), "EUR") == ""


SEEN = replace(CLEAR, gathered_from=0.15)


@pytest.mark.parametrize(
    ("facts", "then", "now", "landing", "unsettled"),
    [
        (SEEN, 0.45, 0.15, Landing.APPROVED, False),
        (SEEN, 0.45, 0.14, Landing.APPROVED, True),
        (replace(SEEN, gathered_from=0.45), 0.45, 0.3, Landing.APPROVED, True),
        (replace(SEEN, gathered_from=0.45), 0.2, 0.3, Landing.APPROVED, False),  # it was asked for then
        (replace(SEEN, gathered_from=0.45), 0.8, 0.5, Landing.APPROVED, False),
        (replace(SEEN, gathered_from=0.45, crowd=True), 0.45, 0.3, Landing.IN_REVIEW, False),  # whatever else
    ],
)
def test_no_approval_is_foretold_by_what_was_not_looked_at(facts, then, now, landing, unsettled):
    books = {"then": book({"review_score": then}), "now": book({"review_score": now}, 2)}

    found = compare(case(facts, landing), **books)

    assert (found.after, found.unsettled) == (landing, unsettled)
    if unsettled:
        seen = f"Companies less than {percent(facts.gathered_from)} likely to be the same were not looked at then"
        assert found.reasons[0].words.startswith(seen)
    turn = compare(replace(case(facts, landing), occasion=Occasion.TURN), **books)
    assert not turn.unsettled


def test_every_rule_and_landing_has_a_name():
    assert {rule.CODE for rule in RULES} <= set(RULE_WORDS)
    assert set(LANDING_WORDS) == set(Landing)
