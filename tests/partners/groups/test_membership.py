"""Who is in: whatever the rule, the preview, the group's set, its size and the explanation say what a plain reading of the
rule says."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import formats
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import enums
from core.clock import fixed
from partners.groups.builder import draft_of
from partners.groups.compiling import condition_q
from partners.groups.explaining import explain
from partners.groups.fields import all_fields, field_of
from partners.groups.membership import (
    group_codes,
    groups_of,
    in_groups_q,
    members_of,
    membership_q,
    sizes_of,
    which_of,
)
from partners.groups.operators import Operator, Takes
from partners.groups.preview import preview
from partners.groups.rules import Block, Condition, Rule, read_rule, rule_as_data
from partners.groups.services import create_group, drop_pick, pick_firm
from partners.models import Group, Partner
from tests.partners.groups.firms import AT, Truth, add_deals_and_programs, holds, make_firms
from tests.people import make_user

pytestmark = pytest.mark.django_db

_TEXTS = ["north", "NORTHGATE", "e", "Ki", "&", "%", "_", "zzz"]
_DAYS = ["1", "89", "90", "91", "364", "366", "3999"]
_DATES = ["2025-03-02", "2026-02-20", "2026-03-02", "2026-03-03", "1999-01-01"]


@pytest.fixture
def firms() -> list[Truth]:
    return make_firms()


@pytest.fixture
def busy_firms(firms) -> list[Truth]:
    add_deals_and_programs(firms)
    return firms


@pytest.fixture
def olga(db):
    return make_user("Olga", enums.CHANNEL_OPERATIONS)


def conditions():
    """Any condition that the builder can make, of every app's fields."""
    pairs = {
        (field.code, operator.value): _values(field, operator)
        for field in all_fields()
        for operator in field.operators
    }
    return st.sampled_from(sorted(pairs)).flatmap(
        lambda pair: pairs[pair].map(lambda values: Condition(pair[0], Operator(pair[1]), tuple(values)))
    )


def _values(field, operator):
    """What can stand beside an operator, as a strategy for lists."""
    if operator.takes == Takes.NOTHING:
        return st.just([])
    if operator.takes == Takes.CHOICES:
        known = [value for value, _ in (field.offered or field.choices)()]
        return st.lists(st.sampled_from(known), min_size=1, max_size=3, unique=True)
    pool = {Takes.TEXT: _TEXTS, Takes.DAYS: _DAYS, Takes.DATE: _DATES}[operator.takes]
    return st.sampled_from(pool).map(lambda value: [value])


def rules():
    """Rules with up to four items, blocks among them."""
    match = st.sampled_from(["all", "any"])
    blocks = st.builds(Block, match, st.lists(conditions(), min_size=1, max_size=3).map(tuple))
    items = st.lists(st.one_of(conditions(), conditions(), blocks), max_size=4).map(tuple)
    return st.builds(Rule, match, items)


