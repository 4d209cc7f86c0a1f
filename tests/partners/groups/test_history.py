"""A group's history: every change written down, told in words, any two versions compared."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners.enums import PickKind
from partners.groups.history import differences
from partners.groups.operators import Operator
from partners.groups.rules import Block, Condition, Rule, rule_as_data
from partners.groups.services import change_group, create_group, delete_group, drop_pick, pick_firm
from partners.groups.words import Words
from partners.models import Group, GroupEntry

pytestmark = pytest.mark.django_db


def tier(*values: str) -> Condition:
    return Condition("tier", Operator.ANY_OF, values)


def status(*values: str) -> Condition:
    return Condition("status", Operator.ANY_OF, values)


NAMED = Condition("name", Operator.STARTS_WITH, ("North",))
BLOCK = Block("any", (tier("gold"), NAMED))


def said(rule: Rule, name: str = "Best", note: str = "") -> dict[str, object]:
    return {"name": name, "note": note, "rule": rule_as_data(rule)}


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (said(Rule("all", (tier("gold"),))), said(Rule("all", (tier("gold"),))), []),
        (said(Rule(), "A"), said(Rule(), "B", "Why"), ["Name: ‘A’ → ‘B’", "Note: nothing → ‘Why’"]),
        (
            said(Rule("all", (tier("gold"),))),
            said(Rule("all", (tier("gold", "platinum"),))),
            ["Tier is Gold → Tier is one of Gold, Platinum"],
        ),
        (
            said(Rule("all", (tier("gold"), NAMED))),
            said(Rule("any", (NAMED, status("active")))),
            [
                "Now one condition is enough; before, all had to hold",
                "No longer: Tier is Gold",
                "New: Status is Active",
            ],
        ),
        (said(Rule("all", (tier("gold"), NAMED))), said(Rule("all", (NAMED, tier("gold")))), []),
        (
            said(Rule("all", (status("active"), BLOCK))),
            said(Rule("all", (status("active"), Block("any", (tier("silver"), NAMED))))),
            ["(Tier is Gold; or Name begins with ‘North’) → (Tier is Silver; or Name begins with ‘North’)"],
        ),
        (
            said(Rule("all", (tier("gold"),))),
            said(Rule()),
            ["No longer: Tier is Gold", "No rule any more: only firms that are added by hand are in"],
        ),
    ],
)
def test_differences_in_words(before, after, lines):
    assert differences(before, after, Words()) == lines


def test_every_change_is_written_down(client, olga, ada, northgate):
    """Who, when, what; a save that changes nothing is none; what was said by hand stands there, too."""
    group = create_group(by=olga, name="Best", rule=Rule("all", (tier("gold"),)))
    same = {"name": "Best", "rule": Rule("all", (tier("gold"),))}
    group = change_group(group, by=olga, version=1, **same)
    assert (group.version, group.history.count()) == (2, 1)
    group = change_group(group, by=ada, version=2, name="Best", rule=Rule("all", (tier("gold", "platinum"),)))
    pick_firm(group, northgate, by=ada, kind=PickKind.ADDED, reason="For the fair.")
    drop_pick(group, northgate, by=olga)
    kept = list(group.history.order_by("pk").values_list("kind", "version", "by__name"))
    assert kept == [
        ("created", 1, "Olga"),
        ("changed", 3, "Ada"),
        ("added", None, "Ada"),
        ("dropped", None, "Olga"),
    ]
    client.force_login(olga)
    for name in ("group", "group_history"):
        page = client.get(reverse(f"partners:{name}", args=[group.code])).content.decode()
        assert "Tier is Gold → Tier is one of Gold, Platinum" in page and "For the fair." in page
        assert f"{northgate.name}: left to the rule again" in page


def test_two_versions_are_compared(client, olga):
    group = create_group(by=olga, name="Best", rule=Rule("all", (tier("gold"),)))
    for version, value in ((1, "silver"), (2, "platinum")):
        group = change_group(group, by=olga, version=version, name="Best", rule=Rule("all", (tier(value),)))
    client.force_login(olga)
    here = reverse("partners:group_history", args=[group.code])
    answer = client.get(here, {"since": 1, "until": 3})
    assert answer.context["compared"]["lines"] == ["Tier is Gold → Tier is Platinum"]
    assert "The two say the same." in client.get(here, {"since": 2, "until": 2}).content.decode()
    for nonsense in ({"since": 9, "until": 1}, {"since": "x"}, {"since": "", "until": ""}):
        broken = client.get(here, nonsense)
        assert broken.status_code == 200 and broken.context["compared"] is None


def test_history_is_never_changed_and_goes_with_its_group(olga):
    group = create_group(by=olga, name="Best", rule=Rule("all", (tier("gold"),)))
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        GroupEntry.objects.update(version=7)
    delete_group(group, by=olga)
    assert not Group.objects.exists() and not GroupEntry.objects.exists()


def test_the_history_takes_as_many_queries_for_one_entry_as_for_many(client, olga):
    group = create_group(by=olga, name="Best", rule=Rule("all", (tier("gold"),)))
    client.force_login(olga)
    here = reverse("partners:group_history", args=[group.code])
    group = change_group(group, by=olga, version=1, name="Best 1", rule=Rule("all", (tier("silver"),)))

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(here).status_code == 200
        return len(caught)

    queries()
    first = queries()
    for version in range(2, 12):
        value = "gold" if version % 2 else "silver"
        name = f"Best {version}"
        group = change_group(group, by=olga, version=version, name=name, rule=Rule("all", (tier(value),)))
    assert queries() == first
