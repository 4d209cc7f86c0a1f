"""Deciding at the desk: what is stored, who is told, what opens next, and what is said when it cannot be done."""

import html
import json
import re

import pytest
from django.urls import reverse

from notifications.models import Message
from registrations.enums import ConflictState, RefusalReason, Status
from registrations.services import attachments, decisions, partner_actions
from registrations.words import tell
from tests.people import MONDAY_CLOCK
from tests.registrations.requests_help import letter

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
ROUTES = ("assign", "refuse", "ask_information", "waitlist", "same_company", "different_company", "revoke")


@pytest.fixture
def held(alice, register):
    return register(alice, "International Business Machines Corp.", website="ibm.example")


@pytest.fixture
def rival(held, charlie, register):
    return register(charlie, "I.B.M.", website="ibm.example")


@pytest.fixture
def other(alice, register):
    return register(alice, "Kestrel Foods", value=900_000)


def send(client, person, route, registration, *, htmx=True, query="", **fields):
    client.force_login(person)
    data = {"version": registration.version, "seen": registration.timeline.count(), **fields}
    url = reverse(f"registrations:{route}", args=[registration.code]) + query
    return client.post(url, data, headers=HTMX if htmx else {})


def toast(response):
    return json.loads(response.headers["HX-Trigger"])["toast"]["text"]


def test_refusing_stores_tells_and_opens_the_next(client, mara, charlie, rival, other):
    fields = {"reason_code": "early", "text": "Come back later.", "internal_note": "Knows nobody."}
    response = send(client, mara, "refuse", rival, **fields)

    rival.refresh_from_db()
    decision = rival.decisions.get()
    assert (rival.status, decision.reason_code, decision.by) == (Status.REFUSED, RefusalReason.EARLY, mara)
    assert (decision.text, decision.internal_note) == ("Come back later.", "Knows nobody.")
    mail = Message.objects.get(event="registration.refused", address=charlie.email)
    assert "Come back later." in mail.text
    assert "Knows nobody." not in mail.text
    assert toast(response) == f"Refused {rival.code}. Next of 1."
    assert response.headers["HX-Push-Url"] == reverse("registrations:review_item", args=[other.code])
    assert response.context["item"] == other


def test_the_next_is_of_the_same_view(client, mara, rival, other):
    response = send(
        client, mara, "refuse", rival, query="?view=conflicts", reason_code="early", text="Later."
    )
    assert response.headers["HX-Push-Url"] == reverse("registrations:queue") + "?view=conflicts"
    assert toast(response) == f"Refused {rival.code}. Nothing else waits in this view."
    assert "No conflict to judge" in response.content.decode()


def test_without_scripts_it_redirects(client, mara, rival, other):
    response = send(client, mara, "refuse", rival, htmx=False, reason_code="early", text="Later.")
    assert (response.status_code, response.url) == (
        302,
        reverse("registrations:review_item", args=[other.code]),
    )


@pytest.mark.parametrize("htmx", [True, False])
def test_an_undo_leads_back_to_the_same_view(client, mara, other, htmx):
    query = "?view=mine&q=kes"
    response = send(client, mara, "refuse", other, htmx=htmx, query=query, reason_code="early", text="Later.")
    if htmx:
        url = json.loads(response.headers["HX-Trigger"])["toast"]["action"]["url"]
    else:
        page = client.get(response.headers["Location"]).content.decode()
        url = html.unescape(re.search(r'action="([^"]*/undo/[^"]*)"', page)[1])

    back = client.post(url)

    other.refresh_from_db()
    assert other.status == Status.IN_REVIEW
    assert back.headers["Location"] == reverse("registrations:review_item", args=[other.code]) + query


def test_assigning(client, mara, alice, other):
    response = send(client, mara, "assign", other, text="Good luck.")
    other.refresh_from_db()
    assert other.status == Status.APPROVED
    assert other.holdings.filter(ended_at=None).count() == 1
    assert "Good luck." in Message.objects.get(event="registration.approved", address=alice.email).text
    assert toast(response).startswith(f"Approved {other.code}")


def test_asking(client, mara, alice, other):
    send(client, mara, "ask_information", other, text="Whom did you meet?")
    other.refresh_from_db()
    assert (other.status, other.reviewer) == (Status.INFORMATION_ASKED, mara)
    assert "Whom did you meet?" in Message.objects.get(event="registration.information_asked").text


def test_waitlisting_behind_the_chosen_candidate(client, mara, charlie, rival, held):
    send(client, mara, "waitlist", rival, candidate=held.code)
    rival.refresh_from_db()
    held.refresh_from_db()
    assert (rival.status, rival.waits_for, rival.company) == (Status.WAITLISTED, held, held.company)
    assert rival.conflicts.get().state == ConflictState.SAME
    mail = Message.objects.get(event="registration.waitlisted", address=charlie.email)
    assert "Northgate" not in mail.text + mail.html


