"""A program whose audience asks who takes part in it is refused wherever it could come to be; one that is there all the same
rests, and its page says why."""

from datetime import timedelta

import pytest

from core.clock import database_clock, fixed
from core.errors import BadInput, WrongStatus
from notifications.models import Message
from partners.groups.operators import Operator as O
from partners.groups.rules import Block, Condition, Rule, rule_as_data
from partners.groups.services import change_group, create_group
from partners.models import Group
from programs.enums import Joining
from programs.models import Enrolment, Program
from programs.services.keeping import change_program, set_status
from programs.services.sweeping import sweep_programs
from tests.programs.makers import make_program
from tests.programs.test_pages import client, text, url

pytestmark = pytest.mark.django_db

NONE_YET = Rule("all", (Condition("program", O.IS_EMPTY),))


@pytest.fixture
def group(olga):
    return create_group(
        by=olga, name="Newcomers", rule=Rule("all", (Condition("tier", O.NONE_OF, ("gold",)),))
    )


@pytest.fixture
def welcome(olga, group):
    return make_program(olga, "Welcome", joining=Joining.AUTOMATIC, audience=[group])


def asks_for(operator, *programs, inside=False):
    condition = Condition("program", operator, tuple(program.code for program in programs))
    return Rule("all", (Block("any", (condition,)) if inside else condition,))


def rewrite(group, olga, rule):
    group.refresh_from_db()
    return change_group(group, by=olga, version=group.version, name=group.name, rule=rule)


def test_a_program_is_not_saved_for_a_group_that_asks_for_it(olga, group, welcome):
    nowhere = create_group(by=olga, name="In no program yet", rule=NONE_YET)
    with pytest.raises(BadInput) as refused:
        make_program(olga, "Second", joining=Joining.AUTOMATIC, audience=[group, nowhere])
    assert (refused.value.field, refused.value.message) == (
        "audience",
        "The group ‘In no program yet’ asks whether a firm takes part in Second itself (Program is not given), so who is in"
        " would decide who comes in. Choose another group, or change its rule.",
    )
    assert not Program.objects.filter(name="Second").exists()
    by_word = make_program(olga, "Second", joining=Joining.APPLICATION, audience=[nowhere])
    fields = {"joining": Joining.AUTOMATIC}
    with pytest.raises(BadInput, match="asks whether a firm takes part in Second itself"):
        change_program(by_word, by=olga, version=by_word.version, fields=fields, audience=[nowhere], paths=[])
    assert Program.objects.get(name="Second").joining == "application"


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("operator", [O.NONE_OF, O.ANY_OF, O.ALL_OF])
def test_a_group_is_not_changed_so_that_it_asks_for_its_program(olga, group, welcome, operator, inside):
    other = make_program(olga, "Other")
    with pytest.raises(BadInput) as refused:
        rewrite(group, olga, asks_for(operator, other, welcome, inside=inside))
    assert refused.value.field == "rule" and "takes part in Welcome itself" in refused.value.message
    group.refresh_from_db()
    assert group.version == 1
    assert rewrite(group, olga, asks_for(operator, other, inside=inside)).version == 2


def test_two_programs_that_ask_for_each_other(olga, group, welcome):
    rest = create_group(by=olga, name="Rest", rule=asks_for(O.NONE_OF, welcome))
    second = make_program(olga, "Second", joining=Joining.AUTOMATIC, audience=[rest])
    with pytest.raises(BadInput) as refused:
        rewrite(group, olga, asks_for(O.ANY_OF, second))
    assert refused.value.message == (
        "The group ‘Newcomers’ asks who takes part in Second, and that depends on who takes part in Welcome: it goes round"
        " in a circle. Choose another group, or change the rule of one."
    )
    # Where operations invite, nobody comes in by itself.
    fields = {"joining": Joining.INVITATION}
    change_program(second, by=olga, version=second.version, fields=fields, audience=[rest], paths=[])
    assert rewrite(group, olga, asks_for(O.ANY_OF, second)).version == 2
    second.refresh_from_db()
    fields = {"joining": Joining.AUTOMATIC}
    with pytest.raises(BadInput, match="goes round in a circle"):
        change_program(second, by=olga, version=second.version, fields=fields, audience=[rest], paths=[])


def test_a_circle_that_is_there_rests_and_is_not_opened_again(olga, mara, bob, northgate, group, welcome):
    Group.objects.filter(pk=group.pk).update(rule=rule_as_data(NONE_YET))
    now = database_clock()
    for number in range(4):
        sweep_programs(clock=fixed(now + timedelta(minutes=30 * number)))
    assert not Enrolment.objects.exists() and not Message.objects.filter(recipient=bob).exists()
    page = text(client(mara).get(url("program", welcome.code)))
    assert "asks whether a firm takes part in Welcome itself" in page and "Until then nobody comes in" in page
    welcome.refresh_from_db()
    closed = set_status(welcome, "closed", by=olga, version=welcome.version)
    with pytest.raises(WrongStatus, match="takes part in Welcome itself"):
        set_status(closed, "open", by=olga, version=closed.version)
    rewrite(group, olga, Rule("all", (Condition("tier", O.NONE_OF, ("gold",)),)))
    set_status(closed, "open", by=olga, version=closed.version)
    assert "Until then nobody comes in" not in text(client(mara).get(url("program", welcome.code)))
    assert "Northgate: Welcome" in sweep_programs().taken_in
