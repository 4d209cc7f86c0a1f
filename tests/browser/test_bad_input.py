"""What people paste, press twice and go back to: nothing of it runs, gets lost or ends in an error."""

import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from registrations.enums import Status
from registrations.models import Attachment, Registration
from registrations.services import decisions, drafts, submission
from registrations.services.drafts import LineInput
from tests.browser import steps
from tests.browser.steps import in_a_quarter

pytestmark = pytest.mark.django_db(transaction=True)

ARABIC = "شركة الأهرام للطباعة"
FORMULA = '=HYPERLINK("http://x")'
SCRIPT = "<script>alert(1)</script>"
PAYLOAD = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
FREE_TEXT = {
    "city": PAYLOAD,
    "postcode": "<script>alert(3)",
    "contact_name": PAYLOAD,
    "contact_title": PAYLOAD,
    "contact_phone": "<img src=x onerror=alert(4)>",
    "deal_name": PAYLOAD,
    "next_step": PAYLOAD,
    "competitors": PAYLOAD,
    "contact_note": f"{PAYLOAD}\n{{{{ 7 * 7 }}}}",
}


@pytest.fixture
def dialogs() -> list[str]:
    """What dialogs said. What a page's policy stops instead leaves an error in its console, which fails, too."""
    return []


def watch(page: Page, dialogs: list[str]) -> Page:
    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    return page


@pytest.mark.parametrize(
    ("name", "words"),
    [("🏭🏭🏭", "at least one letter or digit"), ("x" * 201, "Use at most 200 characters. This has 201.")],
    ids=["emoji", "201 characters"],
)
def test_a_name_that_is_none_is_refused_in_words(sign_in, alice, name, words):
    page = sign_in(alice)
    page.goto(steps.QUICK)
    page.locator("#id_company_name").fill(name)
    page.locator("#id_value").fill("48500")
    page.get_by_role("button", name="Continue to the details").click()

    expect(page.locator("[data-error-summary]")).to_contain_text(words)
    expect(page.locator("#id_company_name")).to_have_value(name)
    expect(page.locator("#id_value")).to_have_value("48500")
    assert not Registration.objects.exists()


def test_what_is_pasted_stays_text(sign_in, alice, mara, gateways, dialogs):
    page = watch(sign_in(alice), dialogs)
    for name in (ARABIC, FORMULA, SCRIPT):
        steps.begin(page, name, value="900000")
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
    for draft in Registration.objects.exclude(company_name=SCRIPT):
        drafts.save_draft(
            draft, by=alice, fields={"expected_close": in_a_quarter()}, lines=[LineInput(gateways)]
        )
        submission.submit(draft, by=alice)
    for field, text in FREE_TEXT.items():
        page.locator(f"#id_{field}").fill(text)
    steps.complete(page, gateways)
    steps.submit(page)
    expect(page.locator(".landing-company")).to_have_text(SCRIPT)

    deals = {deal.company_name: deal for deal in Registration.objects.select_related("company")}
    assert set(deals) == {ARABIC, FORMULA, SCRIPT}
    bad = deals[SCRIPT]
    assert {field: getattr(bad, field) for field in FREE_TEXT} == FREE_TEXT
    assert bad.status == Status.IN_REVIEW
    decisions.ask_information(bad, by=mara, text=PAYLOAD)
    page.goto(f"/registrations/{bad.code}/")
    expect(page.locator("blockquote.question")).to_have_text(PAYLOAD)
    page.get_by_label("Your answer").fill(PAYLOAD)
    page.get_by_role("button", name="Send the answer").click()
    steps.status_of(page, "In review")

    expect(page.locator(".fact", has_text="{{ 7 * 7 }}")).to_contain_text(PAYLOAD)
    look(page, bad, "/registrations/", "/registrations/overview/", f"/registrations/{bad.code}/", "/notices/")
    hers = watch(sign_in(mara), dialogs)
    own = [f"/registrations/{bad.code}/", f"/review/{bad.code}/", f"/companies/{bad.company.code}/"]
    look(
        hers, bad, "/registrations/", "/review/", "/reports/open-registrations/", "/companies/?q=script", *own
    )
    for deal in (deals[ARABIC], deals[FORMULA]):
        look(hers, deal, f"/review/{deal.code}/", f"/companies/{deal.company.code}/")
    assert dialogs == []


def look(page: Page, deal: Registration, *addresses: str) -> None:
    """The pages show the name as it was typed, and none of what was typed became an element."""
    for address in addresses:
        page.goto(address)
        expect(page.locator("main")).to_contain_text(deal.company_name)
        made = page.locator("img[src='x'], main script:not([type='application/json']), main [onerror]")
        expect(made).to_have_count(0)


def test_a_file_too_large_is_refused_in_words(sign_in, alice, gateways, tmp_path):
    large = tmp_path / "offer.pdf"
    large.write_bytes(b"%PDF-" + bytes(10 * 1024 * 1024 + 1 - 5))
    page = sign_in(alice)
    steps.begin(page, "Acme Pumps GmbH")
    typed = {"city": "Bremen", "contact_name": "Jo Doe", "contact_note": "Met on site", "value": "51 000"}
    for field, text in typed.items():
        page.locator(f"#id_{field}").fill(text)
    page.locator("#id_lines-0-product_line").select_option(str(gateways.pk))
    page.locator("#id_file").set_input_files(large)
    page.get_by_role("button", name="Attach").click()

    expect(page.locator("[data-error-summary]")).to_contain_text("The file is larger than 10 MB")
    for field in ("city", "contact_name", "contact_note"):
        expect(page.locator(f"#id_{field}")).to_have_value(typed[field])
    expect(page.locator("#id_value")).to_have_value(re.compile("^51.?000$"))
    expect(page.locator("#id_lines-0-product_line")).to_have_value(str(gateways.pk))
    expect(page.locator("#id_company_name")).to_have_value("Acme Pumps GmbH")
    assert not Attachment.objects.exists()


def test_a_double_click_registers_once(sign_in, alice, gateways):
    page = sign_in(alice)
    page.goto(steps.QUICK)
    page.locator("#id_company_name").fill("Acme Pumps GmbH")
    page.locator("#id_value").fill("48500")
    page.get_by_role("button", name="Continue to the details").dblclick()
    page.wait_for_url("**/details/")
    steps.complete(page, gateways)
    page.get_by_role("button", name="Submit the registration").dblclick()
    page.wait_for_url("**/submitted/")

    expect(page.get_by_role("heading", level=1)).to_have_text("The deal is protected for you")
    deal = Registration.objects.get()
    assert deal.status == Status.APPROVED
    assert (deal.decisions.count(), deal.timeline.filter(kind="submit").count()) == (1, 1)


def test_going_back_and_submitting_again_shows_the_result(sign_in, alice, gateways):
    page = sign_in(alice)
    steps.begin(page, "Acme Pumps GmbH")
    steps.complete(page, gateways)
    other = page.context.new_page()
    other.goto(page.url)
    steps.submit(page)
    deal = Registration.objects.get()

    steps.submit(other)  # a window that still shows the check
    expect(other.locator(".landing-facts")).to_contain_text(deal.code)

    page.go_back()
    if page.url.endswith("/check/"):
        steps.submit(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("The deal is protected for you")
    assert Registration.objects.count() == 1
