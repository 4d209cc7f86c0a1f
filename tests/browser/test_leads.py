"""A lead from the pool to a registration on a phone, while a rival comes second."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from core.clock import database_clock
from leads.enums import Way
from leads.services.giving import give, put_into_pool
from tests.browser.steps import fits
from tests.leads.makers import make_lead

pytestmark = pytest.mark.django_db(transaction=True)


def test_claim_and_accept_on_a_phone_while_a_rival_comes_second(sign_in, mara, alice, charlie, gateways):
    put_into_pool(make_lead(mara, "Blohm Presswerk GmbH", gateways), by=mara)
    late = sign_in(charlie)
    late.goto("/leads/ours/")
    phone = sign_in(alice, width=320)
    phone.goto("/leads/ours/")
    fits(phone)

    phone.get_by_role("button", name="Claim").click()
    expect(phone.get_by_text("ines@blohm.example")).to_be_visible()
    late.get_by_role("button", name="Claim").click()
    expect(late.get_by_role("alert")).to_contain_text("Another firm claimed this lead before you")
    assert late.url.endswith("/leads/ours/")

    phone.get_by_role("link", name="Accept").click()
    fits(phone)
    phone.get_by_role("button", name="Accept and register").click()
    expect(phone.get_by_text("Choose the day you expect it to close.").first).to_be_visible()
    close = (database_clock() + timedelta(days=90)).date().isoformat()
    phone.get_by_label("When do you expect it to close?").fill(close)
    phone.get_by_role("button", name="Accept and register").click()
    expect(phone.get_by_text("Protected").first).to_be_visible()
    fits(phone)


def test_a_name_of_one_long_word_fits_a_phone_on_every_page_of_a_lead(
    sign_in, mara, alice, northgate, gateways
):
    lead = make_lead(mara, "Pumpen" * 20, gateways)
    theirs = sign_in(mara, width=320)
    for page in ("", "change/", "give/"):
        theirs.goto(f"/leads/{lead.code}/{page}")
        fits(theirs)
    give(lead, way=Way.HAND, by=mara, partner=northgate)
    ours = sign_in(alice, width=320)
    for page in ("", "accept/", "decline/"):
        ours.goto(f"/leads/{lead.code}/{page}")
        fits(ours)
