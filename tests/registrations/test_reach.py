"""What one row at hand says of who may see it is what the list of visible rows says."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.models import Member
from registrations.models import Registration
from registrations.querysets import reaches
from registrations.services import submission
from tests.people import MONDAY_CLOCK, draft_for

pytestmark = pytest.mark.django_db


def test_a_row_is_reached_by_those_who_see_it_in_the_list(
    alice, bob, dan, charlie, mara, ivan, southridge, gateways, register
):
    submitted, draft = register(alice, "Acme Pumps GmbH"), draft_for(alice, "Zeta Bakery Oy", gateways)
    discarded = draft_for(alice, "Gone AG", gateways)
    Registration.objects.filter(pk=discarded.pk).update(discarded_at=timezone.now())
    discarded.refresh_from_db()

    def agree():
        for row in (submitted, draft, discarded):
            for user in (alice, bob, dan, charlie, mara, ivan):
                listed = Registration.objects.visible_to(user).filter(pk=row.pk).exists()
                assert reaches(user, row) == listed, (user, row)

    agree()
    Member.objects.filter(user=alice).update(
        partner=southridge
    )  # alice changes sides; her object doesn't know
    agree()
    assert not reaches(alice, submitted)
    Member.objects.filter(user=bob).delete()
    agree()


def test_a_submission_takes_few_statements(alice, charlie, gateways, register):
    """Each one costs the portal more time than the database: a rule that asks once more should be worth it."""
    register(charlie, "Acme Pumps GmbH")
    draft = draft_for(alice, "Acme Pumps GmbH", gateways)

    with CaptureQueriesContext(connection) as asked:
        submission.submit(draft, by=alice, clock=MONDAY_CLOCK)

    assert len(asked) <= 66, "\n".join(row["sql"][:150] for row in asked)
