"""What the firm reads once a certificate was verified or revoked: from when it counts, and what closed, if anything did."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from core.clock import database_clock
from core.shown import day
from core.vendor_days import vendor_day
from notifications.models import Message
from partners.certificates import gates
from partners.certificates.gates import Gate
from partners.enums import StandingChange
from partners.models import Certificate
from partners.services.certificates import revoke_certificate, verify_certificate
from partners.services.standing import change_standing
from tests.partners.certificates.makers import handed_in, make_type, placed

pytestmark = pytest.mark.django_db
OPENS = "Registering Gateways"


def soon(days: int) -> date:
    return vendor_day(database_clock()) + timedelta(days=days)


@pytest.fixture
def iso(db, monkeypatch):
    """A certification that opens something to each firm that holds it."""
    monkeypatch.setattr(gates, "_providers", [])
    gate = Gate("product_line:gateways", OPENS)
    gates.provide(
        opens=lambda codes: {code: [gate] for code in codes},
        prepare=lambda firms, days: lambda case: [gate] if case.codes else [],
    )
    return make_type("iso")


def dialog(client, olga, one) -> str:
    client.force_login(olga)
    return client.get(reverse("partners:certificate", args=[one.code])).text


def revoked(one, olga, bob) -> str:
    revoke_certificate(one, by=olga, version=one.version, reason="Wrong end.")
    return Message.objects.get(event="certificate.revoked", recipient=bob).text


def test_what_closed_with_a_revocation_is_named(client, olga, bob, northgate, iso):
    one = placed(northgate, iso, valid_to=soon(40), submitted_by=bob)
    assert f"It stops counting at once, and this closes: {OPENS}." in dialog(client, olga, one)
    text = revoked(one, olga, bob)
    assert f"It stopped counting, and this closed with it: {OPENS}." in text
    assert "Hand in one that is valid to open it again." in text and "no longer counts" in text


@pytest.mark.parametrize(
    "case", ["another goes on", "before its first day", "after its last day", "alone, before"]
)
def test_where_nothing_closed_it_says_so_and_why(client, olga, bob, northgate, iso, case):
    """They read that what it opened is closed."""
    if case != "alone, before":
        placed(northgate, iso, valid_to=soon(40), number="A")
    begins = {"another goes on": -10, "after its last day": -90}.get(case, 41)
    ends = -5 if case == "after its last day" else 400
    one = placed(northgate, iso, valid_from=soon(begins), valid_to=soon(ends), number="B", submitted_by=bob)
    why = {"another goes on": "Another one goes on (A)", "after its last day": "Its last day has passed"}
    why = why.get(case, "Its first day is still to come")
    assert f"{why}, so nothing closes with it." in dialog(client, olga, one)
    text = revoked(one, olga, bob)
    assert f"{why}, so nothing closed with it. Hand in one that is valid in its place." in text
    assert ("ISO, B, will not count" in text) is (begins > 0) and OPENS not in text


@pytest.mark.parametrize("days", [0, 1, 30])
def test_verified_before_its_first_day_it_says_from_which_day_it_counts(olga, bob, northgate, iso, days):
    one = handed_in(northgate, iso, bob, valid_from=soon(days), valid_to=soon(400), at=database_clock())
    verify_certificate(one, by=olga, version=one.version)
    mail = Message.objects.get(event="certificate.verified", recipient=bob)
    says = f"It counts from {day(soon(days)) if days else 'now'} on, to {day(soon(400))}."
    assert says in mail.text and says in mail.html


def test_an_ended_firm_is_asked_for_nothing(olga, bob, northgate, iso):
    one = placed(northgate, iso, valid_to=soon(40), submitted_by=bob)
    change_standing(northgate, StandingChange.END, by=olga, reason="Over.")
    text = revoked(Certificate.objects.get(pk=one.pk), olga, bob)
    assert "As the partnership has ended, there is nothing to do." in text and "Hand in" not in text
