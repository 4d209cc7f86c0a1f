"""A program that was closed to newcomers goes on for the firms that are in; what opened for an earlier enrolment is closed."""

from datetime import timedelta

import pytest

from core.clock import database_clock
from core.errors import WrongStatus
from notifications.models import Message
from partners.consequences import foresee
from partners.enums import StandingChange as C
from partners.models import Partner
from partners.services.standing import change_standing
from programs.audience import is_for
from programs.content_audience import firms_for
from programs.enums import ProgramStatus, Publishing
from programs.models import Condition, ContentItem, Enrolment, Program, ProgramPath, StageOpened
from programs.services import contents, enrolling, keeping
from programs.services.journeys import mark_done
from programs.services.keeping import ConditionGiven
from programs.services.sweeping import sweep_programs
from programs.services.training import keeping as training
from programs.services.training import taking
from programs.training import paths_for
from tests.people import MONDAY, make_user
from tests.programs.content.makers import content, group_of
from tests.programs.makers import at, make_module, make_path, make_program, make_type, told
from tests.programs.test_pages import client, text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(olga):
    return make_path(olga, "Selling", make_module(olga, "Rules"), for_everybody=False)


@pytest.fixture
def program(olga, path):
    """Its second stage opens the training, once we called."""
    found = make_program(
        olga, paths=[path], stages=[("Welcome", []), ("Builder", [ConditionGiven("vendor", "Call")])]
    )
    ProgramPath.objects.filter(program=found).update(stage=found.stages.get(number=2))
    return found


def join(program, olga, bob, day=0):
    return enrolling.approve(enrolling.apply(program, by=bob, clock=at(day)), by=olga, clock=at(day))


def step_of(program):
    return program.stages.get(number=2).conditions.get()


def close(program, olga):
    program.refresh_from_db()
    keeping.set_status(program, ProgramStatus.CLOSED, by=olga, version=program.version)


def test_who_is_in_goes_on_when_it_is_closed_to_newcomers(
    program, path, olga, bob, alice, northgate, southridge
):
    mine = join(program, olga, bob)
    item = content(olga, "Margins", groups=(group_of(southridge, olga),))
    contents.put_in(program, item, by=olga)
    waiting = enrolling.invite(program, southridge, by=olga, clock=at(0))
    close(program, olga)

    assert ContentItem.objects.visible_to(alice).get() == item and northgate in firms_for(item)
    mark_done(mine, step_of(program), by=olga, clock=at(1))
    assert list(paths_for(alice, at(1)())) == [path] and taking.begin(path, by=alice, clock=at(1))
    page = text(client(alice).get(url("program", program.code)))
    assert "Selling" in page and "Margins" in page
    with pytest.raises(WrongStatus, match="nobody can join"):
        enrolling.accept(waiting, by=make_user("Sue", "partner_admin", southridge))

    Program.objects.filter(pk=program.pk).update(ends_on=(MONDAY + timedelta(days=5)).date())
    assert sweep_programs(clock=at(5)).ended == []
    assert set(sweep_programs(clock=at(6)).ended) == {
        f"{northgate.name}: {program.name}",
        f"{southridge.name}: {program.name}",
    }
    assert not paths_for(alice, at(6)()).exists() and not ContentItem.objects.visible_to(alice).exists()


def test_stages_open_by_the_night_s_work_when_it_is_closed_to_newcomers(olga, bob, northgate):
    program = make_program(
        olga, stages=[("Welcome", []), ("Known", [ConditionGiven("figure", "registrations", 1)])]
    )
    mine = join(program, olga, bob)
    close(program, olga)
    second = program.stages.get(number=2)
    second.conditions.all().delete()  # what it asked for is met by now
    assert sweep_programs(clock=at(1)).stages == 1
    assert StageOpened.objects.filter(enrolment=mine, stage=second).exists()
    assert is_for(program, northgate, at(1)())


def test_who_comes_back_begins_with_what_is_open_in_the_new_journey(program, path, olga, bob, alice):
    mine = join(program, olga, bob)
    mark_done(mine, step_of(program), by=olga, clock=at(1))
    assert list(paths_for(alice, at(1)())) == [path]
    enrolling.leave(mine, by=bob, clock=at(2))
    assert not paths_for(alice, at(2)()).exists()
    again = join(program, olga, bob, day=3)
    assert not paths_for(alice, at(3)()).exists()  # the call of the first time opened it then
    mark_done(again, step_of(program), by=olga, clock=at(4))
    assert list(paths_for(alice, at(4)())) == [path]


