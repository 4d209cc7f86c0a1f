"""What merges hand on to the company that goes on, and what of it is left when one of several is taken back."""

from itertools import permutations

import pytest

from accounts.models import User
from companies.matching import CompanyQuery
from companies.models import Change, Company, CompanyName, Suggestion, Verdict
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
from core.clock import database_clock
from tests.companies.makers import make_account

pytestmark = pytest.mark.django_db


def company(name: str, **facts: str) -> Company:
    return create_company(CompanyQuery(name, **facts), by=None)


def merge(gone: Company, into: Company, by: User) -> Verdict:
    declare_same(gone, into, by=by, keep=into)
    return Verdict.objects.filter(verdict="same").latest("pk")


def now(of: Company) -> Company:
    return Company.objects.get(pk=of.pk)


def found(name: str) -> list[str]:
    return [candidate.company.name for candidate in search(CompanyQuery(name)).candidates]


def told_apart(one: Company, other: Company) -> bool:
    return Verdict.objects.active().different().between(one.pk, other.pk).exists()


@pytest.fixture
def whole() -> Company:
    """The company that goes on."""
    return company("Zephyr Holding")


@pytest.fixture
def one() -> Company:
    return company("Nordlicht Optik")


@pytest.fixture
def two() -> Company:
    return company("Basalt Mühle")


# -- the parent --------------------------------------------------------------------------------------


def test_a_parent_that_only_the_merged_company_has_goes_over_and_back(
    whole: Company, one: Company, mara: User
) -> None:
    group = company("Siemens Konzern")
    set_parent(one, group, by=mara, reason="annual report")
    plan = plan_merge(one, into=whole)

    verdict = merge(one, whole, mara)

    assert (plan.parent, plan.parent_changes, plan.lost_facts) == (group, True, [])
    assert now(whole).parent == group

    undo_verdict(verdict, by=mara)
    assert (now(whole).parent, now(one).parent) == (None, group)


def test_of_two_parents_the_survivors_stays_and_both_are_named_before(
    whole: Company, one: Company, mara: User
) -> None:
    set_parent(one, company("Siemens Konzern"), by=mara)
    set_parent(whole, own := company("Bosch Konzern"), by=mara)

    assert plan_merge(one, into=whole).lost_facts == [("Parent", "Siemens Konzern", "Bosch Konzern")]
    merge(one, whole, mara)
    assert now(whole).parent == own


def test_a_parent_that_stands_below_the_survivor_does_not_go_over(
    whole: Company, one: Company, two: Company, mara: User
) -> None:
    set_parent(two, whole, by=mara)
    set_parent(one, two, by=mara)

    merge(one, whole, mara)

    assert (now(whole).parent, now(two).parent) == (None, whole)


def test_a_parent_that_was_merged_meanwhile_is_taken_back_all_the_same(
    whole: Company, one: Company, mara: User
) -> None:
    group, bigger = company("Siemens Konzern"), company("Bosch Konzern")
    set_parent(one, group, by=mara)
    verdict = merge(one, whole, mara)
    joined = merge(group, bigger, mara)
    assert now(whole).parent == bigger

    undo_verdict(verdict, by=mara)
    assert (now(whole).parent, now(one).parent) == (None, bigger)
    undo_verdict(joined, by=mara)
    assert (now(whole).parent, now(one).parent) == (None, group)


def test_the_parent_before_may_have_been_merged_meanwhile(whole: Company, one: Company, mara: User) -> None:
    middle, other = company("Siemens Konzern"), company("Bosch Konzern")
    set_parent(whole, middle, by=mara)
    set_parent(middle, one, by=mara)
    verdict = merge(one, whole, mara)
    assert (now(whole).parent, now(middle).parent) == (None, whole)
    merge(middle, other, mara)

    undo_verdict(verdict, by=mara)

    assert (now(whole).parent, now(other).parent) == (other, one)


def test_a_parent_that_another_part_has_as_well_stays_until_that_one_leaves(
    whole: Company, one: Company, two: Company, mara: User
) -> None:
    group = company("Siemens Konzern")
    set_parent(one, group, by=mara)
    set_parent(two, group, by=mara)
    first, second = merge(one, whole, mara), merge(two, whole, mara)

    undo_verdict(first, by=mara)
    assert now(whole).parent == group
    undo_verdict(second, by=mara)
    assert now(whole).parent is None


def test_two_merges_that_moved_a_company_up_are_taken_back_in_either_order(
    whole: Company, one: Company, two: Company, mara: User
) -> None:
    top = company("Siemens Konzern")
    for low, high in ((whole, one), (one, two), (two, top)):
        set_parent(low, high, by=mara)
    first, second = merge(one, whole, mara), merge(two, whole, mara)
    assert now(whole).parent == top

    undo_verdict(first, by=mara)
    assert (now(whole).parent, now(one).parent) == (top, whole)
    undo_verdict(second, by=mara)
    assert [now(low).parent for low in (whole, one, two)] == [one, two, top]


