"""What can happen to a message in the outbox."""

from django.db import models


class MessageStatus(models.TextChoices):
    PENDING = "pending", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Handed to the mail server"
    FAILED = "failed", "Given up"
    CANCELLED = "cancelled", "Cancelled before it was sent"
