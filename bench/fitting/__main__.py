"""`make fit-matching`: collect examples at each size, fit, calibrate, write data/model.json. ARGS="10000" picks sizes."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

_FILE = Path(__file__).parents[2] / "companies" / "matching" / "data" / "model.json"
_MADE = 8_000
# Among a million names more look alike: there twice as many are made.
_LARGE = 1_000_000


def main(sizes: list[int]) -> None:
    """On a PostgreSQL of its own, as `make bench-matching`."""
    from tests import cluster

    cluster.start()
    try:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prm.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        _fit(sizes)
    finally:
        cluster.stop()


def _fit(sizes: list[int]) -> None:
    from bench.fitting.examples import Example, examples, pairs
    from bench.fitting.trees import IN_LISTS, IN_PAIRS, as_data, fit, for_lists, for_pairs
    from bench.matching.data import find_data
    from companies.matching.features import FEATURES
    from companies.measuring.scratch import scratch

    data, golden, found = find_data(), pairs(), list[Example]()
    for size in sizes or data.sizes:
        with scratch(data.names(size)) as loaded:
            found += examples(data, loaded, _MADE * (2 if size >= _LARGE else 1))
        print(f"{size:,} names: {len(found):,} examples so far", file=sys.stderr)
    lists, pairs_apart = for_lists(found, golden), for_pairs(found, golden)
    model = {
        "features": FEATURES,
        "lists": {**lists, "trees": as_data(fit(found, golden, IN_LISTS))},
        "pairs": {**pairs_apart, "trees": as_data(fit(found, golden, IN_PAIRS))},
    }
    _FILE.write_text(json.dumps(model, separators=(",", ":")), encoding="utf-8")
    print(json.dumps({"lists": lists, "pairs": pairs_apart}))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
