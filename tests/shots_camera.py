"""Opens pages in a browser, waits until they have settled, and takes their picture."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client

from accounts.models import User
from tests.shots_people import person

_SETTLED = """() => document.fonts.status === 'loaded'
    && !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added')"""

_HIGHEST = 8000


@dataclass(frozen=True)
class Place:
    """An address by the name that its picture carries; `status` is what the server should answer."""

    name: str
    path: str
    status: int = 200


class Camera:
    """Keeps a browser page for each role, width and theme."""

    def __init__(self, browser: Any, portal: str) -> None:
        self.browser, self.portal = browser, portal
        self._pages: dict[tuple[str, int, str, int], Any] = {}

    def take(
        self,
        place: Place,
        *,
        role: str,
        width: int,
        theme: str,
        target: Path,
        act: Callable[[Any], None] | None = None,
        height: int = 0,
    ) -> list[str]:
        """Writes the picture; full length unless `height` says otherwise. Returns what was wrong, in words."""
        page = self._page(role, width, theme, height or 800)
        said: list[str] = []

        def note(error: Any) -> None:
            said.append(f"{place.name} for {role}: {error}")

        page.on("pageerror", note)
        answer = page.goto(self.portal + place.path, wait_until="load")
        if answer is not None and answer.status != place.status:
            note(f"answered {answer.status} instead of {place.status}")
        page.wait_for_function(_SETTLED)
        if act is not None:
            act(page)
            page.wait_for_function(_SETTLED)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not height:
            # A window as high as the page, so that bars which stick to its foot do not cover the middle.
            full = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": min(max(full, 800), _HIGHEST)})
        page.screenshot(path=str(target), full_page=not height, animations="disabled")
        page.set_viewport_size({"width": width, "height": height or 800})
        page.remove_listener("pageerror", note)
        return said

    def close(self) -> None:
        """Ends all contexts."""
        for page in self._pages.values():
            page.context.close()

    def _page(self, role: str, width: int, theme: str, height: int) -> Any:
        key = (role, width, theme, height)
        if key not in self._pages:
            context = self.browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce"
            )
            user = person(role)
            if user is not None:
                context.add_cookies([self._session(user)])
            self._pages[key] = context.new_page()
        return self._pages[key]

    def _session(self, user: User) -> dict[str, str]:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        return {"name": name, "value": client.cookies[name].value, "url": self.portal}
