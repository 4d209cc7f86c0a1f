"""Licences, rights and requirements open and close at the same midnight: the vendor's, whose days are printed."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.clock import fixed
from partners.certificates.closing import closing_with
from partners.models import Certificate
from registrations.enums import Status
from tests.people import submitted
from tests.policies.makers import give, hold, licence, require

pytestmark = pytest.mark.django_db
ZONES = ["America/Los_Angeles", "Europe/Berlin", "Asia/Tokyo"]
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("zone", ZONES)
def test_a_licence_counts_on_its_first_and_its_last_day(zone, settings, alice, northgate, olga, gateways):
    settings.VENDOR_TIME_ZONE = zone
    begins = datetime(2026, 3, 1, tzinfo=ZoneInfo(zone))
    ends = datetime(2026, 3, 11, tzinfo=ZoneInfo(zone))
    require(gateways, olga, certificates=[licence().code], clock=fixed(begins - timedelta(days=20)))
    held = hold(northgate, licence())
    Certificate.objects.filter(pk=held.pk).update(valid_from=date(2026, 3, 1), valid_to=date(2026, 3, 10))

    moments = [begins - MINUTE, begins, ends - MINUTE, ends]
    landed = [
        submitted(alice, name, gateways, clock=fixed(at)).status
        for name, at in zip(["Acme KG", "Bolt AG", "Cord SE", "Dune Oy"], moments, strict=True)
    ]

    assert landed == [Status.REFUSED, Status.APPROVED, Status.APPROVED, Status.REFUSED]
    held.refresh_from_db()
    closes = closing_with([held], today=date(2026, 3, 10))[held.pk]
    assert [gate.label for gate in closes] == ["Registering Gateways"]


@pytest.mark.parametrize("zone", ZONES)
def test_so_does_a_right_also_where_the_clocks_are_put_forward(
    zone, settings, alice, southridge, olga, gateways
):
    settings.VENDOR_TIME_ZONE = zone
    last = datetime(2026, 3, 29, tzinfo=ZoneInfo(zone)) - MINUTE  # clocks change in Berlin that night
    give(
        southridge,
        olga,
        product_line=gateways,
        ends=27,
        clock=fixed(datetime(2026, 3, 1, 12, tzinfo=ZoneInfo(zone))),
    )

    inside = submitted(alice, "Acme KG", gateways, clock=fixed(last))
    after = submitted(alice, "Bolt AG", gateways, clock=fixed(last + MINUTE))

    assert (inside.status, after.status) == (Status.REFUSED, Status.APPROVED)
