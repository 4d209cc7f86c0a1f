"""Business days and hours: weekends, public holidays, opening times, summer time, odd zones."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.business_time import (
    Calendar,
    add_business_days,
    add_business_hours,
    business_time_between,
    vendor_calendar,
)

BERLIN = Calendar("DE", "Europe/Berlin")
LONDON = Calendar("GB", "Europe/London", time(8, 30), time(17))
NEW_YORK = Calendar("US", "America/New_York")
RIYADH = Calendar("SA", "Asia/Riyadh")
AUCKLAND = Calendar("NZ", "Pacific/Auckland")
NOWHERE = Calendar("XX", "UTC")


def at(calendar, *parts):
    """A wall-clock moment there."""
    return datetime(*parts, tzinfo=calendar.zone)


@pytest.mark.parametrize(
    ("calendar", "start", "days", "expected"),
    [
        (BERLIN, (2026, 3, 2, 10, 20), 2, (2026, 3, 4, 10, 20)),
        (BERLIN, (2026, 3, 6, 10), 1, (2026, 3, 9, 10)),  # over a weekend
        (BERLIN, (2026, 3, 7, 10), 1, (2026, 3, 9, 10)),  # from a Saturday
        (BERLIN, (2026, 4, 2, 10), 2, (2026, 4, 8, 10)),  # Good Friday and Easter Monday
        (BERLIN, (2026, 12, 23, 10), 3, (2026, 12, 29, 10)),  # Christmas on a Friday
        (BERLIN, (2026, 3, 27, 10), 1, (2026, 3, 30, 10)),  # the clocks go forward on the Sunday between
        (BERLIN, (2026, 10, 23, 10), 1, (2026, 10, 26, 10)),  # and back
        (NEW_YORK, (2026, 11, 25, 16), 1, (2026, 11, 27, 16)),  # Thanksgiving
        (RIYADH, (2026, 3, 5, 10), 1, (2026, 3, 8, 10)),  # Friday and Saturday are the weekend
        (
            AUCKLAND,
            (2026, 2, 5, 23, 30),
            1,
            (2026, 2, 9, 23, 30),
        ),  # Waitangi Day; the day is theirs, not UTC's
        (NOWHERE, (2026, 12, 24, 10), 1, (2026, 12, 25, 10)),  # unknown country: no holidays
        (BERLIN, (2026, 3, 7, 10), 0, (2026, 3, 7, 10)),
    ],
)
def test_business_days(calendar, start, days, expected):
    found = add_business_days(at(calendar, *start), days, calendar)
    assert found == at(calendar, *expected)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("calendar", "start", "hours", "expected"),
    [
        (BERLIN, (2026, 3, 2, 10), 4, (2026, 3, 2, 14)),
        (BERLIN, (2026, 3, 2, 15), 4, (2026, 3, 3, 11)),
        (BERLIN, (2026, 3, 6, 16), 16, (2026, 3, 10, 16)),
        (BERLIN, (2026, 3, 7, 3), 8, (2026, 3, 9, 17)),  # counts from Monday's opening to its closing
        (BERLIN, (2026, 3, 2, 20), 1, (2026, 3, 3, 10)),
        (BERLIN, (2026, 4, 2, 16), 2, (2026, 4, 7, 10)),  # Easter
        (BERLIN, (2026, 3, 27, 16), 2, (2026, 3, 30, 10)),  # summer time begins: no hour is lost
        (LONDON, (2026, 3, 2, 16), 2, (2026, 3, 3, 9, 30)),
        (BERLIN, (2026, 3, 7, 3), 0, (2026, 3, 7, 3)),
    ],
)
def test_business_hours_and_back(calendar, start, hours, expected):
    begun = at(calendar, *start)
    found = add_business_hours(begun, timedelta(hours=hours), calendar)
    assert found == at(calendar, *expected)
    assert business_time_between(begun, found, calendar) == timedelta(hours=hours)
    assert business_time_between(found, begun, calendar) == -timedelta(hours=hours)


def test_hours_of_a_night_and_of_a_holiday_do_not_count():
    evening, morning = at(BERLIN, 2026, 3, 2, 17), at(BERLIN, 2026, 3, 3, 9)
    assert business_time_between(evening, morning, BERLIN) == timedelta(0)
    assert business_time_between(at(BERLIN, 2026, 4, 3, 9), at(BERLIN, 2026, 4, 3, 17), BERLIN) == timedelta(
        0
    )
    assert not BERLIN.is_working(date(2026, 4, 3)) and BERLIN.is_working(date(2026, 4, 2))


def test_the_day_that_changes_the_clock_has_its_opening_hours_and_no_more():
    # In Riyadh's week the Sunday is a working day; in a zone that changes its clocks that night it keeps eight hours.
    sunday = Calendar("SA", "Europe/Berlin")
    assert business_time_between(at(sunday, 2026, 3, 29), at(sunday, 2026, 3, 30), sunday) == timedelta(
        hours=8
    )


def test_a_long_time_is_answered_and_an_impossible_day_refused():
    assert add_business_days(at(BERLIN, 2026, 3, 2), 10**9, BERLIN) > at(BERLIN, 2035, 1, 1)
    with pytest.raises(ValueError, match="begins before it ends"):
        Calendar(opens=time(17), closes=time(9))


def test_the_vendors_calendar_comes_from_the_settings(settings):
    settings.VENDOR_COUNTRY, settings.VENDOR_TIME_ZONE = "GB", "Europe/London"
    settings.VENDOR_HOURS = "08:30-17:00"
    assert vendor_calendar() == LONDON
    assert LONDON.day_length == timedelta(hours=8.5)
