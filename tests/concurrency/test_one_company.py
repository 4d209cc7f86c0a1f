"""One company in two spellings, registered at once, becomes one row; shown to need the registry lock."""

import pytest
from django.db import transaction

from companies.matching import CompanyQuery
from companies.models import Company
from companies.services import create_company, declare_same, find_or_create_company
from companies.services.exact import find_exact
from tests.concurrency.racing import meeting, race

pytestmark = pytest.mark.django_db(transaction=True)
SPELLINGS = [
    "Müller Maschinenbau GmbH",
    "MUELLER MASCHINENBAU",
    "Müller-Maschinenbau AG",
    "mueller maschinenbau",
]


def register(spelling: str) -> str:
    with transaction.atomic():
        return find_or_create_company(CompanyQuery(spelling), by=None).how


def test_four_spellings_at_once_make_one_company(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "companies.services.registry.find_exact", meeting(find_exact, len(SPELLINGS), seconds=0.3)
    )

    outcomes = race(*[lambda s=spelling: register(s) for spelling in SPELLINGS])

    assert sorted(outcomes) == ["created", "found", "found", "found"]
    assert Company.objects.count() == 1


def test_control_without_the_registry_lock_each_makes_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """All look before one has written: nothing else stands between them, since they share no row to lock."""
    monkeypatch.setattr("companies.services.registry.lock_registry", lambda: None)
    monkeypatch.setattr(
        "companies.services.registry.find_exact", meeting(find_exact, len(SPELLINGS), seconds=3)
    )

    outcomes = race(*[lambda s=spelling: register(s) for spelling in SPELLINGS])

    assert outcomes == ["created"] * 4
    assert Company.objects.count() == 4


def test_merging_crosswise_at_once_ends_in_one_company() -> None:
    one, other = (
        create_company(CompanyQuery(name), by=None) for name in ("Bright Robotics", "Brite Robotix")
    )

    outcomes = race(
        lambda: declare_same(one, other, by=None, keep=one),
        lambda: declare_same(other, one, by=None, keep=other),
    )

    # One merges; the other is told that they are one already.
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Company", "WrongStatus"]
    assert Company.objects.standing().count() == 1
