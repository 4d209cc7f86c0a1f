"""The pages of extensions, appeals, letters and receipts: what each side reads and can do, and what is said when it is
too late, the second time, or somebody else's."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.clock import database_clock, fixed
from notifications.models import Message
from registrations import shown
from registrations.enums import RefusalReason, RequestState, Status
from registrations.models import Appeal, CustomerLetter, Extension
from registrations.services import appeals, decisions, extensions
from tests.registrations.requests_help import letter, policy

pytestmark = pytest.mark.django_db
EARLY = {"reason_code": RefusalReason.EARLY, "text": "Too early."}


def at(name, thing):
    return reverse(f"registrations:{name}", args=[thing.code])


def read(client, person, address):
    client.force_login(person)
    return client.get(address).content.decode()


@pytest.fixture
def held(alice, register):
    return register(alice, "Acme Pumps GmbH", clock=database_clock)


@pytest.fixture
def refused(alice, mara, register):
    deal = register(alice, "Kestrel Foods", value=Decimal(900_000), clock=database_clock)
    return decisions.refuse(deal, by=mara, **EARLY)


def test_an_extension_from_asking_to_the_receipt(client, held, alice, mara):
    assert at("ask_extension", held) in read(client, alice, at("registration", held))
    sent = {"version": held.version, "text": "The board meets in autumn."}
    missing = client.post(at("ask_extension", held), sent)
    assert missing.status_code == 422 and "Attach a file that shows" in missing.content.decode()
    asked_at = client.post(at("ask_extension", held), {**sent, "file": letter()})
    asked = Extension.objects.get()
    assert (asked_at.status_code, asked_at.url) == (302, at("registration", held))
    page = read(client, alice, at("registration", held))
    assert at("extension", asked) in page and at("ask_extension", held) not in page
    again = client.get(at("ask_extension", held))
    assert again.status_code == 409 and asked.code in again.content.decode()
    assert "Your answer" not in read(client, alice, at("extension", asked))

    listed = read(client, mara, reverse("registrations:requests"))
    assert at("extension", asked) in listed
    page = read(client, mara, at("extension", asked))
    assert "The board meets in autumn." in page
    assert re.search(
        r"Grant it: protected until \d+\u00a0\w+\u00a0\d{4}", page
    )  # a day is not broken over lines
    held.refresh_from_db()
    answer = {"version": held.version, "answer": "grant", "text": "Until the board has met."}
    stale = client.post(at("extension", asked), {**answer, "version": 1})
    assert stale.status_code == 409 and "Until the board has met." in stale.content.decode()
    assert client.post(at("extension", asked), {**answer, "text": " "}).status_code == 422
    done = client.post(at("extension", asked), answer)
    asked.refresh_from_db()
    assert (done.status_code, done.url, asked.state) == (
        302,
        at("receipt", asked.decision),
        RequestState.GRANTED,
    )
    assert client.post(at("extension", asked), answer).status_code == 409
    page = read(client, alice, at("extension", asked))
    assert all(words in page for words in (asked.decision.code, "Until the board has met.", "Answered by"))


def test_a_file_that_comes_after_the_request_is_on_its_page(client, held, alice, mara):
    """And a form from before it says so, with its words."""
    proof = SimpleUploadedFile("mail.pdf", b"%PDF-1.7 mail")
    made = extensions.ask(held, by=alice, text="The budget moved.", upload=proof)
    held.refresh_from_db()
    version = held.version
    client.force_login(alice)
    file = SimpleUploadedFile("budget.pdf", b"%PDF-1.7 budget")
    client.post(reverse("registrations:attach", args=[held.code]), {"file": file})
    client.force_login(mara)

    stale = client.post(at("extension", made), {"version": version, "answer": "grant", "text": "Go on."})

    page = stale.content.decode()
    assert stale.status_code == 409
    assert "What changed since you opened it" in page and "Go on." in page
    assert page.count("budget.pdf") == 2
    assert "budget.pdf" in client.get(at("extension", made)).content.decode()
    made.refresh_from_db()
    assert made.state == "open"


def test_what_is_late_says_so_and_the_menu_knows_where_one_is(client, held, alice, mara):
    ago = fixed(database_clock() - timedelta(days=12))
    asked = extensions.ask(held, by=alice, text="Autumn.", upload=letter(), clock=ago)
    for person, place in ((mara, "Requests"), (alice, "Registrations")):
        page = read(client, person, at("extension", asked))
        assert "Overdue" in page
        lit = [
            tag
            for tag in re.findall(r"<a[^>]*aria-current=.page.*?</a>", page, re.S)
            if "sidebar-link" in tag
        ]
        assert len(lit) == 1 and place in lit[0]
    # On a phone the date stays whole beside the pill.
    assert f'<span class="nowrap">{shown.moment(asked.due_at)}</span>' in read(
        client, mara, reverse("registrations:requests")
    )


def test_an_appeal_from_the_receipt_to_the_second_receipt(client, refused, alice, mara, ada):
    assert at("appeal", refused) in read(client, alice, at("receipt", refused))
    answered = client.post(
        at("appeal", refused), {"text": "We met them twice.", "file": letter("minutes.txt")}
    )
    made = Appeal.objects.get()
    assert (answered.status_code, answered.url) == (302, at("appeal_page", made))
    assert made.attachment.name == "minutes.txt"
    twice = client.get(at("appeal", refused))
    assert twice.status_code == 409 and f"already ({made.code})" in twice.content.decode()
    assert client.post(at("appeal", refused), {"text": "Again."}).status_code == 409

    own = read(client, mara, at("appeal_page", made))
    assert "somebody else decides the appeal: Ada" in own and "Your answer" not in own
    made.registration.refresh_from_db()
    answer = {"version": made.registration.version, "answer": "refuse", "text": "There is no project yet."}
    refused_to = client.post(at("appeal_page", made), answer)
    assert refused_to.status_code == 403 and "stays on the list of requests" in refused_to.content.decode()
    assert Appeal.objects.get().state == RequestState.OPEN

    assert "Too early." in read(client, ada, at("appeal_page", made))
    done = client.post(at("appeal_page", made), answer)
    made.refresh_from_db()
    assert (made.state, done.url) == (RequestState.REFUSED, at("receipt", made.outcome))
    first, second = (read(client, alice, at("receipt", one)) for one in (refused, made.outcome))
    assert made.code in first and "cannot be disputed again" in second and refused.code in second


def test_where_the_deal_has_moved_on_an_appeal_closes_by_itself(client, held, alice, mara, ada):
    asked = extensions.ask(held, by=alice, text="More.", upload=letter())
    made = appeals.appeal(extensions.refuse(asked, by=mara, text="No."), by=alice, text="But.")
    held.refresh_from_db()
    decisions.revoke(held, by=mara, **EARLY)
    held.refresh_from_db()

    made.refresh_from_db()
    assert (made.state, made.outcome) == (RequestState.LAPSED, None)
    mail = Message.objects.get(event="registration.appeal_closed")
    assert mail.address == alice.email and made.code in mail.text and "now “Revoked”" in mail.text
    for person in (alice, ada):
        page = read(client, person, at("appeal_page", made))
        assert "the appeal closed by itself" in page and "Your answer" not in page
    assert made.code not in read(client, ada, reverse("registrations:requests"))
    answer = {"version": held.version, "answer": "refuse", "text": "No."}
    late = client.post(at("appeal_page", made), answer)
    assert late.status_code == 409 and "no longer needed" in late.content.decode()


def test_too_late_is_said_on_the_receipt_and_on_the_form(client, alice, mara, register):
    month = fixed(database_clock() - timedelta(days=15))
    deal = register(alice, "Kestrel Foods", value=Decimal(900_000), clock=month)
    decision = decisions.refuse(deal, by=mara, clock=month, **EARLY)

    page = read(client, alice, at("receipt", decision))
    late = [client.get(at("appeal", decision)), client.post(at("appeal", decision), {"text": "But."})]

    assert at("appeal", decision) not in page and "14 days, and these are over" in page
    for answer in late:
        assert answer.status_code == 410
        assert "You can register the deal again" in answer.content.decode()
        assert (
            f'href="{at("registration", deal)}"' in answer.content.decode()
        )  # what can be done stands there
    assert not Appeal.objects.exists()


def test_somebody_elses_does_not_exist(client, refused, held, alice, dan, charlie, mara):
    asked = extensions.ask(held, by=alice, text="More.", upload=letter())
    made = appeals.appeal(refused, by=alice, text="But.")
    for person in (dan, charlie):
        client.force_login(person)
        for address in (
            at("appeal", refused),
            at("appeal_page", made),
            at("extension", asked),
            at("release", held),
        ):
            assert client.get(address).status_code == 404
            assert client.post(address, {"text": "Mine."}).status_code == 404


def test_a_letter_by_the_form(client, held, charlie, mara, register):
    client.force_login(mara)
    nobody = client.get(at("customer_letter", held))
    assert nobody.status_code == 409 and "Ask the partner" in nobody.content.decode()
    waiting = register(charlie, "Acme Pumps GmbH", clock=database_clock)
    assert at("customer_letter", held) in read(client, mara, at("registration", held))
    held.refresh_from_db()
    sent = {"version": held.version, "in_favour_of": waiting.code, "dated": "2026-01-05"}
    assert client.post(at("customer_letter", held), sent).status_code == 422

    done = client.post(at("customer_letter", held), {**sent, "file": letter()})

    decision = CustomerLetter.objects.get().decision
    assert (done.status_code, done.url) == (302, at("receipt", decision))
    waiting.refresh_from_db()
    assert waiting.status == Status.APPROVED
    assert reverse("registrations:undo", args=[decision.code]) in read(client, mara, at("receipt", decision))


def test_whom_a_letter_may_be_about_is_named_until_somebody_says_it_is_the_same_company(
    client, alice, bob, charlie, mara, register
):
    held = register(alice, "Kestrel Foods Holding AG", clock=database_clock)
    other = register(charlie, "Kestrel Food", clock=database_clock)
    own = register(bob, "Kestrel Foods", clock=database_clock)  # of the holder's own firm
    address, desk = at("customer_letter", held), at("review_item", other)

    page = read(client, mara, address)

    assert "Say first whether it is the same company" in page and "No other partner" not in page
    assert f'href="{desk}?candidate={held.code}"' in page and "Kestrel Food</bdi>" in page
    assert own.code not in page and "in_favour_of" not in page
    assert client.post(address, {"in_favour_of": other.code}).status_code == 422
    compared = read(client, mara, f"{desk}?candidate={held.code}")
    assert "Same company" in compared
    same = {"version": other.version, "candidate": held.code}
    client.post(at("same_company", other), same)

    page = read(client, mara, address)
    assert f'value="{other.code}"' in page and "nobody has said so yet" not in page


def test_who_is_not_in_the_list_of_a_letter_is_named_beside_it(client, alice, charlie, mara, register):
    held = register(alice, "Kestrel Foods Holding AG", clock=database_clock)
    listed = register(charlie, "Kestrel Foods Holding AG", clock=database_clock)
    beside = register(charlie, "Kestrel Food", clock=database_clock)

    page = read(client, mara, at("customer_letter", held))

    assert f'value="{listed.code}"' in page and f'value="{beside.code}"' not in page
    assert "Not in the list" in page and f"{at('review_item', beside)}?candidate" in page


def test_release_by_the_form(client, held, alice):
    client.force_login(alice)
    assert "next in line gets the turn" in client.get(at("release", held)).content.decode()
    client.post(at("release", held), {"version": held.version, "text": "They went quiet."})
    held.refresh_from_db()
    assert held.status == Status.WITHDRAWN


def test_the_list_asks_as_much_for_three_as_for_one(client, alice, mara, ada, register, refused):
    client.force_login(mara)
    counted = []
    appeals.appeal(refused, by=alice, text="But.")
    for name in ("Acme Pumps GmbH", "Borealis Wind", "Harbour Cranes"):
        deal = register(alice, name, clock=database_clock)
        extensions.ask(deal, by=alice, text="More.", upload=letter())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(reverse("registrations:requests"))
        counted.append(len(queries))
    assert counted[0] == counted[2]
    assert len(page.context["rows"]) == 4 and page.content.decode().count("your own decision") == 1


def test_a_refusal_by_the_limit_is_told_before_it_is_sent(client, alice, register, gateways):
    from tests.people import draft_for

    policy(open_most_registered=1)
    register(alice, "Acme Pumps GmbH", clock=database_clock)
    draft = draft_for(alice, "Kestrel Foods", gateways)
    assert "The policy would refuse this at present" in read(client, alice, at("check", draft))
