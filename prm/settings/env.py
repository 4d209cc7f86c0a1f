"""Typed parsers for the environment. Each one fails loudly, in a sentence that names the variable."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse
from zoneinfo import available_timezones

import environ
from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}
_HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d\Z")
_ADDRESS = re.compile(r"[A-Za-z0-9_.-]{1,15}@[A-Za-z0-9.-]+\Z")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")


def text(name: str, default: str | None = None) -> str:
    """The value of `name`, or of the file that `name`_FILE points to; without a default it must be set."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(
                f"{name}_FILE points to {path}, which cannot be read: {error}"
            ) from error
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set. Set it, or set {name}_FILE to a file that holds it.")
    return default


def flag(name: str, *, default: bool) -> bool:
    """A yes or no; anything else is refused."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in _TRUE:
        return True
    if value.strip().lower() in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}.")


def whole_number(name: str, *, default: int, least: int = 0) -> int:
    """A whole number, at least `least`."""
    value = text(name, str(default))
    if not value.isdigit() or int(value) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number of at least {least}, not {value!r}.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def colour(name: str, default: str) -> str:
    """A colour as #rrggbb."""
    value = text(name, default)
    if not _COLOUR.match(value):
        raise ImproperlyConfigured(f"{name} must be a colour such as #0b5cad, not {value!r}.")
    return value


def zone(name: str, default: str) -> str:
    """A time zone by its name, such as Europe/Berlin."""
    value = text(name, default)
    if value not in available_timezones():
        raise ImproperlyConfigured(f"{name} must be a time zone such as Europe/Berlin, not {value!r}.")
    return value


def hours(name: str, default: str) -> str:
    """Opening hours of a day, such as 09:00-17:00."""
    value = text(name, default)
    if not _HOURS.match(value) or value[:5] >= value[6:]:
        raise ImproperlyConfigured(f"{name} must be hours of one day such as 09:00-17:00, not {value!r}.")
    return value


def mail_address(name: str) -> str:
    """An address such as deals@portal.example, which takes plus-addressed mail too; empty for none."""
    value = text(name, "")
    if value and not _ADDRESS.match(value):
        raise ImproperlyConfigured(f"{name} must be an address such as deals@portal.example, not {value!r}.")
    return value


def database(name: str = "DATABASE_URL") -> dict[str, Any]:
    """Django's settings of the one PostgreSQL database. Other engines are refused: the constraints need it."""
    url = text(name)
    if urlparse(url).scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"{name} must begin with postgres:// since Concord runs on PostgreSQL only."
        )
    config = dict(environ.Env.db_url_config(url))
    # A socket's folder is written as postgresql://user@%2Ffolder/name, as libpq has it.
    config["HOST"] = unquote(config.get("HOST", ""))
    return config


def mail(name: str = "EMAIL_URL") -> dict[str, Any]:
    """Where mail goes: smtp://, smtps:// (implicit TLS), smtp+tls:// (STARTTLS) or mailbox:// (development only)."""
    parts = urlparse(text(name))
    if parts.scheme == "mailbox":
        return {"EMAIL_BACKEND": "notifications.mailbox.MailboxBackend"}
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"} or not parts.hostname:
        raise ImproperlyConfigured(f"{name} must look like smtp+tls://user:password@host:587 or mailbox://.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": 20,
    }
