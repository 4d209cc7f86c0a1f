"""What the portal's processes are told, and the secret key that is kept."""

from pathlib import Path

import pytest

from prm.supervisor.environment import keep_secret_key, port_of, portal_environment
from prm.supervisor.errors import CannotStart
from prm.supervisor.layout import Layout


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    found = Layout(tmp_path / "var")
    found.prepare()
    return found


def test_defaults_are_for_ones_own_machine(layout: Layout) -> None:
    found = portal_environment(layout, {"PORT": "8001"}, {"DATABASE_URL": "postgresql://embedded"})
    assert found["EMAIL_URL"] == "mailbox://"
    assert found["PORTAL_URL"] == "http://127.0.0.1:8001"
    assert found["DATABASE_URL"] == "postgresql://embedded"
    assert found["SECRET_KEY_FILE"] == str(layout.secret_key)
    assert "SECRET_KEY" not in found


def test_what_the_person_set_wins_and_what_is_left_empty_does_not(layout: Layout) -> None:
    base = {"EMAIL_URL": "smtp://mail.example", "SECRET_KEY": "mine", "ALLOWED_HOSTS": ""}
    found = portal_environment(layout, base, {})
    assert (found["EMAIL_URL"], found["SECRET_KEY"]) == ("smtp://mail.example", "mine")
    assert "127.0.0.1" in found["ALLOWED_HOSTS"]
    assert "SECRET_KEY_FILE" not in found


def test_the_secret_key_is_made_once_and_private(layout: Layout) -> None:
    first = Path(keep_secret_key(layout)).read_text()
    assert Path(keep_secret_key(layout)).read_text() == first
    assert len(first.strip()) >= 64
    assert layout.secret_key.stat().st_mode & 0o777 == 0o600


def test_a_key_cut_short_is_made_anew(layout: Layout) -> None:
    layout.secret_key.write_text("abc")
    assert len(Path(keep_secret_key(layout)).read_text()) > 64


@pytest.mark.parametrize("text", ["0", "65536", "-1", "80a"])
def test_a_port_that_is_none(text: str) -> None:
    with pytest.raises(CannotStart, match="PORT must be a number from 1 to 65535"):
        port_of({"PORT": text})


def test_port_defaults_to_8000() -> None:
    assert port_of({}) == port_of({"PORT": ""}) == 8000
