"""The container's health check asks under a name that the portal accepts."""

import pytest

from prm import healthcheck


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [
        ("partners.example,www.example", "partners.example"),
        (".example", "example"),
        ("*", "localhost"),
        ("", "localhost"),
    ],
)
def test_host(hosts: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", hosts)
    assert healthcheck.host() == expected


def test_nothing_listening_is_not_alive() -> None:
    assert healthcheck.alive(port=9) is False
