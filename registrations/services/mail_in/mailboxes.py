"""Where mail comes from: a maildir, or a mailbox by IMAP. Reading marks nothing; `done` does, after the database has it."""

import imaplib
import os
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from core.errors import BadInput

# A mail is read up to here: a file as large as an upload may be, in the letters of a mail, and its text. What is longer is
# cut, and its files are not kept: the last one would be half a file.
MOST_BYTES = 16 * 1024 * 1024
_SECONDS = 30
_PORTS = {"imap": 143, "imap+tls": 143, "imaps": 993}


@dataclass(frozen=True)
class Waiting:
    """A mail that was not dealt with yet. `done` marks it as read, with a flag if it could not be dealt with."""

    name: str
    content: bytes
    done: Callable[[bool], None]

    @property
    def cut(self) -> bool:
        """Whether there may be more of it than was read."""
        return len(self.content) >= MOST_BYTES


@contextmanager
def opened_mailbox(url: str) -> Iterator[Iterator[Waiting]]:
    """The unread mails of maildir:///folder, imaps://user:password@host/INBOX (TLS), imap+tls://… (STARTTLS) or imap://…
    (one's own machine only). Raises BadInput for another address, OSError and imaplib's errors when it is not there: a
    folder that is missing is a mistake in its name, and is never made."""
    parts = urlsplit(url)
    if parts.scheme == "maildir" and parts.path:
        folder = Path(unquote(parts.path))
        for name in ("cur", "new", "tmp"):
            (folder / name).mkdir(exist_ok=True)
        yield _maildir(folder)
    elif parts.scheme in _PORTS and parts.hostname:
        connection = _connect(parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme])
        try:
            connection.login(unquote(parts.username or ""), unquote(parts.password or ""))
            yield _imap(connection, unquote(parts.path.strip("/")) or "INBOX")
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                connection.logout()
    else:
        raise BadInput(
            "MAIL_IN_URL must look like maildir:///var/mail/portal or imaps://user:password@host/INBOX."
        )


def _maildir(folder: Path) -> Iterator[Waiting]:
    """Mails in new/, and those in cur/ that nobody has seen, the oldest first. A name is moved, never written twice."""
    paths = [path for name in ("new", "cur") for path in (folder / name).iterdir()]
    unseen = [
        path for path in paths if not path.name.startswith(".") and "S" not in path.name.partition(":2,")[2]
    ]
    for path in sorted(unseen, key=lambda path: path.name):
        try:
            with path.open("rb") as file:
                content = file.read(MOST_BYTES)
        except (FileNotFoundError, IsADirectoryError):
            continue  # another run has moved it
        yield Waiting(path.name, content, _mover(folder, path))


def _mover(folder: Path, path: Path) -> Callable[[bool], None]:
    def done(flagged: bool) -> None:
        name, _, flags = path.name.partition(":2,")
        kept = "".join(sorted(set(flags) | set("FS" if flagged else "S")))
        with suppress(FileNotFoundError):
            os.replace(path, folder / "cur" / f"{name}:2,{kept}")

    return done


def _connect(scheme: str, host: str, port: int) -> imaplib.IMAP4:
    if scheme == "imaps":
        return imaplib.IMAP4_SSL(host, port, ssl_context=ssl.create_default_context(), timeout=_SECONDS)
    connection = imaplib.IMAP4(host, port, timeout=_SECONDS)
    if scheme == "imap+tls":
        connection.starttls(ssl.create_default_context())
    return connection


def _imap(connection: imaplib.IMAP4, mailbox: str) -> Iterator[Waiting]:
    _answered(connection.select(f'"{mailbox}"'))
    found = _answered(connection.uid("SEARCH", "UNSEEN"))
    for uid in (found[0] or b"").split():
        parts = _answered(connection.uid("FETCH", uid.decode(), f"(BODY.PEEK[]<0.{MOST_BYTES}>)"))
        content = next((part[1] for part in parts if isinstance(part, tuple)), None)
        if isinstance(content, bytes):  # otherwise somebody deleted it in the meantime
            yield Waiting(uid.decode(), content, _marker(connection, uid.decode()))


def _marker(connection: imaplib.IMAP4, uid: str) -> Callable[[bool], None]:
    def done(flagged: bool) -> None:
        flags = r"(\Seen \Flagged)" if flagged else r"(\Seen)"
        _answered(connection.uid("STORE", uid, "+FLAGS.SILENT", flags))

    return done


def _answered(answer: tuple[str, list[Any]]) -> list[Any]:
    status, parts = answer
    if status != "OK":
        raise imaplib.IMAP4.error(
            b" ".join(part for part in parts if isinstance(part, bytes)).decode("utf-8", "replace")
        )
    return parts
