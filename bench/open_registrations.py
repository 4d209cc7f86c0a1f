"""The first report with 100 and with 100,000 open registrations: queries a page, and how much slower the larger one is.

On a PostgreSQL of its own. Registrations are made by SQL, two thirds of the companies with one, the others with several;
the database's triggers sum them up as they would one by one.
"""

import os
import re
import resource
import statistics
import time
from collections.abc import Iterator
from typing import Any

SIZES = (100, 100_000)
ROUNDS = 15
PAGES = {
    "value": "",
    "company name": "?sort=name",
    "oldest": "?sort=oldest",
    "number": "?sort=-registrations",
    "one partner": "?partner=Bench+partner+7",
    "one territory": "?territory=bench-1&sort=name",
    "product line and age": "?product=bench-2&age=61-&sort=-oldest",
    "in review": "?status=in_review",
}

_FILL = """
INSERT INTO companies_company (code, name, country, city, postcode, website, domain, phone, version, created_at)
SELECT 'C-B' || lpad(n::text, 6, '0'), 'Bench company ' || md5(n::text), 'DE', '', '', '', '', '', 1, now()
FROM generate_series(%(start)s, %(end)s) n;

INSERT INTO registrations_registration (code, partner_id, owner_id, form_key, company_name, website, country, city,
  postcode, company_id, contact_name, contact_title, contact_email, contact_phone, deal_name, value, currency_id, stage,
  competitors, next_step, tender, territory_id, contact_made, contact_note, status, version, created_at, changed_at,
  submitted_at, rank, review_reasons, protected_until, protection_epoch, loss_reason)
SELECT 'R-B' || lpad(n::text, 6, '0'), p.id, u.user_id, gen_random_uuid(), c.name || CASE WHEN n %% 5 = 0 THEN ' GmbH' ELSE '' END,
  '', 'DE', '', '', c.id, '', '', '', '', 'Deal ' || n, (n * 7919) %% 500000, (SELECT min(id) FROM catalog_currency), 'qualified',
  '', '', false, t.id, '', '', (ARRAY['approved', 'approved', 'in_review', 'waitlisted'])[1 + n %% 4], 1,
  now() - n %% 90 * interval '1 day', now(), now() - n %% 90 * interval '1 day' - n * interval '1 second',
  nextval('registrations_rank'), '[]', now() + n %% 60 * interval '1 day', 1, ''
FROM generate_series(%(start)s, %(end)s) n
JOIN companies_company c ON c.code = 'C-B' || lpad((CASE WHEN n %% 3 = 0 THEN greatest(1, n / 3) ELSE n END)::text, 6, '0')
JOIN partners_partner p ON p.code = 'P-B' || n %% %(partners)s
JOIN partners_member u ON u.partner_id = p.id
JOIN catalog_territory t ON t.code = 'bench-' || n %% 5;

INSERT INTO registrations_line (registration_id, product_line_id, quantity, value)
SELECT r.id, l.id, 1, NULL FROM registrations_registration r
JOIN catalog_productline l ON l.code = 'bench-' || r.id %% 6
WHERE r.code LIKE 'R-B%%' AND NOT EXISTS (SELECT 1 FROM registrations_line x WHERE x.registration_id = r.id);
"""


def measure() -> Iterator[dict[str, Any]]:
    """Median milliseconds and queries of each page at both sizes, and their ratio."""
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
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    client = _reader()
    done, results = 0, {}
    for size in SIZES:
        began = time.monotonic()
        _fill(done + 1, size)
        done = size
        yield {"what": "fill", "registrations": size, "seconds": round(time.monotonic() - began, 1)}
        results[size] = {name: _page(client, query) for name, query in PAGES.items()}
        results[size]["tenth page by value"] = _page(client, _deep(client, 9 if size > 1000 else 1))
    small, large = (results[size] for size in SIZES)
    for name, (milliseconds, queries) in large.items():
        yield {
            "what": name,
            "registrations": list(SIZES),
            "queries": [small[name][1], queries],
            "milliseconds": [small[name][0], milliseconds],
            "ratio": round(milliseconds / small[name][0], 2),
        }
    yield _export(client)


def _reader() -> Any:
    """A client signed in as an auditor, and partners, territories and product lines to choose from."""
    from django.conf import settings
    from django.test import Client

    from accounts.models import Role, User
    from catalog.models import ProductLine, Territory
    from partners.models import Member, Partner

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    for number in range(40):
        partner = Partner.objects.create(code=f"P-B{number}", name=f"Bench partner {number}", country="DE")
        owner = User.objects.create_user(
            f"rep{number}@bench.example", name=f"Rep {number}", role=Role.objects.get(code="partner_rep")
        )
        Member.objects.create(user=owner, partner=partner)
    for number in range(6):
        Territory.objects.create(code=f"bench-{number}", name=f"Territory {number}")
        ProductLine.objects.create(code=f"bench-{number}", name=f"Product line {number}")
    auditor = User.objects.create_user(
        "auditor@bench.example", name="Auditor", role=Role.objects.get(code="auditor")
    )
    client = Client()
    client.force_login(auditor)
    return client


def _fill(start: int, end: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(_FILL, {"start": start, "end": end, "partners": 40})
        cursor.execute("ANALYZE")
        cursor.execute("SET statement_timeout = '30s'")


def _page(client: Any, query: str) -> tuple[float, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    address = f"/reports/open-registrations/{query}"
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        answer = client.get(address)
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, answer.status_code
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return round(statistics.median(times), 1), len(asked)


def _deep(client: Any, pages: int) -> str:
    query = ""
    for _ in range(pages):
        page = client.get(f"/reports/open-registrations/{query}").content.decode()
        found = re.search(r'rel="next" href="([^"]+)"', page)
        assert found is not None
        query = found.group(1).replace("&amp;", "&")
    return query


def _export(client: Any) -> dict[str, Any]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    answer = client.get("/reports/open-registrations/export.csv")
    lines = sum(piece.count(b"\r\n") for piece in answer.streaming_content)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    seconds = round(time.monotonic() - began, 1)
    return {
        "what": "csv export",
        "lines": lines,
        "seconds": seconds,
        "megabytes_more": round(grown / 1024, 1),
    }
