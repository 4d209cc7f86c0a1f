"""How a field of a firm is compared, and what the comparison takes."""

from enum import Enum

from django.db import models


class Takes(Enum):
    """What stands beside an operator in the rule builder."""

    CHOICES = "choices"
    TEXT = "text"
    DATE = "date"
    DAYS = "days"
    NOTHING = "nothing"


class Operator(models.TextChoices):
    """The words of the rule builder: 'tier', 'is one of', 'Gold or Platinum'."""

    ANY_OF = "any_of", "is one of"
    NONE_OF = "none_of", "is none of"
    ALL_OF = "all_of", "has all of"
    IS_SET = "is_set", "is given"
    IS_EMPTY = "is_empty", "is not given"
    CONTAINS = "contains", "contains"
    NOT_CONTAINS = "not_contains", "does not contain"
    STARTS_WITH = "starts_with", "begins with"
    FROM = "from", "on or after"
    BEFORE = "before", "before"
    WITHIN_DAYS = "within_days", "less than … days ago"
    OLDER_THAN_DAYS = "older_than_days", "more than … days ago"

    @property
    def takes(self) -> Takes:
        return _TAKES[self]


_TAKES = {
    Operator.ANY_OF: Takes.CHOICES,
    Operator.NONE_OF: Takes.CHOICES,
    Operator.ALL_OF: Takes.CHOICES,
    Operator.IS_SET: Takes.NOTHING,
    Operator.IS_EMPTY: Takes.NOTHING,
    Operator.CONTAINS: Takes.TEXT,
    Operator.NOT_CONTAINS: Takes.TEXT,
    Operator.STARTS_WITH: Takes.TEXT,
    Operator.FROM: Takes.DATE,
    Operator.BEFORE: Takes.DATE,
    Operator.WITHIN_DAYS: Takes.DAYS,
    Operator.OLDER_THAN_DAYS: Takes.DAYS,
}
