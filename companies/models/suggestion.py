"""Two companies that look like one, found by the portal and waiting for a person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from companies.enums import SuggestionState
from companies.models.company import Company
from companies.querysets import SuggestionQuerySet
from core.codes import new_code


def suggestion_code() -> str:
    """A fresh public code, such as D-7KQ2MX."""
    return new_code("D")


class Suggestion(models.Model):
    """A pair with its evidence; one row a pair for good, so that what was judged never comes again.

    `signals` are those of the search for `asked`, one of the two: 'ours' is its name, 'theirs' the other's.
    """

    code = models.CharField(max_length=20, unique=True, default=suggestion_code, editable=False)
    low = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="suggestions_as_low")
    high = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="suggestions_as_high")
    asked = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    score = models.FloatField(help_text="Probability from 0 to 1 that the two are one")
    tier = models.CharField(max_length=10)
    signals = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=SuggestionState.choices, default=SuggestionState.OPEN)
    found_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "pk"]
        indexes = [models.Index(fields=["state", "-score", "id"], name="suggestion_by_score")]
        constraints = [
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="suggestion_low_before_high"),
            models.CheckConstraint(
                condition=Q(asked=F("low")) | Q(asked=F("high")), name="suggestion_asked_is_one"
            ),
            models.CheckConstraint(
                condition=Q(state__in=SuggestionState.values), name="suggestion_state_known"
            ),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=1), name="suggestion_score_is_probability"
            ),
            models.UniqueConstraint(fields=["low", "high"], name="suggestion_once_per_pair"),
        ]

    def __str__(self) -> str:
        return f"{self.low} / {self.high}: {self.score:.2f}"

    @property
    def found(self) -> Company:
        """The company of the pair that the search found."""
        return self.high if self.asked_id == self.low_id else self.low
