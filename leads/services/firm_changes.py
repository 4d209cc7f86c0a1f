"""What a change of a firm's status does to the leads that wait for its answer: they go on to somebody who can work on them."""

from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import User
from core.clock import Clock
from leads.enums import GiftEnd
from leads.models import Gift
from leads.services.notices import people_of
from leads.services.sweeping import pull_back
from partners.consequences import Consequence, Ended, Entry
from partners.enums import StandingChange
from partners.models import Partner

KEY = "leads pulled back"
_TAKES_AWAY = (StandingChange.SUSPEND, StandingChange.END)


def foresee(partner: Partner, change: StandingChange) -> list[Consequence]:
    """What would follow now: one query."""
    if change not in _TAKES_AWAY:
        return []
    number = Gift.objects.open().filter(partner=partner).count()
    return [
        Consequence(
            key=KEY,
            label=f"Pulled back: {number} {'lead that waits' if number == 1 else 'leads that wait'} for an answer",
            count=number,
            url=f"{reverse('leads:list')}?{urlencode({'partner': partner.code})}",
            note="Each goes on to the next firm, into the pool or back to us, as it says there.",
        )
    ]


def carry_out(
    partner: Partner,
    change: StandingChange,
    *,
    by: User | None,
    reason: str,
    clock: Clock,
    most: int | None = None,
) -> dict[str, int]:
    """Pulls them back at once, as the sweep of deadlines would. Locks registry, companies and leads, so it comes before what
    locks registrations."""
    if change not in _TAKES_AWAY:
        return {}
    gifts = Gift.objects.open().filter(partner=partner).select_related("lead", "partner").order_by("lead")
    return {KEY: sum(pull_back(gift, clock()) for gift in gifts[:most])}


def ended(partner: Partner, since: datetime) -> list[tuple[User, Ended]]:
    """The leads that were pulled back from `since` on, for those who would have answered them: three queries."""
    ends = (GiftEnd.PULLED_BACK, GiftEnd.TAKEN_BACK)
    rows = Gift.objects.filter(partner=partner, end__in=ends, ended_by=None, ended_at__gte=since)
    people = people_of(partner)
    return [
        (person, Ended("Leads", f"{gift.lead.company_name} ({gift.lead.code})", "pulled back"))
        for gift in rows.select_related("lead").order_by("ended_at", "pk")
        for person in people
    ]


ENTRY = Entry("leads", foresee, carry_out, order=10, bounded=True, ended=ended)
