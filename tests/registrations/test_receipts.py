"""The receipt and the mail about a decision say the same, and the one leads to the other."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core.clock import database_clock, fixed
from notifications.models import Message
from registrations.enums import Action
from registrations.models import Decision
from registrations.services import decisions, offers, partner_actions
from tests.people import MONDAY, MONDAY_CLOCK

pytestmark = pytest.mark.django_db
NO_RULE = "No rule decided it. A channel manager did, for the reason above."


def receipt_of(client, person, decision):
    client.force_login(person)
    return client.get(reverse("registrations:receipt", args=[decision.code])).content.decode()


def refuse(register, alice, mara):
    deal = register(alice, "Kestrel Foods", value=500_000, clock=database_clock)
    decision = decisions.refuse(deal, by=mara, reason_code="early", text="No budget yet.")
    return decision, Message.objects.get(event="registration.refused")


def test_a_reason_from_the_list_is_no_rule_on_the_receipt_and_in_the_mail(client, alice, mara, register):
    decision, mail = refuse(register, alice, mara)

    assert NO_RULE in receipt_of(client, alice, decision)
    for text in (mail.text, mail.html):
        assert NO_RULE in text and "The reason: too early." in text
    assert "Rule that applied: Too early" not in mail.text


def test_a_rule_of_the_policy_is_told_as_it_is(client, alice, mara, register):
    deal = register(alice, "Kestrel Foods", clock=database_clock)
    decision = Decision.objects.get(registration=deal, action=Action.SUBMIT)
    mail = Message.objects.get(event="registration.approved")

    assert decision.rule in receipt_of(client, alice, decision)
    assert f"Rule that applied: {decision.rule}" in mail.text


def test_the_mail_about_a_refusal_leads_to_the_receipt_with_the_appeal(
    client, alice, mara, register, settings
):
    decision, mail = refuse(register, alice, mara)
    path = reverse("registrations:receipt", args=[decision.code])

    address = f"{settings.PORTAL_URL}{path}"
    assert f"Receipt: {decision.code}, {address}" in mail.text
    link = f'<a href="{address}"'
    assert mail.html.count(link) == 2  # in the sentence about the appeal, and below
    assert reverse("registrations:appeal", args=[decision.code]) in receipt_of(client, alice, decision)


def test_the_receipt_of_an_offer_not_answered_says_that_there_is_no_appeal(
    client, alice, charlie, mara, register
):
    held, waiting = (register(person, "Acme Pumps GmbH") for person in (alice, charlie))
    decisions.put_on_waitlist(waiting, behind=held, by=mara, clock=MONDAY_CLOCK)
    partner_actions.withdraw(held, by=alice, clock=MONDAY_CLOCK)
    Message.objects.filter(sent_at=None).update(status="sent", sent_at=MONDAY)
    offers.lapse_offers(clock=fixed(MONDAY + timedelta(days=8)))
    decision = Decision.objects.get(action=Action.LAPSE)

    page = receipt_of(client, charlie, decision)

    assert "there is nothing to appeal against" in page and "use it again for a new registration" in page
    assert reverse("registrations:appeal", args=[decision.code]) not in page
    for_vendor = receipt_of(client, mara, decision)
    assert "there is nothing to appeal against" in for_vendor and "use it again" not in for_vendor
