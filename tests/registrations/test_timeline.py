"""R13: the timeline is append-only, and a broken chain is found."""

import pytest
from django.db import DatabaseError, connection, transaction

from registrations.models import TimelineEntry
from registrations.services.timeline import first_broken

pytestmark = pytest.mark.django_db


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
