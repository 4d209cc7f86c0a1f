"""What browser tests share: people who are signed in, in a window of their own, on a portal that really serves."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, BrowserContext, Page

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


@pytest.fixture
def sign_in(live_server: Any, browser: Browser) -> Iterator[SignIn]:
    """`sign_in(mara, width=1280, theme='light')` is a window of hers; relative addresses are the live server's.

    With None instead of a person nobody is signed in there. A test that leaves an error in a page's console fails,
    except for what a refused decision answers (4xx).
    """
    windows: list[BrowserContext] = []
    faults: list[str] = []

    def open_window(
        person: User | None, *, width: int = 1280, height: int = 900, theme: str = "light"
    ) -> Page:
        window = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
        )
        windows.append(window)
        if person is not None:
            name, value = settings.SESSION_COOKIE_NAME, session_of(person)
            window.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        page = window.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if _is_fault(message) else None)
        return page

    yield open_window
    for window in windows:
        window.close()
    assert faults == []


def _is_fault(message: Any) -> bool:
    return message.type == "error" and "the server responded with a status of 4" not in message.text
