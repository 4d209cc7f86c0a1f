"""The character NUL, which PostgreSQL takes in no text, in what any page can be asked with its address."""

import re

import pytest
from django.urls import reverse

from tests.access.rows import ROWS, Row

pytestmark = pytest.mark.django_db
PAGES = [row for row in ROWS if row.get]
# Names that fields and links of the page itself ask with, and these.
ALWAYS = ("q", "page", "view", "sort", "company", "next")
_NAMES = re.compile(r'\bname="([\w-]+)"|[?&](?:amp;)?([\w-]+)=')


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.route)
def test_a_page_that_is_asked_with_nul_answers(row: Row, world, things):
    client, url = (
        world.client((row.get or "").split()[0]),
        reverse(row.route, args=things.arguments(row.about)),
    )
    page = client.get(url)
    html = "" if page.streaming else page.content.decode(errors="replace")
    names = {one or other for one, other in _NAMES.findall(html)}.union(ALWAYS)

    assert client.get(url, dict.fromkeys(names, "a\0b")).status_code < 500
