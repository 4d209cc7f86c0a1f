"""News of a right waits ten minutes: what ends within them was never said, and nothing overtakes what waits."""

from datetime import timedelta

import pytest
from django.core import mail

from core.clock import database_clock, fixed
from core.vendor_days import midnight
from notifications.models import Message, Notice
from notifications.sending import send_outbox
from policies.services.rights import end_right, end_rights_of, take_back_right
from policies.services.rights_ahead import tell_who_is_kept_out_since
from tests.policies.makers import give, give_by_form, in_days, mail_leaves, today

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def waiting(person):
    """The subjects of the mails about rights that the person will get, in the order in which they leave."""
    found = Message.objects.filter(recipient=person, event__startswith="policy.right_", status="pending")
    return [message.subject for message in found.order_by("not_before", "pk")]


def test_a_right_taken_back_by_its_page_before_anybody_read_of_it_was_never_said(
    client, alice, charlie, northgate, southridge, olga, gateways
):
    client.force_login(olga)
    sent = {
        "partner": northgate.code,
        "product_line": "gateways",
        "begins_on": in_days(40).isoformat(),
        "effect": "refused",
        "note": "By contract.",
        "is_exclusive": "yes",
    }
    assert give_by_form(client, sent).status_code == 302
    right = northgate.exclusive_rights.get()
    assert len(waiting(charlie)) == 1

    page = f"/policies/rights/{right.code}/end/"
    assert client.post(page, {"note": "Wrong line.", "version": right.version}).status_code == 302
    for minutes in (1, 11, 30):
        send_outbox(clock=fixed(database_clock() + minutes * MINUTE))

    told = {
        person: [one.subject for one in mail.outbox if person.email in one.to] for person in (alice, charlie)
    }
    assert told[charlie] == [] and not Notice.objects.filter(user=charlie).exists()
    assert len(told[alice]) == 2 and "will not begin" in told[alice][1]  # its holder was told at once


def test_given_to_the_wrong_firm_first_the_right_one_reads_that_it_is_its_own(
    alice, charlie, northgate, southridge, olga, gateways
):
    wrong = give(northgate, olga, product_line=gateways, begins=40)
    take_back_right(wrong, by=olga, note="Wrong firm.", version=1)
    give(southridge, olga, product_line=gateways, begins=40)

    assert [subject.partition(" from ")[0] for subject in waiting(charlie)] == ["Exclusive for Southridge"]
    assert "is not open to new registrations" in waiting(alice)[-1]


@pytest.mark.parametrize("begins", [0, 40])
def test_with_a_partnership_that_ends_in_those_minutes_it_was_never_said(
    begins, charlie, northgate, southridge, olga, gateways
):
    right = give(northgate, olga, product_line=gateways, begins=begins)

    end_rights_of(northgate, by=olga, reason="They closed.", clock=fixed(right.created_at + MINUTE))

    assert waiting(charlie) == []


def test_what_was_read_is_taken_back(charlie, northgate, southridge, olga, gateways):
    right = give(northgate, olga, product_line=gateways, begins=40)
    mail_leaves()

    take_back_right(right, by=olga, note="Wrong line.", version=1)

    assert waiting(charlie) == ["A change that will not happen: Gateways"]


def test_a_notice_that_is_shown_already_is_taken_back_in_order_though_its_mail_is_late(
    charlie, northgate, southridge, olga, gateways
):
    give(northgate, olga, product_line=gateways, begins=40)
    Message.objects.update(not_before=database_clock() - MINUTE)

    take_back_right(northgate.exclusive_rights.get(), by=olga, note="Wrong line.", version=1)

    first, last = waiting(charlie)
    assert "is not open to new registrations" in first
    assert last == "A change that will not happen: Gateways"


def test_an_early_end_leaves_after_the_announcement_that_waits(
    charlie, northgate, southridge, olga, gateways
):
    right = give(northgate, olga, product_line=gateways)

    end_right(right, by=olga, on=today(), note="For a day.", version=1, agreed=True)

    first, last = waiting(charlie)
    assert "is not open to new registrations" in first and last.startswith("Open again after")


def test_an_early_end_leaves_after_what_waits_for_the_morning(charlie, northgate, southridge, olga, gateways):
    southridge_of = type(southridge).objects.filter(pk=southridge.pk)
    southridge_of.update(status="suspended")
    night = midnight(today()) + timedelta(hours=1)
    right = give(northgate, olga, product_line=gateways, begins=60, clock=fixed(night - timedelta(days=20)))
    southridge_of.update(status="active")
    tell_who_is_kept_out_since(clock=fixed(night))

    end_right(right, by=olga, on=in_days(70), note="Shorter.", version=1, clock=fixed(night + MINUTE))

    first, last = waiting(charlie)
    assert "is not open to new registrations" in first and last.startswith("Open again after")
