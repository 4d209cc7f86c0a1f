"""A partner with nothing but a phone: registers, waits in line, is moved up, accepts from the mail; no page is wider than
the screen, and what has to be pressed is in sight and large enough for a thumb."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from notifications.models import Message
from registrations.enums import Status
from registrations.models import Registration
from registrations.services import decisions, partner_actions
from tests.browser import steps

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 320, "height": 640}
LEAST = 24  # px, WCAG 2.5.8


@pytest.fixture
def held(alice, register):
    return register(alice, "Acme Pumps GmbH")


def tap(target: Locator) -> None:
    """Presses it where a thumb would: it is large enough, and nothing lies over it."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box and min(box["width"], box["height"]) >= LEAST, box
    target.click()


def shown(page: Page, words: str) -> None:
    expect(page.locator("main")).to_contain_text(words)
    steps.fits(page)


def test_registers_waits_is_moved_up_and_accepts(sign_in, live_server, held, charlie, alice, mara, gateways):
    page = sign_in(charlie, **PHONE)
    page.goto("/registrations/overview/")
    shown(page, "Register a deal")
    tap(page.locator("main").get_by_role("link", name="Register a deal").first)
    page.locator("#id_company_name").press_sequentially("Acme Pumps")
    expect(page.locator("#precheck")).to_contain_text("Needs review")
    steps.fits(page)
    page.locator("#id_value").fill("48500")
    tap(page.get_by_role("button", name="Continue to the details"))
    page.wait_for_url("**/details/")
    steps.fits(page)
    page.locator("#id_country").select_option("DE")
    steps.complete(page, gateways)
    steps.fits(page)
    steps.submit(page)
    steps.fits(page)
    tap(page.get_by_role("link", name="Open the registration"))
    steps.status_of(page, "In review")
    his = Registration.objects.get(owner=charlie)

    his = decisions.put_on_waitlist(his, behind=held, by=mara).registration
    page.goto("/registrations/overview/")
    shown(page, "Acme Pumps")
    tap(page.locator("main").get_by_role("link", name=re.compile("Acme Pumps")).first)
    steps.status_of(page, "Waiting in line")
    shown(page, "You are next in line")
    assert "Northgate" not in page.content()

    held.refresh_from_db()
    partner_actions.release(held, by=alice)
    page.reload()
    steps.status_of(page, "Offered to you")
    shown(page, "Answer the offer")
    mail = Message.objects.get(event="registration.offered")
    assert mail.address == charlie.email

    letter = sign_in(None, **PHONE)
    link = re.search(r"http://testserver(/offers/mail/\S+)", mail.text)
    assert link
    letter.goto(link.group(1))
    shown(letter, "Acme Pumps")
    tap(letter.get_by_role("button", name=re.compile("^Accept: protected for 60 days")))
    shown(letter, "is protected for you until")
    his.refresh_from_db()
    held.refresh_from_db()
    assert (his.status, held.status) == (Status.APPROVED, Status.WITHDRAWN)

    page.reload()
    steps.status_of(page, "Protected")
    expect(page.get_by_role("region", name="What happened")).to_contain_text(
        re.compile("moved up", re.IGNORECASE)
    )
    steps.fits(page)
    answer = letter.goto(link.group(1))
    assert answer and answer.status == 410
    shown(letter, "was accepted on")
