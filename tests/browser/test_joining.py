"""A firm's way in, on a phone: it applies, confirms by the mail's link, is taken in, invited, and stands before its first
stage."""

import re

import pytest
from playwright.sync_api import Page, expect

from notifications.models import Message
from partners.models import Application, OnboardingStep, Partner
from tests.browser.steps import fits

pytestmark = pytest.mark.django_db(transaction=True)


def link_of(event: str, label: str) -> str:
    """The path behind the main button of the newest mail of `event`."""
    text = Message.objects.filter(event=event).latest("pk").text
    found = re.search(rf"{label}:\n\S+?testserver(/\S+)", text)
    assert found, text
    return found.group(1)


def fill(page: Page, **values: str) -> None:
    """Writes into the fields with these names."""
    for name, value in values.items():
        page.locator(f"#id_{name}").fill(value)


def hand_in(phone):
    """Sends the form, and confirms it by the link in the mail."""
    phone.locator("#id_kind").select_option("reseller")
    phone.locator("#id_country").select_option("DE")
    phone.get_by_role("button", name="Send the application").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Look into your mail")

    phone.goto(link_of("partner.application_confirm", "Confirm the application"))
    fits(phone)
    phone.get_by_role("button", name="Confirm and hand in").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your application is with us")


def test_from_the_public_form_to_the_first_stage(sign_in, olga, mara):
    phone = sign_in(None, width=360, height=720)
    phone.goto("/apply/")
    fits(phone)
    phone.get_by_role("button", name="Send the application").click()
    expect(phone.locator("[data-error-summary]")).to_be_focused()
    fill(phone, name="Westgate Solutions", about="Sensors for breweries.", website="westgate.example")
    fill(phone, contact_name="Nora Vogt", contact_email="nora@westgate.example")
    hand_in(phone)

    desk = sign_in(olga)
    desk.goto("/partners/applications/")
    desk.get_by_role("link", name="Westgate Solutions").click()
    boxes = desk.locator("#checklist").get_by_role("checkbox")
    expect(boxes).to_have_count(4)
    for number in range(4):
        boxes.nth(number).click()
        expect(boxes.nth(number)).to_be_checked()
    desk.get_by_role("link", name="Take in").click()
    desk.locator("#id_manager").select_option(label="Mara")
    desk.get_by_role("button", name="Take the firm in").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Westgate Solutions")
    assert Application.objects.get().partner == Partner.objects.get()

    phone.goto(link_of("partner.application_accepted", "Accept the invitation"))
    fill(phone, password="seven lanterns in the harbour")
    phone.get_by_role("button", name="Create my account").click()
    phone.wait_for_url(re.compile(r"registrations|/$"))
    phone.goto("/firm/")
    fits(phone)
    phone.get_by_role("link", name="Steps").click()
    fits(phone)
    expect(phone.get_by_text("Get ready to sell")).to_be_visible()
    expect(phone.get_by_text("Say who does what")).to_have_count(0)
    step = phone.get_by_role("checkbox", name="Complete your profile")
    step.click()
    expect(phone.get_by_role("checkbox", name="Complete your profile")).to_be_checked()
    assert OnboardingStep.objects.get(title="Complete your profile").done_by.name == "Nora Vogt"


def test_a_name_of_one_long_word_fits_a_phone(sign_in, olga):
    """Breadcrumbs, headings and what the applicant reads break it; nothing reaches out of the window."""
    name = "W" * 110
    phone = sign_in(None, width=320, height=700)
    phone.goto("/apply/")
    fill(phone, name=name, about="Sensors.", contact_name="Nora Vogt", contact_email="nora@w.example")
    assert phone.locator("#id_time_zone").input_value() == phone.evaluate(
        "Intl.DateTimeFormat().resolvedOptions().timeZone"
    )
    hand_in(phone)
    fits(phone)
    desk = sign_in(olga, width=320, height=700)
    here = f"/partners/applications/{Application.objects.get().code}/"
    for address in (here, f"{here}accept/", f"{here}decline/"):
        desk.goto(address)
        fits(desk)
