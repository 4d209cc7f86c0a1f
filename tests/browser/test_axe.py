"""axe-core finds nothing on any page, wide and narrow, light and dark."""

import re

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from registrations.services.still_active import keep_alive
from tests.access.objects import Things
from tests.access.rows import ROWS
from tests.browser.judging import NARROW, WIDE, Judge, nothing_at

pytestmark = pytest.mark.django_db(transaction=True)

# Answered with a redirect, a file, a fragment or a probe.
NO_PAGES = {
    *("core:live", "core:ready", "core:theme", "home"),
    *(
        "companies:import_example",
        "leads:import_example",
        "registrations:attachment",
    ),
    "registrations:review_candidates",
}
# Routes whose names say that a file comes.
FILES = re.compile(r"_file$|:export_")
# Whose pages are looked at besides, and the ones that are not the same for both of them.
LIKE = {"bob": "alice", "mara": "alice", "olga": "mara"}
DIFFERS = {
    *(
        "registrations:overview",
        "registrations:list",
        "registrations:registration",
        "registrations:review_item",
        "leads:lead",
    ),
    *("partners:firm", "partners:partner", "policies:registration_policy"),
}


def addresses_for(name: str, things: Things) -> list[str]:
    """The pages of `name`, from the table of who may do what."""
    known = LIKE.get(name, "nobody")
    return [
        reverse(row.route, args=things.arguments(row.about))
        for row in ROWS
        if name in (row.get or "").split()
        and row.route not in NO_PAGES
        and not FILES.search(row.route)
        and not row.public
        and (known not in (row.get or "").split() or row.route in DIFFERS)
    ]


@pytest.mark.parametrize("name", ["alice", "bob", "mara", "olga"])
def test_pages_of(name, request, sign_in, things):
    addresses = addresses_for(name, things)
    if name == "alice":
        (draft,) = things.arguments("draft")
        addresses += [f"/registrations/{draft}/check/", "/account/password/change/"]
    assert len(addresses) >= 5
    nothing_at(Judge(sign_in(request.getfixturevalue(name), axe=True)), addresses)


def test_pages_for_anybody(sign_in, things, charlie):
    judge = Judge(sign_in(None, axe=True))
    key = f"{user_pk_to_url_str(charlie)}-{default_token_generator.make_token(charlie)}"
    (token,) = things.arguments("still_active")
    still_active = reverse("registrations:still_active", args=[token])
    nothing_at(
        judge,
        [
            reverse("account_login"),
            reverse("account_reset_password"),
            reverse("account_reset_password_done"),
            f"/account/password/reset/key/{key}/",
            reverse("partners:accept_invitation", args=things.arguments("invitation_link")),
            still_active,
        ],
    )
    keep_alive(token)
    nothing_at(judge, [still_active], status=410)


@pytest.mark.parametrize(("theme", "unread"), [("light", "#e8e8e8"), ("dark", "#2a323d")])
def test_a_colour_that_nobody_can_read_is_found(sign_in, charlie, theme, unread):
    """The control: looks that were judged are passed over, the same text in another colour is not. And the page is in the
    theme that the system asks for."""
    judge = Judge(sign_in(charlie, theme=theme, axe=True), known=set())
    assert list(judge.complaints("/registrations/overview/")) == []
    assert judge.page.locator("html").get_attribute("data-bs-theme") == theme
    known = set(judge.known)
    assert known and judge.look(WIDE) == [] and judge.known == known
    judge.page.evaluate("colour => document.querySelector('h1').style.color = colour", unread)
    (complaint,) = judge.look(WIDE)
    assert complaint.startswith(f"{theme} color-contrast: ") and "<h1" in complaint


def test_a_page_that_is_not_built_well_is_found(sign_in, charlie):
    """The control: a picture without words is found on a phone, too, and so is what reaches out of it."""
    judge = Judge(sign_in(charlie, axe=True))
    nothing_at(judge, ["/registrations/overview/"])
    judge.page.evaluate("document.querySelector('main h1').append(document.createElement('img'))")
    judge.page.evaluate("document.querySelector('main h1').style.minWidth = '400px'")
    reaches, nameless, *_ = judge.look(NARROW)
    assert "px wide in a window of 320" in reaches
    judge.page.evaluate(
        "document.querySelector('main h1').style.cssText = 'width: 3rem; overflow-wrap: anywhere'"
    )
    assert any("breaks the word Overview" in complaint for complaint in judge.look(WIDE))
    assert nameless.startswith("light image-alt: ")


def test_pages_without_anything_on_them(sign_in, charlie, mara):
    judge = Judge(sign_in(charlie, axe=True))
    nothing_at(judge, ["/registrations/overview/", "/registrations/", "/notices/"])
    nothing_at(judge, ["/registrations/R-2222222/"], status=404)
    nothing_at(judge, ["/review/"], status=403)
    nothing_at(
        Judge(sign_in(mara, axe=True)), ["/review/", "/companies/?q=nobody", "/reports/open-registrations/"]
    )
