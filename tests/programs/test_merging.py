"""Two records made one in the middle of programs and of a tier's notice, nights in between, and the merge taken back."""

from datetime import date, timedelta

import pytest

from accounts import enums
from core.clock import database_clock, fixed
from partners.enums import StandingChange
from partners.groups.operators import Operator
from partners.groups.rules import Condition, Rule
from partners.groups.services import create_group
from partners.models import OnboardingStep, Partner
from partners.services.merging import plan_merge, undo_merge
from partners.services.merging.strays import carry_strays
from partners.services.standing import change_standing
from programs.enums import Joining
from programs.models import Condition as StageCondition
from programs.models import Enrolment, Move
from programs.services import enrolling
from programs.services.journeys import mark_done
from programs.services.keeping import ConditionGiven
from programs.services.sweeping import sweep_programs
from programs.services.tiers import moving
from programs.services.tiers.computing import compute_tiers
from tests.partners.certificates.makers import placed
from tests.partners.merging.makers import snapshot
from tests.partners.merging.test_merging import do
from tests.people import make_user
from tests.programs.makers import criterion, make_program, make_type

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(southridge):
    return make_user("Ann", enums.PARTNER_ADMIN, southridge)


def test_a_firm_takes_part_once_and_undo_brings_back_what_each_had(
    client, olga, bob, charlie, northgate, southridge
):
    invited, applied, joined = (make_program(olga, name) for name in ("Invited", "Applied", "Joined"))
    itself = make_program(olga, "By itself", joining=Joining.AUTOMATIC)
    sweep_programs()
    for firm in (northgate, southridge):
        enrolling.invite(invited, firm, by=olga)
        Enrolment.objects.filter(pk=enrolling.invite(joined, firm, by=olga).pk).update(
            status="enrolled", decided_at=database_clock()
        )
        row = enrolling.invite(applied, firm, by=olga)
        Enrolment.objects.filter(pk=row.pk).update(status="applied", way=Joining.APPLICATION)
    sweep_programs()
    client.force_login(olga)
    before = snapshot()
    merge = do(southridge, northgate, olga)
    assert [
        row["name"] for row in client.get(f"/programs/{joined.code}/?status=enrolled").context["rows"]
    ] == ["Northgate"]
    night = sweep_programs(clock=fixed(merge.at + timedelta(hours=9)))
    assert (night.ended, night.taken_in, night.failed) == ([], [], [])
    undo_merge(merge, by=olga, clock=fixed(merge.at + timedelta(hours=12)))
    after = snapshot()
    assert {name: after[name] - rows for name, rows in before.items() if after[name] != rows} == {}
    assert Enrolment.objects.open().filter(partner=southridge).count() == 4
    assert sweep_programs(clock=fixed(merge.at + timedelta(hours=13))).taken_in == []
    assert itself.enrolments.count() == 2


@pytest.mark.parametrize("asked", ["invited", "applied"])
def test_a_place_goes_before_an_invitation_or_application(olga, northgate, southridge, asked):
    club = make_program(olga, "Club")
    place = enrolling.take_in(club, southridge, at=database_clock())
    waits = enrolling.invite(club, northgate, by=olga)
    Enrolment.objects.filter(pk=waits.pk).update(
        status=asked, way=Joining.INVITATION if asked == "invited" else Joining.APPLICATION
    )
    share = next(one for one in plan_merge(southridge, into=northgate).shares if one.moves)
    assert (share.relation.label, share.moves, share.gives_way) == ("Enrolments in programs", 1, 1)
    before = snapshot()
    merge = do(southridge, northgate, olga)
    assert list(Enrolment.objects.open().values_list("pk", "partner", "status")) == [
        (place.pk, northgate.pk, "enrolled")
    ]
    undo_merge(merge, by=olga)
    assert snapshot() == before

    # The firm leaves meanwhile: what was asked goes back all the same.
    merge = do(southridge, northgate, olga)
    place.refresh_from_db()
    enrolling.end(place, by=olga, reason="Over.")
    assert carry_strays(since=merge.at) == 0
    done = undo_merge(merge, by=olga)
    assert done.kept == [{"label": "Enrolments in programs", "count": 1, "examples": [place.code]}]
    assert list(Enrolment.objects.order_by("pk").values_list("partner", "status")) == [
        (northgate.pk, "ended"),
        (northgate.pk, asked),
    ]


def test_how_far_the_one_was_counts_for_the_other(olga, northgate, southridge):
    stages = [
        ("One", []),
        ("Two", [ConditionGiven("vendor", "Kick-off")]),
        ("Three", [ConditionGiven("vendor", "Call")]),
    ]
    program = make_program(olga, "P", joining=Joining.AUTOMATIC, stages=stages)
    sweep_programs()
    ahead, behind = (program.enrolments.get(partner=partner) for partner in (southridge, northgate))
    kick_off, call = StageCondition.objects.order_by("pk")
    mark_done(ahead, kick_off, by=olga)
    mark_done(behind, call, by=olga)
    before = snapshot()
    merge = do(southridge, northgate, olga)
    assert list(behind.opened.order_by("stage__number").values_list("stage__name", flat=True)) == [
        "One",
        "Two",
    ]
    assert sweep_programs().stages == 1  # both steps of ours are done now
    undo_merge(merge, by=olga)
    behind.opened.filter(stage__name="Three").delete()
    after = snapshot()
    assert {name for name in before if before[name] - after[name]} == set()
    assert (ahead.opened.count(), behind.opened.count()) == (2, 1)


