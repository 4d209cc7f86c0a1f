"""One row of the queue, as the list shows it. Nothing here asks the database."""

from typing import Any

from django.utils import timezone

from registrations.comparison import money
from registrations.models import Registration, Snooze
from registrations.queue import Reader
from registrations.referee_words import percent
from registrations.views.review.address import Address
from registrations.views.review.ages import age_of
from registrations.workflow import label_for


def row_of(
    row: Registration, reader: Reader, address: Address, opened: Registration | None
) -> dict[str, Any]:
    """What the list says of `row`, which came from queue.rows_of."""
    score = row.top_score  # type: ignore[attr-defined]
    is_open = opened is not None and opened.pk == row.pk
    return {
        "code": row.code,
        "tick": f"{row.code}:{row.version}:{row.timeline_head.number}",
        "company": row.company_name,
        "partner": row.partner.name,
        "value": money(row.value, row.currency.code),
        "age": age_of(row, reader.now),
        "likeness": percent(score) if score is not None else "",
        "failed": "check_failed" in row.review_reasons,
        "news": row.news and not is_open,  # type: ignore[attr-defined]
        "reviewer": _reviewer(row, reader),
        "snooze": snooze_words(row, reader),
        "status": row.status,
        "status_label": label_for(row.status, vendor=True),
        "url": address.to("review_item", row.code),
        "current": is_open,
    }


def snooze_words(row: Registration, reader: Reader) -> str:
    """'Comes back Monday 30 Nov: waits for the call' or, once it has, 'Back: …'; empty where it is not snoozed."""
    snooze: Snooze | None = getattr(row, "snooze", None)
    if snooze is None or snooze.at < row.changed_at:
        return ""
    if snooze.until <= reader.now:
        return f"Back: {snooze.reason}"
    return f"Comes back {timezone.localtime(snooze.until):%A %-d %b}: {snooze.reason}"


def _reviewer(row: Registration, reader: Reader) -> str:
    """Whose it is, where it is not the reader's own."""
    if row.reviewer is None:
        return "Nobody's"
    return "" if row.reviewer_id == reader.user.pk else str(row.reviewer)
