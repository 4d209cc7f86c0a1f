"""A partner signs in, registers a deal, and keeps it alive with the link of the reminder; each page fits a phone."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from core.clock import database_clock, fixed
from notifications.models import Message
from registrations.enums import Status
from registrations.models import Registration
from registrations.services import reminders
from tests.browser import steps
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


def everything() -> dict[str, list[Any]]:
    """All rows of all tables, sessions aside."""
    models = [model for model in apps.get_models() if model is not Session]
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in models}


def signed_in_by_hand(page: Page, address: str) -> None:
    page.goto("/")
    expect(page).to_have_url(re.compile("/account/sign-in/"))
    steps.fits_a_phone(page)
    page.locator("[name=login]").fill(address)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/registrations/overview/$"))
    steps.fits_a_phone(page)


def test_from_signing_in_to_keeping_it_alive(sign_in, live_server, alice, gateways):
    page = sign_in(None)
    signed_in_by_hand(page, alice.email)

    page.locator("main").get_by_role("link", name="Register a deal").click()
    steps.fits_a_phone(page)
    page.locator("#id_company_name").press_sequentially("Acme Pumps GmbH")
    expect(page.locator("#precheck")).to_contain_text("Clear")
    page.locator("#id_value").fill("48 500")
    page.get_by_role("button", name="Continue to the details").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Acme Pumps GmbH")
    steps.fits_a_phone(page)

    page.locator("#id_country").select_option("AT")
    expect(page.locator("#id_value")).to_have_value(re.compile("48.?500"))
    steps.complete(page, gateways)
    expect(page.locator("main")).to_contain_text("Austria")
    expect(page.locator("main")).to_contain_text("Gateways")
    steps.fits_a_phone(page)
    steps.submit(page)
    deal = Registration.objects.get()
    expect(page.get_by_role("heading", level=1)).to_have_text("The deal is protected for you")
    expect(page.locator(".landing-facts")).to_contain_text(deal.code)
    steps.fits_a_phone(page)

    page.get_by_role("link", name="Open the registration").click()
    steps.status_of(page, "Protected")
    expect(page.locator("main")).to_contain_text(deal.code)
    steps.fits_a_phone(page)

    link = reminded_of(deal).replace("http://testserver", live_server.url)
    keep_alive_by_mail(sign_in(None), link, deal)

    page.reload()
    steps.status_of(page, "Protected")
    expect(page.get_by_role("region", name="What happened")).to_contain_text(
        re.compile("mail", re.IGNORECASE)
    )
    steps.fits_a_phone(page)


def reminded_of(deal: Registration) -> str:
    """The link in the reminder that goes out in the morning when 30 days have passed."""
    later = fixed(database_clock() + timedelta(days=31))
    assert reminders.send_reminders(clock=later).done == [deal.code]
    mail = Message.objects.get(event="registration.reminder")
    found = re.search(r"http://testserver/still-active/\S+", mail.text)
    assert mail.address == deal.owner.email and found
    return found.group()


def keep_alive_by_mail(page: Page, link: str, deal: Registration) -> None:
    """Opening the link changes nothing, its button does, and it works once."""
    before = everything()
    page.goto(link)
    expect(page.locator("body")).to_contain_text("Acme Pumps GmbH")
    steps.fits_a_phone(page)
    page.reload()
    assert everything() == before

    page.get_by_role("button", name="Yes, still active").click()
    expect(page.locator("body")).to_contain_text("is protected for you until")
    steps.fits_a_phone(page)
    renewed = Registration.objects.get(pk=deal.pk)
    assert (renewed.status, renewed.protection_epoch) == (Status.APPROVED, deal.protection_epoch + 1)
    assert renewed.protected_until and deal.protected_until
    assert renewed.protected_until > deal.protected_until

    answer = page.goto(link)
    assert answer and answer.status == 410
    expect(page.locator("body")).to_contain_text("This link was used")
    steps.fits_a_phone(page)
    again = Registration.objects.get(pk=deal.pk)
    assert again.protected_until == renewed.protected_until
