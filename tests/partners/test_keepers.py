"""Mails about a firm to the vendor's side come to whoever keeps it: its manager, else their stand-in, else operations."""

from datetime import timedelta

import pytest

from accounts.absences import plan_absence
from accounts.enums import CHANNEL_MANAGER
from accounts.models import User
from core.clock import database_clock, fixed
from core.vendor_days import vendor_day
from leads.enums import DeclineReason, Way
from leads.services.answering import decline
from leads.services.giving import give
from notifications.models import Message
from partners.keepers import keepers_of
from partners.models import Partner
from partners.services.certificates import send_certificate_warnings
from programs.services import enrolling
from registrations.services.reminders import send_reminders
from tests.leads.makers import make_lead
from tests.partners.certificates.makers import make_type, placed
from tests.people import MONDAY, MONDAY_CLOCK, make_user
from tests.programs.makers import make_program

pytestmark = pytest.mark.django_db


def away(person: User, deputy: User, *, clock=database_clock) -> User:
    """`deputy` stands in for a week."""
    today = clock().date()
    days = {"starts_on": today, "ends_on": today + timedelta(days=7)}
    plan_absence(person, delegate=deputy, by=person, clock=clock, **days)
    return deputy


@pytest.fixture(params=["here", "away", "closed", "nobody"])
def keeper(request, olga, mara, northgate) -> User:
    """Who keeps Northgate, as its manager is here, away or gone, or there is none."""
    if request.param == "away":
        return away(mara, make_user("Noor", CHANNEL_MANAGER))
    if request.param == "closed":
        User.objects.filter(pk=mara.pk).update(is_active=False)
    elif request.param == "nobody":
        Partner.objects.filter(pk=northgate.pk).update(manager=None)
    northgate.refresh_from_db()
    return mara if request.param == "here" else olga


def told(event: str) -> set[str]:
    """To whom at the vendor's side mails of `event` were written."""
    mails = Message.objects.filter(event=event).values_list("address", flat=True)
    return {address for address in mails if address.endswith("@vendor.example")}


def test_a_certificate_that_ends(northgate, bob, keeper):
    assert keepers_of(northgate, database_clock()) == [keeper]
    last = vendor_day(database_clock()) + timedelta(days=6)
    placed(northgate, make_type(), valid_from=last - timedelta(days=300), valid_to=last)
    send_certificate_warnings()
    assert told("certificate.expiring") == {keeper.email}
    assert Message.objects.filter(event="certificate.expiring", recipient=bob).count() == 1


def test_a_firm_that_leaves_a_program(northgate, olga, bob, keeper):
    program = make_program(olga, clock=database_clock)
    enrolment = enrolling.approve(enrolling.apply(program, by=bob), by=olga)
    enrolling.leave(enrolment, by=bob)
    assert told("program.left") == {keeper.email}


def test_an_invitation_that_is_declined_comes_to_who_invited_too(northgate, mara, olga, bob):
    noor = away(mara, make_user("Noor", CHANNEL_MANAGER))
    invited = enrolling.invite(make_program(olga, clock=database_clock), northgate, by=olga)
    enrolling.decline(invited, by=bob)
    assert told("program.left") == {olga.email, noor.email}


def test_a_lead_that_is_declined(northgate, mara, olga, alice, gateways):
    lead = make_lead(olga, "Blohm Presswerk GmbH", gateways, clock=database_clock)
    give(lead, way=Way.HAND, by=olga, partner=northgate)
    noor = away(mara, make_user("Noor", CHANNEL_MANAGER))
    decline(lead, by=alice, reason=DeclineReason.CAPACITY)
    assert told("lead.declined") == {noor.email}


def test_a_deal_whose_people_have_left(northgate, mara, alice, register):
    """Somebody must hear that its protection ends, since nothing expires unheard."""
    deal = register(alice, "Acme GmbH", clock=MONDAY_CLOCK)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    month = fixed(MONDAY + timedelta(days=30))
    noor = away(mara, make_user("Noor", CHANNEL_MANAGER), clock=month)
    send_reminders(clock=month)
    assert told("registration.reminder") == {noor.email}
    User.objects.filter(pk=mara.pk).update(is_active=False)
    deal.refresh_from_db()
    assert keepers_of(deal.partner, month()) == []  # nobody in operations
    olga = make_user("Olga", "channel_operations")
    send_reminders(clock=fixed(MONDAY + timedelta(days=53)))
    assert told("registration.final_notice") == {olga.email}
