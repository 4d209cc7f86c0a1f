"""A rep takes a training on a phone: fails the quiz, passes it, holds the certificate, and the bar to the next tier moves."""

import pytest
from playwright.sync_api import expect

from tests.browser.steps import fits
from tests.programs.makers import criterion, make_module, make_path, make_type

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_first_lesson_to_the_certificate_on_a_phone(sign_in, olga, alice, bob):
    lesson, rules = make_module(olga, "What we sell", quiz=False), make_module(olga, "The rules")
    make_path(olga, "Selling with us", lesson, rules, grants=make_type())
    criterion("silver", "certified_people", 1)
    phone = sign_in(alice, width=320)
    phone.goto("/programs/tiers/ours/")
    bar = phone.get_by_role("progressbar", name="Certified people")
    expect(bar).to_have_js_property("value", 0)
    fits(phone)

    phone.goto("/training/")
    phone.get_by_role("link", name="Selling with us").click()
    fits(phone)
    phone.get_by_role("button", name="Begin").click()
    expect(phone.get_by_role("heading", name="What we sell", level=1)).to_be_visible()
    phone.get_by_role("button", name="Done, go on").click()
    expect(phone.get_by_role("heading", name="The rules", level=1)).to_be_visible()
    fits(phone)

    phone.get_by_role("button", name="Begin the quiz").click()
    phone.get_by_label("The larger firm").check()
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_role("alert")).to_contain_text("question 2")
    expect(phone.get_by_label("The larger firm")).to_be_checked()
    fits(phone)
    phone.get_by_label("Waiting").check()
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_text("Not passed yet: 0%")).to_be_visible()

    phone.get_by_role("link", name="Back to the lesson").click()
    phone.get_by_role("button", name="Try again").click()
    phone.get_by_label("The channel manager").check()
    phone.get_by_label("A qualifying update").check()
    phone.get_by_label("An extension").check()
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_text("Passed: 100%")).to_be_visible()
    phone.get_by_role("link", name="See what you passed").click()
    expect(phone.get_by_text("It stands among your firm’s certificates.")).to_be_visible()
    fits(phone)

    phone.goto("/programs/tiers/ours/")
    expect(bar).to_have_js_property("value", 1)
    admin = sign_in(bob)
    admin.goto("/firm/certificates/")
    expect(admin.get_by_text("Certified seller").first).to_be_visible()
