"""Pages in a state that needs an act first, and the four pictures of the README."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.urls import reverse

from registrations.models import Registration
from tests.shots_camera import Place
from tests.shots_examples import EXAMPLES
from tests.shots_finders import first, named, shut_module, spent_token
from tests.shots_people import person


@dataclass(frozen=True)
class State:
    """A page in a state that needs an act first: who, where, what the server says, what is done there."""

    name: str
    role: str
    address: Callable[[], str]
    status: int = 200
    act: Callable[[Any], None] | None = None


def _submit_empty(page: Any) -> None:
    with page.expect_navigation():
        page.locator("main form[method=post] .btn-primary[type=submit]:not([formaction])").last.click()


def _tick_some(page: Any) -> None:
    for box in page.locator("[data-tick]").all()[:3]:
        box.check()


def _set_aside(page: Any) -> None:
    """On a phone the list is shown first: the item is opened, then the dialog."""
    if not page.locator("#desk-item").is_visible():
        page.locator(".queue-row").first.click()
        page.locator("#item-title").wait_for()
    page.locator("[data-confirm-dialog='#dialog-snooze']").click()


def _reopen(page: Any) -> None:
    page.locator("[data-confirm-dialog='#dialog-reopen']").click()


def _refused() -> str:
    """A refused registration on the desk."""
    return reverse(
        "registrations:review_item", args=first(Registration, status="refused")(person("channel_manager"))
    )


def _wrong_password(page: Any) -> None:
    page.fill("[name=login]", "alice@northgate.example")
    page.fill("[name=password]", "not the right passphrase")
    with page.expect_navigation():
        page.locator("form[method=post] [type=submit]").first.click()


# Forms sent with nothing in them: the name of the picture, who sends it, the page.
_EMPTY_FORMS = (
    ("wrong-application", "anonymous", "partners:apply"),
    ("wrong-certificate", "partner_admin", "partners:submit_certificate"),
    ("wrong-agreement", "channel_operations", "partners:new_agreement"),
    ("wrong-group", "channel_operations", "partners:new_group"),
    ("wrong-program", "channel_operations", "programs:new"),
    ("wrong-module", "channel_operations", "programs:new_module"),
    ("wrong-content", "channel_operations", "programs:new_content"),
    ("wrong-right", "channel_operations", "policies:new_right"),
    ("wrong-route", "channel_operations", "policies:new_route"),
    ("wrong-text", "channel_operations", "policies:new_text"),
)


def _filled(role: str, route: str) -> str:
    arguments = EXAMPLES[route][""](person(role)) if route in EXAMPLES else ()
    return reverse(route, args=arguments)


STATES = (
    *(
        State(name, role, partial(_filled, role, route), 200, _submit_empty)
        for name, role, route in _EMPTY_FORMS
    ),
    State("not-found", "partner_rep", lambda: "/registrations/R-2222222/", 404),
    State("not-allowed", "partner_rep", lambda: reverse("registrations:queue"), 403),
    State("firm-suspended", "suspended", lambda: reverse("registrations:new"), 403),
    State("module-not-open", "partner_rep", lambda: reverse("programs:module", args=[shut_module()]), 409),
    State("address-of-a-button", "channel_manager", lambda: reverse("registrations:bulk"), 405),
    State(
        "link-spent", "anonymous", lambda: reverse("registrations:still_active", args=[spent_token()]), 410
    ),
    State("link-broken", "anonymous", lambda: reverse("registrations:still_active", args=["nonsense"]), 410),
    State("wrong-form", "partner_rep", lambda: reverse("registrations:new"), 200, _submit_empty),
    State("wrong-password", "anonymous", lambda: reverse("account_login"), 200, _wrong_password),
    State("found", "channel_manager", lambda: reverse("companies:search") + "?q=Vantage+Aerospace"),
    State("nothing-found", "channel_manager", lambda: reverse("companies:search") + "?q=zzzzqqq"),
    State("many-ticked", "channel_manager", lambda: reverse("registrations:queue"), 200, _tick_some),
    State("set-aside", "channel_manager", lambda: reverse("registrations:queue"), 200, _set_aside),
    State("reopen", "channel_manager", _refused, 200, _reopen),
    State("empty-filter", "channel_manager", lambda: reverse("registrations:list") + "?q=zzzzqqq"),
)


def _to_the_comparison(page: Any) -> None:
    page.get_by_text("Why it was flagged").first.evaluate("element => element.scrollIntoView()")
    page.mouse.wheel(0, -90)  # below the bar on top


def readme_places() -> list[tuple[Place, str, Callable[[Any], None] | None]]:
    """Where, who looks, and what they do first."""
    rows = (
        (
            "review-queue",
            "channel_manager",
            "registrations:review_item",
            "Mueller Maschinenbau",
            "",
            _to_the_comparison,
        ),
        ("overview", "partner_rep", "registrations:overview", "", "", None),
        ("registration", "partner_rep", "registrations:registration", "Werra Kaliwerke GmbH", "", None),
        ("report", "channel_operations", "reports:open_registrations", "", "?sort=-registrations", None),
    )
    places: list[tuple[Place, str, Callable[[Any], None] | None]] = []
    for name, role, route, company, query, act in rows:
        arguments = named(company)(person(role)) if company else None
        places.append((Place(name, reverse(route, args=arguments) + query), role, act))
    return places


def make_small(picture: Path, most: int = 250_000) -> None:
    """Keeps a picture below `most` bytes: with 256 colours if it has to be."""
    if picture.stat().st_size <= most:
        return
    from PIL import Image

    Image.open(picture).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(picture, optimize=True)
