"""A program begins and ends with days of the vendor's, wherever that is."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.clock import fixed
from partners.enums import StandingChange
from partners.groups.operators import Operator
from partners.groups.rules import Condition, Rule
from partners.groups.services import create_group
from partners.models import Partner
from partners.services.standing import change_standing
from programs.enums import Joining
from programs.models import Enrolment
from programs.services import enrolling
from programs.services.sweeping import sweep_programs
from tests.people import MONDAY_CLOCK
from tests.programs.makers import make_program

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Europe/Berlin", "Asia/Tokyo"])
def test_firms_come_in_on_its_first_day_and_leave_after_its_last(zone, settings, northgate, olga):
    settings.VENDOR_TIME_ZONE = zone
    north = Rule("all", (Condition("name", Operator.STARTS_WITH, ("North",)),))
    group = create_group(by=olga, name="In the north", rule=north, clock=MONDAY_CLOCK)
    days = {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 3, 10)}
    make_program(olga, joining=Joining.AUTOMATIC, audience=[group], **days)
    begins = datetime(2027, 3, 1, tzinfo=ZoneInfo(zone))
    ends = datetime(2027, 3, 11, tzinfo=ZoneInfo(zone))

    inside = []
    for moment in (begins - MINUTE, begins, ends - MINUTE, ends):
        sweep_programs(clock=fixed(moment))
        inside.append(Enrolment.objects.open().filter(partner=northgate).exists())

    assert inside == [False, True, True, False]


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Europe/Berlin", "Asia/Tokyo"])
@pytest.mark.parametrize("hour", [1, 23])
def test_whose_partnership_ended_by_mistake_on_the_first_day_goes_on(
    zone, hour, settings, northgate, bob, olga
):
    """At one in the morning it is still the day before in UTC: the firm never came back into the program."""
    settings.VENDOR_TIME_ZONE = zone
    first = date(2027, 3, 1)
    moment = datetime(2027, 3, 1, hour, tzinfo=ZoneInfo(zone))
    clocks = [fixed(moment + number * MINUTE) for number in range(4)]
    program = make_program(olga, joining=Joining.APPLICATION, starts_on=first)
    enrolling.approve(enrolling.apply(program, by=bob, clock=clocks[0]), by=olga, clock=clocks[0])
    for change, clock in ((StandingChange.END, clocks[1]), (StandingChange.REINSTATE, clocks[2])):
        change_standing(Partner.objects.get(pk=northgate.pk), change, by=olga, reason="Oops.", clock=clock)

    assert sweep_programs(clock=clocks[3]).taken_in == [f"Northgate: {program.name}"]
    assert Enrolment.objects.enrolled().get().partner == northgate
