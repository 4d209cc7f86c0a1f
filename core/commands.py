"""What commands that run a sweep by hand share."""

from datetime import datetime

from django.core.management.base import CommandError
from django.utils.dateparse import parse_datetime


def moment(text: str) -> datetime:
    """The aware moment that --now names. Raises CommandError, in words."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise CommandError(f"--now needs a moment with an offset, such as 2026-12-24T08:00Z, not {text!r}.")
    return found
