"""A lead in the hands of one firm: from when, until when, and how it ended."""

from django.db import models

from accounts.models import User
from leads.enums import NOT_AGAIN, DeclineReason, GiftEnd, Way
from leads.models.lead import Lead
from leads.querysets import GiftQuerySet
from partners.models import Partner


class Gift(models.Model):
    """One giving of a lead to a firm, by whichever way. `by` gave it (null: the portal, in turn) or, from the pool,
    claimed it. `rank` is drawn under the company's lock when it is given: the place in line that a registration made of
    it gets. `answer_by` is the deadline; `reminded_at` when the firm was reminded of it.

    Two partial UNIQUEs are promises of the database: one firm has a lead at a time, and none that declined it, or let
    the deadline pass, gets it again.
    """

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="gifts")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="gifts")
    way = models.CharField(max_length=20, choices=Way)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    message = models.TextField(max_length=1000, blank=True)  # a word of the giver's to the firm
    at = models.DateTimeField()
    rank = models.BigIntegerField(unique=True)
    answer_by = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)

    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=20, choices=GiftEnd, blank=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=DeclineReason, blank=True)
    text = models.TextField(max_length=2000, blank=True)

    objects = GiftQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=models.Q(ended_at=None), name="one_firm_has_a_lead"
            ),
            models.UniqueConstraint(
                fields=["lead", "partner"],
                condition=models.Q(end__in=["", *NOT_AGAIN]),
                name="not_to_the_same_firm_again",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, end="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(end="")),
                name="gift_ended_has_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "-at"], name="gift_of_firm"),
            models.Index(fields=["answer_by"], condition=models.Q(ended_at=None), name="gift_open"),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} to {self.partner_id}"
