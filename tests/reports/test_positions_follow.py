"""Open positions follow the registrations whoever writes them: after any change they are what a count from scratch says."""

import random
import re
import threading
import time
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, F, Min, Q, Sum

from catalog.models import Currency
from companies.models import Company
from registrations.enums import OPEN, Status
from registrations.models import Registration
from reports.models import OpenPosition
from reports.querysets import NEVER
from tests.concurrency.racing import race
from tests.people import MONDAY

pytestmark = pytest.mark.django_db


def counted():
    """From scratch, in the words of the ORM."""
    rows = (
        Registration.objects.filter(status__in=OPEN, discarded_at=None)
        .values("company", "company__name")
        .annotate(
            n=Count("pk"),
            worth=Sum(F("value") * F("currency__rate_to_base")),
            oldest=Min("submitted_at"),
            ends=Min("protected_until", filter=Q(status=Status.APPROVED)),
        )
    )
    return {
        row["company"]: (
            row["company__name"].lower(),
            row["n"],
            round(row["worth"] or Decimal(0), 2),
            row["oldest"],
            row["ends"] or NEVER,
        )
        for row in rows
    }


def kept():
    return {
        p.company_id: (p.sort_name, p.registrations, p.value_base, p.oldest, p.protection_ends)
        for p in OpenPosition.objects.current()
    }


@pytest.fixture
def deals(alice, charlie, register, sensors):
    names = ["Anker AG", "Birke Möbel GmbH", "Cedar Ltd", "Dolomit SpA"]
    made = [register(alice, name, value=Decimal(1000 * place)) for place, name in enumerate(names)]
    return [*made, register(charlie, "Anker AG", line=sensors)]


def test_after_the_services(deals):
    assert kept() == counted() and len(kept()) == 4


def test_after_any_mixture_of_changes(deals):
    random.seed(7)
    companies = [deal.company_id for deal in deals]
    usd = Currency.objects.get(code="USD")
    changes = [
        lambda rows: rows.update(status=Status.WITHDRAWN),
        lambda rows: rows.update(status=Status.APPROVED, protected_until=MONDAY + timedelta(days=5)),
        lambda rows: rows.update(status=Status.IN_REVIEW, protected_until=None),
        lambda rows: rows.update(value=None),
        lambda rows: rows.update(value=random.randint(1, 10**9)),
        lambda rows: rows.update(currency=usd),
        lambda rows: rows.update(company_id=random.choice(companies)),
        lambda rows: rows.update(submitted_at=MONDAY - timedelta(days=random.randint(1, 900))),
        lambda rows: rows.update(discarded_at=random.choice([None, MONDAY])),
        lambda rows: Currency.objects.filter(pk=usd.pk).update(
            rate_to_base=Decimal(random.randint(1, 99)) / 37
        ),
        lambda rows: Company.objects.filter(pk=random.choice(companies)).update(
            name=f"Name {random.random()}"
        ),
    ]
    for _ in range(80):
        some = random.sample(deals, random.randint(1, len(deals)))
        # Where a rule of the registrations' own refuses the change, nothing follows.
        with suppress(IntegrityError), transaction.atomic():
            random.choice(changes)(Registration.objects.filter(pk__in=[deal.pk for deal in some]))
        assert kept() == counted()


def test_drafts_and_other_columns_do_not_touch_a_position(deals, alice):
    before = positions_written()

    Registration.objects.filter(pk=deals[0].pk).update(next_step="Call again", changed_at=MONDAY)

    assert positions_written() == before


def positions_written():
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(xmin::text::bigint), count(*) FROM reports_openposition")
        return cursor.fetchone()


def test_the_statuses_in_the_trigger_are_those_that_count_as_open():
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'reports_refresh_positions'")
        source = cursor.fetchone()[0]

    listed = source.split("r.status IN (")[1].split(")")[0]
    assert {word.strip(" '") for word in listed.split(",")} == {str(status) for status in OPEN}


def _two_changes_at_once(first, second):
    """Both change their own registration of one company; the first commits once the second waits inside its statement."""
    changed = threading.Event()

    def one():
        with transaction.atomic():
            Registration.objects.filter(pk=first.pk).update(value=100)
            changed.set()
            wait_until_somebody_waits()

    def two():
        changed.wait(10)
        Registration.objects.filter(pk=second.pk).update(value=100)

    assert race(one, two) == [None, None]


def wait_until_somebody_waits():
    for _ in range(400):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waited")


@pytest.mark.django_db(transaction=True)
def test_two_changes_of_one_company_at_once_leave_the_right_sum(alice, charlie, register, sensors):
    first = register(alice, "Anker AG", value=Decimal(1))
    second = register(charlie, "Anker AG", value=Decimal(1), line=sensors)

    _two_changes_at_once(first, second)

    assert kept() == counted()
    assert OpenPosition.objects.get(company=first.company).value_base == 200


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_would_not(alice, charlie, register, sensors):
    """The negative control: the same two changes with both statements that wait for the row taken out."""
    first = register(alice, "Anker AG", value=Decimal(1))
    second = register(charlie, "Anker AG", value=Decimal(1), line=sensors)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('reports_refresh_positions'::regproc)")
        whole = cursor.fetchone()[0]
        unlocked = re.sub(r"PERFORM 1 FROM [^;]* FOR UPDATE;|INSERT INTO [^;]* DO NOTHING;", "", whole)
        assert unlocked.count(";") == whole.count(";") - 2
        cursor.execute(unlocked)
    try:
        _two_changes_at_once(first, second)
        assert OpenPosition.objects.get(company=first.company).value_base == 101
    finally:
        with connection.cursor() as cursor:
            cursor.execute(whole)
