"""Where a submitted registration lands (R4), and what is kept of it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection

from companies.index.vocabulary import count_words
from companies.matching import REVIEW, CompanyQuery
from companies.search import search
from companies.services import create_company, declare_same
from companies.tasks import index_names
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from notifications.models import Message
from partners.enums import PartnerStatus
from registrations.enums import Status
from registrations.models import Decision, Holding, Registration
from registrations.services import drafts, submission
from registrations.services.precheck import precheck
from tests.people import MONDAY, MONDAY_CLOCK, draft_for
from tests.registrations.requests_help import policy

pytestmark = pytest.mark.django_db


def test_clear_deal_is_approved_protected_and_receipted(alice, register):
    deal = register(alice, "Acme Pumps GmbH")

    deal.refresh_from_db()
    assert deal.status == Status.APPROVED
    assert deal.protected_until == datetime(2026, 5, 1, 9, 0, tzinfo=UTC)  # 60 days after 2 March
    assert deal.rank is not None and deal.submitted_at == MONDAY
    assert Holding.objects.filter(registration=deal, ended_at=None).count() == 1
    receipt = Decision.objects.get(registration=deal)
    assert (receipt.by, receipt.policy.version, receipt.status_after) == (None, 1, Status.APPROVED)
    assert list(Message.objects.values_list("event", "address")) == [("registration.approved", alice.email)]


def test_the_same_company_in_another_spelling_goes_to_review(alice, charlie, mara, register):
    held = register(alice, "International Business Machines Corp.", country="US")

    rival = register(charlie, "I.B.M.", country="US")

    assert rival.status == Status.IN_REVIEW
    assert rival.reviewer == mara
    assert rival.review_due_at == datetime(
        2026, 3, 3, 17, 0, tzinfo=UTC
    )  # Monday at nine: two days of eight hours
    conflict = rival.conflicts.get()
    assert conflict.rival == held and conflict.signals
    assert not Holding.objects.filter(registration=rival).exists()
    assert {m.event for m in Message.objects.filter(address=alice.email)} == {
        "registration.approved",
        "registration.conflict_noted",
    }


def test_the_holder_gets_no_mail_about_what_the_policy_refused_at_once(alice, charlie, register):
    held = register(alice, "Acme Pumps GmbH")
    policy(refuse_public_tender=True)
    refused = register(charlie, "Acme Pumps GmbH", tender=True)
    assert refused.status == Status.REFUSED
    assert not Message.objects.filter(event="registration.conflict_noted").exists()
    assert held.timeline.filter(kind="conflict_noted").count() == 1


@pytest.mark.parametrize("table", ["companies_nameentry", "companies_word", "companies_indexstate"])
def test_without_the_index_a_person_looks(alice, register, table):
    """Neither looking the company up nor noting its new name may cost the partner the registration."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO gone")
        deal = register(alice, "Acme Pumps GmbH")
        assert (deal.status, "check_failed" in deal.review_reasons) == (Status.IN_REVIEW, True)
        assert precheck(CompanyQuery("Nobody Knows"), by=alice, clock=MONDAY_CLOCK) is False

        cursor.execute(f"ALTER TABLE gone RENAME TO {table}")
    index_names()
    assert [found.company for found in search(CompanyQuery("Acme Pumps")).candidates] == [deal.company]


def test_a_new_name_amid_a_crowd_goes_to_review_as_the_answer_before_said(alice, charlie, register):
    for number in range(26):
        create_company(CompanyQuery(f"Rautenbach {chr(97 + number) * 3} Logistik"), by=None)
    asked = CompanyQuery("Rautenbach Logistik", country="DE")

    assert precheck(asked, by=alice, clock=MONDAY_CLOCK) is False
    deal = register(alice, "Rautenbach Logistik")
    assert (deal.status, "crowd" in deal.review_reasons) == (Status.IN_REVIEW, True)


