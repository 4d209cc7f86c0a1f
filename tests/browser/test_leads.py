"""A lead from the pool to a registration on a phone, while a rival comes second."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from core.clock import database_clock
from leads.services.giving import put_into_pool
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
    expect(late.get_by_role("alert")).to_contain_text("Another firm claimed this lead a moment before you")
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
