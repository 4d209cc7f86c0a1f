"""Every address × method × person (ASVS 8.2-8.4), CSRF on every POST (3.5.1), GET changes nothing (3.5.3), no leak (8.2.2)."""

import re
from functools import cache

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access.objects import MARKER
from tests.access.rows import ALL, ROWS, Row

pytestmark = pytest.mark.django_db
PEOPLE = ALL.split()
_PASSING = {"django_session", "core_cache"}
ABSENT = "Quondolaris"  # as long as MARKER, and in nobody's data
_LOTS = re.compile(r'(?:nonce="|name="csrfmiddlewaretoken" value="|X-CSRFToken"?: "?)[^"]*"')
REFUSED = {401, 403, 404, 405}


@pytest.fixture
def clients(world, things):
    """Each person signed in, and an anonymous one."""
    return {"": Client()} | {name: world.client(name) for name in PEOPLE}


def names_of(patterns, prefix=""):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from names_of(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"


def test_every_route_is_listed_once():
    listed = [row.route for row in ROWS]
    assert len(listed) == len(set(listed))
    ours = set(names_of(get_resolver().url_patterns))
    assert ours - set(listed) == set(), "routes that tests/access/rows.py does not know"
    assert set(listed) - ours == set(), "rows without a route"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.route)
def test_who_gets_in(row: Row, clients, things):
    url = reverse(row.route, args=things.arguments(row.about))
    before = fingerprint()
    for name in PEOPLE:
        response = clients[name].get(url)
        check(row, name, response, row.get, "GET")
        if name == "charlie":
            no_leak(row, response)
    if row.get is not None:
        check_anonymous(row, clients[""].get(url))
    assert fingerprint() == before, f"GET {url} changed the database"

    inside = (row.post or "").split()
    for name in [name for name in PEOPLE if name not in inside] + (inside[:1] if row.spends else inside):
        check(row, name, clients[name].post(url), row.post, "POST")
    if row.post is not None:
        check_anonymous(row, clients[""].post(url))


@pytest.mark.parametrize("row", [row for row in ROWS if row.post], ids=lambda row: row.route)
def test_no_post_without_the_token_of_the_form(row: Row, world, things):
    client = world.client((row.post or "").split()[0], enforce_csrf_checks=True)
    before = fingerprint()

    response = client.post(reverse(row.route, args=things.arguments(row.about)))

    assert response.status_code == 403
    assert fingerprint() == before


def test_nothing_of_alices_is_found_by_a_rival_who_searches(clients, things):
    """The page is what it is for a name that nobody has, but for the word that the rival typed and reads again."""
    for route in ("registrations:list", "notifications:notices", "programs:library"):
        real, absent = (
            steady(clients["charlie"].get(reverse(route), {"q": name, "text": name}))
            for name in (MARKER, ABSENT)
        )
        assert real.replace(MARKER, ABSENT) == absent, f"{route} tells a rival"


def no_leak(row, response):
    """Nothing of alice's in what a rival gets; the mailed link stands for the person it was mailed to."""
    if row.about not in ("still_active", "offer_link"):
        parts = response.streaming_content if response.streaming else [response.content]
        assert MARKER not in b"".join(parts).decode(errors="replace"), f"{row.route} tells a rival"


def steady(response):
    """The page without what differs each time that it is written: form tokens and nonces."""
    assert response.status_code == 200
    return _LOTS.sub("", response.content.decode())


def check(row, name, response, allowed, method):
    status = response.status_code
    where = f"{method} {row.route} as {name}: {status}"
    assert status < 500, where
    if allowed is None:
        assert status in REFUSED, where
    elif name in allowed.split():
        assert status not in REFUSED, where
        assert "sign-in/?next=" not in response.get("Location", ""), where
    elif name in row.hidden.split():
        assert status == 404, where
    else:
        assert status == 403, where


def check_anonymous(row, response):
    if row.public:
        assert response.status_code not in REFUSED and "sign-in/?next=" not in response.get("Location", "")
    else:
        assert response.status_code == 302 and "/account/sign-in/" in response["Location"]


def fingerprint():
    """A checksum of every table but sessions and the cache."""
    with connection.cursor() as cursor:
        cursor.execute(_checksums())
        return cursor.fetchone()[0]


@cache
def _checksums():
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name not in _PASSING]
    return "SELECT " + " || ".join(
        f"(SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {name} t)"
        for name in tables
    )
