"""The page of a registration, its receipts, and who may see what of them."""

import pytest
from django.urls import reverse

from core.clock import database_clock
from registrations.enums import Status
from registrations.models import Decision
from registrations.services import decisions, judgements, partner_actions

pytestmark = pytest.mark.django_db


def page_of(client, person, deal, name="registration"):
    client.force_login(person)
    return client.get(reverse(f"registrations:{name}", args=[deal.code]))


@pytest.fixture
def live(register):
    """`live(alice, 'Acme')` registers at the present time, so that days are counted from today."""

    def make(person, company, **rest):
        return register(person, company, clock=database_clock, **rest)

    return make


def test_a_protected_deal_shows_days_next_step_and_actions(client, alice, live):
    deal = live(alice, "Acme Pumps GmbH", contact_name="Jana Vogel", website="acme.example")

    page = page_of(client, alice, deal).content.decode()

    for words in (
        "60 days left",
        "The deal is protected for you",
        "Jana Vogel",
        'href="https://acme.example"',
        "Gateways",
        "Submitted and protected at once",
        "Nothing in the policy stands against it.",
    ):
        assert words in page, words
    for name in ("update", "won", "lost", "ask_extension", "release", "attach"):
        assert reverse(f"registrations:{name}", args=[deal.code]) in page
    assert page.count('class="btn btn-primary"') == 1


def test_a_question_is_answered_on_the_page(client, alice, mara, live):
    deal = live(alice, "Acme Pumps GmbH", value=500_000)
    decisions.ask_information(deal, by=mara, text="Which plant?")

    page = page_of(client, alice, deal).content.decode()

    assert "Which plant?" in page
    assert f'action="{reverse("registrations:answer", args=[deal.code])}"' in page


def test_a_waitlisted_partner_reads_place_and_rule_but_no_rival(client, alice, charlie, mara, live):
    held = live(charlie, "International Business Machines Corp.", country="US", deal_name="Secret plan")
    deal = live(alice, "I.B.M.", country="US")
    decisions.put_on_waitlist(deal, behind=held, by=mara, internal_note="Charlie of Southridge was first")

    page = page_of(client, alice, deal).content.decode()

    assert "You are next in line" in page
    assert "First come, first served" in page
    for secret in ("Southridge", "Charlie", held.code, "Secret plan", "International Business", "was first"):
        assert secret not in page, secret


def test_the_vendor_reads_all_but_has_no_partners_actions(client, alice, charlie, mara, ivan, live):
    held = live(charlie, "International Business Machines Corp.", country="US")
    deal = live(alice, "I.B.M.", country="US")

    manager = page_of(client, mara, held).content.decode()
    auditor = page_of(client, ivan, deal).content.decode()

    assert f'With <span class="code">{deal.code}</span>' in manager
    assert reverse("registrations:review_item", args=[held.code]) in manager
    assert reverse("registrations:review_item", args=[deal.code]) not in auditor
    for name in ("update", "withdraw", "attach", "won"):
        assert reverse(f"registrations:{name}", args=[held.code]) not in manager


def test_outside_the_scope_there_is_nothing(client, alice, dan, charlie, register):
    deal = register(alice, "Acme Pumps GmbH")
    receipt = Decision.objects.get(registration=deal)
    for stranger in (dan, charlie):
        assert page_of(client, stranger, deal).status_code == 404
        assert page_of(client, stranger, deal, "submitted").status_code == 404
        assert client.get(reverse("registrations:receipt", args=[receipt.code])).status_code == 404
    client.logout()
    answer = client.get(reverse("registrations:registration", args=[deal.code]))
    assert answer.status_code == 302
    assert "sign-in" in answer.url


def test_unknown_kinds_of_entries_never_show_their_code(client, alice, mara, register):
    from registrations.services import timeline

    deal = register(alice, "Acme Pumps GmbH")
    timeline.record(deal, "raw_internal_kind", actor=None, at=database_clock(), data={"x": 1})

    for person in (alice, mara):
        page = page_of(client, person, deal).content.decode()
        assert "raw_internal_kind" not in page
        assert "Something about this registration was recorded" in page


