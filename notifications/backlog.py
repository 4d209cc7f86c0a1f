"""How much mail is waiting: a figure of the health page."""

from django.db.models import Count, Min, Q
from django.db.models.functions import Now

from notifications.enums import MessageStatus
from notifications.models import Message


def backlog() -> dict[str, object]:
    """Messages that should have left by now, since when the oldest has been due (ISO 8601, UTC), and those given up."""
    late = Q(status__in=[MessageStatus.PENDING, MessageStatus.SENDING], not_before__lte=Now())
    found = Message.objects.filter(late | Q(status=MessageStatus.FAILED)).aggregate(
        waiting=Count("pk", filter=late),
        oldest=Min("not_before", filter=late),
        given_up=Count("pk", filter=Q(status=MessageStatus.FAILED)),
    )
    oldest = found["oldest"]
    return {
        "waiting": found["waiting"],
        "oldest_due": oldest.isoformat() if oldest else None,
        "given_up": found["given_up"],
    }
