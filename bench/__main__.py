"""Runs the measurements named on the command line, or all of them."""

import json
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
    """Print a line per result as soon as it is known. 2 for an unknown name."""
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        print(
            f"no such measurement: {', '.join(unknown)}; there are: {', '.join(MEASUREMENTS)}",
            file=sys.stderr,
        )
        return 2
    for name in names or MEASUREMENTS:
        for result in MEASUREMENTS[name]():
            print(json.dumps({"measurement": name, **result}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
