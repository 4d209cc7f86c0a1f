"""Two people, or a person and a sweep, on one registration at once: one of them wins whole, the other is told. Beside each
pair the control: without the locks both believe that they have done it, and one of the two is lost."""

from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest

from core.clock import fixed
from core.errors import DomainError
from notifications.models import Message
from registrations.enums import RefusalReason, Status
from registrations.models import Registration
from registrations.services import decisions, expiry, partner_actions, reminders, transitions
from registrations.services.timeline import first_broken
from tests.concurrency.racing import meeting, race
from tests.people import MONDAY

pytestmark = pytest.mark.django_db(transaction=True)
LATE = fixed(MONDAY + timedelta(days=61))


@pytest.fixture
def in_review(alice, register):
    return register(alice, "Acme Pumps GmbH", value=Decimal(900_000))


@pytest.fixture
def asked(in_review, mara):
    decisions.ask_information(in_review, by=mara, text="Who is your contact?")
    return Registration.objects.get(pk=in_review.pk)


@pytest.fixture
def run_out(alice, register):
    """Protected, silent for sixty days, and warned in time."""
    deal = register(alice, "Acme Pumps GmbH")
    for day in (53, 59):
        reminders.send_reminders(clock=fixed(MONDAY + timedelta(days=day)))
        Message.objects.filter(sent_at=None).update(status="sent", sent_at=MONDAY + timedelta(days=day))
    return deal


def two_managers(in_review, mara, ada):
    said = {"reason_code": RefusalReason.EARLY, "text": "Too early.", "version": in_review.version}
    return (
        lambda: decisions.assign(in_review, by=mara, version=in_review.version),
        lambda: decisions.refuse(in_review, by=ada, **said),
    )


def a_partner_answers(asked, mara, alice):
    return (
        lambda: decisions.assign(asked, by=mara, version=asked.version),
        lambda: partner_actions.answer(asked, by=alice, text="Eve.", version=asked.version),
    )


def a_partner_withdraws(in_review, mara, alice):
    return (
        lambda: decisions.assign(in_review, by=mara, version=in_review.version),
        lambda: partner_actions.withdraw(in_review, by=alice, version=in_review.version),
    )


def an_update_in_the_last_moment(run_out, alice):
    return (
        lambda: expiry.expire_registrations(clock=LATE).done or DomainError("not due any more"),
        lambda: partner_actions.update(run_out, by=alice, fields={}, note="Met the board.", clock=LATE),
    )


PAIRS = [two_managers, a_partner_answers, a_partner_withdraws, an_update_in_the_last_moment]


def without_locks(monkeypatch):
    monkeypatch.setattr(transitions, "lock_companies", lambda ids: {})
    monkeypatch.setattr(transitions, "lock_registrations", lambda pks: Registration.objects.in_bulk(pks))
    # The numbers of the timeline are a second line of defence: one of two entries of one number is refused.
    monkeypatch.setattr(transitions.timeline, "record", lambda *_, **__: None)


@pytest.mark.parametrize("locked", [True, False])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.__name__)
def test_one_of_two_wins_whole(pair, locked, request, monkeypatch):
    names = pair.__code__.co_varnames[: pair.__code__.co_argcount]
    given = [request.getfixturevalue(name) for name in names]
    deeds = pair(*given)
    if not locked:
        without_locks(monkeypatch)
    # Behind the locks the second never comes, so the first waits for it in vain; without them it does, however slowly.
    opened = meeting(transitions.opened, 2, seconds=0.7 if locked else 10, barrier=Barrier(2))
    for module in (decisions, partner_actions, expiry):
        monkeypatch.setattr(module, "opened", opened)

    results = race(*deeds)

    done = [result for result in results if not isinstance(result, Exception)]
    refused = [result for result in results if isinstance(result, DomainError)]
    if not locked:
        assert len(done) == 2, results
        return
    assert (len(done), len(refused)) == (1, 1), results
    deal = Registration.objects.get(pk=given[0].pk)
    assert deal.holdings.filter(ended_at=None).exists() == (deal.status == Status.APPROVED)
    assert first_broken(deal) is None
