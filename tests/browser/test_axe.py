"""axe-core finds nothing on any page, wide and narrow, light and dark."""

import re
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

_COLOURS = ("color-contrast", "link-in-text-block")
_ONLY_COLOURS = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": _COLOURS}}
_BUT_COLOURS = {"resultTypes": ["violations"], "rules": {name: {"enabled": False} for name in _COLOURS}}
_RUN = "([where, options]) => axe.run(where, options).then(found => found.violations)"
_NEW = "[data-new-colours]"
# What axe looks at is the same in both themes but for colours; those it judges by what `_MARK_NEW` writes down of a text.
SIGHTS = ((1280, "light", True), (1280, "dark", False), (320, "light", True), (320, "dark", False))

# Marks the texts whose looks are not among the `known` ones, and returns these looks. Two texts look the same when
# element, colours, size and weight agree, and so do the backgrounds, opacities, filters and positions of all around
# them: axe says of the second what it said of the first, so it is asked once a test, not once a page, width and theme.
_MARK_NEW = """known => {
  const seen = new Set(known), added = [], around = new Map([[null, ""]]);
  document.querySelectorAll("[data-new-colours]").forEach(e => e.removeAttribute("data-new-colours"));
  const behind = element => {
    if (!around.has(element)) {
      const its = getComputedStyle(element);
      const own = [its.backgroundColor, its.backgroundImage, its.opacity, its.filter, its.mixBlendMode,
                   its.position, its.zIndex, element.matches(":disabled, [aria-disabled=true]")].join();
      around.set(element, around.get(element.parentElement) === undefined
        ? behind(element.parentElement) + "/" + own : around.get(element.parentElement) + "/" + own);
    }
    return around.get(element);
  };
  const texts = new Set(document.body.querySelectorAll("input, select, textarea, button"));
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (walker.currentNode.data.trim()) texts.add(walker.currentNode.parentElement);
  for (const text of texts) {
    if (!text.checkVisibility()) continue;
    const its = getComputedStyle(text), parent = getComputedStyle(text.parentElement);
    const look = [text.localName, its.color, its.fontSize, its.fontWeight, its.textDecorationLine, its.textShadow,
                  its.display, parent.color, behind(text)].join("|");
    if (seen.has(look)) continue;
    text.setAttribute("data-new-colours", "");
    seen.add(look);
    added.push(look);
  }
  return added;
}"""


def complaints(page: Page, address: str, status: int, known: set[str]) -> Iterator[str]:
    """What axe has against the page at `address`: a line for each element. `known` are looks that were judged."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    answer = page.goto(address)
    assert answer and answer.status == status, f"{address} answered {answer and answer.status}"
    page.evaluate(Axe().axe_script)
    for width, theme, structure in SIGHTS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.wait_for_function("theme => document.documentElement.dataset.bsTheme === theme", arg=theme)
        fits(page)
        found = judge_colours(page, known) + (
            page.evaluate(_RUN, ["html", _BUT_COLOURS]) if structure else []
        )
        for complaint in found:
            for node in complaint["nodes"]:
                yield (
                    f"{address} {width} {theme} {complaint['id']}: {complaint['help']}: {node['html'][:160]}"
                )


def judge_colours(page: Page, known: set[str]) -> list[dict[str, Any]]:
    """What the rules about colours have against looks that are not `known` yet; these are known then."""
    looks = page.evaluate(_MARK_NEW, list(known))
    known.update(looks)
    return page.evaluate(_RUN, [_NEW, _ONLY_COLOURS]) if looks else []


def nothing_at(page: Page, addresses: list[str], status: int = 200) -> None:
    known: set[str] = set()
    faults = [line for address in addresses for line in complaints(page, address, status, known)]
    assert not faults, "\n".join(faults)


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


def test_a_colour_that_nobody_can_read_is_found(sign_in, charlie):
    """The control: looks that were judged are passed over, the same text in another colour is not."""
    page, known = sign_in(charlie), set()
    assert list(complaints(page, "/registrations/overview/", 200, known)) == []
    assert known and judge_colours(page, known) == []
    page.evaluate("document.querySelector('h1').style.color = '#2a323d'")  # the page was left dark
    (complaint,) = judge_colours(page, known)
    assert complaint["id"] == "color-contrast" and len(complaint["nodes"]) == 1


def test_pages_without_anything_on_them(sign_in, charlie, mara):
    his = sign_in(charlie)
    nothing_at(his, ["/registrations/overview/", "/registrations/", "/notices/"])
    nothing_at(his, ["/registrations/R-2222222/"], status=404)
    nothing_at(his, ["/review/"], status=403)
    nothing_at(sign_in(mara), ["/review/", "/companies/?q=nobody", "/reports/open-registrations/"])
