"""Closed lists of the reports app."""

from django.db import models


class Sort(models.TextChoices):
    """How the first report is ordered; a leading '-' turns it round."""

    VALUE_DOWN = "-value", "Highest value"
    VALUE = "value", "Lowest value"
    OLDEST = "oldest", "Oldest first"
    OLDEST_DOWN = "-oldest", "Newest first"
    COUNT_DOWN = "-registrations", "Most registrations"
    COUNT = "registrations", "Fewest registrations"
    ENDS = "ends", "Protection ends soonest"
    ENDS_DOWN = "-ends", "Protection ends latest"
    NAME = "name", "Company, A to Z"
    NAME_DOWN = "-name", "Company, Z to A"


class Age(models.TextChoices):
    """Days since submission."""

    WEEK = "0-7", "Up to 7 days"
    MONTH = "8-30", "8 to 30 days"
    TWO_MONTHS = "31-60", "31 to 60 days"
    OLDER = "61-", "More than 60 days"
