"""The outbox of mails and the notices inside the portal. Both are written in the transaction that causes them."""

from django.db import models
from django.db.models.functions import Upper

from accounts.models import User
from notifications.enums import MessageStatus
from notifications.querysets import MessageQuerySet, NoticeQuerySet


class Message(models.Model):
    """One mail to one person for one occasion: UNIQUE `occasion` is what 'never twice' rests on."""

    occasion = models.CharField(max_length=200, unique=True)
    event = models.CharField(max_length=60)
    recipient = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="messages")
    address = models.EmailField()
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField()
    language = models.CharField(max_length=10, default="en")  # the one it is written in
    message_id = models.CharField(max_length=250)
    reply_to = models.CharField(max_length=254, blank=True, default="", db_default="")
    about = models.CharField(
        max_length=40, blank=True, db_index=True
    )  # public code of the record it speaks of

    status = models.CharField(max_length=10, choices=MessageStatus, default=MessageStatus.PENDING)
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=MessageStatus.values), name="message_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status=MessageStatus.SENT, sent_at__isnull=False)
                | (~models.Q(status=MessageStatus.SENT) & models.Q(sent_at=None)),
                name="message_sent_has_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-id"], name="message_by_status"),
            models.Index(Upper("address"), name="message_by_address"),
            models.Index(
                fields=["not_before", "id"],
                condition=models.Q(status__in=[MessageStatus.PENDING, MessageStatus.SENDING]),
                name="message_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.address}"


class Notice(models.Model):
    """A line behind the bell: what happened, and where to go. It appears at `created_at`, never before its mail."""

    occasion = models.CharField(max_length=200)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    event = models.CharField(max_length=60)
    title = models.CharField(max_length=250)
    link = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "occasion"], name="notice_once")]
        indexes = [models.Index(fields=["user"], condition=models.Q(read_at=None), name="notice_unread")]

    def __str__(self) -> str:
        return self.title