def test_a_judgement_keeps_the_registration_open(client, mara, rival, held):
    sent = Message.objects.count()
    response = send(client, mara, "different_company", rival, candidate=held.code, reason="Another group.")
    rival.refresh_from_db()
    conflict = rival.conflicts.get()
    assert (rival.status, conflict.state, conflict.judged_by) == (
        Status.IN_REVIEW,
        ConflictState.DIFFERENT,
        mara,
    )
    assert response.context["item"] == rival
    assert toast(response) == "Noted: International Business Machines Corp. is another company."
    assert Message.objects.count() == sent
    assert send(client, mara, "assign", rival).status_code == 200


def test_the_same_company_then_no_second_holder(client, mara, rival, held):
    send(client, mara, "same_company", rival, candidate=held.code)
    rival.refresh_from_db()
    held.refresh_from_db()
    assert rival.company == held.company
    response = send(client, mara, "assign", rival)
    assert response.status_code == 409
    body = response.content.decode()
    assert "Another registration already holds this company" in body
    assert f"{held.code}</a>" in body


def test_a_sentence_about_a_name_with_a_full_stop_ends_with_one(client, mara, rival, held):
    response = send(client, mara, "same_company", rival, candidate=held.code, reason="One board.")

    assert toast(response) == "Noted: the same company as International Business Machines Corp."
    receipt = rival.decisions.get().rule
    assert receipt == "I.B.M. is the same company as International Business Machines Corp."
    rival.refresh_from_db()
    told = tell(rival.timeline.all(), rival, vendor=True)
    (said,) = [entry.body for entry in told if "Declared" in entry.body]
    assert said == "Declared the same company as International Business Machines Corp.\nOne board."


def test_assigning_over_an_unjudged_holder_says_what_comes_first(client, mara, rival):
    response = send(client, mara, "assign", rival, text="My words.")
    rival.refresh_from_db()
    assert (response.status_code, rival.status) == (409, Status.IN_REVIEW)
    body = response.content.decode()
    assert "Say first whether it is the same company or a different one." in body
    assert "Next:" in body
    assert "My words." in body


def test_two_holders_are_named(client, mara, dan, charlie, register, held):
    holder = register(charlie, "Big Blue", website="blue.example")
    newcomer = register(dan, "Big Blue", website="blue.example")
    conflict = newcomer.conflicts.get()
    conflict.pk, conflict.rival, conflict.company = None, held, held.company
    conflict.save()
    assert holder.status == Status.APPROVED
    response = send(client, mara, "same_company", newcomer, candidate=held.code)
    assert response.status_code == 409
    assert "Revoke one of them first." in response.content.decode()


def test_a_named_account_has_no_line(client, mara, other):
    response = send(client, mara, "waitlist", other, candidate="N-NONE")
    other.refresh_from_db()
    assert (response.status_code, other.status) == (409, Status.IN_REVIEW)
    assert "This candidate is no longer there." in response.content.decode()


def test_a_candidate_that_has_ended_meanwhile_has_no_line(client, mara, alice, rival, held):
    fields = {"candidate": held.code, "version": rival.version}
    partner_actions.withdraw(held, by=alice)
    response = send(client, mara, "waitlist", rival, text="Wait behind them.", **fields)
    rival.refresh_from_db()
    assert (response.status_code, rival.status) == (409, Status.IN_REVIEW)
    assert "Wait behind them." in response.content.decode()


def test_the_second_manager_sees_what_the_first_did(client, mara, ada, rival):
    version, seen = rival.version, rival.timeline.count()
    decisions.refuse(rival, by=mara, reason_code=RefusalReason.EARLY, text="Too early.")

    response = send(client, ada, "assign", rival, version=version, seen=seen, text="Well done, go on.")

    assert response.status_code == 409
    body = response.content.decode()
    assert "Mara refused it just now." in body
    assert "Well done, go on." in body
    assert rival.decisions.count() == 1


@pytest.mark.parametrize("how", ["one", "many"])
def test_evidence_that_came_meanwhile_is_seen_before_a_refusal(how, client, mara, alice, other):
    seen = {"version": other.version, "seen": other.timeline.count()}
    words = {"reason_code": "no_contact", "text": "There is no proof of contact."}
    attachments.attach(other, letter("minutes.txt"), by=other.owner)
    if how == "one":
        response = send(client, mara, "refuse", other, **words, **seen)
        assert response.status_code == 409
        assert (
            "attached a file" in response.content.decode()
            and "no proof of contact." in response.content.decode()
        )
    else:
        client.force_login(mara)
        item = f"{other.code}:{seen['version']}:{seen['seen']}"
        client.post(reverse("registrations:bulk"), {"action": "refuse", "item": [item], **words})
    other.refresh_from_db()
    assert other.status == Status.IN_REVIEW and not other.decisions.exists()


