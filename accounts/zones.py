"""Time zones that people can choose, and the day that somebody has in theirs."""

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from accounts.models import User

_REGIONS = {
    *(
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    ),
}


@cache
def zones() -> tuple[str, ...]:
    """UTC and the names by region and city, in order."""
    return ("UTC", *sorted(name for name in available_timezones() if name.split("/")[0] in _REGIONS))


def is_zone(name: str) -> bool:
    """Whether `name` can be chosen."""
    return name in zones()


@cache
def choices() -> list[tuple[str, str] | tuple[str, list[tuple[str, str]]]]:
    """For a select: UTC, then a group for each region."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in zones()[1:]:
        region, _, city = name.partition("/")
        groups.setdefault(region, []).append((name, city.replace("_", " ").replace("/", ", ")))
    return [("UTC", "UTC"), *groups.items()]


def local_day(person: User, at: datetime) -> date:
    """The date that `person` has at `at`: what they mean by today, where they type a day."""
    return at.astimezone(ZoneInfo(person.time_zone)).date()
