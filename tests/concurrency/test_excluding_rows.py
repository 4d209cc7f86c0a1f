"""Rows that exclude each other are written one after another. Written at the same moment, two of them would wait for each other
until the database ends one: there is no sentence in that."""

from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from core.clock import database_clock
from core.locks import wait_in_line
from core.vendor_days import vendor_day
from policies.models import ExclusiveRight
from programs.models import Criterion
from programs.services.tiers.criteria import set_criterion
from tests.concurrency.racing import race
from tests.policies.makers import give

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("model", [ExclusiveRight, Criterion], ids=lambda model: model.__name__)
def test_the_line_is_waited_in_before_the_row_is_written(model, northgate, olga, gateways):
    with CaptureQueriesContext(connection) as said:
        if model is ExclusiveRight:
            give(northgate, olga, product_line=gateways)
        else:
            set_criterion(
                by=olga,
                tier="gold",
                measure="registrations",
                threshold=Decimal(5),
                starts_on=vendor_day(database_clock()),
            )

    statements = [query["sql"] for query in said]
    (lock,) = [place for place, sql in enumerate(statements) if "pg_advisory_xact_lock" in sql]
    (insert,) = [
        place for place, sql in enumerate(statements) if f'INSERT INTO "{model._meta.db_table}"' in sql
    ]
    assert lock < insert


def test_who_comes_second_waits_for_the_end_of_the_first():
    def lock():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = 50")
            wait_in_line(4711)
            return "held"

    with transaction.atomic():
        wait_in_line(4711)
        wait_in_line(4711)
        (refused,) = race(lock)

    assert "lock timeout" in str(refused)
    assert race(lock) == ["held"]


def test_a_lock_that_would_be_gone_at_once_is_none():
    with pytest.raises(TransactionManagementError):
        wait_in_line(4711)
