"""Rows whose statement is put together once: what is stored is what `save` would have stored."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.rows import insert, insert_all, insert_once
from notifications.models import Notice
from policies.models import RegistrationPolicy
from registrations.models import PolicyRun

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def notice(person, occasion="o"):
    return Notice(user=person, occasion=occasion, event="e", title="It's 100 %", link="/", created_at=AT)


def test_a_row_is_stored_as_save_stores_it(alice):
    row = notice(alice)

    insert(row)

    stored = Notice.objects.get(pk=row.pk)
    assert (stored.user, stored.title, stored.created_at, stored.read_at) == (alice, "It's 100 %", AT, None)
    row.title = "Another"
    row.save()  # it is known to be there
    assert Notice.objects.get().title == "Another"


def test_lists_and_json_are_stored_as_what_they_are(alice, register):
    deal = register(alice, "Acme Pumps GmbH")
    policy = RegistrationPolicy.objects.in_force(AT)
    for rules in ([], ["cap", "value"]):
        row = PolicyRun(
            registration=deal,
            occasion="turn",
            at=AT,
            policy=policy,
            landing="approved",
            rules=rules,
            facts={"a": [1]},
        )
        insert(row)
        stored = PolicyRun.objects.get(pk=row.pk)
        assert (stored.rules, stored.facts, stored.only_refusals) == (rules, {"a": [1]}, False)


def test_many_rows_take_one_statement_and_each_gets_its_own_id(alice):
    rows = [notice(alice, str(number)) for number in range(3)]

    with CaptureQueriesContext(connection) as asked:
        insert_all(rows)
        insert_all([])

    assert len(asked) == 1
    assert [Notice.objects.get(pk=row.pk).occasion for row in rows] == ["0", "1", "2"]


def test_what_is_there_already_stays(alice, bob):
    first, again, other = notice(alice), notice(alice), notice(bob)

    assert (insert_once(first), insert_once(again), insert_once(other)) == (True, False, True)

    assert again.pk is None and Notice.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(notice(alice))
