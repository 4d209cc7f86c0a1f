"""A version that compares less likely companies: what it would send to review is foretold, or told as not comparable."""

from datetime import timedelta

import pytest
from django.db import transaction

from core.clock import fixed
from policies.services import publish_version
from registrations.models import Conflict, PolicyRun
from registrations.services import submission
from tests.people import MONDAY
from tests.registrations.simulations.given import draft_with, simulated

pytestmark = pytest.mark.django_db
PAIRS = {
    "Marlow Chemicals": "Marlowe Chemicals Group",
    "Dune Logistics": "Dunes Logistik Partner",
    "Nordwind Workshop": "Nordwind Shop",
}


@pytest.fixture
def play(alice, charlie, register):
    """Company → where the second of each pair landed, under the version in force."""

    def play():
        for hours, name in enumerate(PAIRS):
            register(alice, name, clock=fixed(MONDAY + timedelta(hours=hours)))
        second = [
            register(charlie, name, clock=fixed(MONDAY + timedelta(hours=hours)))
            for hours, name in enumerate(PAIRS.values(), start=10)
        ]
        return {deal.company_name: str(deal.status) for deal in second}

    return play


def require_score(olga, score, hours):
    publish_version(
        by=olga, settings={"review_score": score}, note="x", clock=fixed(MONDAY - timedelta(hours=hours))
    )


@pytest.mark.parametrize(("first", "lower"), [(0.5, 0.3), (0.5, 0.15), (0.8, 0.3)])
def test_what_publishing_a_lower_score_does_is_what_the_simulation_said(first, lower, play, olga):
    if first != 0.5:
        require_score(olga, first, hours=2)
    point = transaction.savepoint()
    then = play()
    simulation = simulated(draft_with(review_score=lower), olga)
    told = {case.registration.company_name: str(case.after) for case in simulation.cases.all()}
    assert simulation.unsettled == 0
    transaction.savepoint_rollback(point)

    require_score(olga, lower, hours=1)

    assert play() == then | told != then


def test_what_is_kept_below_the_score_decides_and_shows_nothing(play, olga):
    then = play()

    kept = {run.registration.company_name: run.facts["rivals"] for run in PolicyRun.objects.all()}
    below = [name for name, rivals in kept.items() if any(rival["score"] < 0.45 for rival in rivals)]
    assert below and {then[name] for name in below} == {"approved"}
    assert not Conflict.objects.filter(score__lt=0.5).exists()


class Before:
    """Facts as they were kept before: nothing below the score of then, and no word on that."""

    def __init__(self, facts):
        self.at, self._facts = facts.at, facts

    def as_json(self):
        kept = {name: value for name, value in self._facts.as_json().items() if name != "gathered_from"}
        return kept | {"rivals": [rival for rival in kept["rivals"] if rival["score"] >= 0.45]}


def test_runs_from_before_say_that_they_cannot_be_compared(client, play, olga, monkeypatch):
    keep = submission.keep_run
    monkeypatch.setattr(
        submission, "keep_run", lambda *what, facts, **more: keep(*what, facts=Before(facts), **more)
    )
    play()

    lower = simulated(draft_with(review_score=0.3), olga)

    landed = PolicyRun.objects.filter(landing="approved").count()
    assert (lower.looked_at, lower.unsettled) == (6, landed)
    client.force_login(olga)
    address = f"/policies/simulations/{lower.code}/"
    page = client.get(address).content.decode()
    assert 0 < landed < 6 and "that can be compared would land where" in page
    assert "That goes for those that can be compared." in page
    why = "Companies less than 45% likely to be the same were not looked at then; this version compares those from 30% on."
    assert client.get(f"{address}?change=unsettled").content.decode().count(why) == landed
    higher = simulated(draft_with(review_score=0.6), olga)
    assert higher.unsettled == 0
