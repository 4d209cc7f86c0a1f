"""The short form and the pre-check."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from companies.matching import CompanyQuery
from companies.models import NamedAccount
from companies.services import find_or_create_company
from core.clock import database_clock
from policies.models import RegistrationPolicy
from registrations.enums import Status
from registrations.models import PrecheckLog, Registration
from registrations.services import drafts

pytestmark = pytest.mark.django_db

NEW = "/registrations/new/"
PRECHECK = "/registrations/precheck/"


def answers(**changed):
    return {
        "company_name": "Acme Pumps GmbH",
        "website": "https://www.acme.example/",
        "country": "DE",
        "value": "120 000",
        "currency": drafts.Currency.objects.get(code="EUR").pk,
        "form_key": str(uuid4()),
        **changed,
    }


def test_four_answers_begin_a_draft(client, alice, northgate):
    client.force_login(alice)

    answer = client.post(NEW, answers())

    draft = Registration.objects.get()
    assert answer.url == reverse("registrations:details", args=[draft.code])
    assert (draft.company_name, draft.website, draft.country.code) == (
        "Acme Pumps GmbH",
        "acme.example",
        "DE",
    )
    assert (draft.value, draft.currency.code) == (Decimal(120_000), "EUR")
    assert (draft.owner, draft.partner, draft.status) == (alice, northgate, Status.DRAFT)


def test_the_same_form_twice_is_one_draft_and_takes_the_later_answers(client, alice):
    client.force_login(alice)
    form = answers()

    first = client.post(NEW, form)
    second = client.post(NEW, form)
    third = client.post(NEW, form | {"value": "90000"})

    assert first.url == second.url == third.url
    assert Registration.objects.get().value == Decimal(90_000)


def test_a_form_of_somebody_else_begins_a_draft_of_its_own(client, alice, charlie):
    form = answers()
    client.force_login(alice)
    client.post(NEW, form)
    client.force_login(charlie)

    answer = client.post(NEW, form)

    assert answer.status_code == 302
    assert list(Registration.objects.order_by("id").values_list("owner", flat=True)) == [alice.pk, charlie.pk]


def test_a_thrown_away_draft_is_not_woken_by_its_form(client, alice):
    client.force_login(alice)
    form = answers()
    client.post(NEW, form)
    old = Registration.objects.get()
    drafts.discard_draft(old, by=alice)

    answer = client.post(NEW, form)

    assert old.code not in answer.url
    assert Registration.objects.visible_to(alice).count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"company_name": ""}, "Enter the company&#x27;s name."),
        ({"company_name": "😀😀"}, "with at least one letter or digit"),
        ({"company_name": "y" * 240}, "Use at most 200 characters. This has 240."),
        ({"value": "a lot"}, "Enter the number alone"),
        ({"value": "9" * 13}, "Enter an amount of at most 12 digits."),
        ({"country": "ZZ"}, "Choose a country from the list."),
        ({"currency": "999999"}, "Choose a currency from the list."),
        ({"website": "javascript:alert(1)"}, "Enter a web address such as example.com"),
    ],
)
def test_a_wrong_answer_is_told_on_top_and_at_the_field_and_kept(client, alice, wrong, words):
    client.force_login(alice)

    answer = client.post(NEW, answers(**wrong))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(words) == 2
    assert "data-error-summary" in page
    (sent,) = wrong.values()
    assert sent in page or sent in ("ZZ", "999999")
    assert not Registration.objects.exists()


def test_nothing_but_the_answers_is_taken_from_the_form(client, alice, southridge):
    client.force_login(alice)

    client.post(NEW, answers(status="approved", partner=southridge.pk, rank="1", owner="1", code="R-EVIL"))

    draft = Registration.objects.get()
    assert (draft.status, draft.rank, draft.owner) == (Status.DRAFT, None, alice)
    assert draft.partner == alice.member.partner
    assert draft.code != "R-EVIL"


def test_vendor_staff_cannot_register(client, mara, ada):
    for person in (mara, ada):
        client.force_login(person)
        assert client.get(NEW).status_code == 403
        assert client.post(NEW, answers()).status_code == 403
        assert client.post(PRECHECK, {"company_name": "Acme"}).status_code == 403
    assert not Registration.objects.exists()
    assert not PrecheckLog.objects.exists()


def test_clear_and_needs_review_in_the_same_words_for_every_reason(client, alice, charlie, register):
    register(charlie, "International Business Machines Corp.", country="US")
    client.force_login(alice)

    clear = client.post(PRECHECK, {"company_name": "Wolkenstein Optik"}).content.decode()
    held = client.post(PRECHECK, {"company_name": "I.B.M.", "country": "US"}).content.decode()

    assert "Clear" in clear
    assert "Nothing we know of stands in the way." in clear
    assert "Needs review" in held
    for secret in ("International", "Southridge", "Charlie"):
        assert secret not in held
    assert list(PrecheckLog.objects.order_by("id").values_list("asked", "clear")) == [
        ("Wolkenstein Optik", True),
        ("I.B.M.", False),
    ]


def test_the_check_that_fails_says_needs_review(client, alice, monkeypatch):
    from companies.search import SearchFailed
    from registrations import conflicts

    def fail(*args, **options):
        raise SearchFailed("away")

    monkeypatch.setattr(conflicts, "search", fail)
    client.force_login(alice)

    assert "Needs review" in client.post(PRECHECK, {"company_name": "Acme"}).content.decode()


def ask_as_often_as_allowed(person, ago):
    policy = RegistrationPolicy.objects.in_force(database_clock())
    asked = {"user": person, "partner": person.member.partner, "asked": "Before", "clear": True}
    rows = [PrecheckLog(**asked, at=database_clock() - ago) for _ in range(policy.prechecks_per_day)]
    PrecheckLog.objects.bulk_create(rows)


def test_the_quota_is_told_in_words_and_does_not_stop_the_form(client, alice, bob):
    ask_as_often_as_allowed(bob, timedelta(hours=1))  # the firm's quota, not the person's
    client.force_login(alice)

    refused = client.post(PRECHECK, {"company_name": "Two GmbH"})

    assert refused.status_code == 429
    assert "You can register all the same." in refused.content.decode()
    assert PrecheckLog.objects.get(asked="Two GmbH").clear is None
    assert client.post(NEW, answers()).status_code == 302


def test_the_quota_counts_the_last_day_only(client, alice):
    ask_as_often_as_allowed(alice, timedelta(days=1, minutes=1))
    client.force_login(alice)

    assert client.post(PRECHECK, {"company_name": "Two GmbH"}).status_code == 200


def test_half_typed_answers_are_no_mistake(client, alice):
    client.force_login(alice)

    asked = client.post(PRECHECK, {"company_name": "Ac\x00me", "website": "http:/", "country": "?"})
    emoji = client.post(PRECHECK, {"company_name": "😀"})

    assert asked.status_code == emoji.status_code == 200
    assert PrecheckLog.objects.get().asked == "Acme"
    assert "at least one letter or digit" in emoji.content.decode()


def test_precheck_and_new_do_nothing_on_get(client, alice):
    client.force_login(alice)

    assert client.get(PRECHECK).status_code == 405
    page = client.get(NEW).content.decode()

    assert 'value="DE" selected' in page
    assert not Registration.objects.exists()


def test_every_answer_costs_as_many_queries(client, alice, charlie, register):
    """The pre-check is asked by people who fish: what was found must not show in how it was found."""
    register(charlie, "International Business Machines Corp.", country="US")
    claimed = find_or_create_company(
        CompanyQuery(name="Wolkenstein Optik GmbH", country="DE"), by=None
    ).company
    NamedAccount.objects.create(
        company=claimed,
        name=claimed.name,
        reference="CRM-1",
        owner_name="Jensen",
        effective_from=date(2020, 1, 1),
        created_at=database_clock(),
    )
    client.force_login(alice)
    counts = {}
    for name in ("I.B.M.", "Wolkenstein Optik", "Nobody knows this one"):
        client.post(PRECHECK, {"company_name": name})
        with CaptureQueriesContext(connection) as asked:
            client.post(PRECHECK, {"company_name": name})
        counts[name] = len(asked)

    assert list(PrecheckLog.objects.order_by("id").values_list("clear", flat=True)[::2]) == [
        False,
        False,
        True,
    ]
    assert len(set(counts.values())) == 1, counts
