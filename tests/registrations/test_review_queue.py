"""The list: who may see it, what each view holds, in which order, and at what price."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.clock import fixed
from registrations.models import Registration
from registrations.services import decisions
from tests.people import MONDAY

pytestmark = pytest.mark.django_db
QUEUE = reverse("registrations:queue")


@pytest.fixture
def big(alice, register):
    """`big(name, days_ago)`: waits for a person because of its value."""

    def make(name, *, hours=0, person=None):
        clock = fixed(MONDAY + timedelta(hours=hours))
        return register(person or alice, name, value=500_000, clock=clock)

    return make


def codes(response):
    return [row["code"] for row in response.context["rows"]]


def figures(response):
    return {view["label"]: view["count"] for view in response.context["views"]}


def test_the_one_due_first_is_on_top_and_open(client, mara, big):
    late, early = big("Lumen", hours=5), big("Kestrel")
    client.force_login(mara)
    response = client.get(QUEUE)
    assert codes(response) == [early.code, late.code]
    assert response.context["item"] == early
    assert response.context["shows"] == "list"
    assert "overdue" in response.content.decode()


def test_views_count_and_hold_their_rows(client, mara, charlie, big, register):
    asked, other, waiting = big("Kestrel"), big("Lumen"), big("Tamarind")
    decisions.ask_information(asked, by=mara, text="Whom did you meet?")
    Registration.objects.filter(pk=other.pk).update(reviewer=None)
    conflict = register(charlie, "Tamarind GmbH")
    client.force_login(mara)
    expected = {
        "To decide": 3,
        "Mine": 2,
        "Nobody's": 1,
        "Overdue": 3,
        "Conflicts": 1,
        "Asked": 1,
        "Waitlisted": 0,
    }
    assert figures(client.get(QUEUE)) == expected
    assert codes(client.get(QUEUE, {"view": "asked"})) == [asked.code]
    assert codes(client.get(QUEUE, {"view": "conflicts"})) == [conflict.code]
    assert set(codes(client.get(QUEUE, {"view": "mine"}))) == {waiting.code, conflict.code}
    assert codes(client.get(QUEUE, {"view": "nonsense"})) == codes(client.get(QUEUE))


def test_filters_stand_in_the_address_and_in_the_links(client, mara, charlie, big):
    big("Kestrel")
    other = big("Lumen", person=charlie)
    client.force_login(mara)
    response = client.get(QUEUE, {"q": "lum", "partner": other.partner.code})
    assert codes(response) == [other.code]
    assert f"?q=lum&partner={other.partner.code}" in response.context["rows"][0]["url"]
    assert figures(response)["To decide"] == 1
    assert codes(client.get(QUEUE, {"q": "\x00%_'\""})) == []


def test_empty_queue_says_what_comes_here(client, mara):
    client.force_login(mara)
    body = client.get(QUEUE).content.decode()
    assert "Nothing waits for a decision" in body
    assert "Nothing is overdue" in client.get(QUEUE, {"view": "overdue"}).content.decode()


def test_more_than_a_page(client, mara, big):
    first = big("Kestrel 0")
    for number in range(1, 27):
        big(f"Kestrel {number}", hours=number)
    client.force_login(mara)
    response = client.get(QUEUE, {"page": "2"})
    assert len(codes(response)) == 2
    last = codes(response)[-1]
    beside = client.get(reverse("registrations:review_item", args=[last]))
    assert last in codes(beside)
    assert (beside.context["place"], beside.context["total"]) == (27, 27)
    assert first.code not in codes(beside)


def test_the_list_asks_as_often_for_three_as_for_one(client, mara, big):
    big("Kestrel")
    client.force_login(mara)
    client.get(QUEUE)
    with CaptureQueriesContext(connection) as one:
        client.get(QUEUE)
    for name in ("Lumen", "Tamarind"):
        big(name, hours=3)
    with CaptureQueriesContext(connection) as three:
        client.get(QUEUE)
    assert len(three) == len(one)


@pytest.mark.parametrize(
    ("person", "status"), [("ivan", 200), ("olga", 200), ("ada", 200), ("alice", 403), ("bob", 403)]
)
def test_who_sees_the_queue(client, person, status, request, big):
    item = big("Kestrel")
    client.force_login(request.getfixturevalue(person))
    assert client.get(QUEUE).status_code == status
    for route in ("review_item", "review_candidates"):
        assert client.get(reverse(f"registrations:{route}", args=[item.code])).status_code == status


def test_strangers_sign_in_first(client):
    response = client.get(QUEUE)
    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next={QUEUE}"
