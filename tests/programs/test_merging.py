"""Two records made one in the middle of programs and of a tier's notice, nights in between, and the merge taken back."""

from datetime import timedelta

import pytest

from core.clock import database_clock, fixed
from partners.enums import StandingChange
from partners.groups.operators import Operator
from partners.groups.rules import Condition, Rule
from partners.groups.services import create_group
from partners.models import OnboardingStep, Partner
from partners.services.merging import plan_merge, undo_merge
from partners.services.standing import change_standing
from programs.enums import Joining
from programs.models import Enrolment, Move
from programs.services import enrolling
from programs.services.sweeping import sweep_programs
from programs.services.tiers import moving
from programs.services.tiers.computing import compute_tiers
from tests.partners.merging.makers import snapshot
from tests.partners.merging.test_merging import do
from tests.programs.makers import criterion, make_program

pytestmark = pytest.mark.django_db


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
