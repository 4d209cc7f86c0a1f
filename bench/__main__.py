"""Runs the measurements named on the command line, or all of them."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

from bench import life, open_registrations, precheck, simulation, start

Measurement = Callable[[], Iterator[dict[str, Any]]]
MEASUREMENTS: dict[str, Measurement] = {
    "start": start.measure,
    "open_registrations": open_registrations.measure,
    "life": life.measure,
    "precheck": precheck.measure,
    "simulation": simulation.measure,
}


def main(names: list[str]) -> int:
    """Print a line per result as soon as it is known. Each of several runs in a process of its own, since Django keeps the
    address of the first one's PostgreSQL. 2 for an unknown name, 1 where one of them failed."""
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        print(
            f"no such measurement: {', '.join(unknown)}; there are: {', '.join(MEASUREMENTS)}",
            file=sys.stderr,
        )
        return 2
    if len(names) != 1:
        runs = [subprocess.run([sys.executable, "-m", "bench", name]) for name in names or MEASUREMENTS]
        return int(any(run.returncode for run in runs))
    for result in MEASUREMENTS[names[0]]():
        print(json.dumps({"measurement": names[0], **result}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
