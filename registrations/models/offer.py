"""Offers: a deal whose holder ended is held out to the next in line, until a deadline."""

from functools import partial

from django.db import models

from accounts.models import User
from core.codes import new_code
from notifications.models import Message
from policies.models import RegistrationPolicy
from registrations.enums import OfferOutcome
from registrations.models.registration import Registration
from registrations.querysets import OfferQuerySet

_code = partial(new_code, "O")


class Offer(models.Model):
    """One offer to one registration. While it is open the registration's holdings are reserved for it.

    It can be accepted up to and with `answer_by`, or longer where its mail left late (services/offers.py). `message` is
    the mail that told of it.
    """

    code = models.CharField(max_length=16, unique=True, default=_code, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="offers")
    policy = models.ForeignKey(RegistrationPolicy, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    outcome = models.CharField(max_length=10, choices=OfferOutcome, default=OfferOutcome.OPEN)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome=OfferOutcome.OPEN, ended_at=None)
                | models.Q(outcome__in=sorted(set(OfferOutcome.values) - {"open"}), ended_at__isnull=False),
                name="offer_ended_with_outcome",
            ),
            models.UniqueConstraint(
                fields=["registration"],
                condition=models.Q(outcome=OfferOutcome.OPEN),
                name="offer_open_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer_by"], condition=models.Q(outcome=OfferOutcome.OPEN), name="offer_open_until"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.outcome}"
