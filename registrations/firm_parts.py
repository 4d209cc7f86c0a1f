"""What a firm's page shows of its registrations."""

from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from accounts.models import User
from partners.models import Partner
from partners.page_parts import Part
from registrations.enums import OPEN, Status
from registrations.models import Registration


def registrations_of(partner: Partner, reader: User) -> list[Part]:
    """Open ones, and how many were won, of those that `reader` may see: one query."""
    if not any(reader.may(f"registrations.{name}") for name in ("view_all", "view_firm", "view_own")):
        return []
    counted = (
        Registration.objects.visible_to(reader)
        .filter(partner=partner)
        .aggregate(open=Count("pk", filter=Q(status__in=OPEN)), won=Count("pk", filter=Q(status=Status.WON)))
    )
    query = urlencode({"partner": partner.code} if reader.is_vendor else {})
    url = reverse("registrations:list") + (f"?{query}" if query else "")
    note = f"{counted['won']} won" if counted["won"] else "Open ones counted"
    return [Part("registrations", "Registrations", url, counted["open"], note, icon="briefcase", order=10)]
