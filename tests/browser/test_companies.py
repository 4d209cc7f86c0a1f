"""A channel manager finds companies while typing, and clears up a pair that looks like doubles."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from companies.matching import CompanyQuery
from companies.models import Company, Suggestion
from companies.services import create_company, look_for_doubles
from tests.browser.steps import fits_a_phone

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def twins(mara):
    pair = [
        create_company(CompanyQuery(name, country="DE"), by=mara)
        for name in ("Nordwind Logistik GmbH", "Nordwind Logistic")
    ]
    look_for_doubles()
    return pair


def test_found_while_typing_then_merged_and_taken_apart(sign_in, mara, twins):
    page = sign_in(mara)
    page.goto(reverse("companies:search"))
    box = page.locator("#id_q")
    box.press_sequentially("nordwind logist", delay=20)
    expect(page.locator("#companies mark").first).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="2 companies may be meant")).to_be_visible()
    # The answer replaced the list only: the box keeps the focus, the address what was asked.
    expect(box).to_be_focused()
    assert "q=nordwind%20logist" in page.url
    fits_a_phone(page)

    page.get_by_role("link", name="Doubles").click()
    card = page.locator(".double")
    card.get_by_placeholder("Why").fill("two towns")
    card.get_by_role("button", name="Different").click()
    expect(card).to_contain_text("They won't be suggested again.")
    card.get_by_role("button", name="Take back").click()
    expect(card.locator("mark").first).to_be_visible()
    fits_a_phone(page)

    card.get_by_role("link", name="Same company").click()
    page.get_by_label("Reason").fill("one board")
    fits_a_phone(page)
    page.get_by_role("button", name="Merge them").click()
    expect(page.locator("#verdicts")).to_contain_text("one board")
    assert Suggestion.objects.get().state == "merged"
    assert Company.objects.standing().count() == 1
    fits_a_phone(page)

    page.locator("#verdicts").get_by_role("button", name="Take back").click()
    expect(page.locator("#verdicts")).to_contain_text("taken back")
    assert Company.objects.standing().count() == 2
    assert Suggestion.objects.get().state == "open"
