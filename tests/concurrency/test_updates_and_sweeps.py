"""Partners, managers and sweeps on one registration at once: nobody's change is lost, nothing happens twice."""

from datetime import timedelta

import pytest

from core.clock import fixed
from core.errors import DomainError
from notifications.models import Message
from registrations.enums import RefusalReason, Status
from registrations.models import Milestone, Registration
from registrations.services import decisions, expiry, partner_actions, reminders
from registrations.services.timeline import first_broken
from tests.concurrency.racing import meeting, race
from tests.people import MONDAY

pytestmark = pytest.mark.django_db(transaction=True)


def later(days):
    return fixed(MONDAY + timedelta(days=days))


@pytest.fixture
def deal(alice, register):
    return register(alice, "Acme Pumps GmbH")


def hand_over_all(at):
    """The mail server took everything, at `at`."""
    Message.objects.filter(sent_at=None).update(status="sent", sent_at=at)


@pytest.fixture
def run_out(deal):
    """Its protection has run out and it was warned in time."""
    for day in (53, 59):
        reminders.send_reminders(clock=later(day))
        hand_over_all(MONDAY + timedelta(days=day))
    return deal


def test_expiry_against_update_one_of_them_wins_whole(run_out, alice, monkeypatch):
    monkeypatch.setattr(expiry, "was_warned", meeting(expiry.was_warned, 2))
    race(
        lambda: expiry.expire_registrations(clock=later(61)),
        lambda: partner_actions.update(run_out, by=alice, fields={}, note="Met the board.", clock=later(61)),
    )
    run_out.refresh_from_db()

    kinds = list(run_out.timeline.values_list("kind", flat=True))
    held = run_out.holdings.filter(ended_at=None).exists()
    if run_out.status == Status.APPROVED:
        assert run_out.protected_until == MONDAY + timedelta(days=121) and held and "expire" not in kinds
    else:
        assert run_out.status == Status.EXPIRED and not held and "update" not in kinds
    assert first_broken(run_out) is None


def test_an_update_between_the_look_and_the_lock_keeps_the_deal(run_out, alice, monkeypatch):
    """The sweep has read the row as due; then the update commits; the sweep looks again under the lock."""
    asked = expiry.was_warned

    def update_first(registration, now):
        if Registration.objects.get(pk=run_out.pk).protection_epoch == 1:
            race(
                lambda: partner_actions.update(
                    run_out, by=alice, fields={}, note="Still on it.", clock=later(61)
                )
            )
        return asked(registration, now)

    monkeypatch.setattr(expiry, "was_warned", update_first)
    expiry.expire_registrations(clock=later(61))

    run_out.refresh_from_db()
    assert run_out.status == Status.APPROVED


def test_two_reminder_sweeps_at_once_one_mail(deal):
    race(*[lambda: reminders.send_reminders(clock=later(30))] * 3)

    assert Message.objects.filter(event="registration.reminder").count() == 1
    assert Milestone.objects.count() == 1


def test_two_expiry_sweeps_at_once_one_expiry(run_out):
    race(*[lambda: expiry.expire_registrations(clock=later(61))] * 3)

    assert run_out.timeline.filter(kind="expire").count() == 1
    assert Message.objects.filter(event="registration.expired").count() == 1


def test_two_managers_decide_one_registration(alice, mara, ada, register):
    from decimal import Decimal

    deal = register(alice, "Acme Pumps GmbH", value=Decimal(900_000))
    results = race(
        lambda: decisions.assign(deal, by=mara, version=deal.version),
        lambda: decisions.refuse(
            deal, by=ada, version=deal.version, reason_code=RefusalReason.EARLY, text="Too early."
        ),
    )

    assert sum(isinstance(result, DomainError) for result in results) == 1
    assert deal.decisions.count() == 1
    assert first_broken(deal) is None


def test_two_ends_of_one_holder_offer_it_to_one(alice, bob, charlie, mara, ada, register):
    """Holder withdrawn and revoked at once, two waiting: exactly one has its turn, the first."""
    held = register(alice, "Acme Pumps GmbH")
    second, third = register(charlie, "Acme Pumps GmbH"), register(bob, "Acme Pumps GmbH")
    for row in (second, third):
        decisions.put_on_waitlist(row, behind=held, by=mara)
    held.refresh_from_db()

    race(
        lambda: partner_actions.withdraw(held, by=alice),
        lambda: decisions.revoke(held, by=ada, reason_code=RefusalReason.INACTIVE, text="No update."),
    )

    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.status, third.status) == (Status.OFFERED, Status.WAITLISTED)