def test_preview_set_size_and_reasons_agree_with_a_plain_reading_of_any_rule(busy_firms, olga):
    firms = busy_firms
    partners = {truth.partner.pk: truth for truth in firms}
    group = create_group(by=olga, name="Any", rule=Rule(), clock=fixed(AT))
    countries = {"DE", "US", "NO"}

    @settings(max_examples=60, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(
        rules(),
        st.dictionaries(
            st.sampled_from(sorted(partners)), st.sampled_from(["added", "excluded"]), max_size=2
        ),
    )
    def check(rule, picks):
        group.picks.all().delete()
        for pk, kind in picks.items():
            pick_firm(group, partners[pk].partner, by=olga, kind=kind, reason="Said so.", clock=fixed(AT))
        group.rule = rule_as_data(rule)
        group.save(update_fields=["rule"])
        by_rule = {pk for pk, truth in partners.items() if holds(rule, truth)}
        expected = (by_rule | {pk for pk, kind in picks.items() if kind == "added"}) - {
            pk for pk, kind in picks.items() if kind == "excluded"
        }

        assert read_rule(rule_as_data(rule)) == rule
        assert (
            set(Partner.objects.filter(membership_q(rule, None, AT)).values_list("pk", flat=True)) == by_rule
        )
        assert sorted(members_of(group, AT).values_list("pk", flat=True)) == sorted(expected), (
            "a firm comes once"
        )
        seen = preview(rule, reader=olga, at=AT, group=group)
        assert (seen.count, seen.total) == (len(expected), len(partners))
        assert {firm.name for firm in seen.first} == {partners[pk].partner.name for pk in expected}
        assert sizes_of([group], AT) == {group.pk: len(expected)}
        inside = group_codes(list(partners), AT)
        assert {pk for pk, codes in inside.items() if group.code in codes} == expected
        for pk in (min(partners), *picks):
            told = explain(rule, partners[pk].partner, at=AT, group=group)
            assert (told.inside, told.by_rule) == (pk in expected, pk in by_rule)
            assert len(told.items) == len(rule.items)
        # What the builder makes of a rule and back holds for the same firms.
        again = draft_of(rule).complete()
        assert {pk for pk, truth in partners.items() if holds(again, truth)} == by_rule

    check()
    assert countries <= {str(truth.partner.country) for truth in firms}


def test_asking_costs_the_same_for_one_group_as_for_five(firms, olga):
    rule = Rule(
        "all", (Condition("territory", Operator.ANY_OF, ("dach",)), Condition("certificate", Operator.IS_SET))
    )
    first = firms[0].partner
    counts = []
    for number in range(5):
        create_group(by=olga, name=f"Group {number}", rule=rule, clock=fixed(AT))
        with CaptureQueriesContext(connection) as asked:
            found = groups_of(first, AT)
            which_of(found, first, AT)
            sizes_of(found, AT)
            list(Partner.objects.filter(in_groups_q(found, AT)))
        counts.append(len(asked))
        assert len(found) == number + 1
    assert counts == [5] * 5


def test_time_and_picks_by_hand_decide_who_is_in(firms, olga):
    northgate, southridge = firms[0].partner, firms[1].partner
    fresh = create_group(
        by=olga,
        name="Fresh",
        rule=Rule("all", (Condition("since", Operator.WITHIN_DAYS, ("30",)),)),
        clock=fixed(AT),
    )
    assert groups_of(northgate, AT) == [fresh] and groups_of(southridge, AT) == []
    assert groups_of(northgate, AT + timedelta(days=40)) == []

    pick_firm(fresh, southridge, by=olga, kind="added", reason="Old friends.", clock=fixed(AT))
    pick_firm(fresh, northgate, by=olga, kind="excluded", reason="Not yet.", clock=fixed(AT))
    assert which_of([fresh], southridge, AT) == {fresh.pk} and which_of([fresh], northgate, AT) == set()
    told = explain(read_rule(fresh.rule), northgate, at=AT, group=fresh)
    assert (told.inside, told.by_rule) == (False, True) and "Not yet." in told.sentence
    assert drop_pick(fresh, northgate, by=olga) and not drop_pick(fresh, northgate, by=olga)
    assert which_of([fresh], northgate, AT) == {fresh.pk}


@pytest.mark.parametrize(
    ("zone", "day"), [("Asia/Tokyo", "2026-03-03"), ("America/Los_Angeles", "2026-03-02")]
)
@pytest.mark.parametrize("of_reader", ["UTC", "Pacific/Kiritimati"])
def test_days_are_the_vendors_whatever_zone_the_moment_is_given_in(settings, northgate, zone, day, of_reader):
    """Pages ask with a moment in UTC, what lapses with the vendor's midnight: they went by days of their own."""
    settings.VENDOR_TIME_ZONE = zone
    moment = datetime(2026, 3, 2, 18, tzinfo=UTC)
    Partner.objects.filter(pk=northgate.pk).update(created_at=moment)
    northgate.refresh_from_db()
    at = (moment + timedelta(days=9)).astimezone(ZoneInfo(of_reader))
    since = field_of("since")
    assert since is not None and since.shown(northgate, at) == formats.date_format(
        date.fromisoformat(day), "DATE_FORMAT"
    )
    early = "0001-01-01"
    inside = {
        (operator, value): northgate in members_of_rule(operator, value, at)
        for operator in (Operator.FROM, Operator.BEFORE)
        for value in (early, day, after(day))
    }
    assert [pair for pair, is_in in inside.items() if is_in] == [
        (Operator.FROM, early),
        (Operator.FROM, day),
        (Operator.BEFORE, after(day)),
    ]


def after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def members_of_rule(operator: Operator, value: str, at: datetime) -> list[Partner]:
    condition = condition_q(Condition("since", operator, (value,)), at)
    return list(Partner.objects.filter(condition))


def test_a_field_that_no_app_knows_takes_nobody_in(firms, olga):
    group = Group.objects.create(
        name="Left over",
        rule={
            "version": 1,
            "match": "all",
            "items": [{"field": "bygone", "operator": "none_of", "values": ["x"]}],
        },
        created_at=AT,
        changed_at=AT,
        changed_by=olga,
    )
    assert field_of("bygone") is None
    assert not members_of(group, AT).exists()
