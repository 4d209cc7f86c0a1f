"""A partner reads what binds the firm, tries a product without its licence, and comes to it by the rule's own words."""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.policies.makers import licence, require

pytestmark = pytest.mark.django_db(transaction=True)
PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def test_the_section_that_is_shown_is_in_sight_on_a_phone(sign_in, olga):
    page = sign_in(olga)
    page.set_viewport_size({"width": 320, "height": 700})
    for address, name in (
        ("/policies/dos-and-donts/", "Dos and don'ts"),
        ("/policies/registration/", "Registration policy"),
    ):
        page.goto(address)
        chosen = page.get_by_role("navigation", name="Policies").get_by_role("link", name=name)
        expect(chosen).to_have_attribute("aria-current", "page")
        expect(chosen).to_be_in_viewport(ratio=0.95)
    steps.fits(page)


def test_a_requirement_is_tried_without_a_question_about_leaving(sign_in, olga, gateways):
    page = sign_in(olga)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"/policies/products/{gateways.code}/change/")
    page.get_by_label("Lowest tier").select_option("gold")
    page.get_by_role("button", name="Show who loses and gains it").click()
    expect(page.get_by_role("heading", name="What this does")).to_be_visible()
    page.get_by_label("Lowest tier").select_option("silver")
    page.get_by_role("button", name="Try on past registrations").click()
    expect(page.locator("main")).to_contain_text("Gateways is for partners of Silver tier or higher.")
    steps.fits_a_phone(page)
    page.get_by_role("button", name="Simulate").click()
    expect(page.get_by_role("status")).to_contain_text("It begins as soon as a worker is free.")

    assert asked == []


def test_refused_by_the_rule_then_the_licence_then_it_succeeds(sign_in, bob, olga, gateways):
    require(gateways, olga, certificates=[licence().code], note="The law asks for it.")
    his, hers = sign_in(bob), sign_in(olga)
    his.goto("/policies/registration/")
    lines = his.get_by_role("region", name="What your firm may register")
    expect(lines).to_contain_text("Gateways is for partners with a valid Export Licence.")
    question = his.get_by_role("region", name="May I register this?")
    question.get_by_label("Gateways").check()
    question.get_by_label("Country of the customer").select_option("DE")
    question.get_by_role("button", name="May I register this?").click()
    expect(question.get_by_role("status")).to_contain_text("No, it would be refused")
    expect(question.get_by_role("status")).to_contain_text("it takes a valid Export Licence")
    steps.fits_a_phone(his)

    steps.begin(his, "Blohm Presswerk GmbH")
    steps.complete(his, gateways)
    steps.submit(his)
    expect(his.locator("main")).to_contain_text("it takes a valid Export Licence")

    his.goto("/policies/registration/")
    his.get_by_role("link", name="Hand it in").click()
    his.get_by_label("Number").fill("EX-2026-17")
    his.get_by_label(re.compile("Valid from|First day", re.IGNORECASE)).fill(date(2026, 1, 1).isoformat())
    his.get_by_label("The certificate as a file").set_input_files(
        {"name": "licence.pdf", "mimeType": "application/pdf", "buffer": PAPER}
    )
    his.get_by_role("button", name=re.compile("Hand", re.IGNORECASE)).click()
    expect(his.locator("main")).to_contain_text("We look at it")
    expect(his.locator("main")).to_contain_text("licence.pdf")

    hers.goto("/certificates/queue/")
    expect(hers.locator("main")).to_contain_text("licence.pdf")
    with hers.expect_download() as fetched:
        hers.get_by_role("link", name="Fetch").click()
    assert Path(fetched.value.path()).read_bytes() == PAPER
    hers.get_by_role("button", name=re.compile("Verify", re.IGNORECASE)).first.click()

    his.goto("/policies/registration/")
    expect(lines).not_to_contain_text("Upload your Export Licence")
    question.get_by_label("Gateways").check()
    question.get_by_label("Country of the customer").select_option("DE")
    question.get_by_role("button", name="May I register this?").click()
    expect(question.get_by_role("status")).to_contain_text("Yes, as far as the rules go")
    question.get_by_role("link", name="Check a company and register it").click()
    steps.begin(his, "Blohm Presswerk GmbH")
    steps.complete(his, gateways)
    steps.submit(his)
    his.get_by_role("link", name="Open the registration").click()
    steps.status_of(his, "Protected")
