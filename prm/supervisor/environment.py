"""The environment of the portal's processes: what the person set, and defaults for a portal on one's own machine."""

import os
import secrets
from collections.abc import Mapping

from prm.supervisor.errors import CannotStart, unwritable
from prm.supervisor.layout import CHECKOUT, Layout

DEFAULT_PORT = 8000
_SHORTEST_KEY = 32


def port_of(environment: Mapping[str, str]) -> int:
    """PORT, or 8000. Raises CannotStart when it is no port."""
    text = environment.get("PORT") or str(DEFAULT_PORT)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise CannotStart(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def portal_environment(
    layout: Layout, base: Mapping[str, str], addresses: Mapping[str, str]
) -> dict[str, str]:
    """`base` with everything that the settings need. What the person set stays."""
    port = port_of(base)
    defaults = {
        "DJANGO_SETTINGS_MODULE": "prm.settings",
        "VAR_DIR": str(layout.var),
        "EMAIL_URL": "mailbox://",
        "PLAIN_HTTP": "yes",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "PORTAL_URL": f"http://127.0.0.1:{port}",
        "PYTHONUNBUFFERED": "1",
        # Celery advises against root; in this mode the person chose it, and only JSON is accepted.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        **addresses,
    }
    if not (base.get("SECRET_KEY") or base.get("SECRET_KEY_FILE")):
        defaults["SECRET_KEY_FILE"] = str(keep_secret_key(layout))
    set_by_person = {key: value for key, value in base.items() if value or key not in defaults}
    return {**defaults, **set_by_person, "PYTHONPATH": _python_path(base)}


def keep_secret_key(layout: Layout) -> os.PathLike[str]:
    """The file with this portal's own key, made at the first start. A key that was cut short is made anew."""
    path = layout.secret_key
    try:
        if path.exists() and len(path.read_bytes().strip()) >= _SHORTEST_KEY:
            return path
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64) + "\n")
        fresh.rename(path)
    except OSError as error:
        raise unwritable(path, error) from error
    return path


def _python_path(base: Mapping[str, str]) -> str:
    return os.pathsep.join(part for part in (str(CHECKOUT), base.get("PYTHONPATH", "")) if part)
