"""Mail that came in: what was done with each, and why not more."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from core.clock import database_clock
from core.http import render_page_or_partial
from core.paging import page_by_id
from registrations import shown
from registrations.models import IncomingMail
from registrations.querysets import IncomingMailQuerySet
from registrations.services import expiry
from registrations.services.mail_in import readings

O = IncomingMail.Outcome  # noqa: E741

# Outcome → tone, and what was done and why, in words for whoever is asked about it.
_TOLD = {
    O.UPDATED: ("ok", "It is an update on the timeline, in the name of its writer, who was told so."),
    O.REFUSED: ("wait", "Nothing was changed. The writer was told why."),
    O.EMPTY: ("wait", "Nothing stood above the quoted mail, so nothing was changed. The writer was told so."),
    O.MACHINE: ("off", "An automatic answer, a list or a bounce: nothing was done, and nobody was told."),
    O.NO_TOKEN: (
        "off",
        "It was not sent to the address of a reminder, so it cannot be told what it is about.",
    ),
    O.BAD_TOKEN: (
        "stop",
        "The address that it was sent to is cut off or forged. Nothing was done, and nobody was told.",
    ),
    O.WRONG_SENDER: (
        "stop",
        "It came from somebody else than the reminder had gone to. Nothing was done, and nobody was told.",
    ),
    O.FAILED: ("stop", "It could not be read, and lies flagged in the mailbox."),
}
# What stands over a tab: the outcomes under it.
_VIEWS: dict[str, tuple[str, tuple[str, ...]]] = {
    "": ("All", ()),
    "updates": ("Became updates", (O.UPDATED,)),
    "answered": ("Answered with why not", (O.REFUSED, O.EMPTY)),
    "ignored": ("Nothing done", (O.MACHINE, O.NO_TOKEN, O.BAD_TOKEN, O.WRONG_SENDER)),
    "failed": ("Could not be read", (O.FAILED,)),
}


@dataclass(frozen=True)
class Row:
    """A mail as the list shows it. `detail` is the reason as it was logged, such as the header that gave a machine away."""

    subject: str
    sender: str
    label: str
    tone: str
    told: str
    detail: str
    code: str
    when: str


@require_safe
@requires("outbox.view")
def incoming(request: HttpRequest) -> HttpResponse:
    """Newest first, by what became of it; `q` is a part of the sender's address, or the code of a registration."""
    user: Any = request.user
    reach = IncomingMail.objects.visible_to(user)
    view = request.GET.get("view", "")
    view = view if view in _VIEWS else ""
    words = request.GET.get("q", "")
    found = reach.about_or_from(words)
    if _VIEWS[view][1]:
        found = found.filter(outcome__in=_VIEWS[view][1])
    page = page_by_id(found.select_related("registration"), request.GET.get("after", ""))
    context = {
        "page_title": "Incoming mail",
        "rows": [_row(mail) for mail in page.rows],
        "views": _views(reach, view, words),
        "view": view,
        "q": words,
        "older": f"?{urlencode({**request.GET.dict(), 'after': page.after})}" if page.after else "",
        "address": settings.MAIL_IN_ADDRESS,
        "unread": _unread(database_clock()),
    }
    return render_page_or_partial(
        request, "registrations/incoming.html", "registrations/_incoming.html", context
    )


def _unread(now: datetime) -> str:
    """Where the mailbox was not read for a while: since when, and which deals do not end for that reason."""
    if not readings.is_late(now):
        return ""
    read = readings.last()
    since = f"since {shown.moment(read)}" if read else "yet"
    waiting = expiry.held_up_by_mail(now)
    deals = "1 deal has" if waiting == 1 else f"{waiting} deals have"
    told = f"The mailbox was not read {since}: the log of the worker says why."
    if waiting:
        told += f" {deals} run out meanwhile, and end only once it is read: their partners may have answered in time."
    return told


def _row(mail: IncomingMail) -> Row:
    tone, told = _TOLD[O(mail.outcome)]
    return Row(
        subject=mail.subject or "(no subject)",
        sender=mail.sender or "(no sender)",
        label=O(mail.outcome).label,
        tone=tone,
        told=told,
        detail=mail.detail,
        code=mail.registration.code if mail.registration else "",
        when=shown.moment(mail.at),
    )


def _views(reach: IncomingMailQuerySet, view: str, words: str) -> list[dict[str, object]]:
    """Only what failed is counted: it waits for somebody."""
    address = reverse("registrations:incoming")
    tabs: list[dict[str, object]] = []
    for name, (label, outcomes) in _VIEWS.items():
        query = urlencode({key: text for key, text in (("view", name), ("q", words)) if text})
        count = reach.filter(outcome__in=outcomes).count() if name == "failed" else None
        url = f"{address}?{query}" if query else address
        tabs.append({"label": label, "url": url, "active": name == view, "count": count})
    return tabs
