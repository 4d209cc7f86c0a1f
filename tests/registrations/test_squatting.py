"""Hoarding names: a limit by tier, a wait after an expiry, and updates that say something new."""

from datetime import date, timedelta

import pytest

from core.clock import fixed
from core.errors import BadInput
from notifications.models import Message
from partners.enums import PartnerTier
from registrations.enums import RefusalReason, Stage, Status
from registrations.services import appeals, decisions, expiry, partner_actions, reminders, still_active
from tests.people import MONDAY, MONDAY_CLOCK
from tests.registrations.requests_help import letter, policy

pytestmark = pytest.mark.django_db


def later(days):
    return fixed(MONDAY + timedelta(days=days))


def let_expire(deal):
    """Silence until the end of protection and after it."""
    for day in (53, 59):
        reminders.send_reminders(clock=later(day))
    Message.objects.filter(sent_at=None).update(status="sent", sent_at=MONDAY + timedelta(days=54))
    expiry.expire_registrations(clock=later(61))
    deal.refresh_from_db()
    assert deal.status == Status.EXPIRED


def test_the_limit_is_the_tiers_and_counts_the_whole_firm(alice, bob, charlie, northgate, register):
    policy(open_most_registered=2, open_most_silver=3)
    first = register(alice, "Acme Pumps GmbH")
    register(bob, "Kestrel Foods")

    third = register(alice, "Quiet Corner Ltd")
    assert third.status == Status.REFUSED
    receipt = third.decisions.get()
    assert "at a time, and yours has 2" in receipt.rule
    assert appeals.can_be_disputed(receipt)
    assert register(charlie, "Quiet Corner Ltd").status == Status.APPROVED  # another firm's count is its own

    partner_actions.release(first, by=alice, clock=MONDAY_CLOCK)
    assert register(alice, "Borealis Wind").status == Status.APPROVED
    northgate.tier = PartnerTier.SILVER
    northgate.save()
    assert register(alice, "Harbour Cranes").status == Status.APPROVED
    assert register(alice, "Tin Whistle Ltd").status == Status.REFUSED


def test_the_wait_after_an_expiry_binds_the_firm_that_let_it_expire(alice, bob, charlie, register):
    let_expire(register(alice, "Acme Pumps GmbH"))

    too_soon = register(bob, "ACME Pumps GmbH", clock=later(90))
    assert too_soon.status == Status.REFUSED
    assert "1 June 2026, 09:00 UTC" in too_soon.decisions.get().rule
    assert register(alice, "Kestrel Foods", clock=later(90)).status == Status.APPROVED
    assert register(alice, "Acme Pumps GmbH", clock=later(91)).status == Status.APPROVED


def test_the_rival_of_who_let_it_expire_does_not_wait(alice, charlie, register):
    let_expire(register(alice, "Acme Pumps GmbH"))
    assert register(charlie, "Acme Pumps GmbH", clock=later(62)).status == Status.APPROVED


def test_whoever_released_in_time_does_not_wait_either(alice, register):
    held = register(alice, "Acme Pumps GmbH")
    partner_actions.release(held, by=alice, clock=later(50))
    assert register(alice, "Acme Pumps GmbH", clock=later(51)).status == Status.APPROVED


NOTHING, NEW = False, True
UPDATES = [
    ({"stage": Stage.PROPOSAL}, "", NEW),
    ({"value": 70_000}, "", NEW),
    ({"value": 50_000}, "", NOTHING),
    ({"expected_close": date(2026, 12, 1)}, "", NEW),
    ({"next_step": "Workshop in May"}, "", NEW),
    ({"next_step": "  offer SENT,  waiting. "}, "", NOTHING),  # the same words as now
    ({"next_step": "First call"}, "", NOTHING),  # the same words as once before
    ({"next_step": ""}, "", NOTHING),
    ({"contact_made": "meeting", "contact_on": date(2026, 3, 1)}, "", NEW),
    ({"contact_made": ""}, "", NOTHING),
    ({"competitors": "Big Rival Inc."}, "", NOTHING),
    ({}, "Met the board on Monday.", NEW),
    ({}, "still   ON it!", NOTHING),  # the same sentence again
    ({}, " .!? ", NOTHING),
    ({}, "", NOTHING),
]


@pytest.mark.parametrize(("fields", "note", "counts"), UPDATES)
def test_what_counts_as_an_update(alice, register, fields, note, counts):
    deal = register(alice, "Acme Pumps GmbH", next_step="")
    for step, told in (("First call", ""), ("Offer sent; waiting", "Still on it.")):
        partner_actions.update(deal, by=alice, fields={"next_step": step}, note=told, clock=later(5))
    deal.refresh_from_db()
    until = deal.protected_until

    if counts:
        partner_actions.update(deal, by=alice, fields=fields, note=note, clock=later(20))
    else:
        with pytest.raises(BadInput, match="same words again do not count"):
            partner_actions.update(deal, by=alice, fields=fields, note=note, clock=later(20))

    deal.refresh_from_db()
    assert deal.protected_until == until + timedelta(days=15 if counts else 0)


def test_evidence_with_an_update_where_the_policy_asks_for_it(alice, register):
    policy(update_evidence_required=True)
    deal = register(alice, "Acme Pumps GmbH")
    said = {"by": alice, "note": "Met the board.", "clock": later(20)}
    for fields in ({}, {"contact_on": date(2026, 3, 1)}):  # a contact from before the last update
        with pytest.raises(BadInput, match="asks for evidence"):
            partner_actions.update(deal, fields=fields, **said)
    with pytest.raises(BadInput, match="asks for evidence"):
        still_active.keep_alive(still_active.link_for(deal).rstrip("/").rsplit("/", 1)[-1], clock=later(20))

    partner_actions.update(deal, fields={"contact_on": date(2026, 3, 20)}, **said)
    partner_actions.update(
        deal, by=alice, fields={}, note="The board agreed.", upload=letter(), clock=later(40)
    )
    deal.refresh_from_db()
    assert deal.protected_until == MONDAY + timedelta(days=100)
    assert deal.timeline.filter(kind="attached").count() == 1


def test_revoking_says_why_and_can_be_disputed(alice, mara, register):
    deal = register(alice, "Acme Pumps GmbH")
    decision = decisions.revoke(
        deal, by=mara, reason_code=RefusalReason.INACTIVE, text="No news.", clock=later(40)
    )
    assert (decision.rule, decision.status_after) == ("No longer worked on", Status.REVOKED)
    assert appeals.can_be_disputed(decision)
