"""The rule as data, the builder's form, and the services that keep groups."""

import pytest
from django.http import QueryDict

from accounts import enums
from accounts.models import Role, User
from core.clock import fixed
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from partners.groups import uses
from partners.groups.builder_form import act, read_draft
from partners.groups.checking import check_rule
from partners.groups.fields import field_of
from partners.groups.operators import Operator
from partners.groups.rules import Block, Condition, Rule, read_rule, rule_as_data
from partners.groups.services import change_group, create_group, delete_group, pick_firm
from partners.groups.words import Words
from partners.models import Group, Partner
from tests.people import MONDAY, MONDAY_CLOCK

pytestmark = pytest.mark.django_db

GOLD = Condition("tier", Operator.ANY_OF, ("gold",))
RULE = Rule(
    "all",
    (
        GOLD,
        Block(
            "any",
            (
                Condition("country", Operator.ANY_OF, ("DE", "FR")),
                Condition("city", Operator.CONTAINS, ("kiel",)),
            ),
        ),
    ),
)


def data(**changes):
    return rule_as_data(RULE) | changes


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {"version": 1},
        data(version=2),
        data(match="some"),
        data(extra=1),
        data(items="x"),
        data(items=[{"field": "tier", "operator": "any_of"}]),
        data(items=[{"field": "tier", "operator": "is", "values": []}]),
        data(items=[{"field": "", "operator": "any_of", "values": []}]),
        data(items=[{"field": "tier", "operator": "any_of", "values": [1]}]),
        data(items=[{"field": "tier", "operator": "any_of", "values": ["a\x00"]}]),
        data(items=[{"field": "tier", "operator": "any_of", "values": ["x" * 201]}]),
        data(items=[{"match": "any", "items": []}]),
        data(items=[{"match": "any", "items": [{"match": "all", "items": []}]}]),
        data(items=[rule_as_data(Rule("all", (GOLD,)))["items"][0]] * 31),
    ],
)
def test_nothing_but_a_rule_is_read(wrong):
    with pytest.raises(BadInput):
        read_rule(wrong)


def test_a_rule_survives_its_json_and_says_itself():
    assert read_rule(rule_as_data(RULE)) == RULE
    assert read_rule({}) == Rule()
    assert Words().of_rule(RULE) == (
        "Tier is Gold; and (Country is one of Germany, France; or City contains ‘kiel’)"
    )
    assert Words().of_rule(Rule("any", (Condition("since", Operator.WITHIN_DAYS, ("1",)), GOLD))) == (
        "Partner since less than 1 day ago; or Tier is Gold"
    )


def test_a_manager_who_left_or_does_other_work_keeps_their_name_in_rules(mara):
    rule = Rule("all", (Condition("manager", Operator.ANY_OF, (str(mara.pk),)),))
    field = field_of("manager")
    for changes in ({"is_active": False}, {"role": Role.objects.get(code=enums.AUDITOR)}):
        User.objects.filter(pk=mara.pk).update(**changes)
        assert Words().of_rule(rule) == "Channel manager is Mara"
        check_rule(rule)
        assert not field.offered()
    Partner.objects.create(name="Hers", country="DE", manager=mara)
    assert field.offered() == [(str(mara.pk), "Mara")]


def form(text):
    return QueryDict(text)


SENT = "match=any&row=r1&r1-field=tier&r1-was=tier&r1-operator=any_of&r1-value=gold&r1-value=silver"


