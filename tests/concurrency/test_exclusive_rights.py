"""Two overlapping rights given at once: where one of them is exclusive the database lets one through, whatever either saw;
without it both would stand."""

import pytest
from django.db import connection

from core.errors import BadInput
from policies.models import ExclusiveRight
from policies.services import rights as service
from tests.concurrency.racing import meeting, race
from tests.policies.makers import give

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[(True, True), (True, False), (False, True)], ids=str)
def kinds(request):
    """Whether each of the two is exclusive."""
    return request.param


@pytest.fixture
def giving(kinds, northgate, southridge, olga, ada, gateways, europe, monkeypatch):
    """Two who look before either has written; the look that follows a refusal meets nobody."""
    looks = meeting(service._refuse_overlaps, 2)
    monkeypatch.setattr(service, "_refuse_overlaps", looks)
    return (
        lambda: give(northgate, olga, product_line=gateways, territory=europe, is_exclusive=kinds[0]),
        lambda: give(southridge, ada, product_line=gateways, is_exclusive=kinds[1]),
    )


def test_one_of_two_at_once_is_refused_and_reads_what_it_met(giving):
    results = race(*giving)

    (lost,) = [result for result in results if isinstance(result, BadInput)]
    (won,) = ExclusiveRight.objects.select_related("partner")
    assert won.code in lost.message and str(won.partner) in lost.message


@pytest.mark.parametrize("kinds", [(False, False)], ids=str)
def test_two_that_are_not_exclusive_both_stand(giving):
    results = race(*giving)

    assert not [result for result in results if isinstance(result, Exception)]
    assert ExclusiveRight.objects.filter(is_exclusive=False).count() == 2


def test_control_without_the_constraint_both_stand(giving):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'one_exclusive_right'"
        )
        definition = cursor.fetchone()[0]
        cursor.execute("ALTER TABLE policies_exclusiveright DROP CONSTRAINT one_exclusive_right")
    try:
        results = race(*giving)

        assert not [result for result in results if isinstance(result, Exception)]
        assert ExclusiveRight.objects.count() == 2
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE policies_exclusiveright CASCADE")  # what has begun is never deleted
            cursor.execute(
                f"ALTER TABLE policies_exclusiveright ADD CONSTRAINT one_exclusive_right {definition}"
            )
