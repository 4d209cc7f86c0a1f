"""Steps: one stage at a time, two sides, due days, one reminder, activation."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.absences import plan_absence
from accounts.enums import CHANNEL_MANAGER, PARTNER_ADMIN
from core.clock import database_clock, fixed
from core.errors import BadInput, NotAllowed, WrongStatus
from notifications.models import Message, Notice
from partners.enums import PartnerStatus, StandingChange
from partners.models import FirmEntry, OnboardingPlan, OnboardingStep, Partner, PlanStep
from partners.services.firms import create_partner, update_partner
from partners.services.onboarding import StepWords, add_steps, drop_steps, give_plan
from partners.services.standing import change_standing
from partners.services.step_reminders import remind_of_steps
from partners.services.steps import complete_step, reopen_step
from tests.people import make_user

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def firm(northgate):
    Partner.objects.filter(pk=northgate.pk).update(status=PartnerStatus.PROSPECT)
    northgate.refresh_from_db()
    return northgate


@pytest.fixture
def begun(firm, olga):
    return change_standing(firm, StandingChange.BEGIN, by=olga, clock=fixed(START))


def step(title):
    return OnboardingStep.objects.get(title=title)


def titles(**wanted):
    return list(OnboardingStep.objects.filter(**wanted).values_list("title", flat=True))


def test_one_stage_at_a_time(begun, bob, mara, olga, client):
    first, second = titles(stage=1), titles(stage=2)
    assert titles(opened_at__isnull=False) == first and len(second) == 3
    assert step("Complete your profile").due_at == datetime(2026, 3, 9, 23, 59, 59, tzinfo=UTC)
    page = reverse("partners:onboarding", args=[begun.code])
    client.force_login(bob)
    html = client.get(page).content.decode()
    assert all(title in html for title in first) and "Get ready to sell" in html
    assert not any(title in html for title in second) and "The first deal" not in html
    with pytest.raises(WrongStatus, match="not open yet"):
        complete_step(step(second[0]), by=olga)

    complete_step(step("Complete your profile"), by=bob)
    complete_step(step("Invite your colleagues"), by=bob)
    assert titles(stage=2, opened_at__isnull=False) == []
    later = START + timedelta(days=3)
    complete_step(step("Welcome call"), by=mara, clock=fixed(later))

    assert titles(stage=2, opened_at=later) == second and titles(stage=3, opened_at__isnull=False) == []
    assert "Get ready to sell" in Notice.objects.get(user=bob, event="partner.stage_opened").title
    assert step("Say who does what").due_at == datetime(2026, 3, 19, 23, 59, 59, tzinfo=UTC)
    html = client.get(page).content.decode()
    assert all(title in html for title in second) and "The first deal" in html
    client.force_login(olga)
    assert "Go through your first deal with us" in client.get(page).content.decode()  # greyed for operations


def test_whoever_keeps_a_firm_hears_of_it_and_of_each_stage_with_steps_of_ours(olga, mara):
    """Only the firm did; a step of ours without a day reached nobody."""
    made = create_partner(
        by=olga,
        fields={"name": "Newco", "kind": "reseller", "country": "DE", "time_zone": "UTC", "manager": mara},
        begins=PartnerStatus.ONBOARDING,
        clock=fixed(START),
    )
    bea = make_user("Bea", PARTNER_ADMIN, made)
    assert [row.title for row in mara.notices.all()] == ["Newco is a new partner. Its onboarding begins"]
    for title in titles(stage=1):
        person = mara if step(title).side == "vendor" else bea
        complete_step(step(title), by=person, clock=fixed(START))
    OnboardingStep.objects.filter(stage=3).update(side="vendor", due_days=None)
    for title in titles(stage=2):
        complete_step(step(title), by=olga if step(title).side == "vendor" else bea, clock=fixed(START))
    opened = Notice.objects.filter(event="partner.stage_opened", user=mara).order_by("-pk").first()
    assert opened.title == "New steps for us with Newco: The first deal"
    assert opened.link == reverse("partners:onboarding", args=[made.code])
    assert not Notice.objects.filter(user=olga).exists()  # she took it in herself


def test_open_steps_of_ours_are_listed_across_firms_for_whoever_keeps_them(
    begun, southridge, mara, olga, ivan, client
):
    """Northgate is Mara's, Southridge has nobody: its steps are for operations. The sidebar counts them on every page."""
    Partner.objects.filter(pk=southridge.pk).update(manager=None)
    add_steps(
        southridge, "program:X", [StepWords("1", "Send the kit", side="vendor")], label="Elite", by=olga
    )
    address = reverse("partners:our_steps")

    def listed(person, view=""):
        client.force_login(person)
        page = client.get(address, {"view": view})
        assert page.status_code == 200
        return [(row.title, row.firm) for row in page.context["rows"]], [
            entry["badge"] for entry in page.context["navigation"] if entry["label"] == "Partners"
        ]

    call, kit = ("Welcome call", "Northgate"), ("Send the kit", "Southridge")
    assert listed(mara) == ([call], [1])
    assert listed(olga) == ([kit], [1])
    assert listed(ivan) == ([], [0])
    # 'All 2' stands above it.
    assert (
        "No step waits for you" in client.get(address).text
        and "No step is open" not in client.get(address).text
    )
    assert listed(mara, "all") == ([call, kit], [1])  # what is due comes first
    assert "Overdue since" in client.get(address).content.decode()
    noor = make_user("Noor", CHANNEL_MANAGER)
    today = database_clock().date()
    plan_absence(mara, delegate=noor, starts_on=today, ends_on=today + timedelta(days=3), by=mara)
    assert listed(noor) == ([call], [1])
    complete_step(step("Welcome call"), by=mara)
    Partner.objects.filter(pk=southridge.pk).update(status=PartnerStatus.SUSPENDED)
    assert listed(mara, "all") == ([], [0])


