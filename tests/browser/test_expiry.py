"""Protection runs out: the company is free, the next in line gets it, and it can be registered anew."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from core.clock import database_clock, fixed
from notifications.models import Message
from policies.models import RegistrationPolicy
from registrations.enums import Status
from registrations.models import Registration
from registrations.services import decisions, expiry, reminders
from tests.browser import steps

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def start(db):
    """61 days ago in the morning: what is registered then has run out by now, and what takes its place has not."""
    return (database_clock() - timedelta(days=61)).replace(hour=9)


@pytest.fixture
def held(alice, register, start):
    # Who let it expire may come back at once: the wait for that is shown elsewhere.
    RegistrationPolicy.objects.create(version=2, effective_from=start, created_at=start, cooling_off_days=0)
    return register(alice, "Acme Pumps GmbH", clock=fixed(start))


@pytest.fixture
def rival(held, charlie, mara, register, start):
    later = fixed(start + timedelta(days=1))
    rival = register(charlie, "ACME Pumps", clock=later)
    if rival.status == Status.IN_REVIEW:
        decisions.put_on_waitlist(rival, behind=held, by=mara, clock=later)
        rival.refresh_from_db()
    assert (rival.status, rival.waits_for) == (Status.WAITLISTED, held)
    return rival


def sweep(start):
    """Reminders and expiry on each day that matters; the mail server takes all mails at once."""
    for day in (0, 30, 53, 59, 60):
        now = start + timedelta(days=day)
        reminders.send_reminders(clock=fixed(now))
        expiry.expire_registrations(clock=fixed(now))
        Message.objects.filter(sent_at=None).update(status="sent", sent_at=now)


def test_the_next_in_line_is_offered_what_expired(sign_in, alice, bob, charlie, held, rival, start, gateways):
    hers, his, chiefs = sign_in(alice), sign_in(charlie), sign_in(bob)
    his.goto(f"/registrations/{rival.code}/")
    expect(his.locator("main")).to_contain_text("You are next in line")

    sweep(start)

    for page in (hers, chiefs):  # her firm's admin sees what she sees
        page.goto(f"/registrations/{held.code}/")
        steps.status_of(page, "Expired")
    his.reload()
    steps.status_of(his, "Offered to you")
    his.get_by_role("link", name="Answer the offer").click()
    his.get_by_role("button", name="Accept the deal").click()
    steps.status_of(his, "Protected")
    expect(his.get_by_role("region", name="What happened")).to_contain_text(
        re.compile("moved up", re.IGNORECASE)
    )

    his.get_by_role("link", name="Release the deal").click()
    his.get_by_role("button", name="Release the deal").click()
    steps.status_of(his, "Withdrawn")

    hers.get_by_role("button", name="Use again").click()
    expect(hers.get_by_role("heading", level=1)).to_have_text("Acme Pumps GmbH")
    steps.complete(hers, gateways)
    steps.submit(hers)
    hers.get_by_role("link", name="Open the registration").click()
    steps.status_of(hers, "Protected")
    again = Registration.objects.exclude(pk=held.pk).get(owner=alice)
    assert (again.status, again.previous, again.company) == (Status.APPROVED, held, held.company)
