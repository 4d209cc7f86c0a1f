"""Creating, naming, merging and parting companies."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.transaction import TransactionManagementError

from accounts.models import User
from companies.matching import CompanyQuery
from companies.models import Company, CompanyName, Verdict
from companies.search import search
from companies.services import (
    add_alias,
    create_company,
    declare_different,
    declare_same,
    find_or_create_company,
    lock_companies,
    lock_registry,
    set_parent,
    undo_verdict,
    withdraw_name,
)
from companies.signals import verdict_undone
from core.clock import fixed
from core.errors import BadInput, NotAllowed, WrongStatus
from tests.companies.makers import make_account
from tests.companies.scripts import FAMOUS, READ_ALIKE, WAYS_OF_WRITING, WHOLE

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)
CLOCK = fixed(MOMENT)


def company(name: str, **facts: str) -> Company:
    return create_company(CompanyQuery(name, **facts), by=None, clock=CLOCK)


def active_names(of: Company) -> list[str]:
    return list(CompanyName.objects.active().filter(company=of).order_by("pk").values_list("text", flat=True))


# -- find or create ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked", ["SIEMENS", "Siemens GmbH", "siemens ag.", "  Siemens,  AG ", "https://siemens.example"]
)
def test_finds_the_exact_name_apart_from_form_case_and_punctuation(asked: str) -> None:
    held = company("Siemens AG")

    assert find_or_create_company(CompanyQuery(asked), by=None, clock=CLOCK) == (held, "found")


@pytest.mark.parametrize("asked", ["Mueller Bau", "Müller Bau", "MUELLER BAU GMBH"])
def test_finds_umlauts_both_ways(asked: str) -> None:
    held = company("Müller Bau GmbH")

    assert find_or_create_company(CompanyQuery(asked), by=None, clock=CLOCK).company == held


@pytest.mark.parametrize("asked", ["Siemens Energy", "Simens", "Blu Systems"])
def test_a_name_that_is_only_close_becomes_a_company_of_its_own(asked: str) -> None:
    company("Siemens AG")
    company("Blue Systems")

    assert find_or_create_company(CompanyQuery(asked), by=None, clock=CLOCK).how == "created"


@pytest.mark.parametrize(("known", "asked"), READ_ALIKE)
def test_a_name_that_is_only_read_alike_becomes_a_company_of_its_own(known: str, asked: str) -> None:
    held = company(known)

    assert [candidate.company for candidate in search(CompanyQuery(asked), least=0.1).candidates] == [held]
    made, how = find_or_create_company(CompanyQuery(asked), by=None, clock=CLOCK)
    assert (how, made.name) == ("created", asked)


@pytest.mark.parametrize(("known", "asked"), WAYS_OF_WRITING)
def test_finds_other_ways_of_writing_in_the_same_script(known: str, asked: str) -> None:
    held = company(known)

    assert find_or_create_company(CompanyQuery(asked), by=None, clock=CLOCK) == (held, "found")


@pytest.mark.parametrize(("known", "asked"), FAMOUS + WHOLE)
def test_finds_what_is_known_of_names_in_one_script(known: str, asked: str) -> None:
    held = company(known)

    (found,) = search(CompanyQuery(asked)).candidates
    assert (found.company, found.tier) == (held, "same")


def test_country_and_domain_must_agree_where_both_are_known() -> None:
    held = company("Apex Ltd", country="GB", domain="apex.example.co.uk")

    def how(**facts: str) -> str:
        with transaction.atomic():
            found = find_or_create_company(CompanyQuery("Apex", **facts), by=None, clock=CLOCK)
            transaction.set_rollback(True)
        return found.how

    assert how() == "found"
    assert how(country="GB") == "found"
    assert how(country="IN") == "created"
    assert how(domain="www.example.co.uk") == "found"
    assert how(domain="apex.in") == "created"
    assert how(domain="someone@gmail.com") == "found"
    assert Company.objects.get() == held


def test_of_several_the_one_with_most_evidence() -> None:
    company("Apex Ltd")
    in_india = company("Apex Ltd", country="IN")
    with_domain = company("Apex Ltd", domain="apex.in")

    assert find_or_create_company(CompanyQuery("Apex", country="IN"), by=None).company == in_india
    assert find_or_create_company(CompanyQuery("Apex", domain="apex.in"), by=None).company == with_domain


def test_created_with_facts_names_and_keys(mara: User) -> None:
    query = CompanyQuery(
        " Acme  Ltd dba\u202e Rocket Tools ", domain="https://acme.co.uk/x", country="gb", city="Leeds"
    )
    made = find_or_create_company(query, by=mara, clock=CLOCK, source="registration").company

    assert (made.name, made.domain, made.country, made.city) == ("Acme Ltd", "acme.co.uk", "GB", "Leeds")
    names = CompanyName.objects.filter(company=made).order_by("pk")
    assert [(n.text, n.kind, n.entry.core) for n in names] == [
        ("Acme Ltd", "legal", "acme"),
        ("Rocket Tools", "dba", "rocket tool"),
    ]
    assert all(n.entry.keys and n.source == "registration" and n.confirmed_by == mara for n in names)
    assert {n.created_at for n in names} == {MOMENT}


@pytest.mark.parametrize("bad", ["", "   ", "🚀🚀", "…---…", "\u202e", "x" * 301])
def test_a_name_that_says_nothing_is_refused_in_words(bad: str) -> None:
    with pytest.raises(BadInput) as refused:
        find_or_create_company(CompanyQuery(bad), by=None)
    assert (refused.value.field, Company.objects.count()) == ("name", 0)


def test_locks_need_a_transaction_and_existing_companies(transactional_db: None) -> None:
    with pytest.raises(TransactionManagementError):
        lock_registry()
    with transaction.atomic():
        held = company("Siemens AG")
        assert lock_companies([held.pk, held.pk]) == {held.pk: held}
        with pytest.raises(BadInput):
            lock_companies([held.pk, held.pk + 999])


# -- names ------------------------------------------------------------------------------------------


def test_an_alias_resolves_and_is_added_once() -> None:
    held = company("International Business Machines Corp.")
    first = add_alias(held, "IBM", by=None, clock=CLOCK)

    assert add_alias(held, "IBM", by=None, clock=CLOCK) == first
    assert find_or_create_company(CompanyQuery("I.B.M."), by=None).company == held
    held.refresh_from_db()
    assert held.version == 2


def test_a_withdrawn_name_resolves_no_more_and_the_last_one_stays() -> None:
    held = company("Meta Platforms")
    alias = add_alias(held, "Facebook", by=None, clock=CLOCK)
    withdraw_name(alias, by=None, clock=CLOCK)

    assert find_or_create_company(CompanyQuery("Facebook"), by=None).how == "created"
    assert active_names(held) == ["Meta Platforms"]
    with pytest.raises(WrongStatus):
        withdraw_name(CompanyName.objects.active().get(company=held), by=None, clock=CLOCK)


# -- verdicts ---------------------------------------------------------------------------------------


def test_a_name_in_another_language_is_for_a_person_to_join() -> None:
    held = find_or_create_company(CompanyQuery("Banque de Sorel"), by=None, clock=CLOCK).company

    assert find_or_create_company(CompanyQuery("Bank of Sorel"), by=None, clock=CLOCK).how == "created"
    assert find_or_create_company(CompanyQuery("BANQUE DE SOREL S.A."), by=None, clock=CLOCK).company == held


def test_a_name_with_the_legal_form_of_another_country_is_for_a_person_to_join() -> None:
    held = company("Nordwind GmbH")
    made = find_or_create_company(CompanyQuery("Nordwind Kft."), by=None)
    assert (made.how, made.company != held) == ("created", True)
    assert find_or_create_company(CompanyQuery("Nordwind"), by=None).how == "found"


def test_declare_same_moves_names_accounts_and_subsidiaries(mara: User) -> None:
    older, younger = company("Bright Robotics"), company("Brite Robotix")
    child = set_parent(company("Brite Poland"), younger, by=mara)
    account = make_account(younger)
    survivor = declare_same(younger, older, by=mara, reason="same board", clock=CLOCK)

    for row in (younger, child, account):
        row.refresh_from_db()
    assert (survivor, younger.merged_into, younger.survivor()) == (older, older, older)
    assert (child.parent, account.company) == (older, older)
    assert active_names(older) == ["Bright Robotics", "Brite Robotix"]
    carried = older.names.get(text="Brite Robotix")
    assert (carried.kind, carried.source, carried.confirmed_by) == ("alias", "merge", mara)
    assert find_or_create_company(CompanyQuery("Brite Robotix"), by=None) == (older, "found")
    verdict = Verdict.objects.get()
    assert (verdict.low, verdict.high, verdict.verdict, verdict.by, verdict.reason, verdict.at) == (
        *(older, younger, "same", mara, "same board", MOMENT),
    )


def test_undoing_a_merge_puts_everything_back(mara: User) -> None:
    older, younger = company("Bright Robotics"), company("Brite Robotix")
    child = set_parent(company("Brite Poland"), younger, by=mara)
    account = make_account(younger)
    declare_same(older, younger, by=mara, clock=CLOCK)
    kept_since = make_account(older)
    heard: list[tuple[object, object]] = []

    def listen(restored: object, survivor: object, **_: object) -> None:
        heard.append((restored, survivor))

    verdict_undone.connect(listen)
    try:
        undone = undo_verdict(Verdict.objects.get(), by=mara, clock=CLOCK)
    finally:
        verdict_undone.disconnect(listen)

    for row in (younger, child, account, kept_since):
        row.refresh_from_db()
    assert (undone.undone_at, undone.undone_by) == (MOMENT, mara)
    assert (younger.merged_into, child.parent, account.company, kept_since.company) == (
        None,
        younger,
        younger,
        older,
    )
    assert (active_names(older), active_names(younger)) == (["Bright Robotics"], ["Brite Robotix"])
    assert heard == [(younger, older)]
    with pytest.raises(WrongStatus):
        undo_verdict(undone, by=mara)


def test_keep_chooses_the_survivor() -> None:
    older, younger = company("Bright Robotics"), company("Brite Robotix")

    assert declare_same(older, younger, by=None, keep=younger) == younger


def test_a_merge_below_a_later_one_is_undone_last() -> None:
    a, b, c = company("Aaa Tools"), company("Bbb Tools"), company("Ccc Tools")
    declare_same(b, c, by=None, keep=b)
    declare_same(a, b, by=None, keep=a)
    c.refresh_from_db()
    assert c.survivor() == a
    assert active_names(a) == ["Aaa Tools", "Bbb Tools", "Ccc Tools"]

    with pytest.raises(WrongStatus):
        undo_verdict(Verdict.objects.get(low=b, high=c), by=None)
    undo_verdict(Verdict.objects.get(low=a, high=b), by=None)
    undo_verdict(Verdict.objects.get(low=b, high=c), by=None)
    assert [active_names(row) for row in (a, b, c)] == [["Aaa Tools"], ["Bbb Tools"], ["Ccc Tools"]]


def test_different_is_carried_over_a_merge_and_back() -> None:
    a, b, x = company("Apex Systems"), company("Apeks Systems"), company("Apex System Solutions")
    declare_different(b, x, by=None)
    declare_same(a, b, by=None, keep=a)
    assert Verdict.objects.active().different().between(a.pk, x.pk).count() == 1

    undo_verdict(Verdict.objects.get(verdict="same"), by=None)
    assert not Verdict.objects.active().different().between(a.pk, x.pk).exists()
    assert Verdict.objects.active().different().between(b.pk, x.pk).count() == 1


def test_the_newer_verdict_replaces_the_older() -> None:
    a, b = company("Apex Systems"), company("Apex Solutions")
    declare_different(a, b, by=None)
    declare_different(b, a, by=None, reason="again")
    declare_same(a, b, by=None)

    assert [v.verdict for v in Verdict.objects.active()] == ["same"]
    assert Verdict.objects.count() == 3
    with pytest.raises(WrongStatus):
        declare_different(a, b, by=None)
    with pytest.raises(WrongStatus):
        declare_same(a, b, by=None)


def test_only_a_referee_may_judge(olga: User) -> None:
    a, b = company("Apex Systems"), company("Apex Solutions")
    for act in (
        lambda: declare_same(a, b, by=olga),
        lambda: declare_different(a, b, by=olga),
        lambda: set_parent(a, b, by=olga),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert not Verdict.objects.exists()


# -- parents ----------------------------------------------------------------------------------------


def test_parents_form_no_circle() -> None:
    top, middle, low = company("Top Holding"), company("Middle Works"), company("Low Plant")
    set_parent(middle, top, by=None)
    set_parent(low, middle, by=None)

    with pytest.raises(WrongStatus):
        set_parent(top, low, by=None)
    with pytest.raises(WrongStatus):
        set_parent(top, top, by=None)
    assert set_parent(low, None, by=None).parent is None


def test_a_subsidiary_merged_with_an_ancestor_closes_no_circle() -> None:
    top, middle, low = company("Top Holding"), company("Middle Works"), company("Low Plant")
    set_parent(middle, top, by=None)
    set_parent(low, middle, by=None)
    declare_same(top, low, by=None, keep=low)

    middle.refresh_from_db()
    low.refresh_from_db()
    assert (middle.parent, low.parent) == (low, None)


# -- what the database itself refuses ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("country", "de"), ("country", "D1"), ("version", 0)]
)
def test_company_checks(field: str, value: object) -> None:
    held = company("Siemens AG")
    with pytest.raises(IntegrityError), transaction.atomic():
        Company.objects.filter(pk=held.pk).update(**{field: value})


def test_verdict_checks() -> None:
    a, b = company("Apex Systems"), company("Apex Solutions")
    rows = {"verdict": "different", "at": MOMENT, "by": None}
    with pytest.raises(IntegrityError), transaction.atomic():
        Verdict.objects.create(low=b, high=a, **rows)
    with pytest.raises(IntegrityError), transaction.atomic():
        Verdict.objects.create(low=a, high=b, **{**rows, "verdict": "perhaps"})
    Verdict.objects.create(low=a, high=b, **rows)
    with pytest.raises(IntegrityError), transaction.atomic():
        Verdict.objects.create(low=a, high=b, **rows)


def test_named_account_checks() -> None:
    held = company("Siemens AG")
    make_account(held, reference="ONE")
    for wrong in (
        {"reference": "ONE"},
        {"kind": "other"},
        {"ends_on": date(2025, 1, 1)},
        {"country": "xx"},
        {"reference": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_account(held, **wrong)


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("I.B.M.", ""),
        ("J.P. Hartwell", ""),
        ("St.Gallen Mills", ""),
        ("hartwell.com", "hartwell.com"),
        ("www.hartwell.example", "hartwell.example"),
        ("s.Oliver", ""),
        ("Dr.Hartwell", ""),
    ],
)
def test_only_an_address_typed_as_the_name_is_a_website(name: str, domain: str) -> None:
    assert create_company(CompanyQuery(name), by=None).domain == domain