def test_a_parent_of_ones_own_comes_back_whatever_filled_its_place_meanwhile(
    whole: Company, one: Company, two: Company, mara: User
) -> None:
    set_parent(whole, one, by=mara)
    set_parent(two, company("Siemens Konzern"), by=mara)
    first, second = merge(one, whole, mara), merge(two, whole, mara)
    assert now(whole).parent is not None

    undo_verdict(first, by=mara)
    assert now(whole).parent == one
    undo_verdict(second, by=mara)
    assert now(whole).parent == one


def test_a_part_that_belongs_to_the_restored_company_takes_the_whole_along(
    whole: Company, one: Company, two: Company, mara: User
) -> None:
    set_parent(two, one, by=mara)
    third, fourth = company("Ypern Yards"), company("Xanten Werke")
    set_parent(third, one, by=mara)
    first = merge(one, whole, mara)
    merge(two, whole, mara)
    last = merge(third, fourth, mara)
    assert (now(whole).parent, now(fourth).parent) == (None, whole)

    undo_verdict(first, by=mara)

    assert (now(whole).parent, now(fourth).parent) == (one, one)
    undo_verdict(last, by=mara)
    assert now(fourth).parent is None


def test_a_changed_parent_taken_back_does_not_bring_back_that_of_a_company_that_left(
    whole: Company, one: Company, two: Company, mara: User
) -> None:
    set_parent(one, company("Siemens Konzern"), by=mara)
    verdict = merge(one, whole, mara)
    set_parent(now(whole), two, by=mara)
    undo_verdict(verdict, by=mara)
    assert now(whole).parent == two

    undo_change(Change.objects.get(company=whole), by=mara)
    assert now(whole).parent is None


# -- names -------------------------------------------------------------------------------------------


def test_a_name_that_two_parts_have_stays_until_both_have_left(
    whole: Company, one: Company, two: Company, mara: User
) -> None:
    add_alias(one, "NLX Group", by=mara)
    add_alias(two, "NLX Group", by=mara)
    first, second = merge(one, whole, mara), merge(two, whole, mara)

    undo_verdict(first, by=mara)
    assert CompanyName.objects.active().get(company=whole, text="NLX Group").from_verdict == second
    assert set(found("NLX Group")) == {"Zephyr Holding", "Nordlicht Optik"}
    undo_verdict(second, by=mara)
    assert "Zephyr Holding" not in found("NLX Group")


def test_a_name_that_was_withdrawn_comes_back_while_a_part_has_it(
    whole: Company, one: Company, two: Company, mara: User
) -> None:
    add_alias(one, "NLX Group", by=mara)
    add_alias(two, "NLX Group", by=mara)
    first, second = merge(one, whole, mara), merge(two, whole, mara)
    withdraw_name(CompanyName.objects.active().get(company=whole, text="NLX Group"), by=mara)
    undo_verdict(first, by=mara)
    assert "Zephyr Holding" not in found("NLX Group")

    withdrawn = Change.objects.get(kind="name_withdrawn")
    undo_change(withdrawn, by=mara)
    assert "Zephyr Holding" in found("NLX Group")
    undo_verdict(second, by=mara)
    assert "Zephyr Holding" not in found("NLX Group")


# -- facts -------------------------------------------------------------------------------------------


def test_facts_are_those_of_the_parts_that_are_left(whole: Company, mara: User) -> None:
    one = company("Nordlicht Optik", domain="nordlicht.de", country="DE", city="Bonn", phone="030 1")
    two = company("Basalt Mühle", domain="basalt.fr", country="FR", city="Paris")
    first, second = merge(one, whole, mara), merge(two, whole, mara)

    def facts() -> tuple[str, ...]:
        held = now(whole)
        return held.website, held.domain, held.country, held.city, held.phone

    assert facts() == ("nordlicht.de", "nordlicht.de", "DE", "Bonn", "030 1")
    undo_verdict(first, by=mara)
    assert facts() == ("basalt.fr", "basalt.fr", "FR", "Paris", "")
    undo_verdict(second, by=mara)
    assert facts() == ("", "", "", "", "")


def test_a_change_taken_back_does_not_bring_back_what_a_company_that_left_had(
    whole: Company, mara: User
) -> None:
    one = company("Nordlicht Optik", domain="nordlicht.de", country="DE")
    verdict = merge(one, whole, mara)
    change = edit_facts(now(whole), {"website": "zephyr.example", "country": "FR"}, by=mara)
    undo_verdict(verdict, by=mara)
    assert change is not None

    undo_change(change, by=mara)

    held = now(whole)
    assert (held.website, held.domain, held.country) == ("", "", "")


