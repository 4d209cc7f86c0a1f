"""The same over the wire: a real IMAP server (pymap) in a process of its own."""

import imaplib
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from core.clock import fixed
from notifications.models import Message
from registrations.services import reminders
from registrations.services.mail_in import mailboxes
from registrations.services.mail_in.fetching import fetch_mail
from tests.parts.tls import make_certificate, tls_before
from tests.people import MONDAY
from tests.registrations.mail_in.letters import letter

pytestmark = pytest.mark.django_db
NOW = fixed(MONDAY + timedelta(days=31))


@pytest.fixture
def port() -> Iterator[int]:
    """Where the server listens; one account, demouser, with an empty INBOX."""
    with serving("--no-tls") as number:
        yield number


@contextmanager
def serving(*flags: str) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    program = Path(sys.executable).with_name("pymap")
    address = ["--host", "127.0.0.1", "--port", str(number), *flags]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(
        [program, "--no-service", "admin", *address, "dict"], stdout=quiet, stderr=quiet
    )
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", number), 1).close()
            break
        except OSError:
            time.sleep(0.05)
    yield number
    server.terminate()
    server.wait(10)


def put(port, *mails):
    with imaplib.IMAP4("127.0.0.1", port) as connection:
        connection.login("demouser", "demopass")
        for mail in mails:
            connection.append("INBOX", None, None, mail.as_bytes())


def flags(port):
    with imaplib.IMAP4("127.0.0.1", port) as connection:
        connection.login("demouser", "demopass")
        connection.select("INBOX", readonly=True)
        _, found = connection.fetch("1:*", "(FLAGS)")
        return [
            sorted(flag.decode() for flag in imaplib.ParseFlags(line) if flag != b"\\Recent")
            for line in found
        ]


def test_replies_in_an_imap_mailbox(port, alice, register, monkeypatch):
    monkeypatch.setattr(mailboxes, "MOST_BYTES", 50_000)
    deal = register(alice, "Acme Pumps GmbH")
    reminders.send_reminders(clock=fixed(MONDAY + timedelta(days=30)))
    reply_to = Message.objects.get(event="registration.reminder").reply_to
    large = letter(alice.email, reply_to, "See the minutes.")
    large.add_attachment(b"x" * 300_000, maintype="application", subtype="pdf", filename="minutes.pdf")
    url = f"imap://demouser:demopass@127.0.0.1:{port}/INBOX"
    put(port, letter(alice.email, reply_to, "Größe: 40 Pumpen."), letter("x@y.example", reply_to), large)

    assert fetch_mail(url, clock=NOW) == {"updated": 2, "wrong_sender": 1}
    assert flags(port) == [["\\Seen"]] * 3
    assert fetch_mail(url, clock=NOW) == {}
    assert list(
        deal.timeline.filter(kind="update").order_by("number").values_list("data__text", flat=True)
    ) == [
        "Größe: 40 Pumpen.",
        "See the minutes.",
    ]

    put(port, letter(alice.email, reply_to, "They sign in May."))
    monkeypatch.setattr(mailboxes, "_marker", lambda *_: lambda flagged: None)  # killed before the mark
    assert fetch_mail(url, clock=NOW) == {"updated": 1}
    assert fetch_mail(url, clock=NOW) == {"known": 1}


def test_a_wrong_password_is_told(port):
    with pytest.raises(imaplib.IMAP4.error):
        fetch_mail(f"imap://demouser:wrong@127.0.0.1:{port}/INBOX", clock=NOW)


@pytest.mark.parametrize("scheme", ["imaps", "imap+tls"])
def test_over_tls_only_with_a_server_that_proves_its_name(scheme, alice, register, monkeypatch, tmp_path):
    """A real handshake: a stranger's certificate, or one for another name, is refused before a password is said."""
    register(alice, "Acme Pumps GmbH")
    reminders.send_reminders(clock=fixed(MONDAY + timedelta(days=30)))
    reply_to = Message.objects.get(event="registration.reminder").reply_to
    known = make_certificate(tmp_path, "localhost")
    said = []
    login = imaplib.IMAP4.login
    monkeypatch.setattr(imaplib.IMAP4, "login", lambda self, *a: (said.append(a), login(self, *a))[1])
    flags = ["--no-tls"] if scheme == "imaps" else ["--cert", str(known.cert), "--key", str(known.key)]
    with serving(*flags) as inner, tls_before(inner, known) as outer:
        port = outer if scheme == "imaps" else inner
        with pytest.raises(ssl.SSLCertVerificationError, match="self-signed"):
            fetch_mail(f"{scheme}://demouser:demopass@localhost:{port}/INBOX", clock=NOW)
        monkeypatch.setenv("SSL_CERT_FILE", str(known.cert))
        with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
            fetch_mail(f"{scheme}://demouser:demopass@127.0.0.1:{port}/INBOX", clock=NOW)
        assert said == []

        url = f"{scheme}://demouser:demopass@localhost:{port}/INBOX"
        with mailboxes._connect(scheme, "localhost", port) as writer:
            writer.login("demouser", "demopass")
            writer.append("INBOX", None, None, letter(alice.email, reply_to, "They sign in May.").as_bytes())
        assert fetch_mail(url, clock=NOW) == {"updated": 1}
