"""A draft of the policy simulated on 100,000 registrations: how long it takes, beside reading the same rows.

On a PostgreSQL of its own. Registrations are made by SQL, what the policy was asked about each by COPY: facts by chance,
landed where the version of the day puts them beside rights and requirements (bench/rulebook.py). BENCH_SIMULATION takes another
number.
"""

import io
import json
import os
import random
import resource
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.rulebook import Ground

RUNS = 100_000
DAYS = 365
_AT_ONCE = 5_000  # rows a COPY, so that making them does not hide what simulating them takes
_CHANGES = {
    "auto_approve_below": Decimal(150_000),
    "review_score": 0.3,
    "evidence_required": True,
    "open_most_registered": 20,
}


def measure() -> Iterator[dict[str, Any]]:
    """Seconds of the simulation (and those in which this process computed) and of reading, their ratio, and by how much the
    process grew."""
    from tests import cluster

    cluster.start()
    try:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prm.settings")
        import django

        django.setup()
        yield from _measure(int(os.environ.get("BENCH_SIMULATION", RUNS)))
    finally:
        cluster.stop()


def _measure(size: int) -> Iterator[dict[str, Any]]:
    from django.core.management import call_command

    from bench import open_registrations, rulebook
    from core.clock import database_clock
    from policies.models import ExclusiveRight, ProductAuthorisation

    call_command("migrate", verbosity=0)
    open_registrations._reader()
    began = time.monotonic()
    open_registrations._fill(1, size)
    now, chance = database_clock(), random.Random(5)
    ground = rulebook.make_ground(_operations(), now, DAYS, chance)
    _copy_runs(now, ground, chance)
    yield {
        "what": "fill",
        "registrations": size,
        "rights": ExclusiveRight.objects.count(),
        "requirements": ProductAuthorisation.objects.count(),
        "spoke": _spoke(),
        "seconds": round(time.monotonic() - began, 1),
    }
    reading = _read()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    busy = time.process_time()
    seconds, simulation = _simulate()
    busy = time.process_time() - busy
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert simulation.looked_at == size, simulation.looked_at
    yield {
        "what": "simulate",
        "registrations": size,
        "changed": simulation.cases.count(),
        "seconds": round(seconds, 1),
        "cpu_seconds": round(busy, 1),
        "seconds_reading": round(reading, 1),
        "ratio": round(seconds / reading, 1),
        "megabytes_more": round(grown / 1024, 1),
    }
    busy = time.process_time()
    seconds, trial = _try()
    assert trial.looked_at == size, trial.looked_at
    yield {
        "what": "try a right",
        "registrations": size,
        "changed": trial.cases.count(),
        "seconds": round(seconds, 1),
        "cpu_seconds": round(time.process_time() - busy, 1),
    }


def _simulate() -> tuple[float, Any]:
    from accounts.models import User
    from core.clock import database_clock
    from policies.models import RegistrationPolicy
    from registrations.services.simulations import start_simulation

    now = database_clock()
    draft = RegistrationPolicy.objects.create(version=99, created_at=now, **_CHANGES)
    operations = User.objects.get(email="operations@bench.example")
    simulation = start_simulation(draft, by=operations, since=now - timedelta(days=DAYS + 1), until=now)
    return _finished(simulation)


def _try() -> tuple[float, Any]:
    from accounts.models import User
    from core.clock import database_clock
    from policies.models import ExclusiveRight
    from policies.planned import change_of_right
    from registrations.services.simulations import start_trial

    now = database_clock()
    rights = ExclusiveRight.objects.filter(industry=None, effect="refused")
    right = rights.select_related("partner", "product_line", "territory", "industry")[0]
    operations = User.objects.get(email="operations@bench.example")
    since = now - timedelta(days=DAYS + 1)
    return _finished(start_trial(change_of_right(right), by=operations, since=since, until=now))


def _finished(simulation: Any) -> tuple[float, Any]:
    from registrations.services.simulating import run_simulations

    began = time.monotonic()
    while run_simulations():
        pass
    seconds = time.monotonic() - began
    simulation.refresh_from_db()
    assert simulation.state == "done", simulation.state
    return seconds, simulation


def _read() -> float:
    """Seconds to read every run, in the same portions."""
    from core.clock import database_clock
    from registrations.services.simulating import PORTION
    from registrations.simulation.case import Cursor
    from registrations.simulation.cases import rows_after

    now = database_clock()
    began, cursor = time.monotonic(), Cursor()
    while rows := rows_after(now - timedelta(days=DAYS + 1), now, cursor, PORTION):
        cursor = Cursor(at=rows[-1][3], id=rows[-1][0])
    return time.monotonic() - began


def _spoke() -> dict[str, int]:
    """In how many runs each rule was among those that decided, the most frequent first."""
    from collections import Counter

    from registrations.models import PolicyRun

    found = Counter(rule for rules in PolicyRun.objects.values_list("rules", flat=True) for rule in rules)
    return dict(found.most_common(8))


def _operations() -> Any:
    from accounts.models import Role, User

    return User.objects.create_user(
        "operations@bench.example", name="Operations", role=Role.objects.get(code="channel_operations")
    )


def _copy_runs(now: datetime, ground: "Ground", chance: random.Random) -> None:
    from django.db import connection

    from registrations.models import Registration

    columns = "registration_id, occasion, at, policy_id, landing, rules, only_refusals, facts"
    rows = list(Registration.objects.order_by("id").values_list("id", "partner_id"))
    books = _books(now, ground)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for start in range(0, len(rows), _AT_ONCE):
            moments = [now - timedelta(seconds=chance.randrange(60, DAYS * 86_400)) for _ in range(_AT_ONCE)]
            lines = [
                _line(*row, at, books, ground, chance) for row, at in zip(rows[start:], moments, strict=False)
            ]
            cursor.copy_expert(
                f"COPY registrations_policyrun ({columns}) FROM STDIN", io.StringIO("".join(lines))
            )
        cursor.execute("ANALYZE registrations_policyrun")
        cursor.execute("SET statement_timeout = '30s'")


def _books(now: datetime, ground: "Ground") -> list[tuple[datetime, Any]]:
    """What decided, the latest first, each with the moment from which it did."""
    from policies.loading import authorisations_during, rights_as_held
    from policies.rulebook import Rulebook

    since = now - timedelta(days=DAYS + 1)
    asked, rights = authorisations_during(since, now), rights_as_held(since, now)
    return [(begins, Rulebook(policy, asked, rights)) for begins, policy in reversed(ground.versions)]


def _line(
    registration: int,
    partner: int,
    at: datetime,
    books: list[tuple[datetime, Any]],
    ground: "Ground",
    chance: random.Random,
) -> str:
    from bench.rulebook import facts_of
    from policies.outcome import decide

    book = next(book for begins, book in books if begins <= at)
    facts = facts_of(partner, at, ground, chance)
    outcome = decide(facts, book)
    rules = "{" + ",".join(finding.rule for finding in outcome.findings) + "}"
    kept = json.dumps(facts.as_json()).replace("\\", "\\\\")
    fields = [registration, "submission", at.isoformat(), book.policy.pk, outcome.landing, rules, "f", kept]
    return "\t".join(map(str, fields)) + "\n"
