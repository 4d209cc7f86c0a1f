"""The manager works through the queue by keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from notifications.enums import MessageStatus
from notifications.models import Message
from registrations.enums import ConflictState, RefusalReason, Status
from registrations.services import decisions
from tests.browser.judging import Judge, nothing_at

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def held(alice, register):
    return register(alice, "International Business Machines Corp.", website="ibm.example")


@pytest.fixture
def rival(held, charlie, register):
    return register(charlie, "I.B.M.", website="https://www.ibm.example/de")


@pytest.fixture
def other(rival, alice, register):
    return register(alice, "Kestrel Foods", value=900_000)


def heading(page: Page):
    return page.locator("#item-title")


def test_a_conflict_is_resolved_by_keyboard(sign_in, mara, held, rival, other, charlie):
    page = sign_in(mara)
    page.goto("/review/?view=conflicts")
    expect(heading(page)).to_have_text("I.B.M.")
    expect(page.locator(".desk-compare mark").first).to_be_visible()

    page.keyboard.press("w")
    dialog = page.get_by_role("dialog", name="Waitlist behind the holder")
    expect(dialog).to_contain_text("Southridge waits behind Northgate")
    page.keyboard.press("Enter")

    expect(page.locator("#toasts")).to_contain_text(f"Waitlisted {rival.code}.")
    expect(page.locator("#desk-item")).to_contain_text("No conflict to judge")
    rival.refresh_from_db()
    held.refresh_from_db()
    assert (rival.status, rival.waits_for, rival.company) == (Status.WAITLISTED, held, held.company)
    assert Message.objects.filter(event="registration.waitlisted", address=charlie.email).count() == 1


def test_walking_judging_and_refusing_by_keyboard(sign_in, mara, held, rival, other):
    page = sign_in(mara)
    page.goto("/review/")
    expect(heading(page)).to_have_text("I.B.M.")

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("Kestrel Foods")
    expect(page).to_have_url(re.compile(f"/review/{other.code}/$"))
    expect(heading(page)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("I.B.M.")

    page.keyboard.press("d")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("is another company")
    assert rival.conflicts.get().state == ConflictState.DIFFERENT

    expect(heading(page)).to_be_focused()
    page.keyboard.press("r")
    page.keyboard.type("Too early")
    text = page.get_by_label("What the partner reads")
    expect(text).to_have_value(re.compile("no concrete project yet"))
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text(f"Refused {rival.code}. Next of 1.")
    expect(heading(page)).to_have_text("Kestrel Foods")
    rival.refresh_from_db()
    assert (rival.status, rival.decisions.first().reason_code) == (Status.REFUSED, RefusalReason.EARLY)


def test_a_slip_of_the_finger_is_undone_by_a_key(sign_in, mara, charlie, held, rival, other):
    page = sign_in(mara)
    page.goto(f"/review/{rival.code}/")
    page.keyboard.press("r")
    page.keyboard.type("Too early")
    page.keyboard.press("Control+Enter")
    toast = page.locator("#toasts .toast-note")
    expect(toast).to_contain_text(f"Refused {rival.code}.")
    expect(toast.get_by_role("button", name="Undo")).to_be_visible()
    page.keyboard.press("u")

    expect(page.locator("main")).to_contain_text(f"Undone: {rival.code} is as it was before")
    expect(heading(page)).to_have_text("I.B.M.")
    rival.refresh_from_db()
    assert rival.status == Status.IN_REVIEW
    mail = Message.objects.get(event="registration.refused", address=charlie.email)
    assert mail.status == MessageStatus.CANCELLED


def test_the_second_manager_sees_what_changed_and_keeps_her_words(sign_in, mara, ada, rival, other):
    page = sign_in(ada)
    page.goto(f"/review/{rival.code}/")
    page.keyboard.press("i")
    page.get_by_label("Your question").fill("Who is your contact there?")
    decisions.refuse(rival, by=mara, reason_code=RefusalReason.EARLY, text="Too early.")
    page.keyboard.press("Control+Enter")

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Mara refused it")
    expect(alert).to_contain_text("Who is your contact there?")
    expect(alert).to_be_focused()
    assert rival.decisions.count() == 1


def test_a_form_sent_too_early_stays_open_with_its_words(sign_in, mara, rival):
    page = sign_in(mara)
    page.goto(f"/review/{rival.code}/")
    page.keyboard.press("r")
    page.get_by_label("What the partner reads").fill("Mine.")
    page.keyboard.press("Control+Enter")
    dialog = page.get_by_role("dialog", name="Refuse")
    expect(dialog).to_contain_text("Choose a reason from the list.")
    expect(page.get_by_label("What the partner reads")).to_have_value("Mine.")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_keys_can_be_switched_off(sign_in, mara, rival):
    page = sign_in(mara)
    page.goto(f"/review/{rival.code}/")
    page.keyboard.press("?")
    help_list = page.locator("#shortcut-help")
    expect(help_list).to_contain_text("Waitlist behind the holder")
    page.locator("[data-shortcut-switch]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.get_by_role("dialog", name="Refuse")).to_be_hidden()


def test_a_phone_shows_the_list_then_the_item(sign_in, mara, rival, other):
    page = sign_in(mara, width=320, height=700)
    page.goto("/review/")
    expect(page.locator("#desk-item")).to_be_hidden()
    page.get_by_role("link", name=re.compile("Kestrel Foods")).click()
    expect(heading(page)).to_be_visible()
    expect(page.locator(".queue-rows")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("link", name="Review queue").last.click()
    expect(page.locator(".queue-rows")).to_be_visible()


def test_nothing_for_axe_to_complain_about(sign_in, mara, rival, other):
    judge = Judge(sign_in(mara, axe=True))
    nothing_at(judge, ["/review/", f"/review/{rival.code}/", "/review/?view=overdue&q=nobody"])
    judge.page.goto(f"/review/{rival.code}/")
    judge.page.locator("[data-confirm-dialog='#dialog-refuse']").click()
    expect(judge.page.get_by_role("dialog", name="Refuse")).to_be_visible()
    assert list(judge.complaints_here()) == []