def test_the_first_screen_says_what_waits(begun, bob, charlie, client):
    for person, expected in ((bob, ["Complete your profile", "Invite your colleagues"]), (charlie, [])):
        client.force_login(person)
        page = client.get(reverse("registrations:overview"))
        groups = [group for group in page.context["others"] if group.title == "Steps for your firm"]
        assert [item.name for group in groups for item in group.items] == expected


def test_each_side_ticks_its_own(begun, alice, charlie, mara, ivan, olga, client):
    ours, theirs = step("Welcome call"), step("Complete your profile")
    for person, what in ((alice, ours), (charlie, theirs), (mara, theirs), (ivan, ours), (ivan, theirs)):
        with pytest.raises(NotAllowed):
            complete_step(what, by=person)
    address = reverse("partners:tick_step", args=[begun.code, theirs.pk])
    client.force_login(charlie)
    assert client.post(address, {"done": "yes"}).status_code == 404
    client.force_login(alice)
    assert client.post(address, {"done": "yes"}, headers={"HX-Request": "true"}).status_code == 200
    theirs.refresh_from_db()
    assert theirs.done_by == alice
    with pytest.raises(WrongStatus, match="already, by Alice"):
        complete_step(theirs, by=olga)
    reopen_step(theirs, by=olga)
    theirs.refresh_from_db()
    assert (theirs.done_at, theirs.done_by) == (None, None)
    kinds = FirmEntry.objects.filter(partner=begun, kind__startswith="step_").values_list(
        "kind", "actor__name"
    )
    assert sorted(kinds) == [("step_done", "Alice"), ("step_undone", "Olga")]


def test_the_tab_counts_what_was_just_ticked(begun, bob, client):
    client.force_login(bob)
    address = reverse("partners:tick_step", args=[begun.code, step("Complete your profile").pk])
    html = client.post(address, {"done": "yes"}, headers={"HX-Request": "true"}).content.decode()
    assert '<div id="firm-tabs" hx-swap-oob="true">' in html and "1/7" in html
    page = client.get(reverse("partners:onboarding", args=[begun.code])).content.decode()
    assert "hx-swap-oob" not in page


