"""A draft of the policy simulated on 100,000 registrations: how long it takes, beside reading the same rows.

On a PostgreSQL of its own. Registrations are made by SQL, what the policy was asked about each by COPY: facts by chance,
landed where the first version puts them. BENCH_SIMULATION takes another number.
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
from typing import Any

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

    from bench import open_registrations
    from core.clock import database_clock

    call_command("migrate", verbosity=0)
    open_registrations._reader()
    began = time.monotonic()
    open_registrations._fill(1, size)
    _copy_runs(database_clock(), random.Random(5))
    yield {"what": "fill", "registrations": size, "seconds": round(time.monotonic() - began, 1)}
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


def _simulate() -> tuple[float, Any]:
    from accounts.models import Role, User
    from core.clock import database_clock
    from policies.models import RegistrationPolicy
    from registrations.services.simulating import run_simulations
    from registrations.services.simulations import start_simulation

    operations = User.objects.create_user(
        "operations@bench.example", name="Operations", role=Role.objects.get(code="channel_operations")
    )
    now = database_clock()
    draft = RegistrationPolicy.objects.create(version=2, created_at=now, **_CHANGES)
    simulation = start_simulation(draft, by=operations, since=now - timedelta(days=DAYS + 1), until=now)
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


def _copy_runs(now: datetime, chance: random.Random) -> None:
    from django.db import connection

    from registrations.models import Registration

    columns = "registration_id, occasion, at, policy_id, landing, rules, only_refusals, facts"
    rows = list(Registration.objects.order_by("id").values_list("id", "partner_id"))
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for start in range(0, len(rows), _AT_ONCE):
            moments = [now - timedelta(seconds=chance.randrange(60, DAYS * 86_400)) for _ in range(_AT_ONCE)]
            lines = [_line(*row, at, chance) for row, at in zip(rows[start:], moments, strict=False)]
            cursor.copy_expert(
                f"COPY registrations_policyrun ({columns}) FROM STDIN", io.StringIO("".join(lines))
            )
        cursor.execute("ANALYZE registrations_policyrun")
        cursor.execute("SET statement_timeout = '30s'")


def _line(registration: int, partner: int, at: datetime, chance: random.Random) -> str:
    from policies.outcome import decide

    book = _book()
    facts = _facts(partner, at, chance)
    outcome = decide(facts, book)
    rules = "{" + ",".join(finding.rule for finding in outcome.findings) + "}"
    kept = json.dumps(facts.as_json()).replace("\\", "\\\\")
    fields = [registration, "submission", at.isoformat(), book.policy.pk, outcome.landing, rules, "f", kept]
    return "\t".join(map(str, fields)) + "\n"


def _book() -> Any:
    from policies.models import RegistrationPolicy
    from policies.rulebook import Rulebook

    if not _books:
        _books.append(Rulebook(RegistrationPolicy.objects.get(version=1)))
    return _books[0]


_books: list[Any] = []


def _facts(partner: int, at: datetime, chance: random.Random) -> Any:
    from policies.facts import Facts, Firm

    return Facts(
        at=at,
        firm=Firm(
            id=partner,
            kind="reseller",
            tier=chance.choice(["registered", "registered", "silver", "gold"]),
            country="DE",
            territories=(1, 2),
            certificates=("gateway-installer",) if chance.random() < 0.5 else (),
            groups=("dach", "industry"),
        ),
        product_lines=tuple(sorted(chance.sample(range(1, 7), chance.choice([1, 1, 2])))),
        territory=chance.choice([None, 1, 2]),
        areas=(1,),
        country="DE",
        value_in_base=Decimal(round(chance.lognormvariate(10.8, 1.0), 2)).quantize(Decimal("0.01")),
        tender=chance.random() < 0.05,
        contact_stated=chance.random() < 0.8,
        open_registrations=chance.randrange(60),
        rivals=tuple(_rival(chance) for _ in range(chance.choice([0, 0, 0, 1, 1, 2, 4]))),
        crowd=chance.random() < 0.01,
    )


def _rival(chance: random.Random) -> Any:
    from policies.facts import Rival

    return Rival(
        score=round(chance.betavariate(0.6, 1.2), 4),
        holds=chance.random() < 0.5,
        product_lines=(chance.randrange(1, 7),),
        same_company=chance.random() < 0.3,
    )
