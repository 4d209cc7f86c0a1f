"""The side-by-side and its words, without a page."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from companies import reasons as evidence
from policies.facts import Facts, Firm, Rival
from policies.models import RegistrationPolicy
from policies.outcome import decide
from policies.rulebook import Rulebook
from registrations import comparison
from registrations.enums import RefusalReason
from registrations.models import Registration
from registrations.referee_words import (
    REFUSAL_TEXTS,
    known_review_reasons,
    likeness,
    percent,
    review_reason,
)
from registrations.views.review.ages import ago, span

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_marks_are_escaped_and_joined():
    assert (
        evidence.marked("<b>Acme</b>", [(3, 5), (4, 7), (90, 99)]) == "&lt;b&gt;<mark>Acme</mark>&lt;/b&gt;"
    )
    assert evidence.marked("", [(0, 3)]) == ""


def test_reasons_come_weightiest_first_without_the_base():
    signals = [
        {"code": "base", "label": "Mostly not", "contribution": -3.3},
        {"code": "same_city", "label": "The same city", "contribution": 0.5},
        {"code": "other_domain", "label": "Different domains", "contribution": -1.5},
    ]
    told = [(reason.sign, reason.words, reason.weight) for reason in evidence.reasons(signals)]
    assert told == [
        ("−", "Different domains", "speaks clearly against it"),
        ("+", "The same city", "speaks a little for the same company"),
    ]


def test_read_from_the_other_side_new_and_known_change_places():
    signals = [
        {
            "code": "only_ours",
            "label": "Only the new name has “x”",
            "contribution": -0.5,
            "ours": "A",
            "theirs": "B",
        }
    ]
    assert evidence.reasons(signals, turned=True)[0].words == "Only the known name has “x”"
    assert evidence.turn(signals)[0]["ours"] == "B"


@pytest.mark.parametrize(
    ("left", "right", "differs"),
    [
        ("https://www.acme.example/de", "acme.example", False),
        ("acme.example", "other.example", True),
        ("", "acme.example", False),
    ],
)
def test_websites_differ_by_domain_and_unknown_is_not_different(left, right, differs):
    row = comparison._row("Website", left, right, comparison._Marks([]))
    assert row.differs is differs


def test_initials_are_marked_letter_by_letter():
    signal = {
        "code": "initials",
        "contribution": 2.2,
        "ours": "I.B.M.",
        "theirs": "International Business Machines Corp.",
    }
    marks = comparison._Marks([signal])
    assert marks.on("Company", "I.B.M.", "ours") == "<mark>I.B.M.</mark>"
    marked = marks.on("Company", "International Business Machines Corp.", "theirs")
    assert marked == "<mark>I</mark>nternational <mark>B</mark>usiness <mark>M</mark>achines Corp."


def test_equal_and_misspelled_words_are_marked_in_ways_of_their_own():
    signals = [
        {
            "code": "shared",
            "contribution": -1.4,
            "ours_spans": [[0, 6], [13, 18]],
            "theirs_spans": [[0, 6], [13, 18]],
        },
        {
            "code": "slips",
            "contribution": 0.3,
            "ours_spans": [[7, 12]],
            "theirs_spans": [[7, 12]],
            "ours_letters": [[8, 10]],
            "theirs_letters": [[8, 10]],
        },
        {"code": "alone", "contribution": -0.5, "ours_spans": [], "theirs_spans": [[19, 24]]},
    ]
    names = {"ours": "Nordic Fairy Lines", "theirs": "Nordic Ferry Lines Group"}
    told = [{**signal, **names} for signal in signals]
    ours = '<mark>Nordic</mark> <mark class="near">F<u>ai</u>ry</mark> <mark>Lines</mark>'
    theirs = '<mark>Nordic</mark> <mark class="near">F<u>er</u>ry</mark> <mark>Lines</mark>'

    assert comparison._Marks(told).on("Company", names["ours"], "ours") == ours
    group = ' <mark class="against">Group</mark>'
    assert evidence.highlighted(names["theirs"], told, "theirs") == theirs + group
    assert comparison._Marks(evidence.turn(told)).on("Company", names["theirs"], "ours") == theirs + group
    assert comparison._Marks(told).on("Deal", names["ours"], "ours") == names["ours"]


def test_of_two_known_companies_none_is_called_new():
    signals = [{"code": "alone", "label": "Only the new name has “x”", "contribution": -0.5}]
    assert evidence.reasons(signals, both_known=True)[0].words == "Only the first name has “x”"
    assert evidence.reasons(signals, turned=True, both_known=True)[0].words == "Only the second name has “x”"


def test_a_score_never_claims_certainty():
    assert (percent(1.0), percent(0.931), percent(0.0)) == ("99%", "93%", "1%")
    assert likeness(0.99) == "Almost surely the same company"
    assert likeness(0.1) == "Probably another company"


def test_every_reason_of_the_policy_has_words_for_the_referee():
    policy = RegistrationPolicy(auto_approve=False, evidence_required=True, outside_territory="review")
    firm = Firm(kind="reseller", tier="silver", status="onboarding", territories=(1,))
    worst = Facts(
        at=NOW,
        firm=firm,
        product_lines=(1,),
        country="FR",
        areas=(2,),
        value_in_base=Decimal(10**9),
        contact_stated=False,
        rivals=(Rival(score=0.9, product_lines=(1,)),),
        crowd=True,
        check_failed=True,
    )
    outside = replace(worst, rivals=(Rival(score=0.9, product_lines=(2,)),))
    book = Rulebook(policy)
    given = {finding.rule for facts in (worst, outside) for finding in decide(facts, book).findings}
    assert len(given) == 9
    assert given <= known_review_reasons()
    assert "{" not in "".join(review_reason(code, limit="100,000") for code in given)
    assert review_reason("something new", limit="1") == "The policy asks for a person's decision."


def test_every_refusal_reason_has_a_sentence():
    assert set(REFUSAL_TEXTS) == set(RefusalReason)


def test_money_and_time_in_words():
    assert comparison.money(Decimal("184000.00"), "EUR") == "184,000\u00a0EUR"
    assert comparison.money(Decimal("0.50"), "EUR") == "0.50\u00a0EUR"
    assert comparison.money(None, "EUR") == ""
    assert [span(timedelta(minutes=m)) for m in (0, 59, 60, 47 * 60, 48 * 60)] == [
        "1 min",
        "59 min",
        "1 h",
        "47 h",
        "2 d",
    ]
    assert ago(NOW - timedelta(seconds=20), NOW) == "just now"
    assert ago(NOW - timedelta(minutes=2), NOW) == "2 min ago"


def test_nothing_is_said_of_an_empty_registration():
    assert comparison.day(Registration().submitted_at) == ""