def test_a_receipt_for_both_sides(client, alice, mara, register):
    deal = register(alice, "Acme Pumps GmbH", value=500_000)
    decision = decisions.refuse(
        deal, by=mara, reason_code="customer", text="They buy from us.", internal_note="Ask Jensen first"
    )
    address = reverse("registrations:receipt", args=[decision.code])
    client.force_login(alice)
    partner = client.get(address).content.decode()
    client.force_login(mara)
    vendor = client.get(address).content.decode()

    for words in ("Existing customer", "They buy from us.", "version 1", deal.code, "Mara, channel manager"):
        assert words in partner and words in vendor, words
    assert "Ask Jensen first" in vendor
    assert "Ask Jensen first" not in partner
    assert "If you see it differently" in partner


def test_a_judgement_names_rivals_so_partners_have_no_receipt_of_it(client, alice, charlie, mara, live):
    live(charlie, "International Business Machines Corp.", country="US")
    deal = live(alice, "I.B.M.", country="US")
    judgements.declare_different(deal.conflicts.get(), by=mara)
    decision = Decision.objects.get(registration=deal, action="judge")

    page = page_of(client, alice, deal).content.decode()
    own = client.get(reverse("registrations:receipt", args=[decision.code]))

    assert decision.code not in page
    assert own.status_code == 404
    client.force_login(mara)
    assert client.get(reverse("registrations:receipt", args=[decision.code])).status_code == 200


def test_names_are_shown_as_text_in_their_own_direction(client, alice, register):
    payload = "<img src=x onerror=alert(1)> & Co"
    deal = register(alice, payload, deal_name="شركة")

    page = page_of(client, alice, deal).content.decode()

    assert "<img src=x" not in page
    assert '<span dir="auto">&lt;img src=x onerror=alert(1)&gt; &amp; Co</span>' in page
    assert "<bdi>شركة</bdi>" in page


def test_every_ending_has_its_words(client, alice, mara, live):
    deals = {
        status: live(alice, f"Company {status}", value=9_000)
        for status in ("won", "lost", "withdrawn", "revoked")
    }
    today = database_clock().date()
    partner_actions.record_won(deals["won"], by=alice, value=8_500, closed_on=today)
    partner_actions.record_lost(deals["lost"], by=alice, reason="price", closed_on=today, text="Too dear")
    partner_actions.withdraw(deals["withdrawn"], by=alice, text="Stopped")
    decisions.revoke(deals["revoked"], by=mara, reason_code="inactive", text="Nobody works on it.")

    pages = {status: page_of(client, alice, deal).content.decode() for status, deal in deals.items()}

    assert "Well done: this deal is won" in pages["won"] and "8,500" in pages["won"]
    assert "Too dear" in pages["lost"] and "Use again" in pages["lost"]
    assert "Withdrawn" in pages["withdrawn"] and "Stopped" in pages["withdrawn"]
    assert "Protection was taken away" in pages["revoked"] and "No longer worked on" in pages["revoked"]
    for status, page in pages.items():
        assert f'data-status="{status}"' in page
        assert "Post an update" not in page


def test_looking_changes_nothing(client, alice, register):
    deal = register(alice, "Acme Pumps GmbH")
    for name in ("registration", "submitted", "update", "won", "lost", "release", "attach"):
        assert page_of(client, alice, deal, name).status_code == 200
    version, entries = deal.version, deal.timeline.count()
    deal.refresh_from_db()
    assert (deal.version, deal.timeline.count(), deal.status) == (version, entries, Status.APPROVED)


def test_a_page_asks_as_many_questions_for_a_long_history_as_for_a_short(
    client, alice, register, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    short, long = register(alice, "Acme Pumps GmbH"), register(alice, "Nordwind AG")
    for number in range(5):
        partner_actions.update(long, by=alice, fields={}, note=f"Note {number}")
    page_of(client, alice, short)
    with CaptureQueriesContext(
        connection,
    ) as few:
        page_of(client, alice, short)
    with CaptureQueriesContext(connection) as many:
        page_of(client, alice, long)
    assert len(many) == len(few)
