"""`make bench-matching`: on a PostgreSQL of its own; ARGS="10000" picks sizes. Lines of JSON as they come, then the document."""

from __future__ import annotations

import os
import platform
import sys

from bench.matching.sizes import alone, at_one_size, make_tables, set_up


def main(sizes: list[int]) -> None:
    """Measure at the sizes given, or at all that the data have, and write docs/matching.md where all were measured."""
    from tests import cluster

    cluster.start()
    try:
        set_up()
        alone(make_tables)
        _measure(sizes)
    finally:
        cluster.stop()


def _measure(sizes: list[int]) -> None:
    from bench.matching.data import find_data
    from bench.matching.report import write

    data = find_data()
    print(data.words, file=sys.stderr)
    runs = [run for size in sizes or data.sizes for run in alone(at_one_size, size)]
    if not sizes:
        cores = os.cpu_count()
        write(runs, data.words, f"{cores} cores, {platform.machine()}, Python {platform.python_version()}.")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
