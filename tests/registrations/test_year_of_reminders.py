"""A year of days, swept as beat sweeps: exactly these mails, at these local times, and no other.

The year holds 29 February 2024, the changes of summer time in Europe, America and New Zealand, and ten days in which the
whole portal is down. Readers live in three time zones.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.clock import fixed
from notifications.models import Message
from registrations.enums import Status
from registrations.services import expiry, partner_actions, reminders

pytestmark = pytest.mark.django_db

FIRST, LAST = datetime(2023, 12, 4, tzinfo=UTC), datetime(2024, 12, 4, tzinfo=UTC)
DOWN_FROM, UP_AGAIN = datetime(2024, 5, 20, 12, tzinfo=UTC), datetime(2024, 5, 30, 16, tzinfo=UTC)
ZONES = {
    "alice": "Europe/Berlin",
    "bob": "Europe/Berlin",
    "charlie": "America/New_York",
    "dan": "Pacific/Auckland",
    "mara": "Europe/Berlin",
}


@dataclass
class Life:
    """A deal: who owns it, when it was submitted and updated (UTC), what is mailed about it (the readers' times)."""

    owner: str
    company: str
    submitted: str
    updated: tuple[str, ...]
    mails: tuple[str, ...]
    ends: str = Status.EXPIRED


LIVES = [
    # A month of silence, an update, then silence, over the leap day: 30 days after 8 January, 7 before 8 March.
    Life(
        "alice",
        "Acme Pumps GmbH",
        "2023-12-04 09:00",
        ("2024-01-08 15:00",),
        (
            "2024-01-03 08:00 reminder",
            "2024-02-07 08:00 reminder",
            "2024-03-01 08:00 final_notice",
            "2024-03-05 08:00 silent",
            "2024-03-07 08:00 final_notice",
            "2024-03-09 08:00 expired",  # it ended at 20:00, in the evening
        ),
    ),
    # Updated on the leap day itself; summer time begins in between (31 March), the hour stays.
    Life(
        "bob",
        "Borealis Shipping AS",
        "2024-02-01 22:30",
        ("2024-02-29 12:00", "2024-04-22 22:30"),
        (
            "2024-03-30 08:00 reminder",
            "2024-04-22 08:00 final_notice",
            # 22 May passed while the portal was down: one message when it is back, in the reader's afternoon.
            "2024-05-30 18:00 reminder",
            "2024-06-15 08:00 final_notice",
            "2024-06-19 08:00 silent",
            "2024-06-21 08:00 final_notice",
            "2024-06-22 08:00 expired",
        ),
    ),
    # Both final notices fall into the outage: one warning when it is back, three days more, one last notice.
    Life(
        "charlie",
        "Werra Kaliwerke GmbH",
        "2024-02-01 15:00",
        ("2024-03-31 14:00",),
        (
            "2024-03-02 08:00 reminder",
            "2024-03-25 08:00 final_notice",
            "2024-03-29 08:00 silent",
            "2024-03-31 08:00 final_notice",
            "2024-04-30 08:00 reminder",
            "2024-05-30 12:00 final_notice",
            "2024-05-30 18:00 silent",
            "2024-06-01 08:00 final_notice",
            "2024-06-02 16:00 expired",
        ),
    ),
    # The first final notice left the day before the outage; the last one and the end fall into it: as late as above.
    Life(
        "bob",
        "Nordhaven Windworks",
        "2024-03-27 10:00",
        (),
        (
            "2024-04-26 08:00 reminder",
            "2024-05-19 08:00 final_notice",
            "2024-05-30 18:00 final_notice",
            "2024-05-30 18:00 silent",
            "2024-06-01 08:00 final_notice",
            "2024-06-03 08:00 expired",  # it ended at 18:00 the day before, and was swept after 20:00
        ),
    ),
    # New Zealand's summer time ends on 7 April and begins on 29 September. Updated just before the end.
    Life(
        "dan",
        "Sankt Veit Kliniken",
        "2024-03-10 20:00",
        ("2024-05-08 20:00",),
        (
            "2024-04-10 08:00 reminder",
            "2024-05-03 08:00 final_notice",
            "2024-05-06 08:00 silent",
            "2024-06-08 08:00 reminder",
            "2024-07-01 08:00 final_notice",
            "2024-07-04 08:00 silent",
            "2024-07-07 08:00 final_notice",
            "2024-07-08 08:00 expired",
        ),
    ),
    # Summer time ends on 27 October. Won in time: nothing more is sent.
    Life(
        "alice",
        "Hafenlogistik Rostock",
        "2024-09-20 06:30",
        (),
        (
            "2024-10-20 08:00 reminder",
            "2024-11-12 08:00 final_notice",
            "2024-11-16 08:00 silent",
        ),
        ends="won 2024-11-17 10:00",
    ),
]


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def instants():
    """8 o'clock of each zone on each day, as beat would come by, and the moment when the portal is up again."""
    found = {UP_AGAIN}
    for days in range((LAST - FIRST).days + 1):
        day = (FIRST + timedelta(days=days)).date()
        found |= {datetime.combine(day, time(8), ZoneInfo(zone)).astimezone(UTC) for zone in ZONES.values()}
    return sorted(at for at in found if FIRST <= at <= LAST and not DOWN_FROM <= at < UP_AGAIN)


def live(happenings):
    """What people do at their moments, and both sweeps with the outbox at each of `instants`."""
    for at, act in sorted(
        [(at, None) for at in instants()] + happenings, key=lambda pair: (pair[0], pair[1] is None)
    ):
        if act:
            act(fixed(at))
            continue
        reminders.send_reminders(clock=fixed(at))
        expiry.expire_registrations(clock=fixed(at))
        Message.objects.filter(status="pending", not_before__lte=at).update(status="sent", sent_at=at)


def test_exactly_these_mails_in_a_year(alice, bob, charlie, dan, mara, register):
    people = {"alice": alice, "bob": bob, "charlie": charlie, "dan": dan, "mara": mara}
    for name, person in people.items():
        person.time_zone = ZONES[name]
        person.save(update_fields=["time_zone"])
    deals = {}

    def submit(life):
        def act(clock):
            deals[life.company] = register(people[life.owner], life.company, clock=clock)

        return moment(life.submitted), act

    def update(life, text):
        def act(clock):
            deal, by = deals[life.company], people[life.owner]
            partner_actions.update(deal, by=by, fields={}, note=f"Still on it, {text}.", clock=clock)

        return moment(text), act

    def win(life):
        def act(clock):
            partner_actions.record_won(
                deals[life.company],
                by=people[life.owner],
                value=50_000,
                closed_on=clock().date(),
                clock=clock,
            )

        return moment(life.ends.removeprefix("won ")), act

    live(
        [submit(life) for life in LIVES]
        + [update(life, text) for life in LIVES for text in life.updated]
        + [win(life) for life in LIVES if life.ends.startswith("won")]
    )

    for life in LIVES:
        deal = deals[life.company]
        deal.refresh_from_db()
        assert mailed(deal) == list(life.mails), life.company
        assert deal.status == life.ends.split()[0]
        assert len(set(mailed(deal))) == len(mailed(deal))
    assert not Message.objects.filter(status="pending").exclude(event="registration.approved").exists()


def mailed(deal):
    """The ladder's mails as their readers' clocks showed it."""
    rows = Message.objects.filter(about=deal.code, status="sent").exclude(
        event__in=["registration.approved", "registration.won"]
    )
    return [
        f"{row.sent_at.astimezone(ZoneInfo(row.recipient.time_zone)):%Y-%m-%d %H:%M} {row.event.split('.')[1]}"
        for row in rows.select_related("recipient").order_by("sent_at", "id")
    ]
