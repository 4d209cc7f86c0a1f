"""What the portal has mailed, is about to mail, and could not mail."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from core.errors import WrongStatus
from core.http import render_page_or_partial
from core.paging import page_by_id
from notifications.enums import MessageStatus
from notifications.models import Message
from notifications.services import resend
from notifications.views.requests import SignedInRequest

TONES = {
    MessageStatus.PENDING: "wait",
    MessageStatus.SENDING: "info",
    MessageStatus.SENT: "ok",
    MessageStatus.FAILED: "stop",
    MessageStatus.CANCELLED: "off",
}


@dataclass(frozen=True)
class Row:
    """A message with the colour of its status."""

    message: Message
    tone: str
    waits: bool
    given_up: bool


@require_safe
@requires("outbox.view")
def outbox(request: SignedInRequest) -> HttpResponse:
    """Messages by status, newest first; `q` is an address or the code of a record."""
    found = Message.objects.visible_to(request.user).about_or_to(request.GET.get("q", ""))
    status = request.GET.get("status", "")
    if status in MessageStatus.values:
        found = found.filter(status=status)
    page = page_by_id(found.defer("text", "html"), request.GET.get("after", ""))
    context = {
        "page_title": "Outbox",
        "page": page,
        "rows": [_row(message) for message in page.rows],
        "views": _views(request, status),
        "q": request.GET.get("q", ""),
        "status": status,
        "may_resend": request.user.may("outbox.resend"),
        "older": f"?{urlencode({**request.GET.dict(), 'after': page.after})}" if page.after else "",
    }
    return render_page_or_partial(request, "notifications/outbox.html", "notifications/_outbox.html", context)


@require_POST
@requires("outbox.resend")
def resend_message(request: SignedInRequest, message_id: int) -> HttpResponse:
    """Puts a message that was given up back into the outbox."""
    message = get_object_or_404(Message.objects.visible_to(request.user), pk=message_id)
    try:
        resend(message, by=request.user)
    except WrongStatus as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(request, f"The mail to {message.address} is on its way again.")
    return redirect(f"{reverse('notifications:outbox')}?status={MessageStatus.FAILED}")


def _row(message: Message) -> Row:
    status = MessageStatus(message.status)
    return Row(
        message, TONES[status], waits=status == MessageStatus.PENDING, given_up=status == MessageStatus.FAILED
    )


def _views(request: SignedInRequest, status: str) -> list[dict[str, object]]:
    """Counts only where few rows are expected: those that were sent are never counted."""
    address, words = reverse("notifications:outbox"), request.GET.get("q", "")
    rows = Message.objects.visible_to(request.user)
    shown: list[dict[str, object]] = []
    for value, label in [("", "All"), *MessageStatus.choices]:
        query = urlencode({name: text for name, text in (("status", value), ("q", words)) if text})
        counted = value in {MessageStatus.PENDING, MessageStatus.FAILED}
        shown.append(
            {
                "label": label,
                "url": f"{address}?{query}" if query else address,
                "active": value == status,
                "count": rows.filter(status=value).count() if counted else None,
            }
        )
    return shown
