"""Writing the index anew beside the portal's work: nothing is lost, and no answer is given that could be wrong."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from time import sleep
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from companies.index import rebuild
from companies.index.rebuild import catch_up_all, mark_all, rebuild_at_once
from companies.index.state import writing_alone
from companies.index.vocabulary import count_words, counts_are_due
from companies.matching import CompanyQuery
from companies.matching.entries import LISTS, VERSION
from companies.models import Company, CompanyName, IndexState, NameEntry, UnindexedName, Word
from companies.search import SearchFailed, search
from companies.services import add_alias, create_company, declare_same, withdraw_name
from companies.tasks import index_names
from tests.companies.index.in_step import assert_in_step, entries_held

pytestmark = pytest.mark.django_db(transaction=True)


def company(name: str) -> Company:
    return create_company(CompanyQuery(name), by=None)


def found(name: str) -> list[str]:
    return [candidate.company.name for candidate in search(CompanyQuery(name)).candidates]


@contextmanager
def meanwhile(work: Callable[[], None]) -> Iterator[None]:
    """Work on a connection of its own, over and over, for as long as the block lasts."""
    stop, failures = threading.Event(), list[BaseException]()

    def repeat() -> None:
        try:
            while not stop.is_set():
                work()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    assert not failures


def edits() -> Callable[[], None]:
    """A name comes, another goes, two companies become one: each call does one round."""
    numbers = iter(range(10_000))

    def one_round() -> None:
        number = next(numbers)
        one, other = company(f"Quartz Works {number}"), company(f"Basalt Mills {number}")
        name = add_alias(one, f"Granite Yard {number}", by=None)
        if number % 2:
            withdraw_name(name, by=None)
        else:
            declare_same(one, other, by=None)

    return one_round


def rebuilt_at_once() -> None:
    rebuild_at_once(processes=1)


def rebuilt_in_batches() -> None:
    mark_all()
    while catch_up_all(seconds=0.2):
        pass


@pytest.mark.parametrize("again", [rebuilt_at_once, rebuilt_in_batches])
def test_edits_meanwhile_are_neither_lost_nor_wrong(
    again: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "BATCH", 7)
    for number in range(60):
        company(f"Nordwind {number} Logistik")

    with meanwhile(edits()):
        while CompanyName.objects.filter(text__startswith="Quartz").count() < 6:
            again()
    catch_up_all(seconds=30)

    assert_in_step()
    assert found("Nordwind 7 Logistik")[0] == "Nordwind 7 Logistik"


def test_a_look_up_between_its_two_questions_is_answered_while_new_tables_wait_for_it() -> None:
    company("Orion Foods")
    failures = list[BaseException]()
    rebuilding = threading.Thread(target=rebuilt_on_a_connection_of_its_own, args=(failures,))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        cursor.execute("SELECT word FROM companies_word")
        rebuilding.start()
        while not someone_waits(cursor):
            assert rebuilding.is_alive()
            sleep(0.02)
        cursor.execute("SELECT core FROM companies_nameentry")
        assert cursor.fetchall() == [("orion food",)]
    rebuilding.join()

    assert not failures
    assert_in_step()
    assert found("Orion Foods") == ["Orion Foods"]


def rebuilt_on_a_connection_of_its_own(failures: list[BaseException]) -> None:
    try:
        rebuilt_at_once()
    except BaseException as error:
        failures.append(error)
    finally:
        connection.close()


def someone_waits(cursor: Any) -> bool:
    cursor.execute(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'companies_word'::regclass)"
    )
    return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("written_by", [VERSION - LISTS, VERSION - 1], ids=["older rules", "other lists"])
def test_an_index_of_an_older_version_gives_no_answer_until_the_job_has_written_it_anew(
    written_by: int,
) -> None:
    company("Orion Foods")
    IndexState.objects.update(version=written_by)
    NameEntry.objects.update(core="orion of old", keys=[1])

    with pytest.raises(SearchFailed, match="being rebuilt"):
        search(CompanyQuery("Orion Foods"))
    # What is registered meanwhile is not lost, and the same text still means the same company.
    later = company("Boreas Snacks")
    assert create_or_find("Boreas Snacks") == later
    assert UnindexedName.objects.count() == 1

    index_names()
    assert_in_step()
    assert (found("Orion Foods"), found("Boreas Snacks")) == (["Orion Foods"], ["Boreas Snacks"])


def create_or_find(name: str) -> Company:
    from companies.services import find_or_create_company

    return find_or_create_company(CompanyQuery(name), by=None).company


def test_code_older_than_the_index_neither_answers_nor_writes() -> None:
    company("Orion Foods")
    IndexState.objects.update(version=VERSION + LISTS)
    held = entries_held()

    company("Boreas Snacks")
    index_names()
    assert entries_held() == held
    with pytest.raises(SearchFailed):
        search(CompanyQuery("Orion Foods"))


def test_an_interrupted_run_is_taken_up_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild, "BATCH", 10)
    for number in range(25):
        company(f"Nordwind {number} Logistik")
    NameEntry.objects.all().delete()
    mark_all()

    assert catch_up_all(seconds=0.0) == 25
    rebuild.catch_up(10)
    assert (UnindexedName.objects.count(), NameEntry.objects.count()) == (15, 10)

    told = StringIO()
    call_command("reindex_companies", stdout=told)
    assert told.getvalue() == "15 names indexed.\n"
    assert_in_step()


def test_a_rebuild_that_fails_leaves_everything_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    held = company("Orion Foods")
    CompanyName.objects.create(company=held, text="Zephyr Snacks", source="x", created_at=held.created_at)
    monkeypatch.setattr(rebuild, "swap_in", lambda schema: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        rebuild_at_once(processes=1)
    assert UnindexedName.objects.count() == 1
    assert found("Zephyr Snacks") == ["Orion Foods"]

    monkeypatch.undo()
    call_command("reindex_companies", "--at-once", stdout=StringIO())
    assert_in_step()
    company("Boreas Snacks")  # the new tables are written like the old ones
    assert_in_step()


def test_a_second_run_says_that_another_is_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    company("Orion Foods")
    monkeypatch.setattr("companies.index.state._PATIENCE", "50ms")
    taken, done = threading.Event(), threading.Event()

    def first_run() -> None:
        with writing_alone():
            taken.set()
            done.wait(20)
        connection.close()

    thread = threading.Thread(target=first_run)
    thread.start()
    try:
        assert taken.wait(20)
        for how in ("--all", "--at-once"):
            with pytest.raises(CommandError, match="Another run is writing the index"):
                call_command("reindex_companies", how, stdout=StringIO())
        IndexState.objects.update(version=VERSION - LISTS)
        index_names()  # leaves it to the other run
    finally:
        done.set()
        thread.join()
    index_names()
    assert_in_step()


def test_words_are_counted_added_and_dropped() -> None:
    for name in ("Quartz Works", "Quartz Mills", "Basalt Mills Quartz Quartz"):
        company(name)
    Word.objects.create(word="nobody", names=7, typos=[])
    Word.objects.filter(word="basalt").delete()
    assert counts_are_due()

    assert count_words()
    counts = dict(Word.objects.values_list("word", "names"))
    assert (counts["quartz"], counts["basalt"]) == (3, 1)
    assert "nobody" not in counts
    assert IndexState.objects.get().names == 3
    with connection.cursor() as cursor:
        # The size is PostgreSQL's own estimate, which may still be that of an earlier test's names.
        cursor.execute("ANALYZE companies_nameentry")
    assert not counts_are_due()


def test_entries_of_which_nobody_says_by_what_rules_they_were_written_are_not_asked() -> None:
    held = company("Nordwind Logistik")
    IndexState.objects.all().delete()

    with pytest.raises(SearchFailed, match="being rebuilt"):
        search(CompanyQuery("Nordwind Logistik"))
    create_company(CompanyQuery("Basalt Mills"), by=None)
    with pytest.raises(SearchFailed, match="being rebuilt"):
        search(CompanyQuery("Nordwind Logistik"))

    index_names()

    assert [one.company for one in search(CompanyQuery("Nordwind Logistik")).candidates] == [held]
    assert search(CompanyQuery("Basalt Mills")).candidates
