"""The pages about groups: list with counts, a group, the builder without and with htmx, by hand, deleting."""

import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners.enums import PartnerTier
from partners.groups.operators import Operator
from partners.groups.rules import Block, Condition, Rule, read_rule
from partners.groups.services import create_group, pick_firm
from partners.models import Group, GroupPick, Partner

pytestmark = pytest.mark.django_db

GOLD = Condition("tier", Operator.ANY_OF, ("gold",))
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def desk(client, olga, northgate, southridge):
    """Olga's browser, with two firms, one of them gold."""
    Partner.objects.filter(pk=northgate.pk).update(tier=PartnerTier.GOLD)
    client.force_login(olga)
    return client


def row(field, operator, *values, key="r1", block=""):
    return {
        "row": key,
        f"{key}-block": block,
        f"{key}-field": field,
        f"{key}-was": field,
        f"{key}-operator": operator,
        f"{key}-value": list(values),
    }


def test_a_group_from_the_form_to_its_page(desk, olga, northgate, southridge):
    sent = {"name": "Gold partners", "note": "For the fair", "match": "all", **row("tier", "any_of", "gold")}
    answer = desk.post(reverse("partners:new_group"), sent)
    group = Group.objects.get()
    assert answer["Location"] == reverse("partners:group", args=[group.code])
    assert read_rule(group.rule) == Rule("all", (GOLD,)) and group.changed_by == olga

    page = desk.get(answer["Location"]).content.decode()
    assert "Tier is Gold" in page and "Northgate" in page and "Southridge" not in page
    listed = desk.get(reverse("partners:groups")).content.decode()
    assert re.search(r'data-label="Firms">1<', listed) and "Tier is Gold" in listed
    assert "Gold partners" not in desk.get(reverse("partners:groups") + "?q=silver").content.decode()

    for firm, is_in in ((northgate, True), (southridge, False)):
        listed = desk.get(f"{reverse('partners:groups')}?firm={firm.code}").content.decode()
        assert ("Tier is Gold" in listed) is is_in and f"With {firm.name} in it" in listed
        whole = desk.get(reverse("partners:partner", args=[firm.code])).content.decode()
        assert ("Gold partners" in whole) is is_in

    form = desk.get(reverse("partners:change_group", args=[group.code])).content.decode()
    assert re.search(r'value="gold" checked', form) and 'name="version" value="1"' in form
    sent |= {"version": "1", **row("tier", "none_of", "gold"), "name": "Others"}
    assert desk.post(reverse("partners:change_group", args=[group.code]), sent).status_code == 302
    stale = desk.post(reverse("partners:change_group", args=[group.code]), sent | {"name": "Mine"})
    assert stale.status_code == 409 and 'value="Mine"' in stale.content.decode()
    group.refresh_from_db()
    assert (group.name, group.version) == ("Others", 2)


def test_what_is_wrong_is_said_and_everything_kept(desk):
    sent = {"name": "", "note": "<b>Note</b>", "match": "any", **row("since", "from", "never")}
    answer = desk.post(reverse("partners:new_group"), sent)
    page = answer.content.decode()
    assert answer.status_code == 422 and not Group.objects.exists()
    assert "Enter a name" in page and page.count("Choose a day.") == 2 and 'href="#row-r1"' in page
    assert "&lt;b&gt;Note" in page and '<option value="any" selected>' in page
    # A row in which nothing was chosen is nobody's mistake.
    good = {"name": "By hand", "match": "all", **row("", "")}
    assert desk.post(reverse("partners:new_group"), good).status_code == 302
    assert read_rule(Group.objects.get().rule) == Rule()
    again = desk.post(reverse("partners:new_group"), {"name": "by HAND", "match": "all"})
    assert again.status_code == 422 and "with this name already" in again.content.decode()


def test_the_builder_works_by_its_buttons_with_and_without_scripts(desk):
    sent = {"name": "Mine", "match": "all", **row("tier", "any_of", "gold")}
    whole = desk.post(reverse("partners:new_group"), sent | {"do": "block"})
    page = whole.content.decode()
    assert whole.status_code == 200 and 'value="Mine"' in page and 'name="block" value="b1"' in page
    assert re.search(r'id="r2-field"[^>]* autofocus', page) and not Group.objects.exists()

    part = desk.post(reverse("partners:group_rule"), sent | {"do": "remove:r1"}, **HTMX)
    assert 'id="r1-field"' not in part.content.decode() and part["HX-Trigger-After-Swap"] == "rule-changed"
    assert "<html" not in part.content.decode()


