"""axe-core finds nothing on any page, wide and narrow, light and dark."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.tokens import default_token_generator
from django.utils.http import int_to_base36
from django.urls import NoReverseMatch, reverse
from playwright.sync_api import Page

from registrations.services import still_active
from tests.access.rows import ROWS
from tests.browser.steps import fits

pytestmark = pytest.mark.django_db(transaction=True)

NO_PAGES = {
    "core:live",
    "core:ready",
    "core:theme",
    "companies:import_example",
    "registrations:attachment",
    "registrations:review_candidates",
    "reports:export_open_registrations",
    "home",
}
_EVERY_RULE = {"resultTypes": ["violations"]}
# Colours are all that changes from light to dark.
_COLOURS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
_RUN = "options => axe.run(document, options).then(found => found.violations)"
"""Width, theme, rules."""
SIGHTS = (
    (1280, "light", _EVERY_RULE),
    (1280, "dark", _COLOURS),
    (320, "dark", _COLOURS),
    (320, "light", _EVERY_RULE),
)


def complaints(page: Page, address: str) -> Iterator[str]:
    """What axe has against the page at `address`, a line for each element."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    page.goto(address)
    page.evaluate(Axe().axe_script)
    t=__import__("time").time
    for width, theme, options in SIGHTS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        s=t(); fits(page); print(address,width,theme,"fit",round(t()-s,2)); s=t()
        result = page.evaluate(_RUN, options); print("axe",round(t()-s,2))
        for found in result:
            for node in found["nodes"]:
                yield f"{address} {width} {theme}: {found['id']}: {found['help']}: {node['target']} {node['html'][:160]}"


def addresses_for(name: str, things) -> list[str]:
    """All pages that `name` gets, from the table of who may do what."""
    rows = [row for row in ROWS if name in (row.get or "").split() and row.route not in NO_PAGES]
    return [reverse(row.route, args=things.arguments(row.about)) for row in rows]


@pytest.mark.parametrize("name", ["alice", "bob", "mara", "olga"])
def test_pages_of(name, request, sign_in, things):
    page = sign_in(request.getfixturevalue(name))
    addresses = addresses_for(name, things)
    assert len(addresses) > 10
    faults = [line for address in addresses for line in complaints(page, address)]
    assert not faults, "\n".join(faults)
