"""Which reminders and final notices a period of protection has had."""

from django.db import models

from notifications.models import Message
from registrations.models.registration import Registration


class Milestone(models.Model):
    """A point on the way to expiry that was dealt with: `final` for final notices, `day` counted from the last update.

    One row a registration, protection epoch and milestone, so that a sweep run a hundred times sends one mail.
    `message` is null where a later milestone was due as well and only that one was sent.
    """

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="milestones")
    epoch = models.PositiveIntegerField()
    day = models.PositiveSmallIntegerField()
    final = models.BooleanField(default=False)
    at = models.DateTimeField()
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="milestones")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "epoch", "day"], name="milestone_once")
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} epoch {self.epoch} day {self.day}"