def test_rows_of_the_form_become_the_rule():
    block = "&block=b1&b1-match=all&row=r2&r2-block=b1&r2-field=name&r2-was=name&r2-operator=contains&r2-value= North  gate "
    draft = read_draft(form(SENT + block))
    assert draft.complete() == Rule(
        "any",
        (
            Condition("tier", Operator.ANY_OF, ("gold", "silver")),
            Block("all", (Condition("name", Operator.CONTAINS, ("North gate",)),)),
        ),
    )
    assert not draft.checked().has_errors and draft.unfinished == 0


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ("&r1-operator=any_of", "Choose at least one value."),
        ("&r1-operator=any_of&r1-value=brass", "‘brass’ does not exist any more. Take it out."),
        ("&r1-field=since&r1-was=since&r1-operator=from&r1-value=2026-13-01", "Choose a day."),
        (
            "&r1-field=since&r1-was=since&r1-operator=within_days&r1-value=0",
            "Enter a number of days from 1 to 36,500.",
        ),
        (
            "&r1-field=since&r1-was=since&r1-operator=within_days&r1-value=²",
            "Enter a number of days from 1 to 36,500.",
        ),
        ("&r1-field=name&r1-was=name&r1-operator=contains&r1-value=%00", "Enter a text to compare with."),
        ("&r1-field=bygone&r1-was=bygone", "Choose what to compare, or remove the condition."),
    ],
)
def test_what_is_wrong_with_a_row_is_said_at_the_row(sent, error):
    base = "match=all&row=r1" + ("" if "r1-field" in sent else "&r1-field=tier&r1-was=tier")
    draft = read_draft(form(base + sent)).checked()
    assert [row.error for row in draft.rows] == [error]
    assert draft.complete() == Rule() and draft.unfinished == 1


def test_buttons_of_the_builder_change_rows_and_say_where_to_go():
    draft = act(read_draft(form(SENT)), "add")
    assert [row.key for row in draft.rows] == ["r1", "r2"] and draft.focus == "r2"
    draft = act(draft, "block")
    assert draft.blocks == {"b1": "all"} and draft.focus == "r3"
    draft = act(act(draft, "add:b1"), "remove:r3")
    assert [row.key for row in draft.rows_in("b1")] == ["r4"] and draft.focus == "r4"
    draft = act(draft, "remove:r4")
    assert draft.blocks == {} and draft.focus == "add"
    assert [row.key for row in act(act(draft, "remove:r9"), "add:b9").rows] == ["r1", "r2"]

    # Another field forgets the values of the one before, and takes its own first comparison.
    other = read_draft(form(SENT.replace("r1-field=tier", "r1-field=name")))
    assert (other.rows[0].operator, other.rows[0].values) == ("contains", ())
    full = read_draft(form("match=all" + "".join(f"&row=r{number}" for number in range(1, 40))))
    assert len(full.rows) == 30 and len(act(full, "add").rows) == 30


def test_groups_are_kept_by_those_who_may_and_never_overwritten(olga, mara, northgate):
    group = create_group(by=olga, name=" Gold   in Europe ", rule=RULE, clock=MONDAY_CLOCK)
    assert (group.name, group.version, group.created_at) == ("Gold in Europe", 1, MONDAY)
    with pytest.raises(BadInput):
        create_group(by=olga, name="gold IN europe", rule=RULE)
    with pytest.raises(BadInput, match="brass"):
        create_group(
            by=olga, name="Other", rule=Rule("all", (Condition("tier", Operator.ANY_OF, ("brass",)),))
        )
    change_group(group, by=olga, version=1, name="Gold", rule=Rule(), clock=fixed(MONDAY))
    with pytest.raises(StaleVersion):
        change_group(group, by=olga, version=1, name="Silver", rule=RULE)
    group.refresh_from_db()
    assert (group.name, group.version, read_rule(group.rule)) == ("Gold", 2, Rule())
    with pytest.raises(BadInput):
        pick_firm(group, northgate, by=olga, kind="added", reason="  ")
    for act_of in (
        lambda: create_group(by=mara, name="X", rule=Rule()),
        lambda: change_group(group, by=mara, version=2, name="X", rule=Rule()),
        lambda: pick_firm(group, northgate, by=mara, kind="added", reason="X"),
        lambda: delete_group(group, by=mara),
    ):
        with pytest.raises(NotAllowed):
            act_of()


def test_a_group_in_use_stays(olga, northgate, monkeypatch):
    group = create_group(by=olga, name="Used", rule=Rule())
    pick_firm(group, northgate, by=olga, kind="added", reason="First.")
    monkeypatch.setattr(uses, "_providers", [lambda ids: {pk: [uses.Use("Report", "Monthly")] for pk in ids}])
    with pytest.raises(WrongStatus, match="Report ‘Monthly’"):
        delete_group(group, by=olga)
    monkeypatch.setattr(uses, "_providers", [])
    delete_group(group, by=olga)
    assert not Group.objects.exists()
