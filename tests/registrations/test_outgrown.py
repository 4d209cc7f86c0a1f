"""A deal that was small enough to be approved without a person, and grows by an update afterwards."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.clock import fixed
from notifications.models import Message
from policies.services.publishing import publish_version
from registrations.enums import Status
from registrations.services import partner_actions
from tests.people import MONDAY

pytestmark = pytest.mark.django_db


def test_whoever_looks_after_the_firm_hears_of_a_value_that_passes_a_limit(
    northgate, alice, mara, olga, register
):
    northgate.manager = mara
    northgate.save()
    limits = {"auto_approve_below": Decimal(100_000), "least_value": Decimal(5_000)}
    publish_version(by=olga, settings=limits, note="Limits.", clock=fixed(MONDAY - timedelta(days=1)))
    deal = register(alice, "Acme Pumps GmbH", value=Decimal(20_000))
    assert deal.status == Status.APPROVED

    def told(day, value):
        Message.objects.all().delete()
        clock = fixed(MONDAY + timedelta(days=day))
        partner_actions.update(
            deal, by=alice, fields={"value": Decimal(value)}, note=f"Now {day}.", clock=clock
        )
        deal.refresh_from_db()
        assert deal.status == Status.APPROVED
        return [(mail.recipient, mail.text) for mail in Message.objects.filter(event="registration.outgrown")]

    assert told(1, 99_999) == []
    ((who, text),) = told(2, 100_000)
    assert who == mara and "from 99,999 EUR to 100,000 EUR. Deals of 100,000 and more" in text
    assert told(3, 900_000) == []  # it passed the limit before
    assert told(4, 50_000) == []
    ((_, text),) = told(5, 1)
    assert "Deals below 5,000 in our own currency are not registered." in text
    publish_version(
        by=olga, settings={"auto_approve": False}, note="All.", clock=fixed(MONDAY + timedelta(days=6))
    )
    assert len(told(7, 200_000)) == 1  # it stands under the version that approved it
