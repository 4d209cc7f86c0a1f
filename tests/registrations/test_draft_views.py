"""Details, autosave, check and submit."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.clock import database_clock
from registrations.enums import Status
from registrations.models import Attachment, Registration
from registrations.services import drafts

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(alice):
    return drafts.start_draft(
        by=alice, fields={"company_name": "Acme Pumps", "country": "DE", "value": Decimal(500)}
    )


def at(name, draft):
    return reverse(f"registrations:{name}", args=[draft.code])


def filled(draft, line, **changed):
    """What the details page posts: everything that a submission needs; keywords override."""
    close = (database_clock() + timedelta(days=90)).date()
    return {
        "version": draft.version,
        "company_name": "Acme Pumps GmbH",
        "country": "DE",
        "currency": draft.currency.pk,
        "value": "500",
        "expected_close": close.isoformat(),
        "tender": "no",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-product_line": line.pk,
        "lines-0-quantity": "12",
        "lines-0-value": "1.200,50",
        **changed,
    }


def test_checked_details_are_stored_and_lead_on(client, alice, draft, gateways):
    client.force_login(alice)

    answer = client.post(at("details", draft), filled(draft, gateways, city=" Kassel ", check="1"))

    assert answer.url == at("check", draft)
    draft.refresh_from_db()
    assert (draft.company_name, draft.city, draft.value) == ("Acme Pumps GmbH", "Kassel", Decimal("1200.50"))
    line = draft.lines.get()
    assert (line.product_line, line.quantity, line.value) == (gateways, 12, Decimal("1200.50"))


def test_what_is_missing_is_told_and_the_rest_stored(client, alice, draft, gateways):
    client.force_login(alice)
    sent = filled(draft, gateways, expected_close="", country="", city="Kassel", check="1")

    answer = client.post(
        at("details", draft), sent | {"lines-0-product_line": "", "lines-0-quantity": "", "lines-0-value": ""}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    for words in (
        "Choose the company&#x27;s country.",
        "Choose the day you expect it to close.",
        "Choose at least one product line.",
    ):
        assert page.count(words) == 2, words
    draft.refresh_from_db()
    assert draft.city == "Kassel"
    assert f'name="version" value="{draft.version}"' in page


def test_a_plain_save_needs_nothing_but_keeps_what_is_right(client, alice, draft, gateways):
    client.force_login(alice)
    sent = filled(draft, gateways, expected_close="", value="abc", city="Kassel", save="1")

    answer = client.post(at("details", draft), sent)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="abc"' in page
    assert "Choose the day you expect" not in page
    draft.refresh_from_db()
    assert (draft.city, draft.company_name) == ("Kassel", "Acme Pumps GmbH")


def test_autosave_stores_what_is_valid_and_names_the_rest(client, alice, draft, gateways):
    client.force_login(alice)
    partial = {"version": draft.version, "city": "Kassel", "website": "nonsense", "company_name": "😀"}

    answer = client.post(at("autosave", draft), partial)

    draft.refresh_from_db()
    told = answer.json()
    assert (draft.city, draft.company_name, draft.value) == ("Kassel", "Acme Pumps", Decimal(500))
    assert told["version"] == draft.version
    assert told["problems"][:2] == ["Legal name", "Website"]


def test_autosave_keeps_the_lines_when_a_row_is_wrong(client, alice, draft, gateways, sensors):
    client.force_login(alice)
    client.post(at("autosave", draft), filled(draft, gateways))
    draft.refresh_from_db()
    wrong = filled(draft, sensors, **{"lines-0-value": "x"})

    told = client.post(at("autosave", draft), wrong).json()

    assert told["problems"] == ["Line 1, value"]
    assert draft.lines.get().product_line == gateways


def test_a_stale_autosave_is_told_and_changes_nothing(client, alice, draft, gateways):
    client.force_login(alice)
    sent = filled(draft, gateways, city="Jena")
    client.post(at("autosave", draft), sent | {"city": "Kassel"})

    answer = client.post(at("autosave", draft), sent)

    assert answer.status_code == 409
    assert answer.json()["message"].startswith("Another window saved this draft first.")
    draft.refresh_from_db()
    assert draft.city == "Kassel"


def test_a_stale_save_keeps_what_was_typed_and_saves_it_the_second_time(client, alice, draft, gateways):
    client.force_login(alice)
    sent = filled(draft, gateways, city="Jena", save="1")
    client.post(at("autosave", draft), sent | {"city": "Kassel"})

    answer = client.post(at("details", draft), sent)

    page = answer.content.decode()
    draft.refresh_from_db()
    assert answer.status_code == 409
    assert 'value="Jena"' in page and "It differs in: City" in page
    assert draft.city == "Kassel"
    again = client.post(at("details", draft), sent | {"version": draft.version})
    draft.refresh_from_db()
    assert again.status_code == 302
    assert draft.city == "Jena"


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999", "²"])
def test_a_form_without_a_readable_version_is_stale(client, alice, draft, gateways, version):
    client.force_login(alice)

    answer = client.post(at("details", draft), filled(draft, gateways, version=version))

    assert answer.status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"lines-TOTAL_FORMS": "x"},
        {"lines-TOTAL_FORMS": "999999"},
        {"lines-TOTAL_FORMS": "-1"},
        {"lines-0-product_line": "999999"},
        {"lines-0-quantity": "9" * 5000},
        {"lines-0-value": "999 999 999 999", "value": "1"},
        {"currency": "x"},
        {"industry": "-1"},
        {"stage": "status"},
        {"contact_made": "nothing"},
        {"tender": "perhaps"},
        {"expected_close": "0001-01-01"},
        {"expected_close": "2027-02-30"},
        {"contact_on": "2099-01-01"},
        {"contact_email": "a\r\nBcc: b@c.example"},
        {"company_name": "\x00"},
        {"contact_note": "n" * 5000},
        {"city": "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16") * 200},
    ],
)
def test_nonsense_is_never_an_error_of_ours(client, alice, draft, gateways, wrong):
    client.force_login(alice)
    for name in ("details", "autosave"):
        draft.refresh_from_db()
        answer = client.post(at(name, draft), filled(draft, gateways, **wrong) | {"version": draft.version})
        assert answer.status_code in (200, 302, 422)


def test_lines_that_add_up_to_too_much(client, alice, draft, gateways, sensors):
    client.force_login(alice)
    second = {
        "lines-TOTAL_FORMS": "2",
        "lines-1-product_line": sensors.pk,
        "lines-1-value": "999 999 999 999",
    }

    answer = client.post(
        at("details", draft), filled(draft, gateways, **second) | {"lines-0-value": "999999999999"}
    )

    assert answer.status_code == 422
    assert "add up to more than 12 digits" in answer.content.decode()
    assert not draft.lines.exists()


def test_a_product_line_listed_twice(client, alice, draft, gateways):
    client.force_login(alice)
    second = {"lines-TOTAL_FORMS": "2", "lines-1-product_line": gateways.pk}

    answer = client.post(at("details", draft), filled(draft, gateways, **second))

    assert "This product line is listed above already." in answer.content.decode()
    assert not draft.lines.exists()


def test_rows_come_and_go_without_scripts(client, alice, draft, gateways, sensors):
    client.force_login(alice)
    more = client.post(at("details", draft), filled(draft, gateways, add_line="1"))
    draft.refresh_from_db()
    two = {"lines-TOTAL_FORMS": "2", "lines-1-product_line": sensors.pk, "remove_line": "0"}
    fewer = client.post(at("details", draft), filled(draft, gateways, **two))

    assert 'name="lines-1-product_line"' in more.content.decode()
    assert fewer.status_code == 200
    assert draft.lines.get().product_line == sensors


def test_a_file_goes_along_with_the_draft(client, alice, draft, gateways):
    client.force_login(alice)
    good = SimpleUploadedFile("offer.pdf", b"%PDF-1.7 offer")

    answer = client.post(at("details", draft), filled(draft, gateways, attach="1", city="Kassel", file=good))

    assert answer.url.endswith("#attachments")
    draft.refresh_from_db()
    assert (draft.city, Attachment.objects.get().name) == ("Kassel", "offer.pdf")


def test_a_wrong_file_is_told_at_its_field_and_the_draft_is_kept(client, alice, draft, gateways):
    client.force_login(alice)
    bad = SimpleUploadedFile("run.exe", b"MZ")

    answer = client.post(at("details", draft), filled(draft, gateways, attach="1", city="Kassel", file=bad))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("Files of this kind are not taken.") == 2
    draft.refresh_from_db()
    assert draft.city == "Kassel"
    assert not Attachment.objects.exists()


def test_check_shows_everything_and_submits_once(client, alice, draft, gateways):
    client.force_login(alice)
    client.post(at("details", draft), filled(draft, gateways, contact_name="Jana Vogel", check="1"))
    draft.refresh_from_db()

    page = client.get(at("check", draft)).content.decode()
    first = client.post(at("check", draft), {"version": draft.version})
    second = client.post(at("check", draft), {"version": draft.version})

    assert "Jana Vogel" in page and "1,200.50" in page and "Gateways" in page
    assert first.url == second.url == at("submitted", draft)
    draft.refresh_from_db()
    assert draft.status == Status.APPROVED
    assert draft.timeline.filter(kind="submit").count() == 1
    result = client.get(first.url).content.decode()
    assert draft.code in result and "The deal is protected for you" in result


def test_an_incomplete_draft_is_not_submitted(client, alice, draft):
    client.force_login(alice)

    page = client.get(at("check", draft)).content.decode()
    answer = client.post(at("check", draft), {"version": draft.version})

    assert "Complete the details" in page and "Submit the registration" not in page
    assert answer.status_code == 422
    assert "at least one product line" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_a_draft_changed_since_it_was_checked_is_not_submitted(client, alice, draft, gateways):
    client.force_login(alice)
    client.post(at("details", draft), filled(draft, gateways, check="1"))

    answer = client.post(at("check", draft), {"version": draft.version})

    assert answer.status_code == 409
    assert "changed in another window" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_a_draft_is_the_firms_own(client, alice, bob, dan, charlie, mara, draft, gateways):
    for stranger in (dan, charlie):
        client.force_login(stranger)
        for name in ("details", "check", "submitted"):
            assert client.get(at(name, draft)).status_code == 404
        for name in ("details", "autosave", "check", "discard", "use_again"):
            assert client.post(at(name, draft), filled(draft, gateways)).status_code == 404
    client.force_login(mara)
    assert client.get(at("details", draft)).status_code == 403
    client.force_login(bob)
    assert client.post(at("autosave", draft), filled(draft, gateways, city="Kassel")).status_code == 200
    draft.refresh_from_db()
    assert draft.city == "Kassel"


def test_throwing_away_hides_the_draft(client, alice, draft):
    client.force_login(alice)

    assert client.get(at("discard", draft)).status_code == 405
    client.post(at("discard", draft))

    assert not Registration.objects.visible_to(alice).exists()
    assert client.get(at("details", draft)).status_code == 404


def test_a_submitted_registration_is_no_draft_any_more(client, alice, register, gateways):
    deal = register(alice, "Acme Pumps GmbH")
    client.force_login(alice)
    sent = filled(deal, gateways, company_name="Other")

    assert client.get(at("details", deal)).url == at("registration", deal)
    assert client.post(at("details", deal), sent).url == at("registration", deal)
    assert client.post(at("autosave", deal), sent).status_code == 409
    assert client.post(at("discard", deal)).status_code == 409
    deal.refresh_from_db()
    assert (deal.company_name, deal.status, deal.discarded_at) == ("Acme Pumps GmbH", Status.APPROVED, None)


def test_an_ended_registration_becomes_a_new_draft(client, alice, register):
    from registrations.services import partner_actions

    deal = register(alice, "Acme Pumps GmbH")
    client.force_login(alice)
    refused = client.post(at("use_again", deal))
    partner_actions.withdraw(deal, by=alice)

    answer = client.post(at("use_again", deal))

    assert refused.status_code == 409
    copy = Registration.objects.get(previous=deal)
    assert answer.url == at("details", copy)
    assert (copy.company_name, copy.status, copy.lines.count()) == ("Acme Pumps GmbH", Status.DRAFT, 1)
