"""`make bench-matching`: on a PostgreSQL of its own; ARGS="10000" picks sizes. Lines of JSON as they come, then the document."""

from __future__ import annotations

import json
import os
import platform
import sys


def main(sizes: list[int]) -> None:
    """Measure at the sizes given, or at all that the data have, and write docs/matching.md where all were measured."""
    from tests import cluster

    cluster.start()
    try:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prm.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        _measure(sizes)
    finally:
        cluster.stop()


def _measure(sizes: list[int]) -> None:
    from bench.matching.data import find_data
    from bench.matching.report import write
    from bench.matching.runs import Run, measure

    data = find_data()
    print(data.words, file=sys.stderr)
    runs: list[Run] = []
    for size in sizes or data.sizes:
        for run in measure(data, size, lambda words: print(words, file=sys.stderr)):
            runs.append(run)
            print(json.dumps({"way": run.way, "names": run.size, **run.told}, ensure_ascii=False), flush=True)
    if not sizes:
        cores = os.cpu_count()
        write(runs, data.words, f"{cores} cores, {platform.machine()}, Python {platform.python_version()}.")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