def test_a_policy_that_looks_at_less_likely_ones_finds_them(alice, charlie, register):
    """The search knows no threshold of its own: what a version of the policy wants to see is found."""
    register(alice, "Aurora Bottling Company")
    typed = CompanyQuery("Aurora Bottles", country="DE")
    (candidate,) = search(typed, least=0.01).candidates
    assert candidate.score < REVIEW, "choose a pair that looks less alike"

    assert precheck(typed, by=charlie, clock=MONDAY_CLOCK) is True
    policy(review_score=0.05)
    assert precheck(typed, by=charlie, clock=MONDAY_CLOCK) is False
    rival = register(charlie, "Aurora Bottles")
    assert (rival.status, rival.review_reasons) == (Status.IN_REVIEW, ["similar"])
    assert rival.conflicts.get().score < REVIEW


@pytest.mark.parametrize(
    ("held", "typed"),
    [("Aurora Bottling Company", "Bottling Co. Aurora"), ("Nordic Ferry Lines AB", "Nordic Fairy Lines")],
)
def test_a_record_of_the_name_as_typed_hides_nobody_else(alice, charlie, register, held, typed):
    """Each spelling that somebody registers leaves a record of its own: beside that one the holder's looks less like it."""
    create_company(CompanyQuery(typed, country="DE"), by=None)
    holder = register(alice, held)
    deal = register(charlie, typed)

    assert (holder.status, deal.status) == (Status.APPROVED, Status.IN_REVIEW)
    assert deal.conflicts.get().rival == holder


@pytest.mark.parametrize(
    ("held", "typed"),
    [
        ("Siemens GmbH", "Semens"),
        ("Thyssen GmbH", "Tyssen Group"),
        ("Kroll Logistik GmbH", "Krohl Logistik"),
        ("RealTime Text Taskforce", "RealTimeText.org"),
    ],
)
@pytest.mark.parametrize("counted", [False, True], ids=["at once", "counted again"])
def test_a_slip_that_was_registered_is_still_a_slip(alice, charlie, register, held, typed, counted):
    """A word that companies bear was hardly mistyped, but by the very name that is asked for no word is borne."""
    for name in ("Alder Optik", "Birke Druck", "Eiche Stahl"):
        create_company(CompanyQuery(name), by=None)
    holder = register(alice, held)
    asked = CompanyQuery(typed, country="DE")
    assert precheck(asked, by=charlie, clock=MONDAY_CLOCK) is False

    deal = register(charlie, typed)
    assert deal.status == Status.IN_REVIEW
    assert [conflict.rival for conflict in deal.conflicts.all()] == [holder]

    told = deal.conflicts.get().score
    if counted:
        count_words()
    again = search(asked, look_past=True, exclude=[deal.company_id]).candidates
    assert [(one.company, round(one.score, 6)) for one in again] == [(holder.company, round(told, 6))]
    assert {one.company for one in search(asked, look_past=True).candidates} == {holder.company, deal.company}


@pytest.mark.parametrize("name", ["Nordlicht Optik GmbH", "NLO Sehhilfen"])
def test_what_was_said_to_be_one_company_is_not_asked_again(alice, charlie, mara, register, name):
    holder = register(alice, "Nordlicht Optik GmbH", website="nordlicht.de")
    asked = CompanyQuery(name, domain="nordlicht-optik.at", country="AT")
    declare_same(create_company(asked, by=None), holder.company, by=mara, keep=holder.company)
    assert precheck(asked, by=charlie, clock=MONDAY_CLOCK) is False

    deal = register(charlie, name, website="nordlicht-optik.at", country="AT")
    assert (deal.company, deal.status) == (holder.company, Status.IN_REVIEW)
    assert [conflict.rival for conflict in deal.conflicts.all()] == [holder]


def test_the_holder_is_not_told_who_the_rival_is(alice, charlie, register):
    register(alice, "Acme Pumps GmbH")
    rival = register(charlie, "ACME Pumps")

    mail = Message.objects.get(event="registration.conflict_noted")
    for secret in ("Southridge", "Charlie", charlie.email, rival.code):
        assert secret not in mail.subject + mail.text + mail.html
    entry = rival.conflicts.get().rival.timeline.get(kind="conflict_noted")
    assert entry.data == {}


