"""What both records have: the better one goes on, the plan says so beforehand, and undoing gives each its own back."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts import enums
from core.clock import database_clock, fixed
from partners.certificates.valid import valid_certificates
from partners.groups.membership import groups_of, members_of
from partners.groups.operators import Operator
from partners.groups.rules import Condition, Rule
from partners.groups.services import create_group, pick_firm
from partners.models import Certificate, FirmMilestone, GroupPick, OnboardingStep
from partners.services.merging import plan_merge, undo_merge
from partners.services.merging.strays import carry_strays
from partners.services.steps import complete_step
from programs.own_measures import certified_people
from programs.services import enrolling
from programs.services.steps import save_step
from tests.partners.certificates.makers import handed_in, make_type, placed, verified
from tests.partners.merging.makers import snapshot
from tests.partners.merging.test_merging import do
from tests.people import make_user
from tests.programs.makers import make_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(southridge):
    return make_user("Ann", enums.PARTNER_ADMIN, southridge)


def share_of(label, gone, into):
    return next(one for one in plan_merge(gone, into=into).shares if one.relation.label == label)


def test_the_verified_certificate_counts_and_the_one_that_waits_gives_way(
    client, olga, bob, ann, northgate, southridge
):
    iso = make_type("iso")
    paper = verified(southridge, iso, ann, olga, valid_to=date(2030, 1, 1))
    waits = handed_in(northgate, iso, bob, valid_to=date(2030, 1, 1))
    share = share_of("Certificates", southridge, northgate)
    assert (share.moves, share.gives_way, share.left) == (1, 1, [])
    client.force_login(olga)
    address = reverse("partners:merge", args=[southridge.code, northgate.code])
    page = client.get(address).content.decode()
    assert "gives way and stays with <bdi>Southridge</bdi>. Of two with the same number, the verified" in page
    before = snapshot()

    merge = do(southridge, northgate, olga)

    assert valid_certificates([northgate.pk], database_clock())[northgate.pk] == {"iso"}
    assert dict(Certificate.objects.values_list("pk", "partner")) == {
        paper.pk: northgate.pk,
        waits.pk: southridge.pk,
    }
    assert not Certificate.objects.to_verify().exists()
    assert carry_strays(since=merge.at - timedelta(hours=1)) == 0
    undo_merge(merge, by=olga)
    assert snapshot() == before


@pytest.mark.parametrize(
    ("gone", "survivor", "goes_on"),
    [
        (("submitted", date(2031, 1, 1)), ("verified", date(2030, 1, 1)), "survivor"),
        (("verified", date(2031, 1, 1)), ("verified", date(2030, 1, 1)), "gone"),
        (("verified", None), ("verified", date(2030, 1, 1)), "gone"),
        (("verified", date(2030, 1, 1)), ("verified", None), "survivor"),
        (("verified", date(2030, 1, 1)), ("verified", date(2030, 1, 1)), "survivor"),
        (("verified", date(2026, 1, 9)), ("submitted", date(2030, 1, 1)), "survivor"),
        (("rejected", date(2030, 1, 1)), ("submitted", date(2030, 1, 1)), "survivor"),
    ],
)
def test_of_two_certificates_the_one_that_is_worth_more(olga, northgate, southridge, gone, survivor, goes_on):
    iso = make_type("iso")
    papers = {
        "gone": placed(southridge, iso, status=gone[0], valid_to=gone[1]),
        "survivor": placed(northgate, iso, status=survivor[0], valid_to=survivor[1]),
    }
    do(southridge, northgate, olga)
    assert Certificate.objects.get(partner=northgate) == papers[goes_on]


def test_two_people_may_have_certificates_with_one_number(olga, bob, ann, northgate, southridge):
    kind = make_type("course", held_by="person")
    for person, partner in ((bob, northgate), (ann, southridge)):
        placed(partner, kind, member=person.member, number="COURSE-2026-3", valid_to=date(2030, 1, 1))
    do(southridge, northgate, olga)
    assert certified_people([northgate.pk], database_clock()) == {northgate.pk: 2}


@pytest.mark.parametrize(("days", "goes_on"), [(100, "southridge"), (5, "northgate")])
def test_the_earlier_first_win_is_the_first(olga, northgate, southridge, days, goes_on):
    now = database_clock()
    for partner, ago in ((northgate, 10), (southridge, days)):
        at = now - timedelta(days=ago)
        FirmMilestone.objects.create(partner=partner, kind="first_win", at=at, label=partner.name)
    before = snapshot()
    merge = do(southridge, northgate, olga)
    first = FirmMilestone.objects.get(partner=northgate)
    assert (first.label.lower(), first.at) == (goes_on, now - timedelta(days=max(days, 10)))
    undo_merge(merge, by=olga)
    assert snapshot() == before


def test_the_exclusion_of_the_double_does_not_shut_the_firm_out(client, olga, northgate, southridge):
    alike = Rule("all", (Condition("kind", Operator.ANY_OF, (northgate.kind,)),))
    group = create_group(by=olga, name="All of the kind", rule=alike)
    pick_firm(group, southridge, by=olga, kind="excluded", reason="A second record of Northgate.")
    pilots = create_group(by=olga, name="Pilots", rule=Rule())
    pick_firm(pilots, southridge, by=olga, kind="added", reason="Asked.")
    share = share_of("Groups by hand", southridge, northgate)
    assert (share.moves, share.examples) == (1, ["Pilots"])
    assert share.left == [(1, "It was kept out by hand; that does not keep out the record that goes on.")]
    merge = do(southridge, northgate, olga)
    for one in (group, pilots):
        assert list(members_of(one)) == [northgate]
    client.force_login(olga)
    page = client.get(reverse("partners:group", args=[group.code]), {"firm": "Southridge"}).content.decode()
    assert "became part of another one" in page and "Add it by hand" not in page
    undo_merge(merge, by=olga)
    assert list(GroupPick.objects.order_by("pk").values_list("partner", "kind")) == [
        (southridge.pk, "excluded"),
        (southridge.pk, "added"),
    ]
    assert groups_of(southridge) == [pilots]


def test_what_both_did_of_a_programs_steps_counts_together(olga, northgate, southridge):
    """Each did one of the two steps of the first stage: together they open the second one. The step that came later only the
    old record was given."""
    program = make_program(olga, "Council")

    def write(title, stage=1):
        program.refresh_from_db()
        fields = {"title": title, "stage": stage, "stage_title": f"Part {stage}", "required": True}
        save_step(program, by=olga, version=program.version, fields=fields | {"due_days": 7})

    for title, stage in (("Speaker", 1), ("Photo", 1), ("Speak", 2)):
        write(title, stage)
    enrolling.take_in(program, northgate, at=database_clock())
    write("Hotel", 2)
    program.refresh_from_db()
    enrolling.take_in(program, southridge, at=database_clock())
    for partner, title in ((northgate, "Speaker"), (southridge, "Photo")):
        complete_step(OnboardingStep.objects.get(partner=partner, title=title), by=olga)
    share = share_of("Steps", southridge, northgate)
    assert (share.moves, share.gives_way) == (2, 1)
    before = snapshot()

    merge = do(southridge, northgate, olga)

    steps = OnboardingStep.objects.filter(partner=northgate)
    assert set(steps.filter(done_at__isnull=False).values_list("title", flat=True)) == {"Speaker", "Photo"}
    opened = steps.filter(opened_at=merge.at, due_at__isnull=False)
    assert set(opened.values_list("title", flat=True)) == {"Speak", "Hotel"}
    undo_merge(merge, by=olga)
    assert snapshot() == before

    merge = do(southridge, northgate, olga)
    later = fixed(merge.at + timedelta(hours=1))
    complete_step(steps.get(title="Speak"), by=olga, clock=later)
    undo_merge(merge, by=olga, clock=later)
    done = OnboardingStep.objects.filter(done_at__isnull=False)
    assert set(done.values_list("partner__name", "title")) == {
        ("Northgate", "Speaker"),
        ("Northgate", "Speak"),
        ("Southridge", "Photo"),
    }


def test_a_program_that_the_firm_left_meanwhile_does_not_come_back_with_the_doubles_steps(
    olga, northgate, southridge
):
    program = make_program(olga, "Council")
    fields = {"title": "Speaker", "stage": 1, "stage_title": "One", "required": True}
    save_step(program, by=olga, version=program.version, fields=fields)
    program.refresh_from_db()
    for partner in (northgate, southridge):
        enrolling.take_in(program, partner, at=database_clock())
    merge = do(southridge, northgate, olga)
    enrolling.end(program.enrolments.get(partner=northgate), by=olga, reason="Over.")
    assert carry_strays(since=merge.at) == 0
    assert OnboardingStep.objects.get(partner=northgate).dropped_at is not None
    assert program.enrolments.get(partner=northgate).reason == "Over."
