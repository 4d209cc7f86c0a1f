"""What the desk says before a button is pressed: what it will do to whom, and what the policy says about the two."""

from datetime import timedelta

import pytest
from django.urls import reverse

from companies.matching import CompanyQuery
from companies.services import create_company
from core.clock import fixed
from registrations.services import decisions, partner_actions
from tests.companies.makers import make_account
from tests.people import MONDAY, MONDAY_CLOCK

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def big(alice, register):
    """`big(name)`: waits for a person because of its value."""

    def make(name, *, person=None, **rest):
        return register(person or alice, name, value=500_000, **rest)

    return make


def test_effects_name_whom_they_reach(client, mara, alice, charlie, dan, big, register):
    held = register(alice, "Ostrava Steel")
    first = big("Ostrava Steel", person=dan, clock=fixed(MONDAY + timedelta(hours=1)))
    second = big("Ostrava Steel", person=charlie, clock=fixed(MONDAY + timedelta(hours=2)))
    decisions.put_on_waitlist(second, behind=held, by=mara, clock=MONDAY_CLOCK)
    client.force_login(mara)

    def told(registration):
        page = client.get(
            reverse("registrations:review_item", args=[registration.code]), {"candidate": held.code}
        )
        shown = [*page.context["decisions"], *page.context["candidate_decisions"]]
        return {decision["code"]: decision["effect"] for decision in shown}

    effects = told(first)
    assert effects["waitlist"] == (
        f"Northgate waits behind its own {held.code} at place 1 and gets a mail. "
        f"Southridge’s {second.code} moves to place 2."
    )
    assert effects["assign"].startswith(f"Only after you have said whether Northgate ({held.code}) holds")
    decisions.put_on_waitlist(first, behind=held, by=mara, clock=MONDAY_CLOCK)
    assert told(first)["refuse"].endswith(f"Southridge’s {second.code} moves up one place.")
    page = client.get(reverse("registrations:review_item", args=[held.code]))
    revoke = next(d["effect"] for d in page.context["decisions"] if d["code"] == "revoke")
    assert f"It is then the turn of Northgate ({first.code})" in revoke


def test_the_policy_speaks_about_the_two(client, mara, alice, charlie, big, register):
    register(alice, "Ostrava Steel")
    later = big("Ostrava Steel", person=charlie, clock=fixed(MONDAY + 3 * DAY))
    client.force_login(mara)
    said = client.get(reverse("registrations:review_item", args=[later.code])).context["policy_says"]
    assert any("count as the same company: that begins at 90" in sentence for sentence in said)
    assert any(
        "for the same product line at the company. They overlap here." in sentence for sentence in said
    )
    assert any(
        "Northgate registered on 2 Mar 2026, 3 days before Southridge." in sentence for sentence in said
    )
    assert any("protected for 60 days" in sentence for sentence in said)


def test_the_policy_is_silent_about_what_keeps_nobody_out(client, mara, alice, dan, charlie, big, register):
    """A deal that was won, a claim of direct sales without products, and the firm's own other deal."""
    client.force_login(mara)

    def said(registration):
        page = client.get(reverse("registrations:review_item", args=[registration.code]))
        return " ".join(page.context["policy_says"])

    make_account(create_company(CompanyQuery(name="Wolkenstein Optik"), by=mara))
    claimed = said(big("Wolkenstein Optik"))
    assert "count as the same company" in claimed and "overlap" not in claimed
    held = register(alice, "Ostrava Steel")
    second = big("Ostrava Steel", person=dan)
    assert "They overlap here. Both are Northgate’s own." in said(second)
    rival = big("Ostrava Steel", person=charlie)
    partner_actions.record_won(held, by=alice, value=5_000, closed_on=MONDAY.date())
    page = client.get(
        reverse("registrations:review_item", args=[rival.code]), {"candidate": held.code}
    ).context
    assert page["compared"].rival.registration == held
    assert not any("overlap" in sentence or "First come" in sentence for sentence in page["policy_says"])
