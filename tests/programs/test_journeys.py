"""Programs: who comes in, in which way, one enrolment at a time; stages open one after the other; nobody leaves silently."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.clock import database_clock
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from notifications.models import Message
from partners.consequences import carry_out, ended_since, foresee
from partners.enums import StandingChange
from partners.groups.operators import Operator
from partners.groups.rules import Condition as GroupCondition
from partners.groups.rules import Rule
from partners.groups.services import create_group
from partners.models import Agreement, AgreementAcceptance, AgreementVersion, Partner
from partners.services.standing import change_standing
from programs.enums import Joining, ProgramStatus
from programs.journeys import current_of, journeys_of, next_of
from programs.models import Condition, Enrolment, ProgramPath, StageOpened
from programs.reasons import LEFT_AUDIENCE
from programs.services import enrolling, keeping
from programs.services.journeys import mark_done, open_stages
from programs.services.keeping import ConditionGiven
from programs.services.sweeping import sweep_programs
from programs.training import paths_for
from tests.people import MONDAY, MONDAY_CLOCK, submitted
from tests.programs.makers import (
    TODAY,
    at,
    make_firms,
    make_module,
    make_path,
    make_program,
    make_type,
    pass_path,
    told,
)


@pytest.fixture
def golden(olga):
    """A group: firms of tier gold."""
    rule = Rule("all", (GroupCondition("tier", Operator.ANY_OF, ("gold",)),))
    return create_group(by=olga, name="Gold", note="", rule=rule, clock=MONDAY_CLOCK)


def make_gold(firm: Partner, tier: str = "gold") -> None:
    Partner.objects.filter(pk=firm.pk).update(tier=tier)


def standing(firm: Partner) -> list[str]:
    return list(Enrolment.objects.filter(partner=firm).order_by("pk").values_list("status", flat=True))


def test_by_application(olga, mara, alice, bob, northgate):
    program = make_program(olga)
    with pytest.raises(NotAllowed):
        enrolling.apply(program, by=alice, clock=at(0))  # a rep does not speak for the firm
    applied = enrolling.apply(program, by=bob, text="We grow.", clock=at(0))
    assert (standing(northgate), told("program.applied")) == (["applied"], ["olga@vendor.example"])
    for again in (
        lambda: enrolling.apply(program, by=bob),
        lambda: enrolling.invite(program, northgate, by=olga),
    ):
        with pytest.raises(WrongStatus, match="already"):
            again()
    with pytest.raises(NotAllowed):
        enrolling.approve(applied, by=mara)
    with pytest.raises(BadInput, match="reads it"):
        enrolling.refuse(applied, by=olga, reason=" ")

    enrolling.refuse(applied, by=olga, reason="Too early.", clock=at(1))
    assert (standing(northgate), told("program.refused")) == (["refused"], ["bob@northgate.example"])
    second = enrolling.apply(program, by=bob, clock=at(2))
    enrolling.approve(second, by=olga, clock=at(3))
    assert (standing(northgate), told("program.enrolled")) == (
        ["refused", "enrolled"],
        ["bob@northgate.example"],
    )
    assert StageOpened.objects.get().stage.name == "Welcome"
    enrolling.leave(second, by=bob, clock=at(4))
    assert (standing(northgate), told("program.left")) == (["refused", "left"], ["mara@vendor.example"])
    # The manager left, too: whoever decides about enrolments hears of it.
    type(mara).objects.filter(pk=mara.pk).update(is_active=False)
    northgate.refresh_from_db()
    enrolling.withdraw(enrolling.apply(program, by=bob, clock=at(5)), by=bob, clock=at(5))
    assert told("program.left")[1:] == [olga.email]
    titles = [entry.data["title"] for entry in northgate.history.order_by("pk")]
    assert titles == ["Takes part in a program", "Left a program"]


def test_by_invitation(olga, bob, charlie, northgate):
    program = make_program(olga, joining=Joining.INVITATION)
    with pytest.raises(WrongStatus, match="invited"):
        enrolling.apply(program, by=bob)
    invited = enrolling.invite(program, northgate, by=olga, text="Come in.", clock=at(0))
    assert told("program.invited") == ["bob@northgate.example"]
    with pytest.raises(NotAllowed):
        enrolling.accept(invited, by=charlie)
    enrolling.accept(invited, by=bob, clock=at(1))
    with pytest.raises(WrongStatus, match="You take part"):
        enrolling.decline(invited, by=bob)
    enrolling.end(invited, by=olga, reason="The council is closed.", clock=at(2))
    assert (standing(northgate), told("program.ended")) == (["ended"], ["bob@northgate.example"])


def test_two_at_once_are_one_in_the_database(olga, northgate):
    program = make_program(olga)
    rows = {"program": program, "partner": northgate, "way": "application", "asked_at": MONDAY}
    Enrolment.objects.create(status="applied", **rows)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(status="invited", **rows)
    Enrolment.objects.create(status="refused", **rows)


def test_the_audience_is_enforced(olga, bob, northgate, golden):
    program = make_program(olga, audience=[golden])
    with pytest.raises(WrongStatus, match="outside"):
        enrolling.apply(program, by=bob)
    make_gold(northgate)
    bob.member.partner.refresh_from_db()
    invited = enrolling.invite(program, bob.member.partner, by=olga, clock=at(0))
    make_gold(northgate, "silver")
    with pytest.raises(WrongStatus, match="no longer"):
        enrolling.accept(invited, by=bob, clock=at(1))
    for closed in (
        make_program(olga, "Later", starts_on=TODAY + timedelta(days=1)),
        make_program(olga, "Over", ends_on=TODAY - timedelta(days=1)),
    ):
        with pytest.raises(WrongStatus, match="does not run"):
            enrolling.apply(closed, by=bob, clock=at(0))


def test_firms_come_in_by_themselves_and_are_told_when_they_leave(olga, bob, northgate, southridge, golden):
    program = make_program(olga, joining=Joining.AUTOMATIC, audience=[golden])
    make_gold(northgate)
    for _ in range(2):
        sweep_programs(clock=at(0))
    assert (standing(northgate), standing(southridge)) == (["enrolled"], [])
    assert told("program.enrolled") == ["bob@northgate.example"]

    make_gold(northgate, "silver")
    sweep_programs(clock=at(1))
    assert (standing(northgate), Enrolment.objects.get().reason) == (["ended"], LEFT_AUDIENCE)
    assert told("program.ended") == ["bob@northgate.example"]
    make_gold(northgate)
    sweep_programs(clock=at(2))
    assert standing(northgate) == ["ended", "enrolled"]
    enrolling.leave(Enrolment.objects.enrolled().get(), by=bob, clock=at(3))
    sweep_programs(clock=at(4))  # who left by their own word stays out
    assert standing(northgate) == ["ended", "left"]

    other = make_program(olga, "Short", ends_on=TODAY + timedelta(days=9))
    enrolling.accept(enrolling.invite(other, northgate, by=olga, clock=at(5)), by=bob, clock=at(5))
    sweep_programs(clock=at(9))
    assert other.enrolments.get().status == "enrolled"
    sweep_programs(clock=at(10))
    assert other.enrolments.get().status == "ended"
    assert program.enrolments.enrolled().count() == 0


@pytest.fixture
def stairs(olga, bob, northgate):
    """A journey that asks for each kind of thing; northgate takes part."""
    path = make_path(olga, "Selling", make_module(olga, "Rules", quiz=False), grants=make_type())
    agreement = Agreement.objects.create(title="Terms")
    version = AgreementVersion.objects.create(
        agreement=agreement,
        number=1,
        text="We agree.",
        effective_on=TODAY,
        accept_by=TODAY,
        published_by=olga,
        published_at=MONDAY,
    )
    stages = [
        ("Welcome", []),
        ("Bound", [ConditionGiven("agreement", agreement.code)]),
        (
            "Trained",
            [
                ConditionGiven("training", path.code, Decimal(2)),
                ConditionGiven("certificate", "sales-basic", Decimal(2)),
            ],
        ),
        ("Known", [ConditionGiven("vendor", "Visit")]),
        ("Selling", [ConditionGiven("figure", "registrations", Decimal(1))]),
    ]
    program = make_program(olga, stages=stages)
    enrolment = enrolling.approve(enrolling.apply(program, by=bob, clock=at(0)), by=olga, clock=at(0))
    return enrolment, path, version


def test_stages_open_one_after_the_other(stairs, olga, alice, bob, northgate, gateways):
    enrolment, path, version = stairs

    def opened(day: float) -> list[str]:
        open_stages([enrolment], at=at(day)())
        return [row.stage.name for row in enrolment.opened.select_related("stage")]

    visit = Condition.objects.get(kind="vendor")
    with pytest.raises(NotAllowed):
        mark_done(enrolment, visit, by=bob)
    assert opened(0) == ["Welcome"]
    mark_done(enrolment, visit, by=olga, clock=at(1))  # done early: its turn has not come
    mark_done(enrolment, visit, by=olga, clock=at(1))
    assert opened(1) == ["Welcome"]
    AgreementAcceptance.objects.create(version=version, partner=northgate, by=bob, at=MONDAY)
    assert opened(2) == ["Welcome", "Bound"]
    pass_path(alice, path, clock=at(3))
    assert opened(3) == ["Welcome", "Bound"]  # one of two people
    steps = journeys_of([enrolment], at(3)())[enrolment.pk]
    assert (current_of(steps).stage.name, next_of(steps).stage.name) == ("Bound", "Trained")
    assert [(wanted.words, wanted.standing.note) for wanted in next_of(steps).wanted] == [
        ("2 people passed the training “Selling”", "1 of 2"),
        ("2 people hold “Certified seller”", "1 of 2"),
    ]
    pass_path(bob, path, clock=at(4))  # opens the stage itself, and the next: the visit is done
    assert [row.stage.name for row in enrolment.opened.select_related("stage")][2:] == ["Trained", "Known"]
    assert told("program.stage_opened") == ["bob@northgate.example"] * 2
    words = "Nothing that this stage of Rising partners asks for is missing any more."
    assert all(words in mail.text for mail in Message.objects.filter(event="program.stage_opened"))
    submitted(alice, "Blohm AG", gateways)
    assert opened(5)[-1] == "Selling"
    Partner.objects.filter(pk=northgate.pk).update(tier="silver")
    AgreementAcceptance.objects.all().delete()
    assert len(opened(6)) == 5  # what is open stays open


def test_a_sweep_asks_as_many_queries_for_many_firms_as_for_one(stairs, olga, mara, northgate):
    enrolment, *_ = stairs
    others = [
        Enrolment(
            program=enrolment.program, partner=firm, status="enrolled", way="invitation", asked_at=MONDAY
        )
        for firm in make_firms(4, mara)
    ]
    Enrolment.objects.bulk_create(others)
    with CaptureQueriesContext(connection) as one:
        journeys_of([enrolment], MONDAY)
    with CaptureQueriesContext(connection) as many:
        journeys_of([enrolment, *others], MONDAY)
    assert len(many) == len(one)


def test_writing_a_program(client, olga, mara, bob, northgate):
    fields = {
        "name": "New",
        "summary": "Words.",
        "joining": "application",
        "starts_on": TODAY,
        "ends_on": None,
    }
    with pytest.raises(NotAllowed):
        keeping.create_program(by=mara, fields=fields)
    program = keeping.create_program(by=olga, fields=fields, clock=at(0))
    with pytest.raises(BadInput, match="this name"):
        keeping.create_program(by=olga, fields=fields, clock=at(0))
    with pytest.raises(WrongStatus, match="one stage"):
        keeping.set_status(program, ProgramStatus.OPEN, by=olga, version=program.version)

    def stage(name, conditions, known=None):
        program.refresh_from_db()
        return keeping.save_stage(
            program,
            by=olga,
            version=program.version,
            name=name,
            text="",
            conditions=conditions,
            paths=[],
            stage=known,
        )

    for wrong in (
        ConditionGiven("training", "TP-NONE"),
        ConditionGiven("vendor", ""),
        ConditionGiven("x", "y"),
    ):
        with pytest.raises(BadInput):
            stage("Wrong", [wrong])
    first, second = stage("One", [ConditionGiven("vendor", "Call")]), stage("Two", [])
    kept = first.conditions.get()
    stage("One!", [ConditionGiven("vendor", "Call", None, kept.pk)], first)
    assert first.conditions.get() == kept
    stage("One!", [ConditionGiven("vendor", "Visit", None, kept.pk)], first)  # another step: done anew
    assert first.conditions.get() != kept
    program.refresh_from_db()
    keeping.move_stage(second, up=True, by=olga, version=program.version)
    assert list(program.stages.values_list("number", "name")) == [(1, "Two"), (2, "One!")]
    with pytest.raises(StaleVersion):
        keeping.move_stage(second, up=False, by=olga, version=program.version)
    program.refresh_from_db()
    keeping.set_status(program, ProgramStatus.OPEN, by=olga, version=program.version)
    program.refresh_from_db()
    enrolling.approve(enrolling.apply(program, by=bob, clock=at(0)), by=olga, clock=at(0))
    second.refresh_from_db()
    with pytest.raises(WrongStatus, match="open for firms"):
        keeping.delete_stage(second, by=olga, version=program.version)
    first.refresh_from_db()
    keeping.delete_stage(first, by=olga, version=program.version)
    assert [one.name for one in program.stages.all()] == ["Two"]

    other = make_program(
        olga, "Nobody yet"
    )  # open, in it nobody: its only stage stays, as it is needed to open it
    page = reverse("programs:program", args=[other.code])
    client.force_login(olga)
    assert [one["may_delete"] for one in client.get(page).context["stages"]] == [False]
    with pytest.raises(WrongStatus, match="only stage"):
        keeping.delete_stage(other.stages.get(), by=olga, version=other.version)
    assert other.stages.exists()


def test_the_end_of_a_partnership_ends_its_enrolments(olga, bob, northgate):
    enrolment = enrolling.invite(make_program(olga), northgate, by=olga, clock=at(0))
    enrolment = enrolling.accept(enrolment, by=bob, clock=at(0))

    def ours(change: StandingChange) -> list[tuple[str, bool]]:
        found = foresee(northgate, change)
        return [(one.label, one.changes) for one in found if "program" in one.label]

    assert ours(StandingChange.SUSPEND) == [("It stays in 1 program", False)]
    assert ours(StandingChange.END) == [("It leaves 1 program", True)]
    with transaction.atomic():
        done = carry_out(northgate, StandingChange.END, by=olga, reason="Sold.", clock=at(1))
    enrolment.refresh_from_db()
    assert (done["enrolments ended"], enrolment.status, enrolment.reason) == (1, "ended", "Sold.")
    assert told("program.ended") == []  # it stands in the one mail about all that ended
    assert [(person, row.title, row.note) for person, row in ended_since(northgate, MONDAY)] == [
        (bob, "Rising partners", "left")
    ]


@pytest.mark.parametrize("joining", ["invitation", "application"])
def test_of_a_program_that_a_firm_was_not_in_the_mail_about_the_end_says_what_ended(
    olga, bob, northgate, joining
):
    program = make_program(olga, "Council", joining=joining, clock=database_clock)
    if joining == "invitation":
        enrolling.invite(program, northgate, by=olga)
    else:
        enrolling.apply(program, by=bob)
    change_standing(northgate, StandingChange.END, by=olga, reason="Over.")
    mail = Message.objects.get(event="partner.records_ended", recipient=bob).text
    assert f"Council: the {joining} ended" in mail


def test_the_training_of_a_stage_that_is_deleted_stays_behind_the_journey(
    client, olga, bob, alice, northgate
):
    """It opens with the next stage, as the page said before; where no stage comes after it, the stage stays."""
    path = make_path(olga, "Deep", make_module(olga, "Deep"), for_everybody=False)
    call = [ConditionGiven("vendor", "Call")]
    program = make_program(
        olga, joining=Joining.AUTOMATIC, paths=[path], stages=[("One", []), ("Two", call), ("Three", call)]
    )
    two, three = program.stages.filter(number__gt=1).order_by("number")
    ProgramPath.objects.update(stage=two)
    sweep_programs()
    page = reverse("programs:program", args=[program.code])
    client.force_login(olga)
    assert 'Without this stage it opens with <span dir="auto">Three</span>' in client.get(page).text
    program.refresh_from_db()
    gone = client.post(
        reverse("programs:delete_stage", args=[program.code, 2]), {"version": program.version}, follow=True
    )
    assert "Its training opens with ‘Three’ now." in gone.text
    assert ProgramPath.objects.get().stage == three
    assert list(paths_for(alice, MONDAY)) == []

    assert "To delete this stage, let it open with another one first" in gone.text
    assert [row["may_delete"] for row in gone.context["stages"]] == [False, False]
    program.refresh_from_db()
    three.refresh_from_db()
    with pytest.raises(WrongStatus, match="Deep"):
        keeping.delete_stage(three, by=olga, version=program.version)
    ProgramPath.objects.all().delete()
    assert keeping.delete_stage(three, by=olga, version=program.version) is None
