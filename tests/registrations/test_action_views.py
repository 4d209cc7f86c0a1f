"""Updating, answering, withdrawing, winning, losing."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import User
from core.clock import database_clock, fixed
from core.errors import BadInput
from registrations import shown
from registrations.enums import Status
from registrations.models import Registration
from registrations.services import decisions, partner_actions
from registrations.views import actions, drafting
from tests.people import draft_for

pytestmark = pytest.mark.django_db

ACTIONS = ("update", "answer", "withdraw", "won", "lost")


def at(name, deal):
    return reverse(f"registrations:{name}", args=[deal.code])


def fresh(deal):
    deal.refresh_from_db()
    return deal


@pytest.fixture
def deal(client, alice, register):
    client.force_login(alice)
    return register(alice, "Acme Pumps GmbH")


def test_an_update_renews_protection(client, deal):
    before = deal.protected_until
    sent = {"version": deal.version, "note": "Met them", "value": "62 000", "stage": "proposal"}

    answer = client.post(at("update", deal), sent, follow=True)

    assert fresh(deal).protected_until > before
    assert (deal.value, deal.stage) == (Decimal(62_000), "proposal")
    page = answer.content.decode()
    assert "The deal is protected until" in page
    assert "Stage: Prospecting → Proposal sent" in page
    assert "Met them" in page


@pytest.mark.parametrize(("days", "words"), [(10, "then lasts until"), (100, "already, and stays so")])
def test_the_page_of_an_update_says_until_when_it_protects(days, words, client, deal):
    end = database_clock() + timedelta(days=days)
    Registration.objects.filter(pk=deal.pk).update(protected_until=end)
    page = client.get(at("update", deal)).content.decode()
    assert shown.day(end) in page and words in page


def test_an_update_that_says_nothing_renews_nothing(client, deal):
    before = deal.protected_until
    sent = {"version": deal.version, "note": "  ", "value": "50,000", "stage": deal.stage}

    answer = client.post(at("update", deal), sent)

    assert answer.status_code == 422
    assert answer.content.decode().count("same words again do not count") == 2
    assert fresh(deal).protected_until == before


def test_a_stale_update_keeps_what_was_typed(client, deal):
    version = deal.version
    client.post(at("update", deal), {"version": version, "note": "First"})

    answer = client.post(at("update", deal), {"version": version, "note": "Second"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This changed while you were looking" in page and "Second" in page
    assert f'name="version" value="{fresh(deal).version}"' in page
    assert [entry.data["text"] for entry in deal.timeline.filter(kind="update")] == ["First"]


def upload(name):
    return {"file": SimpleUploadedFile(name, b"%PDF-1.7 " + name.encode())}


def test_the_firms_own_file_makes_its_forms_no_older(client, alice, mara, register):
    client.force_login(alice)
    held, asked = register(alice, "Acme Pumps GmbH"), register(alice, "Kestrel Foods", value=500_000)
    decisions.ask_information(asked, by=mara, text="Which plant?")
    versions = held.version, fresh(asked).version
    for deal in (held, asked):
        for name in ("a.pdf", "b.pdf"):
            client.post(at("attach", deal), upload(name))

    client.post(at("update", held), {"version": versions[0], "note": "We met, see the files."})
    client.post(at("answer", asked), {"version": versions[1], "text": "Kassel, see the files."})

    assert held.timeline.get(kind="update").data["text"] == "We met, see the files."
    assert fresh(asked).status == Status.IN_REVIEW


def test_a_stale_form_says_what_changed_beside_the_firms_own_file(client, alice, bob, deal):
    version = deal.version
    client.post(at("attach", deal), upload("a.pdf"))
    partner_actions.update(fresh(deal), by=bob, fields={"value": Decimal(77_777)}, note="Bigger")

    answer = client.post(at("update", deal), {"version": version, "note": "We met Ines"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "What changed since you opened it" in page
    for words in ("a.pdf", "77,777", "Bob", "We met Ines"):
        assert words in page
    assert [entry.actor for entry in deal.timeline.filter(kind="update")] == [bob]


def test_an_answer_returns_to_review(client, alice, mara, register):
    client.force_login(alice)
    deal = register(alice, "Acme Pumps GmbH", value=500_000)
    decisions.ask_information(deal, by=mara, text="Which plant?")
    empty = client.post(at("answer", fresh(deal)), {"version": deal.version, "text": " "})

    client.post(at("answer", deal), {"version": deal.version, "text": "Kassel"})
    again = client.post(at("answer", deal), {"version": deal.version, "text": "Kassel"})

    assert empty.status_code == 422
    assert "Which plant?" in empty.content.decode()
    assert fresh(deal).status == Status.IN_REVIEW
    assert again.url == at("registration", deal)
    assert deal.timeline.filter(kind="answer").count() == 1


def test_withdrawing_says_what_it_means_and_happens_once(client, deal):
    page = client.get(at("withdraw", deal)).content.decode()
    sent = {"version": deal.version, "text": "Stopped"}

    first, second = (client.post(at("withdraw", deal), sent) for _ in range(2))

    assert "Protection ends at once" in page
    assert first.url == second.url == at("registration", deal)
    assert fresh(deal).status == Status.WITHDRAWN
    assert deal.timeline.filter(kind="withdraw").count() == 1


def test_won_with_value_and_day(client, deal):
    today = database_clock().date()
    tomorrow = (today + timedelta(days=1)).isoformat()
    early, long_ago = (
        client.post(at("won", deal), {"version": deal.version, "value": "1", "closed_on": day})
        for day in (tomorrow, "2001-01-01")
    )
    nothing = client.post(
        at("won", deal), {"version": deal.version, "value": "0", "closed_on": today.isoformat()}
    )

    client.post(
        at("won", deal), {"version": deal.version, "value": "48.500,50", "closed_on": today.isoformat()}
    )

    assert "The day cannot lie in the future." in early.content.decode()
    assert "This day lies before the registration." in long_ago.content.decode()
    assert "above zero" in nothing.content.decode()
    assert fresh(deal).status == Status.WON
    assert (deal.closed_value, deal.closed_on) == (Decimal("48500.50"), today)


def test_lost_with_a_reason_from_the_list(client, deal):
    today = database_clock().date().isoformat()
    wrong = client.post(at("lost", deal), {"version": deal.version, "reason": "bad luck", "closed_on": today})

    client.post(at("lost", deal), {"version": deal.version, "reason": "price", "closed_on": today})

    assert "Choose a reason from the list." in wrong.content.decode()
    assert fresh(deal).status == Status.LOST
    assert deal.loss_reason == "price"


@pytest.mark.parametrize("name", ACTIONS)
def test_actions_are_for_the_firm_only(client, deal, dan, charlie, mara, name):
    sent = {
        "version": deal.version,
        "text": "x",
        "note": "x",
        "value": "1",
        "closed_on": "2026-03-01",
        "reason": "price",
    }
    for person, status in ((dan, 404), (charlie, 404), (mara, 403)):
        client.force_login(person)
        assert client.get(at(name, deal)).status_code == status
        assert client.post(at(name, deal), sent).status_code == status
    assert fresh(deal).status == Status.APPROVED
    assert deal.version == sent["version"]


@pytest.mark.parametrize("name", ACTIONS)
def test_what_the_status_does_not_allow_is_told_in_words(client, alice, deal, name):
    from registrations.services import partner_actions

    partner_actions.withdraw(deal, by=alice)
    sent = {
        "version": deal.version,
        "text": "x",
        "note": "x",
        "value": "1",
        "closed_on": "2026-03-01",
        "reason": "price",
    }

    answer = client.post(at(name, deal), sent)

    if name == "withdraw":
        assert answer.url == at("registration", deal)
    else:
        assert answer.status_code == 409
        assert "is now “Withdrawn”" in answer.content.decode()
    assert fresh(deal).status == Status.WITHDRAWN


def test_a_colleague_of_the_firm_who_leads_it_may_act(client, deal, bob):
    client.force_login(bob)

    client.post(at("update", deal), {"version": deal.version, "note": "Called them"})

    assert fresh(deal).timeline.get(kind="update").actor == bob


def test_posts_without_the_forms_token_are_refused(deal, alice):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)

    answer = strict.post(at("withdraw", deal), {"version": deal.version})

    assert answer.status_code == 403
    assert fresh(deal).status == Status.APPROVED


@pytest.mark.parametrize(
    ("name", "first", "second", "said"),
    [
        ("won", {"value": "48500"}, {"value": "52000"}, "48,500"),
        ("lost", {"reason": "price"}, {"reason": "price", "text": "Too dear."}, "Lost"),
    ],
)
def test_what_a_second_window_says_otherwise_is_not_dropped_in_silence(
    client, deal, name, first, second, said
):
    sent = {"version": deal.version, "closed_on": database_clock().date().isoformat()}
    client.post(at(name, deal), sent | first)
    version = fresh(deal).version

    assert client.post(at(name, deal), sent | first).url == at("registration", deal)  # a double click
    other = client.post(at(name, deal), sent | second)

    page = other.content.decode()
    assert other.status_code == 409 and "already, with" in page and said in page
    assert "was not recorded, and nothing was changed" in page
    assert fresh(deal).version == version


def test_the_same_text_counts_once_whether_as_note_or_as_next_step(client, deal, alice):
    def send(note="", **fields):
        return partner_actions.update(fresh(deal), by=alice, fields=fields, note=note)

    send(note="Send the offer")
    send(next_step="Call the buyer")
    for again in (
        {"next_step": "send the offer!"},
        {"note": "Call the buyer."},
        {"note": " ", "next_step": "Send  the offer"},
    ):
        until = fresh(deal).protected_until
        with pytest.raises(BadInput, match="Nothing new"):
            send(**again)
        assert fresh(deal).protected_until == until
    send(note="They signed", next_step="Send the offer")


NOON_IN_AUCKLAND = datetime(2026, 3, 10, 23, 0, tzinfo=UTC)  # on the 11th there


@pytest.fixture
def in_auckland(deal, alice, northgate, monkeypatch):
    """A registration whose partner works where the day begins first; nobody's clock but the database's counts."""
    User.objects.filter(pk=alice.pk).update(time_zone="Pacific/Auckland")
    alice.refresh_from_db()
    for module in (actions, drafting):
        monkeypatch.setattr(module, "database_clock", fixed(NOON_IN_AUCKLAND))
    Registration.objects.filter(pk=deal.pk).update(submitted_at=NOON_IN_AUCKLAND)
    return fresh(deal)


def test_today_is_the_persons_own_where_they_type_a_day(client, in_auckland, alice, gateways):
    """East of UTC today is no future, west of it tomorrow is none the less."""
    today, clock = date(2026, 3, 11), fixed(NOON_IN_AUCKLAND)
    sent = {"version": in_auckland.version, "contact_made": "meeting", "contact_on": today.isoformat()}
    for day, said in ((today, False), (today + timedelta(days=1), True)):
        page = client.post(
            at("update", in_auckland), sent | {"contact_on": day.isoformat(), "stage": "nonsense"}
        )
        assert ("lies in the future" in page.content.decode()) is said
        draft = draft_for(alice, "Kestrel Foods", gateways)
        url = reverse("registrations:details", args=[draft.code])
        page = client.post(
            url, {"version": draft.version, "contact_on": day.isoformat(), "lines-TOTAL_FORMS": 0}
        )
        assert ("lies in the future" in page.content.decode()) is said
    assert 'value="2026-03-11"' in client.get(at("won", in_auckland)).content.decode()
    with pytest.raises(BadInput, match="cannot lie in the future"):
        partner_actions.record_lost(
            in_auckland, by=alice, reason="price", closed_on=date(2026, 3, 12), clock=clock
        )
    partner_actions.record_lost(in_auckland, by=alice, reason="price", closed_on=today, clock=clock)
    assert fresh(in_auckland).closed_on == today


def test_whoever_sends_it_no_update_tells_of_a_contact_in_the_future(in_auckland, alice):
    """Nor keeps it a deal alive: what has not happened says nothing new."""
    before = in_auckland.protected_until
    for day, refused in ((date(2026, 3, 12), True), (date(2026, 3, 11), False)):
        sent = {"by": alice, "fields": {"contact_on": day}, "clock": fixed(NOON_IN_AUCKLAND)}
        if refused:
            with pytest.raises(BadInput, match="lies in the future") as error:
                partner_actions.update(in_auckland, **sent)
            assert error.value.field == "contact_on"
            kept = fresh(in_auckland)
            assert (kept.contact_on, kept.protected_until) == (in_auckland.contact_on, before)
        else:
            partner_actions.update(in_auckland, **sent)
            assert fresh(in_auckland).contact_on == day


def test_nor_is_tomorrow_today_where_the_day_ends_last(deal, alice):
    alice.time_zone = "Pacific/Honolulu"
    evening = datetime(2026, 3, 11, 8, 0, tzinfo=UTC)  # still the 10th there
    with pytest.raises(BadInput, match="cannot lie in the future"):
        partner_actions.record_won(
            deal, by=alice, value=Decimal(10), closed_on=date(2026, 3, 11), clock=fixed(evening)
        )
