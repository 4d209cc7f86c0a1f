"""What people say about companies is remembered with who, when and why, and can be taken back exactly."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from accounts.models import User
from companies.matching import CompanyQuery
from companies.models import Change, Company, Suggestion, Verdict
from companies.search import search
from companies.services import (
    add_alias,
    create_company,
    declare_different,
    declare_same,
    edit_facts,
    plan_merge,
    set_parent,
    undo_change,
    undo_verdict,
    withdraw_name,
)
from companies.words import told
from core.clock import fixed
from core.errors import BadInput, NotAllowed, ScopeTaken, StaleVersion, WrongStatus
from registrations.enums import ConflictState
from registrations.models import Conflict, Holding, Registration
from registrations.services import decisions
from registrations.services.timeline import first_broken
from tests.companies.makers import make_account

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)
CLOCK = fixed(MOMENT)
LATER = fixed(MOMENT + timedelta(hours=1))

# What a merge and its undoing must leave as it was. Versions only ever go up, taken-back rows stay as history.
_STATE = {
    "companies": "SELECT id, name, country, city, postcode, website, domain, phone, parent_id, merged_into_id"
    " FROM companies_company",
    "names": "SELECT company_id, text, kind FROM companies_companyname WHERE withdrawn_at IS NULL",
    "entries": "SELECT company_id, core, keys FROM companies_nameentry",
    "accounts": "SELECT id, company_id FROM companies_namedaccount",
    "verdicts": "SELECT id, verdict FROM companies_verdict WHERE undone_at IS NULL",
    "registrations": "SELECT id, company_id, status FROM registrations_registration",
    "holdings": "SELECT id, company_id, ended_at FROM registrations_holding",
    "conflicts": "SELECT id, company_id, state, judged_by_id, judged_at FROM registrations_conflict",
}


def state() -> dict[str, list[tuple[object, ...]]]:
    found = {}
    with connection.cursor() as cursor:
        for name, sql in _STATE.items():
            cursor.execute(f"SELECT t::text FROM ({sql}) t ORDER BY 1")
            found[name] = cursor.fetchall()
    return found


def company(name: str, **facts: str) -> Company:
    return create_company(CompanyQuery(name, **facts), by=None, clock=CLOCK)


@pytest.fixture
def pair(
    alice: User, charlie: User, mara: User, register: Callable[..., Registration]
) -> tuple[Company, Company]:
    """Two companies with all that can hang on one: registrations, a holder, conflicts, claims, children, a verdict."""
    held = register(alice, "Brightwater Robotics", website="brightwater.example", country="DE")
    rival = register(charlie, "Brightwater Robotics Europe", country="DE")
    decisions.ask_information(rival, by=mara, text="Which site?") if rival.status == "in_review" else None
    one, other = held.company, rival.company
    assert one is not None and other is not None and one != other
    Company.objects.filter(pk=other.pk).update(phone="+49 30 1234567", city="Berlin")
    make_account(other)
    set_parent(company("Brightwater Poland"), other, by=mara, clock=CLOCK)
    set_parent(other, one, by=mara, clock=CLOCK)
    add_alias(other, "BRE", by=mara, reason="on their letters", clock=CLOCK)
    declare_different(other, company("Brite Water Tools"), by=mara, reason="a tool shop", clock=CLOCK)
    one.refresh_from_db()
    other.refresh_from_db()
    return one, other


@pytest.mark.parametrize("swapped", [False, True])
def test_the_preview_tells_what_is_done_and_undoing_restores_all_of_it(
    pair: tuple[Company, Company], swapped: bool, mara: User
) -> None:
    survivor, gone = reversed(pair) if swapped else pair
    before = state()
    plan = plan_merge(gone, into=survivor)
    assert state() == before

    declare_same(gone, survivor, keep=survivor, by=mara, clock=LATER)

    verdict = Verdict.objects.get(verdict="same")
    planned = {move.name: move.count for move in plan.share.moves}
    assert planned == {name: len(verdict.moved.get(name, [])) for name in planned}
    assert planned["registrations"] == 1
    assert [account.pk for account in plan.accounts] == verdict.moved["named_accounts"]
    assert [one.pk for one in plan.subsidiaries] == verdict.moved["subsidiaries"]
    assert {n.text for n in plan.names} == {n.text for n in survivor.names.filter(from_verdict=verdict)}
    carried = Verdict.objects.filter(carried_by=verdict)
    assert {one.pk for one in plan.different} == {row.other(survivor).pk for row in carried}
    survivor.refresh_from_db()
    assert survivor.parent == plan.parent
    facts = {"Telephone": survivor.phone, "City": survivor.city, "Website": survivor.website}
    assert all(facts[label] == value for label, value in plan.filled_facts)
    examples = {move.name: len(move.examples) for move in plan.share.moves}
    assert (examples["registrations"], plan.is_possible) == (1, True)
    assert swapped or plan.filled_facts

    undo_verdict(verdict, by=mara, clock=LATER)

    assert state() == before
    moved = Registration.objects.get(company=gone)
    assert [e.kind for e in moved.timeline.all() if e.kind.startswith("company_")] == [
        "company_merged",
        "company_parted",
    ]
    assert first_broken(moved) is None


def test_two_holders_of_one_scope_are_told_before_and_forbid_the_merge(
    alice: User, charlie: User, mara: User, register: Callable[..., Registration]
) -> None:
    one, other = register(alice, "Delta Faucet").company, register(charlie, "Ocean Freight").company
    assert one is not None and other is not None
    assert Holding.objects.filter(ended_at=None).count() == 2
    plan = plan_merge(other, into=one)

    with pytest.raises(ScopeTaken) as refused:
        declare_same(one, other, by=mara, keep=one)

    assert (plan.clashes, plan.is_possible) == ([refused.value.message], False)
    assert not Verdict.objects.exists()


def test_a_holding_taken_since_goes_back_with_its_registration(
    alice: User, charlie: User, mara: User, register: Callable[..., Registration]
) -> None:
    register(alice, "Delta Faucet")
    late = register(charlie, "Ocean Freight", value=900_000)
    one, other = Company.objects.order_by("pk")
    Holding.objects.filter(company=one).update(ended_at=MOMENT)
    Registration.objects.filter(company=one).update(status="lost")
    declare_same(one, other, keep=one, by=mara, clock=LATER)
    late.refresh_from_db()
    decisions.assign(late, by=mara, clock=LATER)

    undo_verdict(Verdict.objects.get(), by=mara, clock=LATER)

    late.refresh_from_db()
    assert late.company == other
    assert Holding.objects.get(ended_at=None).company == other


def test_a_verdict_answers_the_conflicts_and_undone_asks_again(
    alice: User, charlie: User, mara: User, register: Callable[..., Registration]
) -> None:
    register(alice, "International Business Machines Corp.", country="US")
    later = register(charlie, "I.B.M.", country="US")
    one, other = Company.objects.order_by("pk")
    conflict = Conflict.objects.get(registration=later)

    def now() -> tuple[str, User | None]:
        conflict.refresh_from_db()
        return conflict.state, conflict.judged_by

    different = declare_different(one, other, by=mara, clock=CLOCK)
    assert now() == (ConflictState.DIFFERENT, mara)
    declare_same(one, other, by=mara, clock=LATER)
    assert now() == (ConflictState.SAME, mara)
    undo_verdict(Verdict.objects.active().get(), by=mara, clock=LATER)
    # The older verdict holds again.
    assert list(Verdict.objects.active()) == [different]
    assert now() == (ConflictState.DIFFERENT, mara)
    undo_verdict(different, by=mara, clock=LATER)
    assert now() == (ConflictState.OPEN, None)


def test_what_was_changed_after_a_merge_stays_when_it_is_undone(mara: User) -> None:
    one, other, top = company("Aaa Tools"), company("Bbb Tools", domain="bbb.example"), company("Top Holding")
    declare_same(one, other, keep=one, by=mara, clock=CLOCK)
    set_parent(one, top, by=mara, clock=LATER)
    edit_facts(one, {"website": "aaa.example"}, by=mara, clock=LATER)
    undo_verdict(Verdict.objects.get(), by=mara, clock=LATER)

    one.refresh_from_db()
    assert (one.parent, one.website, one.domain) == (top, "aaa.example", "aaa.example")


def test_undoing_a_merge_closes_no_circle(mara: User) -> None:
    one, gone, child, top = (
        company("Aaa Tools"),
        company("Bbb Tools"),
        company("Ccc Tools"),
        company("Ddd Tools"),
    )
    set_parent(one, company("Eee Tools"), by=mara)
    set_parent(gone, top, by=mara)
    set_parent(child, gone, by=mara)
    declare_same(one, gone, keep=one, by=mara)
    set_parent(top, child, by=mara)

    with pytest.raises(WrongStatus, match="circle"):
        undo_verdict(Verdict.objects.active().get(), by=mara)


# -- names, parents, facts ---------------------------------------------------------------------------


def test_each_change_keeps_who_when_and_why_and_can_be_undone(mara: User) -> None:
    held, top = company("Quarzhof", country="US"), company("Top Holding")
    start = state()

    alias = add_alias(held, "Zimbelwerk", by=mara, reason="the old name", kind="former", clock=CLOCK)
    set_parent(held, top, by=mara, reason="annual report", clock=CLOCK)
    edit_facts(
        held, {"website": "https://www.meta.example/x", "country": "ie"}, by=mara, reason="moved", clock=CLOCK
    )
    withdraw_name(alias, by=mara, reason="a mistake", clock=CLOCK)

    changes = list(Change.objects.order_by("pk"))
    assert [(told(c), c.reason) for c in changes] == [
        ("Added the name “Zimbelwerk” (former name)", "the old name"),
        ("Belongs to Top Holding", "annual report"),
        (
            "Website set to https://www.meta.example/x; Country changed from United States of America to Ireland",
            "moved",
        ),
        ("Withdrew the name “Zimbelwerk”", "a mistake"),
    ]
    assert {(c.by, c.at, c.company) for c in changes} == {(mara, MOMENT, held)}
    held.refresh_from_db()
    assert (held.domain, held.country, held.parent) == ("meta.example", "IE", top)

    undo_change(changes[3], by=mara, clock=LATER)
    assert [c.company for c in search(CompanyQuery("Zimbelwerk")).candidates] == [held]
    for change in reversed(changes[:3]):
        undo_change(change, by=mara, clock=LATER)

    assert state() == start
    assert [c.company for c in search(CompanyQuery("Zimbelwerk")).candidates] == []
    changes[0].refresh_from_db()
    assert (changes[0].undone_by, changes[0].undone_at) == (mara, MOMENT + timedelta(hours=1))
    with pytest.raises(WrongStatus, match="already"):
        undo_change(changes[0], by=mara)


def test_a_change_on_which_a_later_one_rests_is_not_undone(mara: User) -> None:
    held, one, two = company("Meta Platforms"), company("Top Holding"), company("Upper Holding")
    set_parent(held, one, by=mara)
    set_parent(held, two, by=mara)
    edit_facts(held, {"city": "Cork"}, by=mara)
    edit_facts(held, {"city": "Dublin"}, by=mara)

    for kind in ("parent", "facts"):
        first, second = Change.objects.filter(kind=kind).order_by("pk")
        with pytest.raises(WrongStatus, match="changed again"):
            undo_change(first, by=mara)
        undo_change(second, by=mara)
    held.refresh_from_db()
    assert (held.parent, held.city) == (one, "Cork")


def test_a_name_that_came_with_a_merge_does_not_come_back_after_the_merge_was_undone(mara: User) -> None:
    one, other = company("Aaa Tools"), company("Bbb Tools")
    declare_same(one, other, keep=one, by=mara)
    withdraw_name(one.names.get(text="Bbb Tools"), by=mara)
    undo_verdict(Verdict.objects.get(), by=mara)

    with pytest.raises(WrongStatus, match="had come with a merge"):
        undo_change(Change.objects.get(), by=mara)
    assert [c.company for c in search(CompanyQuery("Bbb Tools")).candidates] == [other]


def test_a_change_made_from_an_old_page_is_refused(mara: User) -> None:
    held, other = company("Meta Platforms"), company("Meta Platform")
    seen = {held.pk: held.version, other.pk: other.version}
    edit_facts(held, {"city": "Cork"}, by=mara, version=held.version)

    for act in (
        lambda: edit_facts(held, {"city": "Dublin"}, by=mara, version=seen[held.pk]),
        lambda: set_parent(held, other, by=mara, version=seen[held.pk]),
        lambda: declare_same(held, other, by=mara, versions=seen),
        lambda: declare_different(held, other, by=mara, versions=seen),
    ):
        with pytest.raises(StaleVersion):
            act()
    held.refresh_from_db()
    assert (held.city, held.parent, Verdict.objects.count()) == ("Cork", None, 0)


def test_bad_input_and_other_roles_change_nothing(mara: User, olga: User) -> None:
    held = company("Meta Platforms", country="US")
    alias = add_alias(held, "Facebook", by=mara)
    change = Change.objects.get()
    before = state()

    for act in (
        lambda: add_alias(held, "…", by=mara),
        lambda: add_alias(held, "Insta", by=mara, kind="nonsense"),
        lambda: edit_facts(held, {"country": "Narnia"}, by=mara),
    ):
        with pytest.raises(BadInput):
            act()
    with pytest.raises(WrongStatus, match="goes by"):
        withdraw_name(held.names.get(text="Meta Platforms"), by=mara)
    for act in (
        lambda: add_alias(held, "Insta", by=olga),
        lambda: withdraw_name(alias, by=olga),
        lambda: edit_facts(held, {"city": "Cork"}, by=olga),
        lambda: undo_change(change, by=olga),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert edit_facts(held, {"country": "US", "city": ""}, by=mara) is None
    assert state() == before
    assert (Change.objects.count(), Suggestion.objects.count()) == (1, 0)
