"""What browser tests share: people who are signed in, in a window of their own, on a portal that really serves."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from playwright.sync_api import Browser, Page

from accounts.models import User
from tests.access.objects import things

__all__ = ["things"]

SignIn = Callable[..., Page]


def session_of(person: User) -> str:
    """The key of a session in which `person` is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    assert session.session_key
    return session.session_key


class Windows:
    """Windows that tests take and give back. A new one has nothing in its cache and costs more than most tests; one that is
    given back keeps the portal's stylesheets and scripts, and nothing of who was signed in. Those with `axe` have it in each
    of their pages, and are for tests that want it."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.free: dict[bool, list[Page]] = {True: [], False: []}

    def take(self, width: int, height: int, theme: str, *, axe: bool = False) -> Page:
        """A blank page of that size, in a system of that theme."""
        page = self.free[axe].pop() if self.free[axe] else self._new(axe=axe)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
        page.set_default_timeout(15_000)
        return page

    def give_back(self, page: Page, *, axe: bool = False) -> None:
        """Forgets the person, what their pages stored, and who listened."""
        if page.is_closed() or page.context.pages != [page]:
            page.context.close()
            return
        for event in _HEARD:
            for listener in list(page._impl_obj.listeners(event)):
                page._impl_obj.remove_listener(event, listener)
        if page.url.startswith(self.address):
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
        page.context.clear_cookies()  # a draft that saves itself when it is left is nobody's
        page.goto("about:blank")
        self.free[axe].append(page)

    def _new(self, *, axe: bool) -> Page:
        page = self.browser.new_context(base_url=self.address).new_page()
        if axe:
            page.add_init_script(Axe().axe_script)
        return page


_HEARD = ("console", "dialog", "download", "filechooser", "pageerror", "popup", "request", "response")


@pytest.fixture(scope="session")
def windows(browser: Browser, live_server: Any) -> Iterator[Windows]:
    """Files are sent as production sends them: to be kept. Those of a fresh checkout would be asked for again on each page."""

    def serve(handler: StaticFilesHandler, request: HttpRequest) -> HttpResponseBase:
        answer = sent(handler, request)
        answer["Cache-Control"] = "max-age=3600"
        return answer

    sent = StaticFilesHandler.serve
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "serve", serve)
        yield Windows(browser, live_server.url)


@pytest.fixture
def sign_in(live_server: Any, windows: Windows) -> Iterator[SignIn]:
    """`sign_in(mara, width=1280, theme='light')` is a window of hers; relative addresses are the live server's.

    With None instead of a person nobody is signed in there; `axe` is for tests.browser.judging. A test that leaves an
    error in a page's console fails, except for what a refused decision answers (4xx).
    """
    taken: list[tuple[Page, bool]] = []
    faults: list[str] = []

    def open_window(
        person: User | None, *, width: int = 1280, height: int = 900, theme: str = "light", axe: bool = False
    ) -> Page:
        page = windows.take(width, height, theme, axe=axe)
        taken.append((page, axe))
        if person is not None:
            name, value = settings.SESSION_COOKIE_NAME, session_of(person)
            page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if _is_fault(message) else None)
        return page

    yield open_window
    for page, axe in taken:
        windows.give_back(page, axe=axe)
    assert faults == []


def _is_fault(message: Any) -> bool:
    refused = (
        "the server responded with a status of 4",
        "Response Status Error Code 4",
        *("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest"),  # a test took the network
    )  # the browser's words, htmx's
    return message.type == "error" and not any(words in message.text for words in refused)
