"""Days of the policies as text: the vendor's."""

from datetime import datetime

from django.utils import formats

from core.vendor_days import last_day, vendor_day


def day_words(moment: datetime | None) -> str:
    """'31 Mar 2027'; '' for none."""
    return formats.date_format(vendor_day(moment), "DATE_FORMAT") if moment else ""


def last_day_words(ends: datetime | None) -> str:
    """'30 Mar 2027', the last day of what ends as the 31st begins; '' for no end."""
    return formats.date_format(last_day(ends), "DATE_FORMAT") if ends else ""


def period_words(begins: datetime, ends: datetime | None) -> str:
    """'1 Jan 2027 – 31 Mar 2027', 'from 1 Jan 2027'."""
    if ends is None:
        return f"from {day_words(begins)}"
    return f"{day_words(begins)} – {last_day_words(ends)}"
