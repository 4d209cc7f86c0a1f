"""The overview and the list."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.clock import database_clock, fixed
from registrations.models import Registration
from registrations.services import decisions, drafts

pytestmark = pytest.mark.django_db

LIST = "/registrations/"
OVERVIEW = "/registrations/overview/"


def ago(days):
    return fixed(database_clock() - timedelta(days=days))


def test_the_overview_shows_what_waits_soonest_first(client, alice, mara, register):
    register(alice, "Later GmbH", clock=ago(48))
    register(alice, "Sooner GmbH", clock=ago(57))
    register(alice, "Quiet GmbH", clock=ago(1))
    asked = register(alice, "Asked GmbH", clock=ago(3), value=500_000)
    decisions.ask_information(asked, by=mara, text="Which?")
    drafts.start_draft(by=alice, fields={"company_name": "Draft GmbH"})
    client.force_login(alice)

    page = client.get(OVERVIEW).content.decode()

    waiting = page[page.index("Waiting for you") : page.index("stat-grid")]
    places = [waiting.index(name) for name in ("Asked GmbH", "Sooner GmbH", "Later GmbH", "Draft GmbH")]
    assert places == sorted(places)
    assert "3 days left" in waiting and "Quiet GmbH" not in waiting
    assert "2 end within 14 days" in page


def test_an_empty_overview_says_what_to_do(client, charlie):
    client.force_login(charlie)

    page = client.get(OVERVIEW).content.decode()

    assert "Register your first deal" in page
    assert page.count("btn btn-primary") == 1


def test_the_overview_is_the_partners(client, mara):
    client.force_login(mara)
    assert client.get(OVERVIEW).status_code == 403


def test_everybody_sees_their_own_reach(client, alice, bob, dan, charlie, mara, register):
    register(alice, "Acme Pumps GmbH")
    register(dan, "Nordwind AG")
    register(charlie, "Zebra SA")
    drafts.start_draft(by=alice, fields={"company_name": "Only a draft"})
    seen = {}
    for person in (alice, bob, charlie, mara):
        client.force_login(person)
        page = client.get(LIST).content.decode()
        names = ("Acme Pumps GmbH", "Nordwind AG", "Zebra SA", "Only a draft")
        seen[person.name] = [name for name in names if name in page]

    assert seen == {
        "Alice": ["Acme Pumps GmbH", "Only a draft"],
        "Bob": ["Acme Pumps GmbH", "Nordwind AG", "Only a draft"],
        "Charlie": ["Zebra SA"],
        "Mara": ["Acme Pumps GmbH", "Nordwind AG", "Zebra SA"],
    }


def rows(client, query):
    page = client.get(LIST + query).content.decode()
    return [name for name in ("Acme Pumps", "Nordwind", "Bergmann") if f">{name}</a>" in page]


def test_filters_in_the_address(client, alice, charlie, mara, register):
    register(alice, "Acme Pumps", clock=ago(55), deal_name="Plant two")
    register(alice, "Nordwind", clock=ago(1), value=900_000)
    register(charlie, "Bergmann", clock=ago(1))
    client.force_login(alice)
    assert rows(client, "?q=nordw") == ["Nordwind"]
    assert rows(client, "?q=plant+two") == ["Acme Pumps"]
    assert rows(client, "?status=in_review") == ["Nordwind"]
    assert rows(client, "?status=open") == ["Acme Pumps", "Nordwind"]
    assert rows(client, "?ending=7") == ["Acme Pumps"]
    assert rows(client, f"?partner={charlie.member.partner.code}") == ["Acme Pumps", "Nordwind"]
    client.force_login(mara)
    assert rows(client, f"?partner={charlie.member.partner.code}") == ["Bergmann"]
    assert rows(client, "?status=open&ending=30") == ["Acme Pumps"]


@pytest.mark.parametrize(
    "query",
    ["?q=%00", "?q=%25", "?status=nothing", "?partner=x", "?ending=-1", "?after=x", "?after=" + "9" * 40],
)
def test_unreadable_filters_filter_nothing_or_find_nothing(client, alice, register, query):
    register(alice, "Acme Pumps")
    client.force_login(alice)

    answer = client.get(LIST + query)

    assert answer.status_code == 200
    assert ("Acme Pumps" in answer.content.decode()) == (query != "?q=%25")


def test_none_yet_and_none_match(client, alice, charlie, mara, register):
    register(alice, "Acme Pumps")
    client.force_login(charlie)
    assert "No registrations yet" in client.get(LIST).content.decode()
    client.force_login(alice)
    page = client.get(LIST + "?q=zzz").content.decode()
    assert "No registration matches" in page and "“zzz”" in page


def test_pages_by_key_keep_the_filters(client, alice, register, monkeypatch):
    from registrations.views import listing

    monkeypatch.setattr(
        listing,
        "page_by_id",
        lambda found, after: __import__("core.paging").paging.page_by_id(found, after, 2),
    )
    for name in ("Alpha one", "Alpha two", "Alpha three"):
        register(alice, name)
    client.force_login(alice)

    first = client.get(LIST + "?q=alpha").content.decode()
    second = client.get(f"{LIST}?q=alpha&after={Registration.objects.order_by('-pk')[1].pk}").content.decode()

    assert "Alpha three" in first and "Alpha one" not in first
    assert f"?q=alpha&amp;after={Registration.objects.order_by('-pk')[1].pk}" in first
    assert "Alpha one" in second and "Alpha three" not in second


def test_htmx_gets_the_list_alone(client, alice, register):
    register(alice, "Acme Pumps")
    client.force_login(alice)

    part = client.get(LIST, headers={"HX-Request": "true"})

    assert part.content.decode().lstrip().startswith('<div id="registrations">')
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part.headers["Vary"]


@pytest.mark.parametrize("address", [LIST, OVERVIEW])
@pytest.mark.parametrize("who", ["alice", "bob"])
def test_three_rows_cost_as_many_queries_as_one(client, request, register, who, address):
    person = request.getfixturevalue(who)
    client.force_login(person)
    register(person, "First GmbH", clock=ago(50))
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    register(person, "Second AG", clock=ago(50))
    register(person, "Third SE", clock=ago(50))
    with CaptureQueriesContext(connection) as three:
        page = client.get(address).content.decode()

    assert "Third SE" in page
    assert len(three) == len(one)
