"""Leads to answer, for the partner's first screen."""

from datetime import datetime

from django.urls import reverse

from accounts.models import User
from leads.models import Gift
from leads.querysets import firm_of
from registrations import shown
from registrations.waiting import Group, Item

_MOST = 5


def leads_to_answer(reader: User, now: datetime) -> list[Group]:
    """Those that the reader's firm has, soonest deadline first."""
    firm = firm_of(reader)
    if firm is None:
        return []
    gifts = (
        Gift.objects.open().filter(partner=firm).select_related("lead__currency").order_by("answer_by", "id")
    )
    found = list(gifts[: _MOST + 1])
    if not found:
        return []
    total = len(found) if len(found) <= _MOST else gifts.count()
    items = [_item(gift, now) for gift in found[:_MOST]]
    return [Group("Leads to answer", "send", items, total, reverse("leads:ours"))]


def _item(gift: Gift, now: datetime) -> Item:
    lead = gift.lead
    return Item(
        name=lead.company_name,
        url=reverse("leads:lead", args=[lead.code]),
        action="Answer",
        days=shown.days_until(gift.answer_by, now),
        until=gift.answer_by,
        value=shown.money(lead.value, lead.currency),
    )