def test_a_stage_that_asks_for_what_was_taken_out_of_use_says_so_on_both_sides(olga, bob, alice):
    path, other = (make_path(olga, name, make_module(olga, name)) for name in ("Selling", "Building"))
    kind = make_type()
    wanted = [ConditionGiven("training", path.code), ConditionGiven("certificate", kind.code)]
    program = make_program(olga, stages=[("Welcome", []), ("Known", wanted)])
    join(program, olga, bob)
    words = "Taken out of use: no firm can come to this any more."
    assert words not in text(client(olga).get(url("program", program.code)))

    training.publish_path(path, Publishing.RETIRED, by=olga, version=path.version)
    kind.offered = False
    kind.save(update_fields=["offered"])
    assert text(client(olga).get(url("program", program.code))).count(words) == 2
    assert "Not to be had at present" in text(client(alice).get(url("program", program.code)))
    # It stays where it is asked for, and is not offered anew.
    asked = client(olga).get(url("stage", program.code, 2)).content.decode()
    fresh = client(olga).get(url("new_stage", program.code)).content.decode()
    assert f'value="training:{path.code}"' in asked and f'value="certificate:{kind.code}"' in asked
    assert f'value="training:{path.code}"' not in fresh and f'value="certificate:{kind.code}"' not in fresh
    assert f'value="training:{other.code}"' in fresh


def test_a_type_that_training_alone_grants_can_be_come_to(olga, bob, alice):
    """Its papers are taken no longer; both sides read that nobody could have it."""
    kind = make_type()
    path = make_path(olga, "Selling", make_module(olga, "Rules"), grants=kind)
    wanted = [ConditionGiven("certificate", kind.code)]
    program = make_program(olga, stages=[("Welcome", []), ("Known", wanted)])
    join(program, olga, bob)
    kind.offered = False
    kind.save(update_fields=["offered"])
    gone = "Taken out of use: no firm can come to this any more."
    assert gone not in text(client(olga).get(url("program", program.code)))
    assert "Not to be had at present" not in text(client(alice).get(url("program", program.code)))
    assert f'value="certificate:{kind.code}"' in text(client(olga).get(url("new_stage", program.code)))

    training.publish_path(path, Publishing.RETIRED, by=olga, version=path.version)
    assert gone in text(client(olga).get(url("program", program.code)))
    assert "Not to be had at present" in text(client(alice).get(url("program", program.code)))


def test_who_was_asked_before_a_program_took_firms_in_by_itself_comes_in_with_the_others(
    olga, bob, charlie, northgate, southridge
):
    """Whoever left by itself and is invited again decides for itself."""
    program = make_program(olga, "Rising")
    applied = enrolling.apply(program, by=bob, clock=at(0))
    left = enrolling.invite(program, southridge, by=olga, clock=at(0))
    admin = make_user("Ann", "partner_admin", southridge)
    enrolling.leave(enrolling.accept(left, by=admin, clock=at(1)), by=admin, clock=at(1))
    again = enrolling.invite(program, southridge, by=olga, clock=at(2))
    Program.objects.filter(pk=program.pk).update(joining="automatic")
    assert sweep_programs(clock=at(3)).taken_in == ["Northgate: Rising"]
    assert sweep_programs(clock=at(4)).taken_in == []
    for enrolment in (applied, again):
        enrolment.refresh_from_db()
    assert (applied.status, applied.way, again.status) == ("enrolled", "automatic", "invited")
    assert applied.opened.count() == 1 and told("program.enrolled") == ["bob@northgate.example"]


def test_a_program_whose_last_day_is_moved_after_it_goes_on_where_it_stopped(olga, bob, program, southridge):
    mine = join(program, olga, bob)
    mark_done(mine, step_of(program), by=olga, clock=at(1))
    invited = enrolling.invite(program, southridge, by=olga, clock=at(1))
    last = (MONDAY + timedelta(days=5)).date()
    Program.objects.filter(pk=program.pk).update(ends_on=last)
    assert len(sweep_programs(clock=at(6)).ended) == 2
    began = program.starts_on
    Program.objects.filter(pk=program.pk).update(ends_on=last + timedelta(days=30), starts_on=at(7)().date())
    assert sweep_programs(clock=at(7)).taken_in == []  # another round
    Program.objects.filter(pk=program.pk).update(starts_on=began)
    assert len(sweep_programs(clock=at(7)).taken_in) == 2
    again = sweep_programs(clock=at(8))
    assert (again.taken_in, again.ended, again.failed) == ([], [], [])
    for enrolment, status in ((mine, "enrolled"), (invited, "invited")):
        enrolment.refresh_from_db()
        assert (enrolment.status, enrolment.ended_at, enrolment.reason) == (status, None, "")
    assert mine.opened.count() == 2
    assert told("program.enrolled") == ["bob@northgate.example"] * 2
    # Who left by itself in the last days stays out.
    enrolling.leave(mine, by=bob, clock=at(8))
    assert sweep_programs(clock=at(9)).taken_in == []


