"""What the journeys of a partner have in common: the quick form, the details, the check, the submit."""

from datetime import date, timedelta

from playwright.sync_api import Page, expect

from catalog.models import ProductLine
from core.clock import database_clock

QUICK = "/registrations/new/"


def in_a_quarter() -> date:
    """A day on which deals close."""
    return database_clock().date() + timedelta(days=90)


def begin(page: Page, company: str, value: str = "48 500") -> None:
    """Fills the quick form in and goes on to the details."""
    page.goto(QUICK)
    page.locator("#id_company_name").fill(company)
    page.locator("#id_value").fill(value)
    page.get_by_role("button", name="Continue to the details").click()
    page.wait_for_url("**/details/")


def complete(page: Page, line: ProductLine) -> None:
    """Fills in what the details still need and goes on to the check."""
    page.locator("#id_lines-0-product_line").select_option(str(line.pk))
    page.locator("#id_expected_close").fill(in_a_quarter().isoformat())
    page.get_by_role("button", name="Check answers").click()
    page.wait_for_url("**/check/")


def submit(page: Page) -> None:
    """Submits what was checked."""
    page.get_by_role("button", name="Submit the registration").click()
    page.wait_for_url("**/submitted/")


def status_of(page: Page, words: str) -> None:
    """The page of a registration says `words` on its pill."""
    expect(page.locator("main .status-pill").first).to_have_text(words)


def fits(page: Page) -> None:
    """Nothing of the page reaches out of its window sideways."""
    page.wait_for_load_state("domcontentloaded")  # before that there may be no document to measure
    inner, width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert inner <= width, f"{page.url} is {inner} px wide in a window of {width}"


def fits_a_phone(page: Page) -> None:
    """Nothing reaches out sideways in a window of 320 px, either; the window gets its own size back."""
    size = page.viewport_size
    assert size
    page.set_viewport_size({"width": 320, "height": 700})
    fits(page)
    page.set_viewport_size(size)
