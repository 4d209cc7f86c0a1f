"""What every page shows of the notices: the number on the bell."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from notifications.models import Notice


def unread_notices(request: HttpRequest) -> dict[str, object]:
    """`unread_notices`: how many notices the reader has not opened. Counted only by a page that shows it."""

    def count() -> int:
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated:
            return 0
        return Notice.objects.visible_to(user).unread().count()

    return {"unread_notices": SimpleLazyObject(count)}
