"""Companies that look like doubles: found in the background, shown with evidence, never brought up again once judged."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from companies.evidence import SearchResult
from companies.matching import CompanyQuery
from companies.models import Company, Suggestion, Verdict
from companies.search import SearchFailed, search
from companies.services import (
    add_alias,
    create_company,
    declare_different,
    declare_same,
    doubles,
    edit_facts,
    look_for_doubles,
    put_off,
    set_parent,
    take_up,
    undo_change,
    undo_verdict,
    withdraw_name,
)
from core.clock import fixed
from core.errors import NotAllowed, WrongStatus
from policies.services.publishing import publish_version
from tests.companies.makers import make_account

pytestmark = pytest.mark.django_db
CLOCK = fixed(datetime(2026, 3, 2, 9, tzinfo=UTC))


def company(name: str, **facts: str) -> Company:
    return create_company(CompanyQuery(name, **facts), by=None, clock=CLOCK)


def pairs(state: str = "open") -> set[tuple[str, str]]:
    return {(row.low.name, row.high.name) for row in Suggestion.objects.filter(state=state)}


@pytest.fixture
def twins() -> tuple[Company, Company]:
    return (
        company("Nordwind Logistik GmbH", country="DE", domain="nordwind.example"),
        company("Nordwind Logistic", country="DE"),
    )


def test_each_company_is_looked_at_once_for_each_version(twins: tuple[Company, Company], mara: User) -> None:
    one, other = twins
    company("Delta Faucet")
    first = look_for_doubles(clock=CLOCK)
    assert (first.looked_at, first.pairs, first.due) == (3, 1, 0)
    row = Suggestion.objects.get()
    assert (row.low, row.high, row.state, row.found_at) == (one, other, "open", CLOCK())
    assert row.score > 0.5 and any(signal["theirs_spans"] for signal in row.signals)

    assert look_for_doubles(clock=CLOCK).looked_at == 0
    alias = add_alias(Company.objects.get(name="Delta Faucet"), "Nordwind Logistik", by=mara)
    again = look_for_doubles(clock=CLOCK)
    assert again.looked_at == 1
    assert ("Nordwind Logistik GmbH", "Delta Faucet") in pairs()
    # What its search no longer brings is no longer suggested.
    withdraw_name(alias, by=mara)
    look_for_doubles(clock=CLOCK)
    assert pairs() == {(one.name, other.name)}


def test_a_run_is_bounded_and_the_next_goes_on(
    twins: tuple[Company, Company], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        company(f"Company Nr {number}")
    monkeypatch.setattr(doubles, "BATCH", 2)
    seen = [look_for_doubles(most=3, clock=CLOCK), look_for_doubles(seconds=0, clock=CLOCK)]
    seen.append(look_for_doubles(clock=CLOCK))

    assert [(look.looked_at, look.due) for look in seen] == [(3, 3), (0, 3), (3, 0)]


def test_a_search_that_fails_leaves_the_company_due(
    twins: tuple[Company, Company], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = search

    def failing(query: CompanyQuery, **options: object) -> object:
        if query.name == twins[0].name:
            raise SearchFailed("no")
        return real(query, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(doubles, "search", failing)
    look = look_for_doubles(clock=CLOCK)

    assert (look.looked_at, look.failed, look.due) == (1, 1, 1)
    assert list(Company.objects.due_for_doubles()) == [twins[0]]


def test_what_a_person_said_never_comes_again_until_it_is_taken_back(
    twins: tuple[Company, Company], mara: User
) -> None:
    one, other = twins
    look_for_doubles(clock=CLOCK)
    # Said in the review queue or here: it is one memory.
    different = declare_different(one, other, by=mara, clock=CLOCK)
    assert Suggestion.objects.get().decided_by == mara
    Company.objects.update(doubles_seen=0)
    look_for_doubles(clock=CLOCK)
    assert (pairs(), pairs("different")) == (set(), {(one.name, other.name)})

    undo_verdict(different, by=mara)
    assert len(pairs()) == 1
    declare_same(one, other, by=mara, clock=CLOCK)
    look_for_doubles(clock=CLOCK)
    assert (pairs(), len(pairs("merged"))) == (set(), 1)
    undo_verdict(Verdict.objects.active().get(), by=mara)
    assert len(pairs()) == 1


def test_what_a_merge_hands_on_leaves_the_list_and_comes_back_with_it(mara: User) -> None:
    kept, gone, other = (
        company(name) for name in ("Kestrel Robotics GmbH", "Kestrel Robotik", "Kestrel Robotix AG")
    )
    look_for_doubles(clock=CLOCK)
    assert (kept.name, other.name) in pairs()
    declare_different(gone, other, by=mara, clock=CLOCK)
    declare_same(gone, kept, by=mara, keep=kept, clock=CLOCK)

    assert not Suggestion.objects.waiting().exists()
    row = Suggestion.objects.between(kept.pk, other.pk).get()
    assert (row.state, row.decided_by, row.decided_at) == ("different", mara, CLOCK())
    look_for_doubles(clock=CLOCK)
    assert not Suggestion.objects.waiting().exists()

    undo_verdict(Verdict.objects.active().get(verdict="same"), by=mara)
    row.refresh_from_db()
    assert (row.state, row.decided_by, row.decided_at) == ("open", None, None)
    look_for_doubles(clock=CLOCK)
    assert pairs() == {(kept.name, gone.name), (kept.name, other.name)}
    assert pairs("different") == {(gone.name, other.name)}


@pytest.mark.parametrize("first", [True, False])
def test_a_pair_falls_away_whichever_of_the_two_was_corrected(first: bool, mara: User) -> None:
    wrong, right = company("Zander Bau", domain="kestrel.de"), company("Kestrel Robotik", domain="kestrel.de")
    look_for_doubles(clock=CLOCK)
    assert pairs() == {(wrong.name, right.name)}

    change = edit_facts(wrong if first else right, {"website": "zander.de"}, by=mara)
    look_for_doubles(clock=CLOCK)
    assert not Suggestion.objects.exists()
    assert change is not None
    undo_change(change, by=mara)
    look_for_doubles(clock=CLOCK)
    put_off(Suggestion.objects.get(), by=mara)
    edit_facts(wrong if first else right, {"website": "zander.de"}, by=mara)
    look_for_doubles(clock=CLOCK)
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize("first", [True, False])
def test_a_pair_falls_away_with_an_alias_of_either(first: bool, mara: User) -> None:
    plain, named = company("Zander Bau"), company("Kestrel Robotik")
    alias = add_alias(*((plain, "Kestrel Robotics") if first else (named, "Zander Bauten")), by=mara)
    look_for_doubles(clock=CLOCK)
    assert len(pairs()) == 1
    withdraw_name(alias, by=mara)
    look_for_doubles(clock=CLOCK)
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize("first", [True, False])
def test_a_pair_falls_away_when_the_one_becomes_the_parent_of_the_other(
    twins: tuple[Company, Company], first: bool, mara: User
) -> None:
    look_for_doubles(clock=CLOCK)
    set_parent(*(twins if first else reversed(twins)), by=mara)
    look_for_doubles(clock=CLOCK)
    assert not Suggestion.objects.exists()


def test_a_pair_stays_while_the_search_for_the_other_still_brings_it(
    twins: tuple[Company, Company], mara: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = twins
    look_for_doubles(clock=CLOCK)
    real = search

    def blind(query: CompanyQuery, **options: Any) -> SearchResult:
        return SearchResult([]) if options["about"].pk == one.pk else real(query, **options)

    monkeypatch.setattr(doubles, "search", blind)
    edit_facts(one, {"city": "Kiel"}, by=mara)
    look_for_doubles(clock=CLOCK)
    assert Suggestion.objects.waiting().get().asked == other


def test_of_many_pairs_lost_at_once_the_rest_is_looked_at_by_themselves(
    mara: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doubles, "MOST_LOST", 1)
    hub = company("Zander Bau")
    aliases = [
        add_alias(hub, text, by=mara) for text in ("Kestrel Robotics", "Osterwald Pumpen", "Delta Faucet")
    ]
    others = [company(name) for name in ("Kestrel Robotik", "Osterwalt Pumpen", "Delta Faucets")]
    look_for_doubles(clock=CLOCK)
    assert pairs() == {(hub.name, other.name) for other in others}
    for alias in aliases:
        withdraw_name(alias, by=mara)
    look_for_doubles(clock=CLOCK)
    look_for_doubles(clock=CLOCK)
    assert (pairs(), Company.objects.due_for_doubles().count()) == (set(), 0)


def test_relatives_are_no_doubles(twins: tuple[Company, Company], mara: User) -> None:
    set_parent(twins[1], twins[0], by=mara)
    look_for_doubles(clock=CLOCK)
    assert not Suggestion.objects.exists()


def test_the_command_tells_what_it_did(
    twins: tuple[Company, Company], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("suggest_doubles")
    assert "2 companies looked at, 1 new pairs, 0 failed, 0 still due" in capsys.readouterr().out
    call_command("suggest_doubles", "--all")
    assert "2 companies looked at, 0 new pairs" in capsys.readouterr().out


# -- the page ----------------------------------------------------------------------------------------


@pytest.fixture
def desk(client: Client, mara: User) -> Client:
    client.force_login(mara)
    return client


def test_the_page_shows_the_evidence_and_takes_the_answer(
    twins: tuple[Company, Company], desk: Client, mara: User
) -> None:
    make_account(twins[0])
    look_for_doubles(clock=CLOCK)
    row = Suggestion.objects.get()
    text = desk.get(reverse("companies:doubles")).content.decode()
    for words in ("<mark>Nordwind</mark>", "speaks", "1 claim of direct sales", "nordwind.example"):
        assert words in text
    merge = reverse("companies:merge", args=[row.asked.code, row.found.code])
    assert merge in text

    def say(answer: str, *, htmx: bool = True, reason: str = "") -> str:
        headers = {"HX-Request": "true"} if htmx else {}
        address = reverse("companies:answer_double", args=[row.code])
        page = desk.post(address, {"answer": answer, "reason": reason}, headers=headers)
        row.refresh_from_db()
        return page.content.decode()

    assert "wait under" in say("later") and row.state == "later"
    assert "<mark>" in say("open") and row.state == "open"
    assert "two companies" in say("different", reason="another town") and row.state == "different"
    verdict = Verdict.objects.get()
    assert (verdict.by, verdict.reason, verdict.verdict) == (mara, "another town", "different")
    assert "<mark>" in say("undo") and row.state == "open"
    assert "Say whether" in say("perhaps")
    assert say("different", htmx=False) == "" and row.state == "different"
    listed = desk.get(reverse("companies:doubles"), {"state": "different"}).content.decode()
    assert f"double-{row.code}" in listed and "Mara" in listed
    assert f"double-{row.code}" not in desk.get(reverse("companies:doubles")).content.decode()


def test_filters_and_pages_stay_in_the_address(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("companies.views.doubles.PER_PAGE", 2)
    firsts = [company(f"Firm {letter}", country="DE") for letter in "ABC"]
    second = company("Firm Z", country="FR")
    for number, first in enumerate(firsts):
        tier = "possible" if number else "same"
        Suggestion.objects.create(
            low=first, high=second, asked=first, score=0.9 - number / 10, tier=tier, found_at=CLOCK()
        )

    def shown(**filters: str) -> list[str]:
        page = desk.get(reverse("companies:doubles"), filters)
        assert page.status_code == 200
        return [pair.left.name for pair in page.context["pairs"]]

    assert (shown(), shown(page="2")) == (["Firm A", "Firm B"], ["Firm C"])
    assert shown(tier="possible") == ["Firm B", "Firm C"]
    assert shown(q="firm c") == ["Firm C"]
    assert shown(company=firsts[1].code) == ["Firm B"]
    assert shown(country="FR", page="2") == ["Firm C"]
    assert shown(country="JP") == shown(state="later") == []
    assert shown(tier="nonsense", state="nonsense", page="x") == ["Firm A", "Firm B"]
    declare_same(firsts[0], firsts[1], by=None)
    assert shown() == ["Firm A", "Firm C"]


def test_as_many_statements_for_three_pairs_as_for_one(desk: Client) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(reverse("companies:doubles")).status_code == 200
        return len(captured)

    rows = [company(f"Firm {number}") for number in range(6)]
    counted = []
    for low, high in zip(rows[::2], rows[1::2], strict=True):
        Suggestion.objects.create(low=low, high=high, asked=high, score=0.9, tier="same", found_at=CLOCK())
        counted.append(statements())
    assert len(set(counted)) == 1


def test_an_auditor_reads_and_judges_nothing(
    client: Client, twins: tuple[Company, Company], ivan: User, mara: User, alice: User
) -> None:
    look_for_doubles(clock=CLOCK)
    client.force_login(ivan)
    text = client.get(reverse("companies:doubles")).content.decode()
    assert "Nordwind" in text and "Different</button>" not in text
    row = Suggestion.objects.get()
    with pytest.raises(NotAllowed):
        put_off(row, by=ivan)
    with pytest.raises(WrongStatus):
        take_up(row, by=mara)
    assert not Suggestion.objects.visible_to(alice).exists()


def test_a_crowd_is_told_as_a_crowd(desk: Client) -> None:
    for number in range(23):
        company("Apex Systems", city=f"Town {number}", country="US", domain=f"apex{number}.example")
    page = desk.get(reverse("companies:search"), {"q": "Apex Systems"})

    assert "More than 20 companies look alike" in page.content.decode()
    assert "Add a website or a country" in page.content.decode()
    assert len(page.context["findings"].found) == 20
    narrowed = desk.get(
        reverse("companies:search"), {"q": "Apex Systems", "website": "https://apex7.example/x"}
    )
    assert narrowed.context["findings"].found[0].company.domain == "apex7.example"


def test_from_when_on_two_look_like_doubles_is_what_the_policy_says(
    twins: tuple[Company, Company], client: Client, mara: User, olga: User
) -> None:
    look_for_doubles(clock=CLOCK)
    score = Suggestion.objects.get().score
    client.force_login(mara)

    def listed(tier: str) -> list[str]:
        page = client.get(reverse("companies:doubles"), {"tier": tier})
        return [pair.tier.code for pair in page.context["pairs"]]

    for same, tier, other in ((score + 0.001, "review", "same"), (score - 0.001, "same", "review")):
        publish_version(by=olga, settings={"same_score": same, "review_score": 0.2}, note="Otherwise.")
        assert (listed(tier), listed(other)) == ([tier], [])

    def told() -> tuple[int, int, int]:
        page = client.get(reverse("companies:doubles"))
        found = client.get(reverse("companies:search"))
        return len(page.context["pairs"]), page.context["views"][0]["count"], found.context["doubles"]

    assert told() == (1, 1, 1)
    # Higher: what is below it leaves the list and the counts at once, with nobody looking.
    publish_version(by=olga, settings={"same_score": 1.0, "review_score": score + 0.001}, note="Higher.")
    assert told() == (0, 0, 0)
    assert look_for_doubles(clock=CLOCK).looked_at == 0
    # Lower: every company is looked at anew, once.
    near = company("Nordwand Logistik", country="AT")
    look_for_doubles(clock=CLOCK)
    publish_version(by=olga, settings={"review_score": 0.02}, note="Lower.")
    assert told() == (1, 1, 1)
    assert look_for_doubles(clock=CLOCK).looked_at == 3
    assert ("Nordwind Logistik GmbH", near.name) in pairs()
    assert look_for_doubles(clock=CLOCK).looked_at == 0


def test_tabs_are_counted_anew_with_each_answer(
    twins: tuple[Company, Company], desk: Client, mara: User
) -> None:
    look_for_doubles(clock=CLOCK)
    row = Suggestion.objects.get()

    def say(answer: str, **listed: str) -> Any:
        address = reverse("companies:answer_double", args=[row.code])
        address += f"?{urlencode(listed)}" if listed else ""
        return desk.post(address, {"answer": answer}, headers={"HX-Request": "true"})

    def counts(page: Any) -> dict[str, int]:
        assert 'id="doubles-tabs" hx-swap-oob="true"' in page.content.decode()
        return {view["label"]: view["count"] for view in page.context["views"] if view["count"]}

    assert counts(say("different")) == {"Different companies": 1}
    assert counts(say("undo")) == {"To be looked at": 1}
    assert counts(say("later", q="nordwind")) == {"Put off": 1}
    assert counts(say("open", state="later", q="nothing")) == {}

    # Taken back on another tab, it says where it went.
    declare_same(*twins, by=mara)
    page = say("undo", state="merged")
    assert "are back on the list" in page.content.decode() and "Take back" not in page.content.decode()
    assert counts(page) == {"To be looked at": 1}
    assert row.code not in desk.get(reverse("companies:doubles"), {"state": "merged"}).content.decode()