def test_a_stale_form_keeps_its_words_for_another_try(client, mara, charlie, rival):
    version, seen = rival.version, rival.timeline.count()
    decisions.ask_information(rival, by=mara, text="Who?")
    rival.refresh_from_db()
    partner_actions.answer(rival, by=charlie, text="The head of IT.")

    fields = {"reason_code": "size", "text": "Far too small for us.", "version": version, "seen": seen}
    response = send(client, mara, "refuse", rival, **fields)

    rival.refresh_from_db()
    assert (response.status_code, rival.status) == (409, Status.IN_REVIEW)
    body = response.content.decode()
    assert "Charlie answered the question" in body
    form = next(d["form"] for d in response.context["decisions"] if d["code"] == "refuse")
    assert (form.initial["text"], form.initial["version"]) == ("Far too small for us.", rival.version)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason_code": "", "text": "Kept text."}, "Choose a reason from the list."),
        ({"reason_code": "early", "text": " "}, "Write a sentence that the partner will read."),
        ({"reason_code": "early", "text": "x" * 2001}, "at most 2000 characters"),
        ({"reason_code": "<b>", "text": "Kept text."}, "What was chosen is not in the list any more"),
    ],
)
def test_what_cannot_be_used_is_said_at_the_field(client, mara, rival, fields, words):
    response = send(client, mara, "refuse", rival, **fields)
    rival.refresh_from_db()
    assert (response.status_code, rival.status) == (422, Status.IN_REVIEW)
    body = response.content.decode()
    assert words in body
    assert "data-open-now" in body
    assert ("Kept text." in body) == (fields["text"] == "Kept text.")


def test_revoking_offers_it_to_the_next(client, mara, alice, charlie, rival, held):
    decisions.put_on_waitlist(rival, behind=held, by=mara, clock=MONDAY_CLOCK)
    held.refresh_from_db()
    send(client, mara, "revoke", held, reason_code="inactive", text="No news for months.")
    held.refresh_from_db()
    rival.refresh_from_db()
    assert (held.status, rival.status) == (Status.REVOKED, Status.OFFERED)
    assert Message.objects.filter(event="registration.revoked", address=alice.email).count() == 1
    assert Message.objects.filter(event="registration.offered", address=charlie.email).count() == 1


@pytest.mark.parametrize("person", ["ivan", "olga", "alice", "bob", "charlie"])
@pytest.mark.parametrize("route", ROUTES)
def test_only_referees_decide(client, person, route, rival, held, request):
    fields = {"reason_code": "early", "text": "No.", "candidate": held.code}
    response = send(client, request.getfixturevalue(person), route, rival, **fields)
    rival.refresh_from_db()
    assert (response.status_code, rival.status, rival.decisions.count()) == (403, Status.IN_REVIEW, 0)


@pytest.mark.parametrize("route", ROUTES)
def test_nothing_is_decided_by_a_link(client, mara, route, rival):
    client.force_login(mara)
    assert client.get(reverse(f"registrations:{route}", args=[rival.code])).status_code == 405


def test_a_form_without_its_version_is_not_taken(client, mara, other):
    client.force_login(mara)
    response = client.post(reverse("registrations:assign", args=[other.code]), {})
    other.refresh_from_db()
    assert (response.status_code, other.status) == (422, Status.IN_REVIEW)


def test_without_scripts_a_button_asks_for_the_page_with_its_form_shown(client, mara, rival, other):
    """From the button to the decision with nothing but forms; what was not accepted stays shown."""
    page = reverse("registrations:review_item", args=[rival.code])
    client.force_login(mara)
    body = client.get(page + "?view=conflicts").content.decode()
    assert f'<form id="same-item" method="get" action="{page}#open-form">' in body
    assert '<input type="hidden" name="view" value="conflicts">' in body
    for name in ("assign", "refuse", "ask_information", "waitlist", "same_company", "hand_over", "snooze"):
        assert f'<button type="submit" form="same-item" name="open" value="{name}"' in body
        opened = client.get(page, {"view": "conflicts", "open": name}).content.decode()
        assert opened.count(" open data-open-now>") == 1 and opened.count('<form id="open-form"') == 1
        assert f'aria-labelledby="dialog-title-{name}" open data-open-now>' in opened
    assert " open data-open-now>" not in body + client.get(page, {"open": "<b>"}).content.decode()

    wrong = send(client, mara, "refuse", rival, htmx=False, query="?view=conflicts", text="Why.")
    assert wrong.status_code == 422 and wrong.content.decode().count(" open data-open-now>") == 1
    done = send(
        client, mara, "refuse", rival, htmx=False, query="?view=conflicts", text="Why.", reason_code="early"
    )
    assert done.status_code == 302 and "view=conflicts" in done.url
    rival.refresh_from_db()
    assert rival.status == Status.REFUSED
