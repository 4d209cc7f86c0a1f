"""R13: the timeline is append-only, and a broken chain is found."""

import pytest
from django.db import DatabaseError, connection, transaction

from core.clock import fixed
from registrations.models import TimelineEntry
from registrations.services import partner_actions, timeline
from registrations.services.case_file.collecting import collect
from registrations.services.timeline import first_broken
from tests.people import MONDAY

pytestmark = pytest.mark.django_db


def past_the_triggers(*statements):
    """As somebody who has the whole database can."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


def where_it_breaks(deal):
    """As the command and the case file see it."""
    (found,) = [broken for code, _, broken in timeline.chains([deal.pk])]
    told = found.number if isinstance(found, TimelineEntry) else found
    chain = collect([deal], by=deal.owner, at=MONDAY)["registrations"][0]["chain"]
    assert (chain["intact"], chain["first_broken"]) == (told is None, told)
    return told


@pytest.fixture
def deal(alice, register):
    return register(alice, "Acme Pumps GmbH")


def test_the_database_refuses_update_and_delete(deal):
    for statement in (
        "UPDATE registrations_timelineentry SET kind = 'other'",
        "DELETE FROM registrations_timelineentry",
    ):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert first_broken(deal) is None


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE registrations_timelineentry SET data = '{}' WHERE number = 2",
        "UPDATE registrations_timelineentry SET at = at + interval '1 day' WHERE number = 2",
        "UPDATE registrations_timelineentry SET actor_id = NULL WHERE number = 2",
        "UPDATE registrations_timelineentry SET audience = 'vendor' WHERE number = 2",
    ],
)
def test_tampering_past_the_trigger_is_found(deal, tampering):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(tampering)
    broken = first_broken(deal)
    assert isinstance(broken, TimelineEntry) and broken.number == 2


def test_a_missing_entry_is_found(deal):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM registrations_timelineentry WHERE number = 1")
    assert first_broken(deal) == 1


def test_a_replaced_hash_is_found_by_the_entry_after_it(deal):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE registrations_timelineentry SET hash = repeat('0', 64) WHERE number = 1")
    broken = first_broken(deal)
    assert isinstance(broken, TimelineEntry) and broken.number == 1


@pytest.fixture
def long(deal, alice):
    """With updates at its end, which leave the status as it was."""
    for day in range(1, 5):
        clock = fixed(MONDAY.replace(day=2 + day))
        partner_actions.update(deal, by=alice, fields={}, note=f"Call {day}.", clock=clock)
    deal.refresh_from_db()
    assert where_it_breaks(deal) is None
    return deal


ENTRIES = "registrations_timelineentry"


@pytest.mark.parametrize(
    "column", ["number", "at", "actor_id", "kind", "audience", "data", "previous_hash", "hash"]
)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_every_column_of_every_entry_is_sealed(column, place, long):
    last = long.timeline.latest("number").number
    number = {"first": 1, "middle": 3, "last": last}[place]
    changed = {
        "number": "number + 100",
        "at": "at + interval '1 microsecond'",
        "actor_id": "CASE WHEN actor_id IS NULL THEN (SELECT min(id) FROM accounts_user) END",
        "kind": "kind || 'x'",
        "audience": "CASE audience WHEN 'vendor' THEN 'both' ELSE 'vendor' END",
        "data": """data || '{"text": "Never said."}'""",
        "previous_hash": "repeat('0', 64)",
        "hash": "repeat('0', 64)",
    }[column]
    past_the_triggers(f"UPDATE {ENTRIES} SET {column} = {changed} WHERE number = {number}")
    assert where_it_breaks(long) == number


def test_whichever_entry_is_taken_away_is_missed(long):
    last = long.timeline.latest("number").number
    for numbers in ([1], [3], [last], [last - 1, last], range(1, last + 1)):
        with transaction.atomic():
            listed = ", ".join(map(str, numbers))
            past_the_triggers(f"DELETE FROM {ENTRIES} WHERE number IN ({listed})")
            assert where_it_breaks(long) == min(numbers)
            transaction.set_rollback(True)


def test_two_entries_that_changed_places_and_one_put_in(long):
    with transaction.atomic():
        past_the_triggers(
            f"UPDATE {ENTRIES} SET number = 99 WHERE number = 3",
            f"UPDATE {ENTRIES} SET number = 3 WHERE number = 4",
            f"UPDATE {ENTRIES} SET number = 4 WHERE number = 99",
        )
        assert where_it_breaks(long) == 3
        transaction.set_rollback(True)
    copied = "registration_id, number + 1, at, actor_id, kind, audience, data, previous_hash, hash"
    columns = copied.replace(" + 1", "")
    for statements, broken in (
        ([f"UPDATE {ENTRIES} SET number = number + 50 WHERE number > 2",
          f"INSERT INTO {ENTRIES} ({columns}) SELECT {copied} FROM {ENTRIES} WHERE number = 2",
          f"UPDATE {ENTRIES} SET number = number - 49 WHERE number > 50"], 3),
        ([f"INSERT INTO {ENTRIES} ({columns}) SELECT {copied} FROM {ENTRIES} ORDER BY number DESC LIMIT 1"],
         long.timeline.count() + 1),
    ):  # fmt: skip
        with transaction.atomic():
            past_the_triggers(*statements)
            assert where_it_breaks(long) == broken
            transaction.set_rollback(True)


def test_an_end_that_was_written_anew_with_a_fitting_hash_is_found(long):
    last = long.timeline.latest("number")
    last.data = {**last.data, "text": "Something else."}
    past_the_triggers(
        f'UPDATE {ENTRIES} SET data = data || \'{{"text": "Something else."}}\', '
        f"hash = '{timeline.digest(last, long.code)}' WHERE number = {last.number}"
    )
    assert where_it_breaks(long) == last.number


def test_the_note_of_the_end_cannot_be_taken_away_or_back(long):
    for statement in (
        "DELETE FROM registrations_timelinehead",
        "UPDATE registrations_timelinehead SET number = number - 1",
        "UPDATE registrations_timelinehead SET hash = repeat('0', 64)",
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)
