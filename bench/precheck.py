"""How long the pre-check's answers take for names that are held and names that are not, bare and padded, and whether a
two-sample test (Kolmogorov and Smirnov) can tell the two apart.

On a PostgreSQL of its own with COMPANIES companies, half of them held. The padded rounds wait for real. `ks_p` is how likely
so large a difference is between samples of one distribution: bare it may be small, padded it should not be.
"""

import math
import os
import random
import statistics
import time
from collections.abc import Iterator
from typing import Any

COMPANIES = 3_000
BARE, PADDED = 400, 150
_SYLLABLES = "ba be bi bo da do fa fe ga go ka ko la le lo ma me mo na no pa po ra ri ro sa so ta to va ve wa zo".split()


def measure() -> Iterator[dict[str, Any]]:
    """Quantiles of each sample in milliseconds, and the test on each pair."""
    from tests import cluster

    cluster.start()
    try:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prm.settings")
        import django

        django.setup()
        yield from _measure()
    finally:
        cluster.stop()


def _measure() -> Iterator[dict[str, Any]]:
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    floor = int(os.environ.get("BENCH_PRECHECK_MILLISECONDS", "400"))
    client, held, free = _scene(random.Random(7))
    for name in held[-20:] + free[-20:]:
        _ask(client, name)
    for label, milliseconds, size in (("bare", 0, BARE), ("padded", floor, PADDED)):
        settings.PRECHECK_SECONDS = milliseconds / 1000
        samples: dict[bool, list[float]] = {True: [], False: []}
        order = [(True, name) for name in held[:size]] + [(False, name) for name in free[:size]]
        random.Random(11).shuffle(order)
        for is_held, name in order:
            samples[is_held].append(_ask(client, name))
        statistic, p = kolmogorov_smirnov(samples[True], samples[False])
        yield {
            "what": label,
            "floor_milliseconds": milliseconds,
            "companies": COMPANIES,
            "asked": 2 * size,
            "held": _quantiles(samples[True]),
            "free": _quantiles(samples[False]),
            "ks_statistic": round(statistic, 4),
            "ks_p": round(p, 4),
        }


def kolmogorov_smirnov(one: list[float], other: list[float]) -> tuple[float, float]:
    """The largest distance between two empirical distributions, and its asymptotic p-value (Numerical Recipes, 14.3)."""
    first, second = sorted(one), sorted(other)
    i = j = 0
    distance = 0.0
    while i < len(first) and j < len(second):
        value = min(first[i], second[j])
        while i < len(first) and first[i] <= value:
            i += 1
        while j < len(second) and second[j] <= value:
            j += 1
        distance = max(distance, abs(i / len(first) - j / len(second)))
    size = math.sqrt(len(first) * len(second) / (len(first) + len(second)))
    x = (size + 0.12 + 0.11 / size) * distance
    if x < 0.2:
        return distance, 1.0
    p = 2 * sum((-1) ** (k - 1) * math.exp(-2 * (k * x) ** 2) for k in range(1, 101))
    return distance, min(1.0, max(0.0, p))


def _ask(client: Any, name: str) -> float:
    from registrations.models import PrecheckLog

    begun = time.perf_counter()
    answer = client.post("/registrations/precheck/", {"company_name": name}, headers={"HX-Request": "true"})
    passed = (time.perf_counter() - begun) * 1000
    assert answer.status_code == 200, answer.content
    PrecheckLog.objects.all().delete()  # the quota is not what is measured
    return passed


def _quantiles(sample: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(sample, n=100)
    return {"p50": round(cuts[49], 2), "p95": round(cuts[94], 2), "p99": round(cuts[98], 2)}


def _scene(chance: random.Random) -> tuple[Any, list[str], list[str]]:
    """A signed-in partner; names that a rival holds; names of companies that are known, but nobody's."""
    from decimal import Decimal

    from django.conf import settings
    from django.test import Client

    from accounts.models import Role, User
    from catalog.models import ProductLine
    from companies.matching import CompanyQuery
    from companies.services import create_company
    from core.clock import database_clock
    from partners.models import Member, Partner
    from registrations.models import Registration
    from registrations.services import drafts, submission
    from registrations.services.drafts import LineInput

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    people = []
    for firm in ("Asking", "Holding"):
        partner = Partner.objects.create(name=firm, country="DE", status="active")
        person = User.objects.create_user(
            f"rep@{firm.lower()}.example", name=firm, role=Role.objects.get(code="partner_rep")
        )
        Member.objects.create(user=person, partner=partner)
        people.append(person)
    asking, holding = people
    line = ProductLine.objects.create(code="bench", name="Bench")
    fields = {
        "company_name": "Template",
        "country": "DE",
        "value": Decimal(1000),
        "expected_close": database_clock().date(),
    }
    draft = drafts.start_draft(by=holding, fields={**fields, "deal_name": "Bench"})
    draft = drafts.save_draft(draft, by=holding, fields={}, lines=[LineInput(line)])
    template = submission.submit(draft, by=holding)
    values = {
        field.attname: getattr(template, field.attname)
        for field in Registration._meta.concrete_fields
        if field.attname not in {"id", "code", "form_key", "rank"}
    }
    every = sorted({_name(chance) for _ in range(COMPANIES)})
    chance.shuffle(every)
    held, free = every[::2], every[1::2]
    rows = []
    for place, name in enumerate(every):
        company = create_company(CompanyQuery(name=name, country="DE"), by=None)
        if place % 2 == 0:
            more = {"company_id": company.pk, "company_name": name, "rank": 10_000_000 + place}
            rows.append(Registration(**values | more))
    Registration.objects.bulk_create(rows, batch_size=1000)
    client = Client()
    client.force_login(asking)
    return client, held, free


def _name(chance: random.Random) -> str:
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(3, 4))).title() for _ in range(2)]
    return f"{words[0]} {words[1]} {chance.choice(['GmbH', 'AG', 'Ltd', 'Inc', 'SA'])}"