def test_one_mail_after_an_outage_not_ten(begun, bob, mara, alice):
    """Down for weeks: each person gets one mail with all that fell due, and never again."""
    complete_step(step("Invite your colleagues"), by=bob)
    assert remind_of_steps(clock=fixed(START + timedelta(days=4))) == []  # nothing within a day
    late = fixed(START + timedelta(days=30))
    assert remind_of_steps(clock=late, dry_run=True) == [begun.code]
    assert Message.objects.filter(event="partner.step_due").count() == 0
    assert remind_of_steps(clock=late) == [begun.code]
    for _ in range(3):
        assert remind_of_steps(clock=late) == []
    mails = {mail.recipient: mail.text for mail in Message.objects.filter(event="partner.step_due")}
    assert set(mails) == {bob, mara}
    assert "Complete your profile" in mails[bob] and "Invite your colleagues" not in mails[bob]
    assert "Welcome call" in mails[mara]


def test_a_step_a_mail_in_quiet_times(begun, bob, mara):
    for days in range(40):
        remind_of_steps(clock=fixed(START + timedelta(days=days, hours=6)))
    mails = Message.objects.filter(event="partner.step_due", recipient=bob)
    assert mails.count() == 1  # both of the first stage are due on one day
    assert Message.objects.filter(event="partner.step_due", recipient=mara).count() == 1


def test_while_the_manager_is_away_their_stand_in_is_reminded_and_may_tick(begun, mara, charlie, client):
    """Three weeks away from the day before a step falls due; what falls due later comes to the manager again."""
    jonas, other = make_user("Jonas", CHANNEL_MANAGER), make_user("Other", CHANNEL_MANAGER)
    days = {"starts_on": date(2026, 3, 5), "ends_on": date(2026, 3, 25)}
    plan_absence(mara, delegate=jonas, by=mara, clock=fixed(START), **days)
    call = step("Welcome call")
    with pytest.raises(NotAllowed):
        complete_step(call, by=jonas, clock=fixed(START))  # not yet away
    for day in range(24):
        remind_of_steps(clock=fixed(START + timedelta(days=day, hours=6)))
    due = Message.objects.filter(event="partner.step_due")
    assert {mail.recipient for mail in due if "Welcome call" in mail.text} == {jonas}
    with pytest.raises(NotAllowed):
        complete_step(call, by=other, clock=fixed(START + timedelta(days=10)))
    done = complete_step(call, by=jonas, clock=fixed(START + timedelta(days=10)))
    assert done.done_by == jonas
    with pytest.raises(NotAllowed):
        reopen_step(call, by=jonas, clock=fixed(START + timedelta(days=24)))  # back again


def test_nobody_is_reminded_while_suspended(begun, bob, olga):
    change_standing(begun, StandingChange.SUSPEND, by=olga, reason="Unpaid.")
    assert remind_of_steps(clock=fixed(START + timedelta(days=30))) == []
    change_standing(begun, StandingChange.REINSTATE, by=olga, reason="Paid.")
    begun.refresh_from_db()
    assert begun.status == PartnerStatus.ONBOARDING  # its steps are open still
    assert remind_of_steps(clock=fixed(START + timedelta(days=30))) == [begun.code]


@pytest.mark.parametrize("by_itself", [True, False])
def test_activation(by_itself, begun, bob, olga, client):
    OnboardingPlan.objects.update(activates_by_itself=by_itself)
    with pytest.raises(WrongStatus, match="6 required steps"):
        change_standing(begun, StandingChange.ACTIVATE, by=olga)
    client.force_login(olga)
    activate = reverse("partners:standing", args=[begun.code, "activate"])
    assert "6 required steps" in client.get(activate).content.decode()
    while row := OnboardingStep.objects.filter(required=True, done_at=None, opened_at__isnull=False).first():
        complete_step(row, by=olga)
    begun.refresh_from_db()
    assert begun.status == (PartnerStatus.ACTIVE if by_itself else PartnerStatus.ONBOARDING)
    if not by_itself:
        page = client.get(reverse("partners:onboarding", args=[begun.code])).content.decode()
        assert "Every required step is done." in page
        assert client.post(activate, {"version": begun.version, "reason": ""}).status_code == 302
    begun.refresh_from_db()
    entry = FirmEntry.objects.get(kind="activate")
    assert (begun.status, entry.actor) == (PartnerStatus.ACTIVE, None if by_itself else olga)
    assert Message.objects.get(event="partner.activated").recipient == bob


