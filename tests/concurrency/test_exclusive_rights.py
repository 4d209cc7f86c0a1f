"""Two overlapping rights given at once: the database lets one through, whatever either saw; without it both would stand."""

import pytest
from django.db import connection

from core.errors import BadInput
from policies.models import ExclusiveRight
from policies.services import rights as service
from tests.concurrency.racing import meeting, race
from tests.policies.makers import give

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def giving(northgate, southridge, olga, ada, gateways, europe, monkeypatch):
    """Two who look before either has written; the look that follows a refusal meets nobody."""
    looks = meeting(service._refuse_overlaps, 2)
    monkeypatch.setattr(service, "_refuse_overlaps", looks)
    return (
        lambda: give(northgate, olga, product_line=gateways, territory=europe),
        lambda: give(southridge, ada, product_line=gateways),
    )


def test_one_of_two_at_once_is_refused_and_reads_what_it_met(giving):
    results = race(*giving)

    (lost,) = [result for result in results if isinstance(result, BadInput)]
    (won,) = ExclusiveRight.objects.select_related("partner")
    assert won.code in lost.message and str(won.partner) in lost.message


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
        ExclusiveRight.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                f"ALTER TABLE policies_exclusiveright ADD CONSTRAINT one_exclusive_right {definition}"
            )
