"""A line of two behind a holder, and the offer that the first of them gets."""

import pytest

from registrations.enums import OfferOutcome
from registrations.models import Offer
from registrations.services import decisions, partner_actions
from tests.people import MONDAY_CLOCK


@pytest.fixture
def held(alice, register):
    return register(alice, "Acme Pumps GmbH")


@pytest.fixture
def line(held, alice, dan, charlie, mara, register):
    """Charlie is next, dan behind him."""
    rows = [register(person, "Acme Pumps GmbH") for person in (charlie, dan)]
    for row in rows:
        decisions.put_on_waitlist(row, behind=held, by=mara, clock=MONDAY_CLOCK)
        row.refresh_from_db()
    held.refresh_from_db()
    return rows


@pytest.fixture
def offer(held, line, alice):
    partner_actions.withdraw(held, by=alice, clock=MONDAY_CLOCK)
    return Offer.objects.get(outcome=OfferOutcome.OPEN)
