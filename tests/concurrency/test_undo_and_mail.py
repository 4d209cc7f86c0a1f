"""Undo against the mail sender: never both, never neither. And two managers who answer one request or appeal."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from threading import Barrier

import pytest
from django.core import mail

import registrations.services.undo as undo_module
from accounts import enums
from core.clock import database_clock, fixed
from core.errors import DomainError
from notifications import sending
from notifications.models import Message
from registrations.enums import RefusalReason, RequestState, Status
from registrations.services import appeals, decisions, extensions
from registrations.services.timeline import first_broken
from tests.concurrency.racing import meeting, race
from tests.people import MONDAY_CLOCK, make_user
from tests.registrations.requests_help import letter

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def refused(alice, mara, register):
    """A decision of this very moment, with nothing else in the outbox, and a sender whose clock says that it may go."""
    deal = register(alice, "Kestrel Foods", value=Decimal(900_000))
    Message.objects.all().delete()
    return decisions.refuse(deal, by=mara, reason_code=RefusalReason.EARLY, text="Too early.")


def send():
    """The outbox run of a moment at which the hold is over: the last second of an undo on its way."""
    return sending.send_outbox(clock=fixed(database_clock() + timedelta(seconds=60)))


def meet(monkeypatch):
    """The undo has looked, the sender has claimed: both wait for each other there, then go on."""
    barrier = Barrier(2)
    monkeypatch.setattr(sending, "_claim", meeting(sending._claim, 2, barrier=barrier))
    monkeypatch.setattr(undo_module, "_check", meeting(undo_module._check, 2, barrier=barrier))


def outcome(decision):
    decision.refresh_from_db()
    decision.registration.refresh_from_db()
    return decision.undone_at is not None, len(mail.outbox), decision.registration.status


def test_undo_and_the_sender_never_both(refused, mara, monkeypatch):
    """They meet after the sender has claimed and before the undo cancels, or the other way round."""
    meet(monkeypatch)
    results = race(lambda: undo_module.undo(refused, by=mara), send)

    undone, sent, status = outcome(refused)
    assert (undone, sent, status) in {(True, 0, Status.IN_REVIEW), (False, 1, Status.REFUSED)}, results
    assert first_broken(refused.registration) is None


def test_undo_first_then_the_sender_finds_nothing(refused, mara):
    undo_module.undo(refused, by=mara)
    send()
    assert outcome(refused) == (True, 0, Status.IN_REVIEW)


def test_without_the_look_at_the_claim_both_would_happen(refused, mara, monkeypatch):
    """The negative control: an undo that does not ask whether the message could be cancelled."""
    monkeypatch.setattr(undo_module, "cancel_message", lambda message: True)
    meet(monkeypatch)
    results = race(lambda: undo_module.undo(refused, by=mara), send)

    assert outcome(refused) == (True, 1, Status.IN_REVIEW), results


def test_two_managers_answer_one_request(alice, mara, ada, register):
    deal = register(alice, "Acme Pumps GmbH")
    asked = extensions.ask(deal, by=alice, text="More time.", upload=letter(), clock=MONDAY_CLOCK)
    until = deal.protected_until
    results = race(
        lambda: extensions.grant(asked, by=mara, text="Yes.", clock=MONDAY_CLOCK),
        lambda: extensions.grant(asked, by=ada, text="Yes.", clock=MONDAY_CLOCK),
        lambda: extensions.refuse(asked, by=ada, text="No.", clock=MONDAY_CLOCK),
    )

    asked.refresh_from_db()
    deal.refresh_from_db()
    assert sum(isinstance(result, DomainError) for result in results) == 2
    granted = asked.state == RequestState.GRANTED
    assert (deal.protected_until > until) == granted
    assert deal.decisions.filter(action__in=["extend", "refuse_extension"]).count() == 1


def test_one_appeal_for_one_decision_and_one_outcome(refused, alice, bob, ada, register):
    noor = make_user("Noor", enums.CHANNEL_MANAGER)
    made = race(*[partial(appeals.appeal, refused, by=person, text="But.") for person in (alice, bob, alice)])
    assert sum(isinstance(result, DomainError) for result in made) == 2
    appeal = refused.registration.appeals.get()

    results = race(
        lambda: appeals.grant(appeal, by=ada, text="Yes."),
        lambda: appeals.dismiss(appeal, by=noor, text="No."),
    )

    assert sum(isinstance(result, DomainError) for result in results) == 1
    assert refused.registration.decisions.filter(action__endswith="_appeal").count() == 1
    assert first_broken(refused.registration) is None
