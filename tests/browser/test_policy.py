"""A partner reads what binds the firm, tries a product without its licence, and comes to it by the rule's own words."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.policies.makers import licence, require

pytestmark = pytest.mark.django_db(transaction=True)


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
    his.get_by_role("button", name=re.compile("Hand", re.IGNORECASE)).click()
    expect(his.locator("main")).to_contain_text("We look at it")

    hers.goto("/certificates/queue/")
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