def test_steps_of_a_program_stand_beside(begun, bob, olga, client):
    """An app further up gives steps of its own: own stages, given once, taken back, no brake on activation."""
    given = [
        StepWords("a", "Watch the video", stage=1, stage_title="Learn", due_days=0),
        StepWords("b", "Pass the test", stage=2, stage_title="Prove"),
    ]
    for _ in range(2):
        steps = add_steps(begun, "program:G-1", given, label="Edge masters", by=olga, clock=fixed(START))
        assert [(row.title, row.opened_at is not None) for row in steps] == [
            ("Watch the video", True),
            ("Pass the test", False),
        ]
    client.force_login(bob)
    page = client.get(reverse("partners:onboarding", args=[begun.code])).content.decode()
    assert "Edge masters" in page and "Watch the video" in page and "Pass the test" not in page
    complete_step(step("Watch the video"), by=bob)
    assert drop_steps(begun, "program:G-1", label="Edge masters", by=olga) == 1
    page = client.get(reverse("partners:onboarding", args=[begun.code])).content.decode()
    assert "Prove" not in page and "Watch the video" in page
    with pytest.raises(WrongStatus):
        complete_step(step("Pass the test"), by=bob)
    with pytest.raises(BadInput):
        add_steps(begun, "x", [StepWords("c", "Evil", link="javascript:alert(1)")], label="X", by=olga)


def test_a_kind_with_a_plan_of_its_own(firm, olga):
    firm.kind = "distributor"
    give_plan(firm, by=olga, at=START)
    assert "Agree on credit limit and terms of payment" in titles()


def test_another_kind_in_the_middle_brings_its_own_steps(begun, bob, olga):
    """A step of the same title that was done is not asked for again; a change that leaves the plan leaves the steps."""
    first = OnboardingStep.objects.filter(partner=begun, stage=1, side="partner").earliest("pk")
    complete_step(first, by=bob)
    before = titles(dropped_at=None)
    plan = OnboardingPlan.objects.get(kind="distributor")
    PlanStep.objects.create(plan=plan, stage=1, stage_title="First", title=first.title)
    for kind, expected in (
        ("consultant", set(before)),
        ("distributor", {first.title, *plan.steps.values_list("title", flat=True)}),
    ):
        begun.refresh_from_db()
        update_partner(begun, by=olga, version=begun.version, fields={"kind": kind})
        assert set(titles(dropped_at=None)) == expected
    assert titles(title=first.title) == [first.title]
    assert titles(dropped_at=None, opened_at__isnull=False, done_at=None)


def test_as_many_queries_for_many_steps(begun, olga, client):
    client.force_login(olga)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("partners:onboarding", args=[begun.code]))
        return len(asked)

    queries()
    one = queries()
    more = [StepWords(str(number), f"Step {number}") for number in range(5)]
    for source in ("p:1", "p:2"):
        add_steps(begun, source, more, label=source, by=olga)
    complete_step(OnboardingStep.objects.filter(source="p:1").first(), by=olga)
    assert queries() == one


def plan_of(kind, *titles, by_itself=False, required=True):
    plan = OnboardingPlan.objects.create(kind=kind, activates_by_itself=by_itself)
    for title in titles:
        PlanStep.objects.create(
            plan=plan, stage=1, stage_title="First", title=title, side="vendor", required=required
        )


def become(firm, kind, olga):
    firm = Partner.objects.get(pk=firm.pk)
    return update_partner(firm, by=olga, version=firm.version, fields={"kind": kind})


def changed(firm, change, olga):
    return change_standing(Partner.objects.get(pk=firm.pk), change, by=olga, reason="So.").status


