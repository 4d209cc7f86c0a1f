"""axe-core finds nothing on any page, wide and narrow, light and dark."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page

from registrations.services.still_active import keep_alive
from tests.access.objects import Things
from tests.access.rows import ROWS
from tests.browser.steps import fits

pytestmark = pytest.mark.django_db(transaction=True)

# Answered with a redirect, a file, a fragment or a probe.
NO_PAGES = {
    *("core:live", "core:ready", "core:theme", "home"),
    *(
        "companies:import_example",
        "leads:import_example",
        "registrations:attachment",
        "reports:export_open_registrations",
    ),
    "registrations:review_candidates",
}
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

_RUN = "options => axe.run(document, options).then(found => found.violations)"
_COLOURS = ["color-contrast", "link-in-text-block"]
_BY_COLOUR = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": _COLOURS}}
_ALL = {"resultTypes": ["violations"]}
# All that changes from light to dark are colours: in the dark the rules about them are enough.
SIGHTS: tuple[tuple[int, str, dict[str, Any]], ...] = (
    (1280, "light", _ALL),
    (1280, "dark", _BY_COLOUR),
    (320, "light", _ALL),
    (320, "dark", _BY_COLOUR),
)


def complaints(page: Page, address: str, status: int = 200) -> Iterator[str]:
    """What axe has against the page at `address`: a line for each element."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    answer = page.goto(address)
    assert answer and answer.status == status, f"{address} answered {answer and answer.status}"
    page.evaluate(Axe().axe_script)
    for width, theme, options in SIGHTS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.wait_for_function("theme => document.documentElement.dataset.bsTheme === theme", arg=theme)
        fits(page)
        for found in page.evaluate(_RUN, options):
            for node in found["nodes"]:
                yield f"{address} {width} {theme} {found['id']}: {found['help']}: {node['html'][:160]}"


def nothing_at(page: Page, addresses: list[str], status: int = 200) -> None:
    faults = [line for address in addresses for line in complaints(page, address, status)]
    assert not faults, "\n".join(faults)


def addresses_for(name: str, things: Things) -> list[str]:
    """The pages of `name`, from the table of who may do what."""
    known = LIKE.get(name, "nobody")
    return [
        reverse(row.route, args=things.arguments(row.about))
        for row in ROWS
        if name in (row.get or "").split()
        and row.route not in NO_PAGES
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
    nothing_at(sign_in(request.getfixturevalue(name)), addresses)


def test_pages_for_anybody(sign_in, things, charlie):
    page = sign_in(None)
    key = f"{user_pk_to_url_str(charlie)}-{default_token_generator.make_token(charlie)}"
    (token,) = things.arguments("still_active")
    still_active = reverse("registrations:still_active", args=[token])
    nothing_at(
        page,
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
    nothing_at(page, [still_active], status=410)


def test_pages_without_anything_on_them(sign_in, charlie, mara):
    his = sign_in(charlie)
    nothing_at(his, ["/registrations/overview/", "/registrations/", "/notices/"])
    nothing_at(his, ["/registrations/R-2222222/"], status=404)
    nothing_at(his, ["/review/"], status=403)
    nothing_at(sign_in(mara), ["/review/", "/companies/?q=nobody", "/reports/open-registrations/"])
