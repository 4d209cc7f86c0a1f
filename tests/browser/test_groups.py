"""Operations write a group's rule by keyboard: rows added and removed, the preview follows, a firm is asked about."""

import pytest
from playwright.sync_api import expect

from partners.enums import PartnerTier
from partners.groups.operators import Operator
from partners.groups.rules import Block, Condition, Rule, read_rule
from partners.models import Group, Partner
from tests.browser.steps import fits, fits_a_phone

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_rule_is_built_by_keyboard(sign_in, olga, northgate, southridge):
    Partner.objects.filter(pk=northgate.pk).update(tier=PartnerTier.GOLD)
    page = sign_in(olga)
    page.goto("/groups/new/")
    page.locator("#id_name").focus()
    page.keyboard.type("Gold in Germany or France")
    page.locator("#r1-field").focus()
    page.keyboard.type("Tier")  # a select goes to the option that begins so
    expect(page.locator("#r1-operator")).to_have_value("any_of")
    expect(page.locator("#r1-field")).to_be_focused()
    page.get_by_role("checkbox", name="Gold").focus()
    page.keyboard.press("Space")
    expect(page.locator("#preview .preview-figure")).to_have_text("1")

    page.get_by_role("button", name="Add a block").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#r2-field")).to_be_focused()
    page.keyboard.type("Country")
    expect(page.locator("#r2-operator")).to_have_value("any_of")
    for name in ("France", "Germany"):
        page.get_by_role("checkbox", name=name).focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Add a condition").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#r3-field")).to_be_focused()
    page.get_by_role("button", name="Remove condition 2").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#r3-field")).to_have_count(0)
    expect(page.locator("#r1-field")).to_be_focused()

    page.locator("#why-firm").focus()
    page.keyboard.type("Southridge")
    expect(page.locator("#answer")).to_contain_text("Southridge is not in.")
    expect(page.locator("#answer")).to_contain_text("Here: Registered")
    fits(page)
    fits_a_phone(page)
    page.locator("#id_name").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Gold in Germany or France")
    fits_a_phone(page)
    assert read_rule(Group.objects.get().rule) == Rule(
        "all",
        (
            Condition("tier", Operator.ANY_OF, ("gold",)),
            Block("any", (Condition("country", Operator.ANY_OF, ("FR", "DE")),)),
        ),
    )
