"""A draft of the policy that operations think about, and the right that is announced: what both would have done to the past
year."""

from datetime import datetime, timedelta
from decimal import Decimal

from accounts.models import User
from demo.history import Past
from policies.models import ExclusiveRight
from policies.planned import change_of_right
from policies.services import begin_draft, save_draft
from registrations.services.simulating import run_simulations
from registrations.services.simulations import start_simulation, start_trial

_NOTE = "Fewer reviews for what is clear, a line instead of a queue, and no hoarding; the website tells companies apart."
_SETTINGS = {
    "auto_approve_below": Decimal(150_000),
    "least_value": Decimal(8_000),
    "required_fields": ["website", "expected_close"],
    "waitlist_same": True,
    "open_most_registered": 6,
}


def load_draft(past: Past, today: datetime, *, by: User) -> None:
    """Written two days ago, simulated the day after."""
    with past.at(today - timedelta(days=2, hours=-13)) as clock:
        draft = begin_draft(by=by, clock=clock)
        draft = save_draft(draft, by=by, revision=draft.revision, settings=_SETTINGS, note=_NOTE, clock=clock)
    with past.at(today - timedelta(days=1, hours=-10)) as clock:
        start_simulation(draft, by=by, since=today - timedelta(days=366), until=today, clock=clock)
        while run_simulations(clock=clock):
            pass


def load_trial(past: Past, today: datetime, *, by: User) -> None:
    """The right that is announced, tried yesterday."""
    rights = ExclusiveRight.objects.scheduled(today)
    right = rights.select_related("partner", "product_line", "territory", "industry")[0]
    with past.at(today - timedelta(days=1, hours=-11)) as clock:
        change = change_of_right(right)
        start_trial(change, by=by, since=today - timedelta(days=366), until=today, clock=clock)
        while run_simulations(clock=clock):
            pass
