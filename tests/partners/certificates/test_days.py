"""A certificate holds on the days that are printed on it, from midnight to midnight where the vendor works."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.clock import fixed
from notifications.models import Message
from partners.certificates.ladder import LAPSED, due
from partners.certificates.valid import valid_certificates
from partners.groups.membership import group_codes
from partners.groups.operators import Operator
from partners.groups.rules import Condition, Rule
from partners.groups.services import create_group
from partners.services.certificates import send_certificate_warnings
from tests.partners.certificates.makers import make_type, placed
from tests.people import MONDAY_CLOCK

pytestmark = pytest.mark.django_db
ZONES = ["America/Los_Angeles", "Europe/Berlin", "Asia/Tokyo"]
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("zone", ZONES)
def test_it_holds_and_lapses_by_the_vendors_midnight(zone, settings, bob, northgate, olga):
    settings.VENDOR_TIME_ZONE = zone
    northgate.time_zone = zone
    northgate.save()
    kind = make_type()
    asks = Rule("all", (Condition("certificate", Operator.ANY_OF, ("iso-27001",)),))
    group = create_group(by=olga, name="Certified", rule=asks, clock=MONDAY_CLOCK)
    one = placed(northgate, kind, valid_from=date(2026, 3, 1), valid_to=date(2026, 3, 10))
    begins = datetime(2026, 3, 1, tzinfo=ZoneInfo(zone))
    ends = datetime(2026, 3, 11, tzinfo=ZoneInfo(zone))

    moments = [begins - MINUTE, begins, ends - MINUTE, ends]
    assert [bool(valid_certificates([northgate.pk], at)[northgate.pk]) for at in moments] == [
        False,
        True,
        True,
        False,
    ]
    assert [group.code in group_codes([northgate.pk], at)[northgate.pk] for at in moments] == [
        False,
        True,
        True,
        False,
    ]
    assert [LAPSED in due(one.valid_to, ZoneInfo(zone), at) for at in moments] == [False, False, False, True]
    send_certificate_warnings(clock=fixed(ends - MINUTE))
    assert not Message.objects.filter(event="certificate.lapsed").exists()
    send_certificate_warnings(clock=fixed(ends))
    assert Message.objects.filter(event="certificate.lapsed", recipient=bob).count() == 1
