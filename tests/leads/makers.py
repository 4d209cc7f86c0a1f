"""Leads for the tests."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from catalog.models import ProductLine
from core.clock import Clock, fixed
from leads.models import Gift, Lead
from leads.services.keeping import create_lead
from notifications.models import Message
from tests.people import MONDAY, MONDAY_CLOCK


def later(hours: float) -> Clock:
    """So many hours after the Monday of the tests."""
    return fixed(MONDAY + timedelta(hours=hours))


def make_lead(
    by: User, company: str, *lines: ProductLine, clock: Clock = MONDAY_CLOCK, **fields: Any
) -> Lead:
    """A lead that nobody has yet."""
    values = {
        "company_name": company,
        "country": "DE",
        "need": "Remote access to twelve presses.",
        "contact_name": "Ines Blohm",
        "contact_email": "ines@blohm.example",
        "value": Decimal(40_000),
        **fields,
    }
    return create_lead(by=by, fields=values, product_lines=lines, clock=clock)


def holder_of(lead: Lead) -> str:
    """The name of the firm that has the lead, '' for none."""
    gift = Gift.objects.filter(lead=lead, ended_at=None).select_related("partner").first()
    return gift.partner.name if gift else ""


def mails(event: str) -> list[str]:
    """To whom mails of `event` were written, in order."""
    return list(Message.objects.filter(event=event).order_by("pk").values_list("address", flat=True))


def kinds(lead: Lead) -> list[str]:
    """What happened to the lead, in order."""
    return list(lead.timeline.order_by("number").values_list("kind", flat=True))


def hand_over(messages: Iterable[Message], at: Any) -> None:
    """The mail server took them, at `at`."""
    Message.objects.filter(pk__in=[message.pk for message in messages]).update(status="sent", sent_at=at)
