"""Which messages are due and whose notices are whose."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now

from notifications.enums import MessageStatus

if TYPE_CHECKING:
    from accounts.models import User
    from notifications.models import Message, Notice


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: "User") -> "MessageQuerySet":
        """All for those who look after the outbox, none for others: a mail's words are its reader's."""
        return self.all() if user.may("outbox.view") else self.none()

    def about_or_to(self, words: str) -> "MessageQuerySet":
        """Those to the address, or about the record with the code, that `words` is; all if it is empty."""
        words = words.strip().replace("\x00", "")
        if not words:
            return self.all()
        return self.filter(address__iexact=words) if "@" in words else self.filter(about=words.upper())

    def due(self, now: datetime) -> "MessageQuerySet":
        """Waiting and allowed to go by `now`."""
        return self.filter(status=MessageStatus.PENDING, not_before__lte=now).order_by("not_before", "id")

    def claimable(self, now: datetime, *, abandoned_before: datetime) -> "MessageQuerySet":
        """Due, or claimed so long ago that whoever claimed it must have died."""
        waiting = models.Q(status=MessageStatus.PENDING)
        abandoned = models.Q(status=MessageStatus.SENDING, claimed_at__lt=abandoned_before)
        return self.filter(waiting | abandoned, not_before__lte=now).order_by("not_before", "id")

    def claimed_at(self, pk: int, moment: datetime) -> "MessageQuerySet":
        """The one message, if it is still held by the claim of `moment`: the guard of every update after sending."""
        return self.filter(pk=pk, status=MessageStatus.SENDING, claimed_at=moment)

    def backlog(self) -> "MessageQuerySet":
        """What should have left and has not, or may never."""
        return self.filter(status__in=[MessageStatus.PENDING, MessageStatus.SENDING])


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: "User") -> "NoticeQuerySet":
        """One's own, only, and of those the ones whose moment has come."""
        return self.filter(user=user, created_at__lte=Now())

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)
