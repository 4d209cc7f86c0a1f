"""A picture of every page, for every role that reaches it: `make shots`. Not part of the normal tests.

The pages come from the URL configuration. tests/shots_examples.py says which objects fill addresses with codes in them,
tests/shots_states.py which states (errors, empty lists) are shown besides. A page that cannot be pictured is named in a
loud line. `make shots ARGS="-k readme"` makes the pictures of the README instead.
"""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from notifications import mailbox

# The mailbox has addresses only where mail goes there, which is decided when the URL configuration is first read.
settings.EMAIL_BACKEND = mailbox.BACKEND
import notifications.urls  # noqa: E402, F401
from tests import shots_pages, shots_states  # noqa: E402
from tests.shots_camera import Camera, Place  # noqa: E402
from tests.shots_people import make_newcomer  # noqa: E402

OUT = Path(__file__).parents[1] / "var" / "shots"
WIDTHS = (1280, 320)


@pytest.fixture(scope="module")
def portal(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a server with the demo in it, its mails delivered to the mailbox."""
    from pytest_django.live_server_helper import LiveServer

    from demo import loading
    from notifications.sending import send_outbox

    logging.getLogger("django.request").setLevel(logging.ERROR)  # pages of errors are pictured on purpose
    folder = tmp_path_factory.mktemp("shots")
    changed = override_settings(
        MEDIA_ROOT=folder / "media", MAILBOX_DIR=folder / "mailbox", EMAIL_BACKEND=mailbox.BACKEND
    )
    with django_db_blocker.unblock(), changed:
        loading.load()
        make_newcomer()
        send_outbox()
        server = LiveServer("127.0.0.1")
        yield server.url
        server.stop()


@pytest.fixture
def camera(browser: Any, portal: str) -> Iterator[Camera]:
    made = Camera(browser, portal)
    yield made
    made.close()


@pytest.mark.parametrize("role", shots_pages.ROLES)
def test_pages(role: str, camera: Camera) -> None:
    """Every page that this role reaches, filled from the demo."""
    places, untaken = shots_pages.places_for(role)
    for name in untaken:
        print(f"\n!!! NO PICTURE OF {name}: tests/shots_examples.py does not say what to fill in", end="")
    assert places, f"{role} reaches nothing"
    themes = ("light", "dark") if role in shots_pages.IN_DARK_TOO else ("light",)
    faults = []
    for place in places:
        for width in WIDTHS:
            for theme in themes:
                target = OUT / role / f"{place.name}-{width}-{theme}.png"
                faults += camera.take(place, role=role, width=width, theme=theme, target=target)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("state", shots_states.STATES, ids=lambda state: state.name)
def test_states(state: shots_states.State, camera: Camera) -> None:
    """What a page says when something is wrong."""
    for width in WIDTHS:
        target = OUT / state.role / f"state-{state.name}-{width}-light.png"
        place = Place(state.name, state.address(), status=state.status)
        camera.take(place, role=state.role, width=width, theme="light", target=target, act=state.act)


def test_readme(camera: Camera, request: pytest.FixtureRequest) -> None:
    """The four pictures of the README, small enough to keep."""
    if "readme" not in str(request.config.getoption("keyword")):
        pytest.skip('only on request: make shots ARGS="-k readme"')
    folder = Path(__file__).parents[1] / "docs" / "images"
    for place, role, act in shots_states.readme_places():
        target = folder / f"{place.name}.png"
        faults = camera.take(place, role=role, width=1280, theme="light", target=target, height=860, act=act)
        assert not faults, faults
        shots_states.make_small(target)