def test_the_preview_counts_and_says_why(desk, olga, southridge):
    def ask(**more):
        sent = {"match": "all", **row("tier", "any_of", "gold"), **more}
        return desk.post(reverse("partners:group_preview"), sent, **HTMX).content.decode()

    page = ask()
    assert re.search(r'preview-figure">1</span> of 2 firms are in', page) and "Northgate" in page
    page = ask(firm="southridge")
    assert (
        "is not in." in page and "Here: <bdi>Registered</bdi>" in page and "Not all conditions hold." in page
    )
    assert "is in." in ask(why="Northgate") and 'hx-swap-oob="true"' in ask(why="Northgate")
    assert "Which one do you mean?" in ask(firm="r") and "No firm has" in ask(firm="zzz")
    unfinished = ask(row="r2")
    assert "1 condition is not finished and left out." in unfinished and 'preview-figure">0<' in unfinished

    group = create_group(by=olga, name="Friends", rule=Rule())
    pick_firm(group, southridge, by=olga, kind="added", reason="Old friends.")
    page = ask(group=group.code, firm="Southridge")
    assert 'preview-figure">2</span>' in page and "Added by hand by Olga: Old friends." in page
    assert ask(group="\x00")


def test_a_firm_by_hand_and_back_to_the_rule(desk, olga, northgate, southridge):
    group = create_group(by=olga, name="Gold", rule=Rule("all", (GOLD,)))
    pick = reverse("partners:pick_firm", args=[group.code])
    wrong = desk.post(pick, {"firm": "r", "kind": "added", "reason": ""})
    assert (
        wrong.status_code == 422
        and "Several firms fit" in wrong.content.decode()
        and "Say why" in wrong.content.decode()
    )
    assert (
        desk.post(pick, {"firm": "southridge", "kind": "added", "reason": "Old <friends>"}).status_code == 302
    )
    assert (
        desk.post(pick, {"firm": northgate.code, "kind": "excluded", "reason": "Owes us"}).status_code == 302
    )
    address = reverse("partners:group", args=[group.code])
    page = desk.get(address + "?firm=Northgate").content.decode()
    assert "Old &lt;friends&gt;" in page and "added by hand" in page
    assert "Excluded by hand by Olga: Owes us" in page and "By the rule it would be in:" in page
    assert "<html" not in desk.get(address + "?firm=Northgate", **HTMX).content.decode()

    assert desk.post(reverse("partners:drop_pick", args=[group.code, northgate.code])).status_code == 302
    assert list(GroupPick.objects.values_list("partner__name", flat=True)) == ["Southridge"]


def test_deleting_says_what_goes(desk, olga):
    group = create_group(by=olga, name="Gold", rule=Rule("all", (GOLD,)))
    address = reverse("partners:delete_group", args=[group.code])
    assert "cannot be undone" in desk.get(address).content.decode()
    assert desk.post(address)["Location"] == reverse("partners:groups") and not Group.objects.exists()


def test_as_many_questions_for_one_group_as_for_three(desk, olga, southridge):
    rule = Rule(
        "any",
        (
            GOLD,
            Block(
                "all",
                (Condition("territory", Operator.IS_SET), Condition("country", Operator.ANY_OF, ("DE",))),
            ),
        ),
    )
    counts = []
    for number in range(3):
        group = create_group(by=olga, name=f"Group {number}", rule=rule)
        pick_firm(group, southridge, by=olga, kind="added", reason="So.")
        with CaptureQueriesContext(connection) as asked:
            page = desk.get(reverse("partners:groups")).content.decode()
        counts.append(len(asked))
        assert page.count('class="group-name"') == number + 1
    assert len(set(counts)) == 1, counts


def test_the_report_is_filtered_by_a_group(desk, olga, alice, charlie, register):
    register(alice, "Acme GmbH")
    register(charlie, "Zenith SA")
    group = create_group(by=olga, name="Gold", rule=Rule("all", (GOLD,)))
    address = reverse("reports:open_registrations")
    page = desk.get(f"{address}?{urlencode({'group': group.code})}").content.decode()
    assert "Acme GmbH" in page and "Zenith SA" not in page and "Group: Gold" in page
    assert "Zenith SA" in desk.get(f"{address}?group=nonsense").content.decode()
