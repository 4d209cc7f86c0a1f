"""What the demo promises to those who look at it."""

from collections import Counter
from datetime import time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db.models import Count
from django.test import Client
from django.urls import reverse

from accounts.models import User
from companies.models import Company, NamedAccount, Verdict
from core.clock import database_clock
from demo.files import table
from demo.ground import PASSWORD
from leads.models import Gift, Lead
from leads.services import timeline as leads_timeline
from notifications.enums import MessageStatus
from notifications.models import Message, Notice
from partners.models import Partner
from policies.loading import right_of
from policies.models import ExclusiveRight, RegistrationPolicy
from policies.reach import meet
from registrations.enums import Status
from registrations.models import Attachment, Conflict, Holding, Registration, Simulation
from registrations.services import still_active, timeline
from registrations.services.places import place_in_line

# In one process, so that the demo is told once.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo"), pytest.mark.xdist_group("demo")]


def test_every_status_is_there(demo: int) -> None:
    counts = Counter(Registration.objects.values_list("status", flat=True))
    assert demo == sum(counts.values()) == 164
    assert set(counts) == set(Status.values)
    assert counts[Status.IN_REVIEW] >= 12
    assert counts[Status.INFORMATION_ASKED] == 3
    assert counts[Status.WAITLISTED] == 4
    assert counts[Status.SHARED] == counts[Status.TRANSFERRED] == 1


def test_leads_stand_in_every_state() -> None:
    counts = Counter(Lead.objects.values_list("status", flat=True))
    assert counts == {"new": 4, "pooled": 5, "given": 4, "accepted": 2, "closed": 1}
    assert set(Gift.objects.values_list("end", flat=True)) == {"", "accepted", "declined", "pulled_back"}
    assert [lead.code for lead in Lead.objects.all() if leads_timeline.first_broken(lead) is not None] == []


def test_policy_versions_begin_at_midnight_where_they_were_written() -> None:
    written = RegistrationPolicy.objects.published().filter(published_by__isnull=False)
    zone = ZoneInfo("Europe/Berlin")  # Olga's
    begins = [policy.effective_from.astimezone(zone).time() for policy in written if policy.effective_from]
    assert begins == [time(), time()]


def test_notices_stand_in_the_order_of_time() -> None:
    moments = list(Notice.objects.order_by("id").values_list("created_at", flat=True))
    assert len(moments) > 100 and moments == sorted(moments)


def test_partners_are_of_all_sorts() -> None:
    assert Partner.objects.count() == 13
    assert {"active", "onboarding", "suspended"} == set(Partner.objects.values_list("status", flat=True))
    # The one that was taken in last week has nobody yet: its first admin is invited.
    sizes = list(
        Partner.objects.filter(application=None)
        .annotate(size=Count("members"))
        .values_list("size", flat=True)
    )
    assert min(sizes) >= 1
    assert max(sizes) <= 4
    assert NamedAccount.objects.count() == 15


def test_no_timeline_is_broken() -> None:
    assert [r.code for r in Registration.objects.all() if timeline.first_broken(r) is not None] == []


def test_the_past_is_told_in_order_of_time() -> None:
    for registration in Registration.objects.prefetch_related("timeline"):
        moments = [entry.at for entry in sorted(registration.timeline.all(), key=lambda entry: entry.number)]
        assert moments == sorted(moments), registration.code
    ranked = Registration.objects.exclude(rank=None).order_by("rank").values_list("submitted_at", flat=True)
    moments = [moment for moment in ranked if moment]
    assert moments == sorted(moments)


def test_nothing_lies_in_the_future() -> None:
    now = database_clock()
    assert not Registration.objects.filter(changed_at__gt=now).exists()
    assert not Notice.objects.filter(created_at__gt=now).exists()
    assert not Company.objects.filter(created_at__gt=now).exists()


def test_old_mail_stays_old() -> None:
    waiting = Message.objects.filter(status=MessageStatus.PENDING)
    assert 10 <= waiting.count() <= 20
    assert not waiting.filter(created_at__lt=database_clock() - timedelta(days=5)).exists()
    late = Message.objects.filter(status=MessageStatus.SENT).exclude(
        sent_at__date__lt=database_clock().date()
    )
    assert not late.exists()


def test_a_reminder_still_works() -> None:
    mails = Message.objects.filter(status=MessageStatus.PENDING, event="registration.reminder")
    assert mails, "no reminder among the mails that go out today"
    registration = Registration.objects.get(code=mails[0].about)
    token = mails[0].text.split("/still-active/")[1].split("/")[0]
    assert still_active.read(token).registration == registration