def test_a_change_taken_back_brings_back_what_a_part_still_has(whole: Company, mara: User) -> None:
    one = company("Nordlicht Optik", domain="nordlicht.de")
    two = company("Basalt Mühle", domain="nordlicht.de")
    first, second = merge(one, whole, mara), merge(two, whole, mara)
    change = edit_facts(now(whole), {"website": "zephyr.example"}, by=mara)
    undo_verdict(first, by=mara)
    assert change is not None

    undo_change(change, by=mara)
    assert (now(whole).website, now(whole).domain) == ("nordlicht.de", "nordlicht.de")
    undo_verdict(second, by=mara)
    assert (now(whole).website, now(whole).domain) == ("", "")


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_three_merges_are_taken_back_in_any_order(whole: Company, mara: User, order: tuple[int, ...]) -> None:
    parts = [
        company("Nordlicht Optik", domain="nordlicht.de"),
        company("Basalt Mühle", domain="basalt.de"),
        company("Xanten Werke", domain="xanten.de"),
    ]
    accounts = [make_account(part) for part in parts]
    merges = [merge(part, whole, mara) for part in parts]

    left = list(parts)
    for number in order:
        undo_verdict(merges[number], by=mara)
        left.remove(parts[number])
        held = CompanyName.objects.active().filter(company=whole).values_list("text", flat=True)
        assert set(held) == {"Zephyr Holding", *(part.name for part in left)}
        assert now(whole).domain == (left[0].domain if left else "")
        assert found(parts[number].name)[0] == parts[number].name
    for account, part in zip(accounts, parts, strict=True):
        account.refresh_from_db()
        assert account.company == part


# -- what was declared different ---------------------------------------------------------------------


@pytest.fixture
def other() -> Company:
    """What the parts are declared different from."""
    return company("Xanten Werke")


def test_different_from_two_parts_holds_until_both_have_left(
    whole: Company, one: Company, two: Company, other: Company, mara: User
) -> None:
    declare_different(one, other, by=mara)
    declare_different(two, other, by=mara)
    first, second = merge(one, whole, mara), merge(two, whole, mara)

    undo_verdict(first, by=mara)
    assert told_apart(whole, other)
    undo_verdict(second, by=mara)
    assert not told_apart(whole, other)


@pytest.mark.parametrize("other_side_first", [False, True])
def test_what_was_handed_on_from_a_handed_on_one_goes_with_it(
    one: Company, two: Company, other: Company, mara: User, other_side_first: bool
) -> None:
    bigger = company("Ypern Yards")
    declare_different(one, other, by=mara)
    merges = {pair: merge(*pair, mara) for pair in _pairs(one, two, other, bigger, turned=other_side_first)}
    assert told_apart(two, bigger)

    undo_verdict(merges[one, two], by=mara)

    assert told_apart(one, bigger)
    assert not told_apart(two, bigger)
    assert not told_apart(two, other)


def _pairs(
    one: Company, two: Company, other: Company, bigger: Company, *, turned: bool
) -> list[tuple[Company, Company]]:
    pairs = [(one, two), (other, bigger)]
    return pairs[::-1] if turned else pairs


def test_taking_back_what_was_said_takes_back_what_was_handed_on_for_it(
    one: Company, whole: Company, other: Company, mara: User
) -> None:
    said = declare_different(one, other, by=mara)
    bigger = company("Ypern Yards")
    low, high = sorted((whole.pk, bigger.pk))
    pair = Suggestion.objects.create(
        low_id=low, high_id=high, asked=bigger, score=0.7, tier="review", found_at=database_clock()
    )
    merge(one, whole, mara)
    merge(other, bigger, mara)
    pair.refresh_from_db()
    assert (told_apart(whole, bigger), pair.state) == (True, "different")

    undo_verdict(said, by=mara)

    pair.refresh_from_db()
    assert (told_apart(whole, bigger), pair.state) == (False, "open")


def test_an_older_verdict_comes_back_only_while_something_hands_it_on(
    one: Company, two: Company, whole: Company, other: Company, mara: User
) -> None:
    declare_different(one, other, by=mara)
    declare_different(two, other, by=mara)
    first, second = merge(one, whole, mara), merge(two, whole, mara)
    joined = merge(other, whole, mara)

    undo_verdict(first, by=mara)
    undo_verdict(joined, by=mara)
    assert (
        Verdict.objects.active().get(low=min(whole.pk, other.pk), high=max(whole.pk, other.pk)).carried_by
        == second
    )

    joined = merge(other, whole, mara)
    undo_verdict(second, by=mara)
    undo_verdict(joined, by=mara)
    assert not told_apart(whole, other)


def test_a_claim_that_came_since_goes_with_the_name_it_came_by(mara):
    gone, kept = company("Nordlicht Optik"), company("Basalt Mühle")
    said = merge(gone, kept, mara)
    moment = database_clock()
    since = make_account(kept, name="Nordlicht Optik", created_at=moment)
    other = make_account(kept, created_at=moment)

    undo_verdict(said, by=mara)

    assert list(gone.named_accounts.all()) == [since]
    assert list(kept.named_accounts.all()) == [other]
