"""A manager clears a full desk without touching the pointer; and what two managers see of each other."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from registrations.enums import Status
from registrations.models import Registration
from registrations.services import decisions, triage
from tests.people import make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ten(alice, charlie, register):
    """Ten to decide: two of them wait for a holder's company to be judged, the others for their value alone."""
    held = register(alice, "International Business Machines Corp.", website="ibm.example")
    conflicts = [
        register(charlie, name, website="https://www.ibm.example/de") for name in ("I.B.M.", "IBM Corp")
    ]
    plain = [
        register(alice, name, value=500_000)
        for name in (
            *("Kestrel Foods", "Lumen Optics", "Tamarind Spices", "Ostrava Steel"),
            *("Zephyr Glass", "Wexford Feeds", "Hollis Packaging", "Quarry Bay Ferries"),
        )
    ]
    assert all(row.status == Status.IN_REVIEW for row in (*conflicts, *plain))
    return held, conflicts, plain


def opened(page: Page, registration: Registration) -> None:
    """It is open, and the focus is on its name, so that the next key acts on it."""
    expect(page.locator("#item-title")).to_have_text(registration.company_name)
    expect(page.locator("#item-title")).to_be_focused()


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Walks there by Tab or Shift+Tab, as somebody without a pointer does."""
    for _ in range(40):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {target}")


def told(page: Page, words: str) -> None:
    expect(page.locator("#toasts")).to_contain_text(words)


def test_ten_items_are_cleared_by_keyboard_alone(sign_in, mara, ten):
    held, (first, second), plain = ten
    page = sign_in(mara)
    page.goto("/review/")
    expect(page.locator("#item-title")).to_have_text(first.company_name)

    page.keyboard.press("w")  # behind the holder
    expect(page.get_by_role("dialog", name="Waitlist behind the holder")).to_contain_text("at place 1")
    page.keyboard.press("Enter")
    told(page, f"Waitlisted {first.code}.")
    opened(page, second)

    page.keyboard.press("d")  # another company, then approved
    page.keyboard.press("Enter")
    told(page, "is another company")
    opened(page, second)
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    told(page, f"Approved {second.code}.")

    opened(page, plain[0])
    page.keyboard.press("r")
    page.keyboard.type("Too early")
    expect(page.get_by_label("What the partner reads")).to_have_value(re.compile("no concrete project yet"))
    page.keyboard.press("Control+Enter")
    told(page, f"Refused {plain[0].code}.")

    opened(page, plain[1])
    page.keyboard.press("i")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type("whom you met.")
    page.keyboard.press("Control+Enter")
    told(page, f"Question sent for {plain[1].code}.")

    opened(page, plain[2])
    page.keyboard.press("z")
    tab_to(page, page.get_by_role("dialog", name="Set aside").get_by_label("Why"))
    page.keyboard.type("Their board meets.")
    page.keyboard.press("Enter")
    told(page, f"{plain[2].code} comes back Monday")

    opened(page, plain[3])
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    told(page, f"Approved {plain[3].code}.")

    # The last four at once: tick the open one and walk down, then the button in the list.
    opened(page, plain[4])
    for _ in range(4):
        page.keyboard.press("x")
        page.keyboard.press("j")
    expect(page.locator(".bulk-some")).to_contain_text("4 ticked")
    expect(page.locator("[data-tick-all]")).to_be_checked()
    approve = page.locator(".bulk-deeds").get_by_role("button", name="Approve")
    tab_to(page, approve, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name=re.compile("Approve"))).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("[data-outcome]")).to_contain_text("4 approved.")
    expect(page.locator("[data-outcome]")).to_be_focused()
    expect(page.locator("#desk-item")).to_contain_text("Nothing waits for a decision")

    left = Registration.objects.exclude(pk=held.pk).values_list("status", flat=True)
    assert sorted(left) == sorted(
        [
            Status.WAITLISTED,
            Status.REFUSED,
            Status.INFORMATION_ASKED,
            Status.IN_REVIEW,
            *[Status.APPROVED] * 6,
        ]
    )


def test_two_managers_see_each_other_and_the_difference(sign_in, mara, ten):
    noah = make_user("Noah", "channel_manager")
    row = ten[2][0]
    his, hers = sign_in(noah), sign_in(mara)
    his.goto(f"/review/{row.code}/")
    expect(his.locator("[data-look]")).to_be_empty()
    hers.goto(f"/review/{row.code}/")
    expect(hers.locator("[data-look]")).to_have_text("Noah is looking at this")

    hers.keyboard.press("r")
    hers.get_by_label("What the partner reads").fill("My own words.")
    hers.get_by_role("dialog", name="Refuse").get_by_label("Reason").select_option("early")
    triage.take(row, by=noah)
    decisions.ask_information(row, by=noah, text="Who?")
    decisions.refuse(row, by=noah, reason_code="size", text="Too small.")
    hers.keyboard.press("Control+Enter")

    difference = hers.get_by_role("table", name="What changed since you opened it")
    expect(difference.get_by_role("row")).to_have_count(4)
    expect(difference).to_contain_text(re.compile(r"Status\s*In review\s*Information asked\s*Noah"))
    expect(hers.get_by_role("alert")).to_contain_text("My own words.")

    # Shortcuts are off for her everywhere, until she switches them on again.
    hers.get_by_role("button", name="Keyboard shortcuts").click()
    with hers.expect_response("**/profile/shortcuts/"):
        hers.locator("[data-shortcut-switch]").uncheck()
    again = sign_in(mara)
    again.goto("/review/")
    again.keyboard.press("r")
    expect(again.get_by_role("dialog")).to_be_hidden()


def test_an_error_is_read_in_front_of_the_dialog_it_left_open(sign_in, mara, ten):
    """A session that ended, or a network that is away: the words stay in the dialog, and the reason why is not behind it."""
    page = sign_in(mara)
    page.goto("/review/")
    page.keyboard.press("r")
    page.get_by_label("What the partner reads").fill("My own words.")
    page.get_by_role("dialog", name="Refuse").get_by_label("Reason").select_option("early")
    page.context.clear_cookies()
    page.keyboard.press("Control+Enter")

    alert = page.get_by_role("dialog", name="Refuse").get_by_role("alert")
    expect(alert).to_contain_text("reload the page")
    on_top = """note => {
        const { x, y } = note.getBoundingClientRect();
        return note.contains(document.elementFromPoint(x + 12, y + 12));
    }"""
    assert alert.locator(".toast-note").evaluate(on_top)
    expect(page.get_by_label("What the partner reads")).to_have_value("My own words.")
    page.keyboard.press("Escape")
    expect(page.locator("#toasts")).to_contain_text("reload the page")
