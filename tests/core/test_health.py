"""Health pages, pulse and theme."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from core import health
from core.clock import database_clock
from core.models import Heartbeat
from core.tasks import WORKER, heartbeat
from notifications.models import Message
from tests.notifications.makers import person, tell


@pytest.fixture
def database_away(monkeypatch):
    def fail():
        raise OperationalError("could not connect to server")

    monkeypatch.setattr(health, "database_clock", fail)


def test_live_asks_nothing_of_the_database(client):
    response = client.get("/health/live/")
    assert (response.status_code, response.json()) == (200, {"alive": True})
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_ready_before_the_first_pulse(client):
    response = client.get("/health/ready/")
    assert response.status_code == 200
    body = response.json()
    assert (body["ready"], body["database"], body["heartbeat_age_seconds"]) == (True, "ok", {})


@pytest.mark.django_db
def test_the_pulse_is_one_row_that_moves():
    heartbeat()
    first = Heartbeat.objects.get().at
    heartbeat()
    assert Heartbeat.objects.get(name=WORKER).at > first


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "status"), [(0, 200), (110, 200), (130, 503), (90_000, 503)])
def test_a_stale_pulse_is_unready(client, seconds, status):
    Heartbeat.objects.beat(WORKER, database_clock() - timedelta(seconds=seconds))
    response = client.get("/health/ready/")
    assert response.status_code == status
    assert response.json()["ready"] is (status == 200)
    assert response.json()["stale"] == ([] if status == 200 else [WORKER])
    assert abs(response.json()["heartbeat_age_seconds"][WORKER] - seconds) < 5


@pytest.mark.django_db
def test_the_backlog_is_told_and_does_not_decide(client):
    now = database_clock()
    tell(person("Alice"), "1"), tell(person("Bob"), "2"), tell(person("Cara"), "3", held_seconds=3600)
    Message.objects.filter(occasion__startswith="2:").update(status="failed")
    Message.objects.filter(occasion__startswith="1:").update(not_before=now - timedelta(hours=2))
    response = client.get("/health/ready/")
    assert response.status_code == 200
    assert response.json()["outbox"] == {
        "waiting": 1,
        "given_up": 1,
        "oldest_due": (now - timedelta(hours=2)).isoformat(),
    }


def test_without_a_database_it_is_unready_but_alive(client, database_away):
    response = client.get("/health/ready/")
    assert (response.status_code, response.json()) == (503, {"ready": False, "database": "unreachable"})
    assert client.get("/health/live/").status_code == 200


@pytest.mark.parametrize("address", ["/health/live/", "/health/ready/", "/theme.css"])
def test_only_reading(client, address):
    assert client.post(address).status_code == 405


def test_the_theme_carries_the_vendors_colour(client, settings):
    settings.PORTAL_COLOUR = "#aa0055"
    response = client.get("/theme.css")
    assert response["Content-Type"].startswith("text/css")
    assert response.content.decode().strip() == ":root { --accent: #aa0055; }"
    assert response["Cache-Control"] == "public, max-age=86400"
    assert not response.cookies


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_in_plain_words():
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "x"})
    assert response.status_code == 403
    assert "too old to send" in response.content.decode()
