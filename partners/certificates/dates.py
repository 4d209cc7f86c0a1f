"""Days of a certificate."""

import calendar
from datetime import date, timedelta


def last_day(begins: date, months: int) -> date:
    """The last day of `months` that begin on a day: the one before the same day of that month, or the month's last where
    it has no such day (a year from 29 February ends on 28 February)."""
    month = begins.month - 1 + months
    year, month = begins.year + month // 12, month % 12 + 1
    length = calendar.monthrange(year, month)[1]
    if begins.day > length:
        return date(year, month, length)
    return date(year, month, begins.day) - timedelta(days=1)