def test_a_firm_that_was_suspended_comes_back_where_it_stood_and_reads_why_it_was_out(
    olga, bob, northgate, southridge
):
    """And whoever is suspended reads that, not that the program is for others."""
    itself = make_program(
        olga,
        "By itself",
        joining="automatic",
        stages=[("Welcome", []), ("Next", [ConditionGiven("vendor", "Call")])],
    )
    other = make_program(olga, "Other")
    invited = enrolling.invite(other, northgate, by=olga, clock=at(0))
    joined = make_program(
        olga, "Joined", stages=[("Later", [ConditionGiven("certificate", make_type().code)])]
    )
    join(joined, olga, bob)
    sweep_programs(clock=at(0))
    mine = itself.enrolments.get(partner=northgate)
    mark_done(mine, itself.stages.get(number=2).conditions.get(), by=olga, clock=at(1))
    Partner.objects.filter(pk=northgate.pk).update(status="suspended")
    Condition.objects.filter(stage__program=joined).delete()  # nothing is wanted any more
    night = sweep_programs(clock=at(2))
    assert (night.ended, night.stages) == (["Northgate: By itself"], 0)
    mine.refresh_from_db()
    assert "suspended" in mine.reason
    bob = type(bob).objects.get(pk=bob.pk)
    with pytest.raises(WrongStatus, match="Only active partners"):
        enrolling.accept(invited, by=bob, clock=at(2))
    Partner.objects.filter(pk=northgate.pk).update(status="active")
    back = sweep_programs(clock=at(3))
    assert (back.taken_in, back.stages) == (["Northgate: By itself"], 1)
    mine.refresh_from_db()
    assert (mine.status, mine.opened.count(), mine.steps_done.count(), itself.enrolments.count()) == (
        "enrolled",
        2,
        1,
        2,
    )


def stop(firm, change, olga, day):
    return change_standing(fresh(firm), change, by=olga, reason="A mistake.", clock=at(day))


def fresh(firm):
    return Partner.objects.get(pk=firm.pk)


def test_a_firm_whose_partnership_ended_and_is_reinstated_takes_part_again_as_before(olga, bob, northgate):
    """In all programs that it was in; what it had left by itself stays left, what it was asked to is asked anew."""
    itself, joined, left, asked = (
        make_program(olga, name, joining=way)
        for name, way in (
            ("Auto", "automatic"),
            ("By word", "application"),
            ("Left", "automatic"),
            ("Asked", "invitation"),
        )
    )
    sweep_programs(clock=at(0))
    mine = join(joined, olga, bob)
    enrolling.leave(left.enrolments.get(), by=bob, clock=at(0))
    enrolling.invite(asked, northgate, by=olga, clock=at(0))
    stop(northgate, C.END, olga, 1)
    assert not Enrolment.objects.open().exists()
    assert sweep_programs(clock=at(2)).taken_in == []
    said = [row.label for row in foresee(fresh(northgate), C.REINSTATE)]
    assert said == ["It takes part in 2 programs again"]
    stop(northgate, C.REINSTATE, olga, 3)
    assert sweep_programs(clock=at(4)).taken_in == ["Northgate: By word", "Northgate: Auto"]
    inside = Enrolment.objects.open().values_list("program__name", "status")
    assert sorted(inside) == [("Auto", "enrolled"), ("By word", "enrolled")]
    mine.refresh_from_db()
    assert (mine.ended_at, mine.reason, mine.opened.count()) == (None, "", 1)
    assert (sweep_programs(clock=at(5)).taken_in, foresee(fresh(northgate), C.REINSTATE)) == ([], [])
    # What a person ends afterwards stays ended.
    enrolling.end(itself.enrolments.get(), by=olga, reason="Not for you.", clock=at(6))
    assert sweep_programs(clock=at(7)).taken_in == []


@pytest.mark.parametrize("meanwhile", ["closed to newcomers", "by application", "for others"])
def test_a_suspended_firm_takes_part_again_by_itself_as_its_mail_says(
    olga, bob, northgate, southridge, meanwhile
):
    program = make_program(olga, "Auto", joining="automatic")
    sweep_programs(clock=at(0))
    stop(northgate, C.SUSPEND, olga, 1)
    sweep_programs(clock=at(1))
    mail = Message.objects.get(event="program.ended", recipient=bob)
    assert "Once it is reinstated, it takes part again by itself" in mail.text
    if meanwhile == "closed to newcomers":
        close(program, olga)
    elif meanwhile == "by application":
        Program.objects.update(joining="application")
    else:
        program.audience.add(group_of(southridge, olga))  # such firms leave a program, too
    sweep_programs(clock=at(2))
    assert not program.enrolments.enrolled().filter(partner=northgate).exists()
    stop(northgate, C.REINSTATE, olga, 3)
    assert sweep_programs(clock=at(4)).taken_in == ["Northgate: Auto"] * (meanwhile != "for others")
    assert sweep_programs(clock=at(5)).taken_in == []


def test_before_a_suspension_programs_that_let_the_firm_go_are_told_apart(olga, bob, northgate):
    """The page said that it stays in them; half an hour later it was out, its open steps taken back."""
    make_program(olga, "Auto", joining="automatic", clock=database_clock)
    sweep_programs()
    join(make_program(olga, "By word", clock=database_clock), olga, bob)
    said = [row.label for row in foresee(northgate, C.SUSPEND) if "program" in row.label]
    assert said == ["It stays in 1 program", "It is out of 1 program until it is reinstated"]
    stop(northgate, C.SUSPEND, olga, 1)
    sweep_programs()
    assert list(Enrolment.objects.enrolled().values_list("program__name", flat=True)) == ["By word"]