@pytest.mark.parametrize("stop", [StandingChange.SUSPEND, StandingChange.END])
def test_reinstating_does_not_stand_in_for_the_activation(firm, olga, stop):
    """Every step is done, and operations have still to say so: before the stop and after it."""
    OnboardingPlan.objects.all().delete()
    plan_of("", "Call")
    changed(firm, StandingChange.BEGIN, olga)
    complete_step(step("Call"), by=olga)
    changed(firm, stop, olga)
    assert changed(firm, StandingChange.REINSTATE, olga) == PartnerStatus.ONBOARDING
    assert changed(firm, StandingChange.ACTIVATE, olga) == PartnerStatus.ACTIVE


def test_what_was_ticked_while_it_was_suspended_activates_when_it_is_reinstated(firm, olga):
    OnboardingPlan.objects.all().delete()
    plan_of("", "Call", by_itself=True)
    changed(firm, StandingChange.BEGIN, olga)
    changed(firm, StandingChange.SUSPEND, olga)
    complete_step(step("Call"), by=olga)
    firm.refresh_from_db()
    assert firm.status == PartnerStatus.SUSPENDED
    assert changed(firm, StandingChange.REINSTATE, olga) == PartnerStatus.ACTIVE
    assert FirmEntry.objects.get(kind="activate").actor is None


def test_another_kind_while_it_is_suspended_brings_its_own_steps_too(firm, olga):
    OnboardingPlan.objects.all().delete()
    plan_of("", "General")
    plan_of("msp", "For MSPs")
    changed(firm, StandingChange.BEGIN, olga)
    changed(firm, StandingChange.SUSPEND, olga)
    become(firm, "msp", olga)
    assert changed(firm, StandingChange.REINSTATE, olga) == PartnerStatus.ONBOARDING
    assert titles(dropped_at=None, opened_at__isnull=False) == ["For MSPs"]


@pytest.mark.parametrize("by_itself", [True, False])
def test_another_kind_that_leaves_nothing_to_do_activates_where_the_plan_says_so(firm, olga, bob, by_itself):
    OnboardingPlan.objects.all().delete()
    plan_of("", "Call", "Terms", by_itself=by_itself)
    plan_of("msp", "Call", by_itself=by_itself)
    changed(firm, StandingChange.BEGIN, olga)
    complete_step(step("Call"), by=olga)
    assert become(firm, "msp", olga).status == ("active" if by_itself else "onboarding")
    assert Message.objects.filter(event="partner.activated", recipient=bob).count() == by_itself


@pytest.mark.parametrize("by_itself", [True, False])
def test_a_plan_that_needs_nothing_activates_at_once_where_it_says_so(firm, olga, by_itself):
    OnboardingPlan.objects.all().delete()
    plan_of("", "A tour", by_itself=by_itself, required=False)
    assert changed(firm, StandingChange.BEGIN, olga) == ("active" if by_itself else "onboarding")
    fields = {"name": "Westgate", "kind": "msp", "country": "DE"}
    made = create_partner(by=olga, fields=fields, begins=PartnerStatus.ONBOARDING)
    assert made.status == ("active" if by_itself else "onboarding")
    assert titles(partner=made) == ["A tour"]


def test_a_step_that_is_opened_again_is_reminded_of_once_more(begun, bob):
    profile = step("Complete your profile")
    complete_step(step("Invite your colleagues"), by=bob)
    day = START + timedelta(days=7)
    assert remind_of_steps(clock=fixed(day)) == [begun.code]
    complete_step(profile, by=bob, clock=fixed(day))
    reopen_step(profile, by=bob, clock=fixed(day + timedelta(hours=1)))
    for hours, told in ((2, [begun.code]), (3, []), (300, [])):
        assert remind_of_steps(clock=fixed(day + timedelta(hours=hours))) == told
    mails = Message.objects.filter(event="partner.step_due", recipient=bob)
    assert ["Complete your profile" in mail.text for mail in mails] == [True, True]
