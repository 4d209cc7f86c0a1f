"""Entries in sentences, the tracker's steps, and what comes next."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.models import Role, User
from catalog.models import Currency
from registrations import shown, standing, words
from registrations.enums import OPEN, Action, Status
from registrations.models import Registration, TimelineEntry

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EUR = Currency(code="EUR", decimals=2)
DEAL = Registration(company_name="Acme", currency=EUR)


def entry(kind, actor=None, **data):
    return TimelineEntry(number=1, at=AT, kind=kind, actor=actor, data=data)


def told(kind, *, vendor=False, actor=None, **data):
    return words.told(entry(kind, actor, **data), DEAL, vendor=vendor)


def test_each_action_has_words_for_both_sides():
    for action in Action:
        for vendor in (False, True):
            said = told(action.value, vendor=vendor, to=Status.APPROVED)
            assert said.title
            assert said.title not in (action.value, words._UNKNOWN.partner)


@pytest.mark.parametrize(
    ("landing", "partner"),
    [
        (Status.APPROVED, "Submitted and protected at once"),
        (Status.IN_REVIEW, "Submitted: a channel manager looks at it"),
        (Status.WAITLISTED, "Submitted and put in line"),
        (Status.REFUSED, "Submitted and refused by the policy"),
    ],
)
def test_a_submission_says_where_it_landed(landing, partner):
    assert told("submit", to=landing).title == partner


def test_changes_are_told_with_labels_and_formats():
    changes = {
        "stage": ["prospecting", "proposal"],
        "value": ["50000.00", "62000.50"],
        "expected_close": ["", "2026-09-02"],
        "rank": ["1", "2"],
        "next_step": "nonsense",
    }

    said = told("update", changes=changes, text="Offer sent")

    assert said.body.split("\n") == [
        "Offer sent",
        "Stage: Prospecting → Proposal sent",
        f"Value: {shown.money(Decimal(50000), EUR)} → {shown.money(Decimal('62000.50'), EUR)}",
        f"Expected to close: {shown.day(date(2026, 9, 2))}",
    ]


@pytest.mark.parametrize(
    "kind", ["win", "lose", "refuse", "conflict_found", "extended_by_late_warning", "update", "judge"]
)
def test_damaged_data_is_left_out(kind):
    for data in (
        {},
        {"value": "x", "on": "y", "reason": "z", "until": 1, "score": "s", "with": None, "changes": [1]},
    ):
        assert told(kind, vendor=True, **data).title


def test_partners_learn_the_rivals_code_from_no_entry():
    assert told("conflict_found", **{"with": "R-SECRET", "score": 0.9}).body == ""
    assert "R-SECRET" in told("conflict_found", vendor=True, **{"with": "R-SECRET", "score": 0.9}).body
    assert told("judge", company="Rival Inc", verdict="same").body == ""


def test_who_did_it():
    mara = User(name="Mara", role=Role(name="Channel manager", side="vendor"))
    alice = User(name="Alice", role=Role(name="Partner rep", side="partner"))

    assert told("expire").who == "The portal"
    assert told("assign", actor=mara).who == "Mara, channel manager"
    assert told("update", actor=alice, via="mail link").who == "Alice (by the link in a mail)"


def test_entries_come_newest_first():
    entries = [TimelineEntry(number=number, at=AT, kind="draft", data={}) for number in (1, 3, 2)]
    entries[1].kind = "withdraw"
    assert words.tell(entries, DEAL, vendor=False)[0].title == "Withdrawn"


@pytest.mark.parametrize("status", list(Status))
def test_each_status_has_one_place_to_stand_and_what_has_ended_nothing_to_come(status):
    protected = status in (Status.APPROVED, Status.WON, Status.EXPIRED, Status.REVOKED)
    deal = Registration(status=status, submitted_at=AT, changed_at=AT, closed_on=AT.date(), closed_at=AT)
    deal.protected_from = deal.protected_until = AT if protected else None

    states = [step.state for step in standing.steps(deal)]

    if status == Status.DRAFT or status in OPEN:
        assert len(states) == 4
    else:
        assert "todo" not in states and len(states) >= 2
    assert sum(state in ("current", "stopped") for state in states) == (0 if status == Status.WON else 1)


def test_the_line_says_place_and_rule():
    deal = Registration(status=Status.WAITLISTED)
    assert standing.what_next(deal, place=1).title == "You are next in line"
    assert standing.what_next(deal, place=3).title == "You are number 3 in line"
    assert "First come, first served" in standing.what_next(deal, place=3).text


def test_an_answer_is_promised_by_a_day():
    deal = Registration(status=Status.IN_REVIEW, review_due_at=AT)
    assert shown.day(AT) in standing.what_next(deal).text
    assert (
        standing.steps(Registration(status=Status.IN_REVIEW, review_due_at=AT))[1].note
        == f"Answer due {shown.day(AT)}"
    )


def test_figures_as_text():
    assert shown.money(None, EUR) == ""
    assert shown.money(Decimal("999999999999.99"), EUR) == "999,999,999,999.99\u00a0EUR"
    assert [shown.size(count) for count in (14, 340_000, 5_000_000)] == ["14 bytes", "332 KB", "4.8 MB"]
    for moment, days in ((AT.replace(day=3, hour=10), 1), (AT.replace(hour=10), 0), (AT.replace(hour=8), -1)):
        assert shown.days_until(moment, AT) == days  # of the calendar, as mails count
    assert shown.days_until(datetime(2026, 3, 1, 8, tzinfo=UTC), AT) == -1
    assert shown.days_until(None, AT) is None
