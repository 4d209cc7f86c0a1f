"""A real SMTP peer that records what it takes, and misbehaves when told to."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HANG, CLOSE = "hang", "close"
STAGES = ("helo", "mail", "rcpt", "data")


@dataclass(frozen=True)
class Received:
    """One message as it arrived: the envelope's sender and recipients, and the parsed message."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])


@dataclass
class _Fault:
    stage: str
    answer: str
    left: int | None
    recipient: str | None
    after_taking: bool


class SmtpPeer:
    """Listens on 127.0.0.1. `received` is in the order of arrival."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.connections = 0
        self._faults: list[_Fault] = []
        self._lock = threading.Lock()
        self._controller: Controller | None = None
        self.port = _free_port()

    @property
    def url(self) -> str:
        """For EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=10)
        self._controller.start()

    def stop(self) -> None:
        """Close the port: connections are refused until start()."""
        if self._controller is not None:
            self._controller.stop(no_assert=True)
            self._controller = None

    def answer(
        self,
        stage: str,
        reply: str,
        *,
        times: int | None = None,
        recipient: str | None = None,
        after_taking: bool = False,
    ) -> None:
        """From now on say `reply` ('451 later', '550 no', HANG or CLOSE) at `stage`: helo, mail, rcpt or data.

        `times` limits it to so many; `recipient` to one address (stage rcpt); `after_taking` (stage data) keeps the
        message first, which is what a lost answer looks like to the sender.
        """
        assert stage in STAGES, stage
        self._faults.append(_Fault(stage, reply, times, recipient, after_taking))

    def behave(self) -> None:
        """Take everything again."""
        self._faults.clear()

    def reset(self) -> None:
        """Forget faults and messages."""
        self.behave()
        with self._lock:
            self.received.clear()

    def to(self, address: str) -> list[Received]:
        """What arrived for one address."""
        return [mail for mail in self.received if address in mail.recipients]

    def _due(self, stage: str, recipient: str | None = None) -> Iterator[_Fault]:
        for fault in list(self._faults):
            if fault.stage == stage and fault.left != 0 and fault.recipient in (None, recipient):
                if fault.left is not None:
                    fault.left -= 1
                yield fault
                return

    async def _misbehave(self, server: SMTP, fault: _Fault) -> str:
        if fault.answer == HANG:
            await asyncio.sleep(3600)
        if fault.answer == CLOSE:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            return "421 closing"
        return fault.answer

    # aiosmtpd's hooks, called in the controller's thread.
    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: Any
    ) -> Any:
        self.connections += 1
        session.host_name = hostname
        for fault in self._due("helo"):
            return [await self._misbehave(server, fault)]
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        for fault in self._due("mail"):
            return await self._misbehave(server, fault)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        for fault in self._due("rcpt", address):
            return await self._misbehave(server, fault)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        for fault in self._due("data"):
            if fault.after_taking:
                self._take(envelope)
            return await self._misbehave(server, fault)
        self._take(envelope)
        return "250 OK"

    def _take(self, envelope: Envelope) -> None:
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        message = message_from_bytes(raw, policy=policy.default)
        with self._lock:
            self.received.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), message))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