def test_the_queue_has_conflicts_of_spelling() -> None:
    in_review = Registration.objects.awaiting_review()
    disputed = in_review.filter(conflicts__state="open", conflicts__rival__status=Status.APPROVED).distinct()
    assert disputed.count() >= 8, [str(row) for row in disputed]
    assert in_review.overdue(database_clock()).count() >= 3
    assert in_review.filter(review_reasons__contains=["check_failed"]).count() == 1
    assert Conflict.objects.unjudged().filter(named_account__isnull=False).exists()
    assert Verdict.objects.active().different().exists()


def test_one_company_has_a_line_of_two() -> None:
    lines: dict[str, list[int]] = {}
    for waiting in Registration.objects.in_line().select_related("company"):
        lines.setdefault(str(waiting.company), []).append(place_in_line(waiting))
    assert lines == {
        "Hollis & Vane Packaging Inc.": [1, 2],
        "Kaldera Pumper AS": [1],
        "Havsund Fiskeforedling AS": [1],  # the one before has been offered the deal and has yet to answer
    }
    assert Holding.objects.filter(ended_at=None).count() >= Registration.objects.protected().count()


def test_well_known_names() -> None:
    held = Registration.objects.protected()
    assert (
        held.get(company_name="International Business Machines Corp.").partner.name == "Southridge Controls"
    )
    air, faucet = held.get(company_name="Delta Air Lines"), held.get(company_name="Delta Faucet Company")
    assert air.partner != faucet.partner
    assert not air.conflicts.exists()
    assert not faucet.conflicts.exists()


def test_days_run_out_as_promised() -> None:
    start = database_clock().replace(hour=0, minute=0, second=0, microsecond=0)
    left = {
        r.company_name: (r.protected_until - start).days + 1
        for r in Registration.objects.protected()
        if r.protected_until
    }
    assert left["Werra Kaliwerke GmbH"] == 5
    assert left["Sankt Veit Kliniken"] == 20


def test_attachments_are_real_files() -> None:
    first = Attachment.objects.earliest("id")
    with first.file.open() as file:
        content = file.read()
    assert content.startswith(b"%PDF-1.4")
    assert content.rstrip().endswith(b"%%EOF")


def test_a_second_load_changes_nothing() -> None:
    before = (Registration.objects.count(), Message.objects.count(), User.objects.count())
    out = StringIO()
    call_command("load_demo", stdout=out)
    assert "already there" in out.getvalue()
    assert before == (Registration.objects.count(), Message.objects.count(), User.objects.count())


@pytest.mark.parametrize("row", [row for row in table("people") if row["shown"]], ids=lambda row: row["key"])
def test_the_listed_accounts_can_sign_in(row: dict[str, str], client: Client) -> None:
    answer = client.post(reverse("account_login"), {"login": row["email"], "password": PASSWORD})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get(email=row["email"]).pk)


def test_the_accounts_are_printed_as_a_table() -> None:
    out = StringIO()
    call_command("demo_accounts", stdout=out)
    head, *rows = out.getvalue().splitlines()
    column = head.index("E-mail")
    assert all(row[column:].split()[0].endswith(".example") for row in rows[:-1])
    assert PASSWORD in rows[0]
    assert len(PASSWORD) >= 15


def test_a_draft_of_the_policy_was_tried_on_the_past_year() -> None:
    simulation = Simulation.objects.exclude(policy=None).get()
    assert simulation.policy is not None and simulation.policy.is_draft and simulation.state == "done"
    assert simulation.unsettled == simulation.reconstructed == 0
    kinds = Counter(simulation.cases.values_list("before", "after"))
    assert sum(kinds.values()) > 15
    assert {after for _, after in kinds} == {"approved", "waitlisted", "refused", "sent_back"}
    trial = Simulation.objects.get(policy=None)
    assert (trial.state, trial.unsettled) == ("done", 0)
    assert set(trial.cases.values_list("after", "rule")) == {("in_review", "exclusive_right")}


def test_rights_that_are_exclusive_and_two_beside_one_another() -> None:
    rights = ExclusiveRight.objects.standing()
    assert rights.filter(is_exclusive=True).count() == 2
    one, other = rights.filter(is_exclusive=False).select_related("partner")
    assert one.partner != other.partner and meet(right_of(one), right_of(other))
