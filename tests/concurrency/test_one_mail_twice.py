"""Two runs read one mailbox at once: the same mail is one update. The control takes away what decides it."""

from datetime import timedelta

import pytest
from django.db import connection

from core.clock import fixed
from registrations.models import IncomingMail
from registrations.services.mail_in import address, receiving
from tests.concurrency.racing import meeting, race
from tests.people import MONDAY
from tests.registrations.mail_in.letters import letter

pytestmark = pytest.mark.django_db(transaction=True)
NOW = fixed(MONDAY + timedelta(days=31))


@pytest.mark.parametrize("key_is_unique", [True, False])
def test_the_same_mail_in_two_runs(key_is_unique, alice, register, monkeypatch):
    deal = register(alice, "Acme Pumps GmbH")
    to = address.reply_address(deal, alice, at=NOW())
    content = letter(alice.email, to, "We met the board.").as_bytes()
    if not key_is_unique:
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE registrations_incomingmail DROP CONSTRAINT registrations_incomingmail_key_key"
            )
    monkeypatch.setattr(receiving.address, "read", meeting(address.read, 2))

    race(*[lambda: receiving.receive(content, clock=NOW)] * 2)

    try:
        assert IncomingMail.objects.count() == (1 if key_is_unique else 2)
        # Even then the same words are no second update: the policy of updates sees to it.
        assert deal.timeline.filter(kind="update").count() == 1
    finally:
        if not key_is_unique:
            IncomingMail.objects.all().delete()
            with connection.cursor() as cursor:
                cursor.execute(
                    "ALTER TABLE registrations_incomingmail ADD CONSTRAINT registrations_incomingmail_key_key UNIQUE (key)"
                )
