"""A company's page: all that is known, and every change made and taken back from it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from companies.matching import CompanyQuery
from companies.models import Change, Company, CompanyName, Suggestion, Verdict
from companies.reasons import TIERS
from companies.services import add_alias, create_company, declare_different, declare_same, set_parent
from core.clock import fixed
from registrations.models import Registration
from tests.companies.makers import make_account

pytestmark = pytest.mark.django_db
CLOCK = fixed(datetime(2026, 3, 2, 9, tzinfo=UTC))


@pytest.fixture
def desk(client: Client, mara: User) -> Client:
    client.force_login(mara)
    return client


def company(name: str, **facts: str) -> Company:
    return create_company(CompanyQuery(name, **facts), by=None, clock=CLOCK)


def words(page_content: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page_content.decode()))


def version(of: Company) -> int:
    of.refresh_from_db()
    return of.version


def test_the_page_tells_all_that_is_known(
    desk: Client, mara: User, alice: User, register: Callable[..., Registration]
) -> None:
    deal = register(alice, "Vantage Aerospace Group plc", country="GB", website="https://vantage.example/en")
    held = deal.company
    assert held is not None
    top, child, grandchild = company("Vantage Holdings"), company("Vantage Wings"), company("Vantage Rivets")
    set_parent(held, top, by=mara, reason="annual report", clock=CLOCK)
    set_parent(child, held, by=mara, clock=CLOCK)
    set_parent(grandchild, child, by=mara, clock=CLOCK)
    add_alias(held, "VAG Aerospace", by=mara, reason="their letters", clock=CLOCK)
    declare_different(held, company("Vantage Airlines"), by=mara, reason="an airline", clock=CLOCK)
    make_account(held, owner_name="Dana Direct")
    Suggestion.objects.create(low=held, high=top, asked=held, score=0.5, tier="review", found_at=CLOCK())

    text = words(desk.get(held.get_absolute_url()).content)

    for said in (
        *("VAG Aerospace", "Also called", "Mara", "vantage.example", "United Kingdom", "vag aerospace"),
        *(
            "Vantage Holdings",
            "Vantage Wings",
            "Vantage Rivets",
            "annual report",
            "their letters",
            "an airline",
        ),
        *(
            deal.code,
            "Northgate",
            "50,000",
            "Protected",
            "Dana Direct",
            "1 other company looks like this one",
        ),
    ):
        assert said in text, said


def test_names_are_added_withdrawn_and_taken_back_on_the_page(desk: Client, mara: User) -> None:
    held = company("Meta Platforms")
    add = reverse("companies:add_name", args=[held.code])
    for bad, said in (("", "Enter the name."), ("…", "at least one letter or digit")):
        page = desk.post(add, {"text": bad, "kind": "former"})
        assert (page.status_code, said in page.content.decode()) == (422, True)
    done = desk.post(add, {"text": "Facebook", "kind": "former", "reason": "until 2021"}, follow=True)
    assert "is found as “Facebook”, too" in done.content.decode()
    name = CompanyName.objects.get(text="Facebook")
    assert (name.kind, name.confirmed_by, Change.objects.get().reason) == ("former", mara, "until 2021")

    withdraw = reverse("companies:withdraw_name", args=[held.code, name.pk])
    assert "Facebook" in desk.get(withdraw).content.decode()
    text = words(desk.post(withdraw, {"reason": "wrong"}, follow=True).content)
    assert "1 name withdrawn" in text
    undo = reverse("companies:undo_change", args=[held.code, Change.objects.get(kind="name_withdrawn").pk])
    text = words(desk.post(undo, follow=True).content)
    assert "Taken back by Mara" in text and "name withdrawn" not in text
    assert desk.post(undo).status_code == 409
    stranger = company("Another Firm")
    assert desk.post(undo.replace(held.code, stranger.code)).status_code == 404
    assert desk.get(withdraw.replace(held.code, stranger.code)).status_code == 404


def test_facts_carry_the_version_that_was_seen(desk: Client) -> None:
    held = company("Meta Platforms")
    address = reverse("companies:facts", args=[held.code])
    form = {
        "website": "https://www.meta.example/en",
        "country": "US",
        "city": "",
        "postcode": "",
        "phone": "",
    }
    stale = desk.post(address, {**form, "version": version(held) + 1})
    assert (stale.status_code, "after you opened it" in stale.content.decode()) == (409, True)
    assert 'value="https://www.meta.example/en"' in stale.content.decode()

    desk.post(address, {**form, "version": version(held)})
    held.refresh_from_db()
    assert (held.domain, held.country) == ("meta.example", "US")
    for nothing in ("", "x", "9" * 30):
        assert desk.post(address, {**form, "city": "Cork", "version": nothing}).status_code == 409


def test_the_parent_is_chosen_by_search_set_and_taken_away(desk: Client, mara: User) -> None:
    held, top = company("Nordhavn Training"), company("Nordhavn Shipping")
    choose = reverse("companies:choose_parent", args=[held.code])
    address = reverse("companies:parent", args=[held.code, top.code])
    assert desk.get(choose).context["findings"] is None
    found = desk.get(choose, {"q": "Nordhavn Shipping"}).content.decode()
    assert address in found and reverse("companies:parent", args=[held.code, held.code]) not in found

    desk.post(address, {"version": version(held), "reason": "register"})
    held.refresh_from_db()
    assert (held.parent, Change.objects.get().reason) == (top, "register")
    circle = desk.post(reverse("companies:parent", args=[top.code, held.code]), {"version": version(top)})
    assert circle.status_code == 409
    desk.post(reverse("companies:no_parent", args=[held.code]), {"version": version(held)})
    held.refresh_from_db()
    assert held.parent is None


def test_a_merge_is_chosen_previewed_done_and_undone_in_the_browser(desk: Client, mara: User) -> None:
    one, other = company("Bright Robotics", country="DE"), company("Brite Robotics", country="AT")
    found = desk.get(
        reverse("companies:choose_merge", args=[one.code]), {"q": "Brite Robotics"}
    ).content.decode()
    address = reverse("companies:merge", args=[one.code, other.code])
    assert address in found
    make_account(other, owner_name="Dana Direct")
    preview = desk.get(address)
    text = words(preview.content)
    assert "1 claim of direct sales" in text and "nothing registered" in text
    assert (preview.context["plan"].survivor, preview.context["plan"].gone) == (one, other)
    assert "They are in different countries: Austria and Germany." in text
    turned = desk.get(preview.context["turned_url"])
    assert turned.context["plan"].survivor == other

    versions = {f"version-{each.code}": version(each) for each in (one, other)}
    stale = desk.post(address, {**versions, f"version-{one.code}": 99, "keep": one.code})
    assert (stale.status_code, Verdict.objects.count()) == (409, 0)
    done = desk.post(address, {**versions, "keep": other.code, "reason": "one board"}, follow=True)
    assert "Bright Robotics is part of Brite Robotics now" in words(done.content)
    one.refresh_from_db()
    assert (one.merged_into, Verdict.objects.get().reason) == (other, "one board")
    again = desk.get(address)
    assert "These are one company already." in words(again.content)
    assert "Merge them" not in words(again.content)
    old = words(desk.get(one.get_absolute_url()).content)
    assert "stands for both now: Brite Robotics" in old and "Add a name" not in old

    undone = desk.post(reverse("companies:undo_verdict", args=[other.code, one.code]), follow=True)
    assert "What came in meanwhile is with the one whose name it bears." in words(undone.content)
    one.refresh_from_db()
    assert (one.merged_into, Verdict.objects.get().undone_by) == (None, mara)
    assert "1 decision taken back" in words(desk.get(one.get_absolute_url()).content)
    versions = {f"version-{each.code}": version(each) for each in (one, other)}
    desk.post(
        reverse("companies:different", args=[one.code, other.code]), {**versions, "reason": "two towns"}
    )
    assert Verdict.objects.active().get().verdict == "different"
    assert "Mara declared them different: “two towns”." in words(desk.get(address).content)
    assert desk.get(reverse("companies:merge", args=[one.code, one.code])).status_code == 200


def test_a_merge_says_beforehand_what_becomes_of_the_parent(desk: Client, mara: User) -> None:
    top, upper = company("Top Holding"), company("Upper Works")
    one, other = company("Bright Robotics"), company("Brite Robotics")
    address = reverse("companies:merge", args=[one.code, other.code]) + f"?keep={one.code}"

    set_parent(other, top, by=mara)
    assert "Parent becomes Top Holding; it has none yet" in words(desk.get(address).content)
    set_parent(one, upper, by=mara)
    told = words(desk.get(address).content)
    assert "Not taken over Parent Top Holding; Upper Works stays" in told and "becomes Top" not in told
    set_parent(one, other, by=mara)
    assert "Parent moves up to Top Holding" in words(desk.get(address).content)


def test_as_many_statements_for_a_large_family_as_for_a_small(desk: Client, mara: User) -> None:
    held = company("Top Holding")

    def grow(number: int) -> None:
        child = company(f"Child {number}")
        set_parent(child, held, by=mara)
        set_parent(company(f"Grandchild {number}"), child, by=mara)
        add_alias(held, f"Alias {number}", by=mara)
        declare_different(held, company(f"Stranger {number}"), by=mara)
        declare_same(held, company(f"Double {number}"), by=mara, keep=held)
        make_account(held)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(held.get_absolute_url()).status_code == 200
        return len(captured)

    grow(1)
    first = statements()
    grow(2)
    grow(3)
    assert statements() == first


def test_others_read_and_change_nothing(client: Client, ivan: User, olga: User) -> None:
    held, other = company("Bright Robotics"), company("Brite Robotics")
    for reader in (ivan, olga):
        client.force_login(reader)
        text = words(client.get(held.get_absolute_url()).content)
        assert "Bright Robotics" in text
        assert not any(deed in text for deed in ("Add a name", "Merge", "Withdraw", "Set the parent", "Edit"))
        assert client.post(reverse("companies:merge", args=[held.code, other.code])).status_code == 403


def test_the_search_tells_relatives_from_doubles(desk: Client, mara: User) -> None:
    """Every tier has words, and the words are explained on the page."""
    group, branch = company("Nordhavn Shipping A/S"), company("Nordhavn Shipping Ltd")
    set_parent(branch, group, by=mara)
    page = desk.get(reverse("companies:search"), {"q": "Nordhavn Shipping"})

    told = {one.company: one.tier.code for one in page.context["findings"].found}
    assert told == {group: "same", branch: "related"}
    text = page.content.decode()
    assert "<mark>Nordhavn</mark>" in text
    assert all(tier.words in text and tier.meaning.split("'")[0] in text for tier in TIERS.values())
