"""What a firm's page shows of its leads."""

from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import User
from leads.models import Gift
from partners.models import Partner
from partners.page_parts import Part


def leads_of(partner: Partner, reader: User) -> list[Part]:
    """Leads that wait for the firm's answer: one query."""
    if not (reader.may("leads.view_all") or reader.may("leads.work")):
        return []
    waiting = Gift.objects.open().filter(partner=partner).count()
    url = reverse("leads:ours")
    if reader.is_vendor:
        url = f"{reverse('leads:list')}?{urlencode({'partner': partner.code})}"
    note = "Waiting for an answer" if waiting else "None waits for an answer"
    return [Part("leads", "Leads", url, waiting, note, icon="send", order=20)]
