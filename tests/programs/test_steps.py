"""The steps of a program: written by operations, given to the firms that join, with owners, days, reminders, and gone with
the firm."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notifications.models import Message, Notice
from partners.consequences import foresee
from partners.enums import PartnerStatus, StandingChange
from partners.models import FirmEntry, OnboardingStep
from partners.services.onboarding import required_left
from partners.services.standing import change_standing
from partners.services.step_reminders import remind_of_steps
from partners.services.steps import complete_step
from programs.enums import Joining
from programs.models import ProgramStep
from programs.services import enrolling
from programs.services.steps import save_step
from programs.services.sweeping import sweep_programs
from tests.people import MONDAY, make_user
from tests.programs.makers import at, make_firms, make_program
from tests.programs.test_pages import client, text, url

pytestmark = pytest.mark.django_db


def write(program, by, title, *, stage=1, side="partner", days=None, required=True):
    fields = {"stage": stage, "stage_title": f"Part {stage}", "title": title, "side": side, "due_days": days}
    save_step(program, by=by, version=program.version, fields=fields | {"required": required})
    program.refresh_from_db()


@pytest.fixture
def program(olga):
    found = make_program(olga)
    write(found, olga, "Name two engineers", days=7)
    write(found, olga, "Send the kit", side="vendor", days=3)
    write(found, olga, "Run the kit", stage=2)
    return found


def join(program, olga, bob, day=0):
    asked = enrolling.apply(program, by=bob, clock=at(day))
    return enrolling.approve(asked, by=olga, clock=at(day))


def opened(**wanted):
    rows = OnboardingStep.objects.current().filter(opened_at__isnull=False, **wanted)
    return set(rows.values_list("title", flat=True))


def test_a_firm_that_joins_gets_them_stage_by_stage(program, olga, mara, bob, northgate):
    assert not OnboardingStep.objects.exists()
    join(program, olga, bob)
    assert opened() == {"Name two engineers", "Send the kit"}
    first = OnboardingStep.objects.get(title="Name two engineers")
    assert first.source_label == program.name and first.due_at.date() == (MONDAY + timedelta(days=7)).date()
    assert required_left(northgate) == 0  # they never hold back the firm's own onboarding

    page, here = client(bob), reverse("partners:onboarding", args=[northgate.code])
    shown = text(page.get(here))
    assert program.name in shown and "Name two engineers" in shown and "Run the kit" not in shown
    assert "0 of 3 done" in text(page.get(url("program", program.code)))
    complete_step(first, by=bob, clock=at(1))
    complete_step(OnboardingStep.objects.get(title="Send the kit"), by=mara, clock=at(2))
    assert "Run the kit" in text(page.get(here))
    assert "2 of 3 done" in text(client(olga).get(url("enrolment", program.enrolments.get().code)))


def test_each_side_is_reminded_of_its_own_once(program, olga, mara, bob):
    join(program, olga, bob)
    for _ in range(2):
        remind_of_steps(clock=at(10))
    mails = {mail.recipient: mail.text for mail in Message.objects.filter(event="partner.step_due")}
    assert set(mails) == {bob, mara}
    assert "Name two engineers" in mails[bob] and "Send the kit" not in mails[bob]
    assert "Send the kit" in mails[mara]


def test_a_firm_that_is_taken_in_by_the_portal_gets_them_too(olga, northgate):
    found = make_program(olga, joining=Joining.AUTOMATIC)
    write(found, olga, "Watch the film")
    sweep_programs(clock=at(0))
    assert opened(partner=northgate) == {"Watch the film"}


def test_who_keeps_firms_hears_once_of_steps_of_ours_that_many_get_in_a_sweep(
    olga, mara, northgate, southridge
):
    """Those that came with a program waited unseen until they were due."""
    assert northgate.manager == mara and southridge.manager == mara
    found = make_program(olga, joining=Joining.AUTOMATIC)
    write(found, olga, "Send the kit", side="vendor", days=3)
    for _ in range(2):
        sweep_programs(clock=at(0))
    notice = Notice.objects.get(event="partner.stage_opened", user=mara)
    assert notice.title == f"New steps for us with firms in {found.name}"
    assert notice.link == reverse("partners:our_steps")
    fields = {"stage": 1, "stage_title": "Part 1", "title": "Call them", "side": "vendor", "due_days": 2}
    save_step(found, by=olga, version=found.version, fields=fields, give=True, clock=at(1))
    assert Notice.objects.filter(event="partner.stage_opened", user=mara, title=notice.title).count() == 2
    assert Notice.objects.filter(event="partner.stage_opened").count() == 2  # nothing for the firms


def test_what_is_not_done_goes_with_the_firm_and_begins_anew_with_it(program, olga, bob, northgate):
    mine = join(program, olga, bob)
    complete_step(OnboardingStep.objects.get(title="Name two engineers"), by=bob, clock=at(1))
    enrolling.leave(mine, by=bob, clock=at(2))
    assert set(OnboardingStep.objects.current().values_list("title", flat=True)) == {"Name two engineers"}
    entry = FirmEntry.objects.get(partner=northgate, kind="steps_dropped")
    assert entry.data["source"] == program.name  # words, not the code that marks them
    assert remind_of_steps(clock=at(20)) == []

    join(program, olga, bob, day=40)
    again = OnboardingStep.objects.get(title="Send the kit")
    assert again.opened_at == MONDAY + timedelta(days=40)
    assert again.due_at.date() == (MONDAY + timedelta(days=43)).date()
    assert OnboardingStep.objects.count() == 3


def test_the_end_of_a_partnership_takes_them_back(program, olga, bob, northgate):
    join(program, olga, bob)
    change_standing(northgate, StandingChange.END, by=olga, reason="Sold.")
    northgate.refresh_from_db()
    assert northgate.status == PartnerStatus.ENDED and not OnboardingStep.objects.current().exists()


def test_invitations_are_told_apart_from_programs_before_a_partnership_ends(program, olga, bob, northgate):
    join(program, olga, bob)
    enrolling.invite(make_program(olga, "Council"), northgate, by=olga, clock=at(0))
    said = {row.label: row.count for row in foresee(northgate, StandingChange.END) if "program" in row.label}
    assert said == {"It leaves 1 program": 1, "1 invitation or application to programs ends": 1}
    kept = [row.label for row in foresee(northgate, StandingChange.SUSPEND) if "program" in row.label]
    assert kept == ["It stays in 1 program"]
    change_standing(northgate, StandingChange.END, by=olga, reason="Sold.")
    done = FirmEntry.objects.get(kind="end").data["done"]
    assert (done["enrolments ended"], done["invitations and applications ended"]) == (1, 1)


def test_the_firm_s_page_leads_the_vendor_to_each_of_its_programs(program, olga, bob, northgate):
    mine = join(program, olga, bob)
    page = text(client(olga).get(reverse("partners:partner", args=[northgate.code])))
    assert url("enrolment", mine.code) in page
    assert url("enrolment", mine.code) not in text(client(bob).get(reverse("partners:firm")))


def test_operations_write_them(olga, mara, program):
    page, here = client(olga), url("program", program.code)
    shown = text(page.get(here))
    assert "Steps for firms that join" in shown and "Us · due after 3 days" in shown
    new = url("new_step", program.code)
    assert page.get(new).context["form"]["stage_title"].value() == "Part 2"
    given = {"title": "Call us", "stage": 2, "stage_title": "Part two", "side": "partner", "required": "on"}
    bad = page.post(new, given | {"version": program.version, "link": "javascript:alert(1)"})
    assert bad.status_code == 422 and "Begin the address with https://" in text(bad)
    assert page.post(new, given | {"version": program.version - 1}).status_code == 409
    done = page.post(new, given | {"version": program.version}, follow=True)
    assert done.redirect_chain[-1][0] == f"{here}#steps"
    step = ProgramStep.objects.get(title="Call us")
    assert step.place == 20 and set(program.steps.filter(stage=2).values_list("stage_title", flat=True)) == {
        "Part two"
    }
    program.refresh_from_db()
    change = given | {"version": program.version, "title": "Call us soon"}
    assert page.post(url("step", program.code, step.pk), change).status_code == 302
    program.refresh_from_db()
    gone = url("delete_step", program.code, step.pk)
    assert client(mara).post(gone, {"version": program.version}).status_code == 403
    assert page.post(gone, {"version": program.version}).status_code == 302
    assert program.steps.count() == 3


def test_a_step_written_later_reaches_the_firms_that_are_in_once(program, olga, bob, northgate, southridge):
    """Offered where it is written, with their number; it opens where its stage is open, and its days count from then."""
    join(program, olga, bob)
    for step in OnboardingStep.objects.filter(stage=1):
        complete_step(step, by=bob if step.side == "partner" else olga, clock=at(1))
    before = Notice.objects.filter(user=bob).count()
    page, here, new = client(olga), url("program", program.code), url("new_step", program.code)
    assert "Give it to the 1 firm that takes part already, too" in text(page.get(new))
    given = {"title": "Call us", "stage": 1, "stage_title": "Part 1", "side": "partner", "due_days": 4}

    done = page.post(new, given | {"version": program.version}, follow=True)  # not asked for: not given
    assert "got it now" not in text(done) and not OnboardingStep.objects.filter(title="Call us").exists()
    assert "1 firm that takes part does not have it." in text(done)
    step = ProgramStep.objects.get(title="Call us")
    change = url("step", program.code, step.pk)
    program.refresh_from_db()
    stale = page.post(change, given | {"version": program.version - 1, "give": "on"})
    assert stale.status_code == 409 and not OnboardingStep.objects.filter(title="Call us").exists()
    done = page.post(change, given | {"version": program.version, "give": "on"}, follow=True)
    assert "1 firm that takes part got it now." in text(done) and "does not have it" not in text(done)
    mine = OnboardingStep.objects.get(title="Call us")
    assert mine.opened_at is not None and mine.due_at - mine.opened_at < timedelta(days=5)
    assert Notice.objects.filter(user=bob).count() == before + 1
    assert FirmEntry.objects.visible_to(bob).filter(kind="steps_given").count() == 2
    assert "Call us" in text(client(bob).get(reverse("partners:onboarding", args=[northgate.code])))

    assert "give" not in page.get(change).context["form"].fields  # nobody is left
    complete_step(mine, by=bob)
    program.refresh_from_db()
    other = given | {"title": "Call us soon", "version": program.version, "give": "on"}
    page.post(change, other)
    assert [row.title for row in OnboardingStep.objects.filter(key=str(step.pk))] == ["Call us"]
    # Who joins now gets it in the new words; who is outside never had it offered.
    asked = enrolling.invite(program, southridge, by=olga, clock=at(3))
    assert "give" not in page.get(change).context["form"].fields
    enrolling.accept(asked, by=make_user("Sue", "partner_admin", southridge), clock=at(3))
    assert OnboardingStep.objects.filter(partner=southridge, title="Call us soon").exists()
    assert "not have it" not in text(page.get(here))


def test_a_step_of_a_later_stage_waits_for_its_stage_at_each_firm(program, olga, bob, northgate):
    join(program, olga, bob)
    fields = {"stage": 2, "stage_title": "Part 2", "title": "Visit us", "side": "partner", "due_days": 9}
    assert save_step(program, by=olga, version=program.version, fields=fields, give=True, clock=at(2)) == 1
    mine = OnboardingStep.objects.get(title="Visit us")
    assert (mine.opened_at, mine.due_at) == (None, None)
    for step in OnboardingStep.objects.filter(stage=1):
        complete_step(step, by=bob if step.side == "partner" else olga, clock=at(5))
    mine.refresh_from_db()
    assert mine.due_at.date() == (MONDAY + timedelta(days=14)).date()


def test_what_was_taken_back_once_comes_again_in_the_words_of_today(program, olga, bob):
    mine = join(program, olga, bob)
    enrolling.leave(mine, by=bob, clock=at(1))
    step = program.steps.get(title="Send the kit")
    ProgramStep.objects.filter(pk=step.pk).update(title="Send both kits")
    join(program, olga, bob, day=2)
    assert "Send both kits" in opened() and "Send the kit" not in opened()


def test_as_many_queries_to_give_a_step_to_many_firms(program, olga, mara):
    def queries() -> int:
        program.refresh_from_db()
        fields = {"stage": 1, "stage_title": "Part 1", "title": "More", "side": "partner", "due_days": 3}
        with CaptureQueriesContext(connection) as caught:
            save_step(program, by=olga, version=program.version, fields=fields, give=True)
        return len(caught)

    def enrol(firms):
        for number, firm in enumerate(firms):
            make_user(f"Ann{number}", "partner_admin", firm)
            asked = enrolling.invite(program, firm, by=olga, clock=at(0))
            enrolling.accept(asked, by=firm.members.get().user, clock=at(0))

    firms = make_firms(5, mara)
    enrol(firms[:1])
    one = queries()
    enrol(firms[1:])
    assert queries() == one and OnboardingStep.objects.filter(title="More").count() == 10


def test_as_many_queries_for_many_steps(program, olga, bob, northgate):
    join(program, olga, bob)

    def queries(person, address):
        page = client(person)
        page.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert page.get(address).status_code == 200
        return len(caught)

    here = url("program", program.code)
    one = [queries(person, here) for person in (olga, bob)]
    for number in range(5):
        write(program, olga, f"Step {number}")
        OnboardingStep.objects.create(
            partner=northgate,
            source=f"program:{program.code}",
            source_label=program.name,
            key=f"k{number}",
            stage=1,
            stage_title="Part 1",
            place=99,
            title=f"Step {number}",
            side="partner",
            required=True,
        )
    assert [queries(person, here) for person in (olga, bob)] == one