def test_a_namesake_in_another_trade_is_not_a_conflict(alice, charlie, register):
    register(alice, "Delta Air Lines", country="US")

    assert register(charlie, "Delta Faucet", country="US").status == Status.APPROVED


def test_large_deals_are_reviewed(alice, register):
    deal = register(alice, "Acme Pumps GmbH", value=Decimal(100_000))

    assert (deal.status, deal.review_reasons) == (Status.IN_REVIEW, ["value"])


def test_suspended_partners_are_refused_by_the_policy_with_the_rule(alice, northgate, register):
    northgate.status = PartnerStatus.SUSPENDED
    northgate.save(update_fields=["status"])

    deal = register(alice, "Acme Pumps GmbH")

    assert deal.status == Status.REFUSED
    assert deal.decisions.get().rule == "Only active partners can register deals."


def test_a_search_that_fails_sends_to_review_and_says_so(alice, gateways):
    draft = draft_for(alice, "Acme Pumps GmbH", gateways)
    with (
        connection.cursor() as cursor
    ):  # something the search reads is gone: any database error counts as failed
        cursor.execute("ALTER TABLE companies_namedaccount RENAME COLUMN effective_from TO effective_away")

    deal = submission.submit(draft, by=alice, clock=MONDAY_CLOCK)

    assert (deal.status, deal.review_reasons) == (Status.IN_REVIEW, ["check_failed"])
    assert "could not be completed" in deal.timeline.get(kind="submit").data["rule"]
    assert not Holding.objects.exists()


def test_what_is_missing_is_named_and_nothing_changes(alice):
    draft = drafts.start_draft(by=alice, fields={"company_name": "Acme"}, clock=MONDAY_CLOCK)

    with pytest.raises(BadInput) as refusal:
        submission.submit(draft, by=alice, clock=MONDAY_CLOCK)

    assert "country" in refusal.value.message and "product line" in refusal.value.message
    draft.refresh_from_db()
    assert (draft.status, draft.company, draft.rank) == (Status.DRAFT, None, None)


def test_submitting_twice_is_refused_and_leaves_one(alice, gateways):
    draft = draft_for(alice, "Acme Pumps GmbH", gateways)
    submission.submit(draft, by=alice, clock=MONDAY_CLOCK)

    with pytest.raises(WrongStatus):
        submission.submit(draft, by=alice, clock=MONDAY_CLOCK)

    assert Holding.objects.count() == 1
    assert Decision.objects.count() == 1


def test_a_stale_form_does_not_submit(alice, gateways):
    draft = draft_for(alice, "Acme Pumps GmbH", gateways)

    with pytest.raises(StaleVersion):
        submission.submit(draft, by=alice, version=draft.version - 1, clock=MONDAY_CLOCK)


def test_only_the_firm_may_submit_its_draft(alice, charlie, mara, gateways):
    draft = draft_for(alice, "Acme Pumps GmbH", gateways)

    for stranger in (charlie, mara):
        with pytest.raises(NotAllowed):
            submission.submit(draft, by=stranger, clock=MONDAY_CLOCK)


def test_one_form_makes_one_draft(alice):
    from uuid import uuid4

    key = uuid4()
    first = drafts.start_draft(by=alice, fields={"company_name": "Acme"}, form_key=key)
    again = drafts.start_draft(by=alice, fields={"company_name": "Acme"}, form_key=key)

    assert first == again and Registration.objects.count() == 1


def test_a_draft_cannot_smuggle_a_status(alice):
    draft = drafts.start_draft(by=alice, fields={"company_name": "Acme", "status": "approved", "rank": 1})

    draft.refresh_from_db()
    assert (draft.status, draft.rank) == (Status.DRAFT, None)
