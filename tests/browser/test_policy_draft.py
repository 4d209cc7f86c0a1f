"""From a draft to what a partner is told: written in two sittings, simulated, compared, published for a later day, read."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from core.clock import database_clock
from policies.models import RegistrationPolicy
from policies.services import begin_draft, delete_draft, save_draft
from policies.services.telling import tell_of_versions
from registrations.services.simulating import run_simulations
from tests.browser.conftest import session_of
from tests.browser.steps import fits_a_phone
from tests.parts.celery_processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


_CUT = """() => [...document.querySelectorAll("main select")].flatMap((select) => {
  const style = getComputedStyle(select), pen = document.createElement("canvas").getContext("2d");
  pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return [...select.options].map((one) => one.text).filter((text) => pen.measureText(text).width > room);
})"""


def whole_choices(page):
    """No list of the page cuts a choice on a phone."""
    was = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate(_CUT) == []
    page.set_viewport_size(was)


def test_operations_draft_simulate_and_publish_and_a_partner_is_told(
    sign_in, olga, ada, bob, alice, register
):
    register(alice, "Town of Ulm", clock=database_clock, tender=True)
    register(alice, "Nordhavn Shipping A/S", clock=database_clock)
    page = sign_in(olga)
    page.goto("/policies/registration/")
    page.get_by_role("button", name="New draft").click()
    expect(page.locator("#beside-protection_days")).to_contain_text("protected for 60 days")
    fits_a_phone(page)
    whole_choices(page)

    page.locator("#id_protection_days").fill("25")
    expect(page.locator("#beside-protection_days")).to_contain_text("protected for 25 days")
    expect(page.locator("#beside-reminder_days")).to_contain_text("when the protection of 25 days has ended")
    expect(page.get_by_role("region", name="1 thing does not fit")).to_be_visible()
    page.locator("#beside-reminder_days").get_by_role("link", name="Protection").click()
    expect(page.locator("#setting-protection_days:target")).to_be_in_viewport()
    page.locator("#id_protection_days").fill("sixty")
    expect(page.locator("#beside-protection_days")).to_contain_text("Enter a whole number.")
    expect(page.locator("#id_protection_days")).to_have_value("sixty")
    page.locator("#id_protection_days").fill("90")
    expect(page.locator("#beside-protection_days")).to_contain_text("In force: 60 days")
    page.get_by_label("Refuse public tenders").check()
    expect(page.get_by_text("a public tender would be refused")).to_be_visible()
    expect(page.locator("#draft-state")).to_contain_text("Saved")

    other = sign_in(ada)  # the second sitting: nobody pressed a button in the first
    other.goto("/policies/registration/")
    other.get_by_role("link", name="Draft of version 2").click()
    expect(other.locator("#id_protection_days")).to_have_value("90")
    other.get_by_label("What changes, and why").fill("Longer deals, no tenders.")
    other.get_by_role("button", name="Save draft").click()

    other.get_by_role("link", name="Simulate", exact=True).click()
    other.get_by_role("button", name="Simulate").click()
    expect(other.get_by_text("Waiting to begin")).to_be_visible()
    assert not run_simulations()
    found = "Would refuse 1; 1 of 2 would land where they did."
    expect(other.get_by_text(found)).to_be_visible()  # the page asks by itself
    other.get_by_role("link", name="Draft 2").first.click()
    panel = other.get_by_role("region", name="On past registrations")
    expect(panel.get_by_text(found)).to_be_visible()
    panel.get_by_role("link", name="Look at the last simulation").click()
    expect(other.get_by_text("Town of Ulm")).to_be_visible()
    expect(other.get_by_text("Nordhavn")).to_have_count(0)
    fits_a_phone(other)
    other.get_by_role("link", name="Draft 2").first.click()

    other.get_by_role("button", name="Go on to publish").click()
    expect(other.get_by_text(found)).to_be_visible()
    changes = other.get_by_role("region", name="What it changes")
    expect(changes).to_contain_text("In force: 60 days")
    expect(changes).to_contain_text("Don't register public tenders: they are refused.")
    fits_a_phone(other)
    day = timezone.localtime(database_clock() + timedelta(days=14))
    other.get_by_label("Day and time").fill(f"{day:%Y-%m-%dT%H:%M}")
    other.get_by_role("button", name="Publish the version").click()
    expect(other.get_by_text(f"is published and applies from {day:%-d %b %Y}")).to_be_visible()

    tell_of_versions()

    theirs = sign_in(bob)
    theirs.goto("/notices/")
    theirs.get_by_text("Registration policy, version 2").first.click()
    expect(theirs.get_by_text("protected for 90 days")).to_be_visible()
    expect(theirs.get_by_text("Longer deals, no tenders.")).to_be_visible()
    fits_a_phone(theirs)
    made = RegistrationPolicy.objects.get(version=2)
    assert {author.name for author in made.authors.all()} == {"Olga", "Ada"}


def test_the_page_says_saved_only_while_it_is_and_keeps_what_was_typed_last(sign_in, olga, ada):
    draft = begin_draft(by=olga)
    page, edit = sign_in(olga), f"/policies/registration/{draft.version}/edit/"
    page.goto(edit)
    page.locator("#id_appeal_days").fill("21")
    page.get_by_role("link", name="Read it in full").click()  # sooner than the page saves itself
    page.wait_for_url(f"**/policies/registration/{draft.version}/")
    wait_for(lambda: RegistrationPolicy.objects.get(pk=draft.pk).appeal_days == 21, "what was typed last")

    page.goto(edit)
    state = page.locator("#draft-state")
    expect(state).to_contain_text("Saved")
    page.context.set_offline(True)
    page.locator("#id_appeal_days").fill("22")
    expect(state).to_have_text("Not saved yet. We keep trying.")
    page.context.set_offline(False)
    page.evaluate("htmx.trigger('[data-live]', 'again')")  # as the clock does after a while
    expect(state).to_contain_text("Saved")
    draft.refresh_from_db()
    assert draft.appeal_days == 22

    save_draft(draft, by=ada, revision=draft.revision, settings={"cooling_off_days": 5})
    page.locator("#id_appeal_days").fill("23")
    expect(state).to_have_text("Not saved")
    page.get_by_role("button", name="Save draft").click()
    differs = page.get_by_role("region", name="What differs")
    expect(differs).to_contain_text("Wait after an expiry: saved is 5 days, on this page stands 30 days")
    page.locator("#id_cooling_off_days").fill("5")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    draft.refresh_from_db()
    assert (draft.appeal_days, draft.cooling_off_days) == (23, 5)

    delete_draft(draft, by=ada)
    page.locator("#id_appeal_days").fill("24")
    expect(page.locator("#draft-refused")).to_contain_text("Draft 2 was deleted meanwhile.")
    expect(state).to_have_text("Not saved")
    page.on("dialog", lambda dialog: dialog.accept())  # it asks before what was typed is left


def test_without_scripts_a_draft_can_be_thrown_away(browser, live_server, olga):
    """What a button would ask first stands below the page."""
    draft = begin_draft(by=olga)
    window = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": 320, "height": 700}
    )
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(olga), "url": live_server.url}
    window.add_cookies([cookie])
    page = window.new_page()
    page.goto(f"/policies/registration/{draft.version}/edit/")
    expect(page.get_by_role("button", name="Delete", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Delete the draft").click()
    expect(page).to_have_url(f"{live_server.url}/policies/registration/")
    assert not RegistrationPolicy.objects.drafts().exists()
    window.close()
