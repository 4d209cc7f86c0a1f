"""The page on which operations see what became of each mail that came in."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from registrations.models import IncomingMail
from registrations.views.incoming import _TOLD
from tests.people import MONDAY

pytestmark = pytest.mark.django_db
PAGE = reverse("registrations:incoming")


def log(number, outcome, **fields):
    values = {"sender": f"p{number}@northgate.example", "subject": f"Re: number {number}", **fields}
    at = MONDAY + timedelta(minutes=number)
    return IncomingMail.objects.create(key=f"key {number}", outcome=outcome, at=at, **values)


def subjects(response):
    return [row.subject for row in response.context["rows"]]


def test_each_outcome_says_what_was_done_and_why(client, olga, alice, register):
    deal = register(alice, "Acme Pumps GmbH")
    outcomes = IncomingMail.Outcome.values
    for number, outcome in enumerate(outcomes):
        known = {"registration": deal, "person": alice} if outcome == "updated" else {}
        log(number, outcome, detail=f"reason {number}", **known)
    client.force_login(olga)
    response = client.get(PAGE)
    text = response.content.decode()
    assert subjects(response) == [f"Re: number {number}" for number in reversed(range(len(outcomes)))]
    for number, outcome in enumerate(outcomes):
        assert IncomingMail.Outcome(outcome).label in text and f"reason {number}" in text
        assert escape(_TOLD[outcome][1]) in text
    assert reverse("registrations:registration", args=[deal.code]) in text

    shown = {
        view: subjects(client.get(PAGE, {"view": view}))
        for view in ("updates", "answered", "ignored", "failed")
    }
    assert sum(map(len, shown.values())) == len(outcomes) and shown["updates"] == ["Re: number 0"]
    assert subjects(client.get(PAGE, {"q": deal.code.lower()})) == ["Re: number 0"]
    assert subjects(client.get(PAGE, {"q": "P3@"})) == ["Re: number 3"]
    assert "No mail fits" in client.get(PAGE, {"q": "nobody\x00", "view": "nonsense"}).content.decode()


def test_pages_by_key_and_the_same_queries_however_many(client, olga, alice, register, settings):
    client.force_login(olga)
    assert "No reply came in yet" in client.get(PAGE).content.decode()
    settings.MAIL_IN_ADDRESS = ""
    assert "The portal reads no mail" in client.get(PAGE).content.decode()
    deal = register(alice, "Acme Pumps GmbH")
    counts = []
    for number in range(30):
        log(number, "updated", registration=deal, person=alice, subject="<b>x</b>" * 20, sender="")
        if number in (0, 29):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                page = client.get(PAGE)
            counts.append(len(asked))
    assert counts[0] == counts[1]
    assert len(page.context["rows"]) == 25 and "<b>x</b>" not in page.content.decode()
    assert len(client.get(page.context["older"] and PAGE + page.context["older"]).context["rows"]) == 5
