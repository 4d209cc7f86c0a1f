"""The log of mail that came in: each one once, whatever became of it; and until when all was read."""

from django.db import models

from accounts.models import User
from registrations.models.registration import Registration
from registrations.querysets import IncomingMailQuerySet


class IncomingMail(models.Model):
    """A mail and its outcome. `key` is what makes it the same mail when it comes again; the text itself is kept only
    where it became an entry of the timeline."""

    class Outcome(models.TextChoices):
        UPDATED = "updated", "Became an update"
        REFUSED = "refused", "Could not become an update"
        EMPTY = "empty", "Nothing above the quote"
        MACHINE = "machine", "Written by a machine"
        NO_TOKEN = "no_token", "Not to an address of ours"
        BAD_TOKEN = "bad_token", "To an address that is not valid"
        WRONG_SENDER = "wrong_sender", "From somebody else than it was sent to"
        FAILED = "failed", "Could not be read"

    key = models.CharField(max_length=64, unique=True)
    message_id = models.CharField(max_length=250, blank=True)
    sender = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=250, blank=True)
    registration = models.ForeignKey(
        Registration, null=True, on_delete=models.PROTECT, related_name="incoming_mails"
    )
    person = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome)
    detail = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    objects = IncomingMailQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    outcome__in=[
                        "updated",
                        "refused",
                        "empty",
                        "machine",
                        "no_token",
                        "bad_token",
                        "wrong_sender",
                        "failed",
                    ]
                ),
                name="incoming_outcome_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.outcome}: {self.sender}"


class MailboxReading(models.Model):
    """The one row that says when the last look into the mailbox that came to its end began: what had come by then is dealt
    with. Written and read by services/mail_in/readings.py."""

    began_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="mailboxreading_has_one_row")]

    def __str__(self) -> str:
        return f"read until {self.began_at.isoformat()}"
