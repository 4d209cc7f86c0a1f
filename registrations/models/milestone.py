"""Which reminders and final notices a period of protection has had."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from notifications.models import Message
from registrations.enums import Rung
from registrations.models.registration import Registration


class Milestone(models.Model):
    """A rung of the ladder that was dealt with, in one protection epoch, so that a sweep run a hundred times sends one mail.

    `day` counts from the last update for reminders, back from `until` for the others; `until` is the end of protection
    that was told, so an end that moves has its warnings anew. `message` is null where a later rung was due as well and
    only that one was sent.
    """

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="milestones")
    epoch = models.PositiveIntegerField()
    rung = models.CharField(max_length=12, choices=Rung, default=Rung.REMINDER, db_default=Rung.REMINDER)
    day = models.PositiveSmallIntegerField()
    until = models.DateTimeField(db_default=Now())
    at = models.DateTimeField()
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="milestones")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "epoch", "day"], condition=Q(rung=Rung.REMINDER), name="reminder_once"
            ),
            models.UniqueConstraint(
                fields=["registration", "epoch", "rung", "until", "day"],
                condition=~Q(rung=Rung.REMINDER),
                name="warning_once",
            ),
            models.CheckConstraint(condition=Q(rung__in=Rung.values), name="milestone_rung_known"),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} epoch {self.epoch} {self.rung} {self.day}"
