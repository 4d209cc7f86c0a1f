"""Sockets fit their 107 bytes, folders are private, and VAR_DIR is followed."""

import os
from pathlib import Path

import pytest

from prm.supervisor.errors import CannotStart
from prm.supervisor.layout import CHECKOUT, LONGEST_SOCKET_NAME, SOCKET_PATH_LIMIT, Layout, private_folder


def test_var_is_in_the_checkout_unless_told_otherwise() -> None:
    assert Layout.from_environment({}).var == CHECKOUT / "var"
    assert Layout.from_environment({"VAR_DIR": "/srv/portal"}).var == Path("/srv/portal")


@pytest.mark.parametrize("letter", ["x", "é"])
def test_sockets_always_fit(letter: str) -> None:
    for length in range(1, 200):
        layout = Layout(Path("/") / (letter * length))
        address = os.fsencode(layout.sockets / LONGEST_SOCKET_NAME)
        assert len(address) <= SOCKET_PATH_LIMIT


def test_sockets_stay_in_var_as_long_as_they_fit() -> None:
    longest = SOCKET_PATH_LIMIT - len(f"//run/{LONGEST_SOCKET_NAME}")
    assert Layout(Path("/") / ("x" * longest)).sockets == Path("/") / ("x" * longest) / "run"
    assert Layout(Path("/") / ("x" * (longest + 1))).sockets.parent == Path("/tmp")


def test_two_portals_never_share_a_short_folder() -> None:
    assert Layout(Path("/" + "x" * 150)).sockets != Layout(Path("/" + "y" * 150)).sockets


def test_folders_are_private(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "deep" / "var")
    layout.prepare()
    assert [folder.stat().st_mode & 0o777 for folder in (layout.var, layout.logs, layout.sockets)] == [
        0o700
    ] * 3


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make somebody else's folder")
def test_somebody_elses_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    os.chown(folder, 12345, 12345)
    with pytest.raises(CannotStart, match="belongs to another user"):
        private_folder(folder)