def test_a_move_proposed_from_figures_that_go_back_is_taken_back(olga, mara, ann, northgate, southridge):
    criterion("gold", "certified_people", 1)
    Partner.objects.update(manager=mara, tier="silver")
    kind = make_type()
    placed(southridge, kind, member=ann.member, valid_to=date(2030, 1, 1))
    merge = do(southridge, northgate, olga)
    compute_tiers(clock=fixed(merge.at + timedelta(hours=2)))
    move = Move.objects.get()
    assert (move.partner, move.target, move.status) == (northgate, "gold", "proposed")
    undo_merge(merge, by=olga, clock=fixed(merge.at + timedelta(hours=3)))
    move.refresh_from_db()
    assert (move.status, move.taken_back_for) == ("taken_back", "otherwise")
    assert not Move.objects.open().exists()


def test_a_place_that_came_with_a_merge_waits_for_it_to_stand(olga, bob, northgate, southridge):
    """Only gold firms are in; the record that goes on is none. Its program, and another's last day, are over meanwhile."""
    gold = create_group(
        by=olga, name="Gold", rule=Rule("all", (Condition("tier", Operator.ANY_OF, ("gold",)),))
    )
    Partner.objects.filter(pk=southridge.pk).update(tier="gold")
    for_gold = make_program(olga, "For gold", joining=Joining.AUTOMATIC, audience=[gold])
    short = make_program(olga, "Short", ends_on=database_clock().date())
    sweep_programs()
    Enrolment.objects.filter(pk=enrolling.invite(short, southridge, by=olga).pk).update(
        status="enrolled", decided_at=database_clock()
    )
    before = set(Enrolment.objects.values_list("code", "partner", "status"))
    assert len(before) == 2
    merge = do(southridge, northgate, olga)
    for hours in (12, 24):
        assert sweep_programs(clock=fixed(merge.at + timedelta(hours=hours))).ended == []
    undo_merge(merge, by=olga, clock=fixed(merge.at + timedelta(hours=24)))
    assert set(Enrolment.objects.values_list("code", "partner", "status")) == before
    merge = do(southridge, northgate, olga)
    for_good = sweep_programs(clock=fixed(merge.at + timedelta(hours=25)))
    assert sorted(for_good.ended) == ["Northgate: For gold", "Northgate: Short"]
    assert for_gold.enrolments.get().status == "ended"


def test_a_notice_goes_on_after_the_undo_and_ends_where_the_merge_stands(
    settings, olga, mara, bob, northgate, southridge
):
    settings.TIER_NOTICE_DAYS = 30
    criterion("silver", "certified_people", 1)
    Partner.objects.filter(pk=southridge.pk).update(tier="silver", manager=mara)
    compute_tiers()
    move = moving.approve(Move.objects.get(partner=southridge), by=mara, reason="Nobody is certified.")
    merge = do(southridge, northgate, olga)
    compute_tiers(clock=fixed(merge.at + timedelta(hours=20)))
    assert Move.objects.get(pk=move.pk).status == "noticed"
    undo_merge(merge, by=olga, clock=fixed(merge.at + timedelta(hours=22)))
    compute_tiers(clock=fixed(merge.at + timedelta(hours=30)))
    again = Move.objects.get(pk=move.pk)
    assert (again.status, again.due_on) == ("noticed", move.due_on)
    do(southridge, northgate, olga)
    compute_tiers(clock=fixed(database_clock() + timedelta(hours=25)))
    assert Move.objects.get(pk=move.pk).status == "taken_back"


def test_the_plan_says_that_the_record_that_goes_on_stays_suspended(northgate, southridge):
    Partner.objects.filter(pk=southridge.pk).update(status="suspended")
    southridge.refresh_from_db()
    assert "Southridge stays as it is: suspended." in plan_merge(northgate, into=southridge).warnings
    southridge.status = northgate.status
    assert not any("stays as it is" in words for words in plan_merge(northgate, into=southridge).warnings)


def test_an_onboarded_firm_is_not_onboarded_again_by_a_merge(olga, northgate, southridge):
    """The plan grew since the one was onboarded; the other is in the middle of it. Suspended and reinstated, it is active."""
    for firm in (northgate, southridge):
        Partner.objects.filter(pk=firm.pk).update(status="prospect")
        change_standing(Partner.objects.get(pk=firm.pk), StandingChange.BEGIN, by=olga)
    OnboardingStep.objects.filter(partner=northgate, stage__gt=1).delete()
    OnboardingStep.objects.filter(partner=northgate).update(done_at=database_clock(), done_by=olga)
    Partner.objects.filter(pk=northgate.pk).update(status="active")
    merge = do(southridge, northgate, olga)
    northgate.refresh_from_db()
    change_standing(northgate, StandingChange.SUSPEND, by=olga, reason="Unpaid.")
    assert change_standing(northgate, StandingChange.REINSTATE, by=olga, reason="Paid.").status == "active"
    undo_merge(merge, by=olga)
    southridge.refresh_from_db()
    assert (
        southridge.status,
        OnboardingStep.objects.filter(partner=southridge, done_at=None).count() > 3,
    ) == (
        "onboarding",
        True,
    )
