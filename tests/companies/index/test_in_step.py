"""The index follows the names through every change, within the transaction that makes it."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from companies.enums import VerdictKind
from companies.index.upkeep import catch_up, keep_in_step
from companies.matching import CompanyQuery
from companies.models import Change, Company, CompanyName, NameEntry, UnindexedName, Verdict
from companies.search import SearchFailed, search
from companies.services import (
    add_alias,
    create_company,
    declare_same,
    import_named_accounts,
    undo_verdict,
    withdraw_name,
)
from companies.services.changes import undo_change
from core.clock import fixed
from core.errors import DomainError
from tests.companies.index.in_step import assert_in_step

pytestmark = pytest.mark.django_db
CLOCK = fixed(datetime(2026, 3, 2, 9, tzinfo=UTC))
_WORDS = [
    "Nordwind",
    "Müller",
    "Acme",
    "Tools",
    "Logistik",
    "International",
    "IBM",
    "3M",
    "dba",
    "GmbH",
    "华为",
    "Łódź",
]


def company(name: str, **facts: str) -> Company:
    return create_company(CompanyQuery(name, **facts), by=None, clock=CLOCK)


def some(rng: random.Random, rows: list[Any]) -> Any:
    return rng.choice(rows) if rows else None


def text(rng: random.Random) -> str:
    return " ".join(rng.choice(_WORDS) for _ in range(rng.randint(1, 4))) + f" {rng.randint(1, 30)}"


def alias(rng: random.Random) -> None:
    add_alias(some(rng, list(Company.objects.standing())), text(rng), by=None, clock=CLOCK)


def withdraw(rng: random.Random) -> None:
    withdraw_name(some(rng, list(CompanyName.objects.active())), by=None, clock=CLOCK)


def merge(rng: random.Random) -> None:
    declare_same(*rng.sample(list(Company.objects.standing()), 2), by=None, clock=CLOCK)


def unmerge(rng: random.Random) -> None:
    verdict = some(rng, list(Verdict.objects.active().filter(verdict=VerdictKind.SAME)))
    if verdict:
        undo_verdict(verdict, by=None, clock=CLOCK)


def take_back(rng: random.Random) -> None:
    change = some(rng, list(Change.objects.active()))
    if change:
        undo_change(change, by=None, clock=CLOCK)


def import_accounts(rng: random.Random) -> None:
    rows = "".join(f"C-{rng.random()},{text(rng)},Dana,2026-01-01\n" for _ in range(3))
    import_named_accounts(f"reference,name,owner_name,effective_from\n{rows}".encode(), by=None, clock=CLOCK)


@pytest.mark.parametrize("seed", range(4))
def test_the_index_equals_the_names_after_any_edits(seed: int) -> None:
    rng = random.Random(seed)
    edits: list[Callable[[random.Random], None]] = [
        alias,
        alias,
        withdraw,
        merge,
        unmerge,
        take_back,
        import_accounts,
    ]
    for number in range(3):
        company(f"{text(rng)} {number}")
    for _ in range(40):
        edit = rng.choice(edits)
        try:
            with transaction.atomic():
                edit(rng)
        except (DomainError, ValueError):  # not allowed as things stand, or too few companies
            continue
        assert_in_step()
    assert Company.objects.exclude(merged_into=None).exists() or Verdict.objects.exists()


def test_a_name_written_past_the_services_is_found_and_indexed_later() -> None:
    held = company("Orion Foods")
    CompanyName.objects.create(company=held, text="Zephyr Snacks", source="import", created_at=CLOCK())

    assert not NameEntry.objects.filter(core="zephyr snack").exists()
    assert [c.company for c in search(CompanyQuery("Zephyr Snacks")).candidates] == [held]

    while catch_up():
        pass
    assert_in_step()
    assert [c.company for c in search(CompanyQuery("Zephyr Snacks")).candidates] == [held]

    CompanyName.objects.filter(text="Zephyr Snacks").update(text="Boreas Snacks")
    assert [c.company for c in search(CompanyQuery("Boreas Snacks")).candidates] == [held]
    assert search(CompanyQuery("Zephyr")).candidates == []
    CompanyName.objects.filter(text="Boreas Snacks").delete()
    assert search(CompanyQuery("Boreas Snacks")).candidates == []


def test_too_many_names_without_an_entry_is_no_answer() -> None:
    held = company("Orion Foods")
    CompanyName.objects.bulk_create(
        CompanyName(company=held, text=f"Name {number}", source="import", created_at=CLOCK())
        for number in range(501)
    )
    with pytest.raises(SearchFailed, match="being rebuilt"):
        search(CompanyQuery("Orion Foods"))

    keep_in_step()
    assert [c.company for c in search(CompanyQuery("Orion Foods")).candidates] == [held]


def test_only_the_names_of_this_transaction_are_written_with_it() -> None:
    with connection.cursor() as cursor:
        held = company("Orion Foods")
        cursor.execute(
            "INSERT INTO companies_unindexedname (name_id, marked_in) SELECT id, 1 FROM companies_companyname"
        )
    add_alias(held, "Orion Snacks", by=None, clock=CLOCK)

    assert list(UnindexedName.objects.values_list("marked_in", flat=True)) == [1]
