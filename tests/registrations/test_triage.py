"""Who reviews what: routing, rotation, absence, handing over, setting aside; and what becomes of what is overdue."""

from datetime import date, timedelta

import pytest

from accounts import absences
from accounts.models import Absence, User
from core.clock import fixed
from core.errors import BadInput, NotAllowed, WrongStatus
from notifications.models import Message
from partners.models import Partner
from registrations.enums import Audience, RefusalReason
from registrations.models import Escalation, Registration
from registrations.services import appeals, decisions, escalations, extensions, partner_actions, triage
from registrations.services.escalations import escalate_overdue
from registrations.services.reminders import send_reminders
from registrations.services.timeline import first_broken
from tests.people import MONDAY, MONDAY_CLOCK, make_user
from tests.registrations.requests_help import letter

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def noah(db):
    return make_user("Noah", "channel_manager")


@pytest.fixture
def big(alice, register):
    """`big(name, hours)`: waits for a person because of its value, from `hours` after Monday at nine."""

    def make(name, *, hours=0, person=None):
        return register(person or alice, name, value=500_000, clock=fixed(MONDAY + timedelta(hours=hours)))

    return make


def away(person, delegate, first, last, clock=MONDAY_CLOCK):
    return absences.plan_absence(
        person, delegate=delegate, starts_on=first, ends_on=last, by=person, clock=clock
    )


def overdue_mails():
    rows = Message.objects.filter(event="registration.overdue").order_by("pk")
    return [(row.recipient.name, row.created_at) for row in rows]


def sweep(moment):
    return sorted(escalate_overdue(clock=fixed(moment)).done)


@pytest.mark.parametrize(
    ("hours", "due"),
    [
        (0, (3, 17)),  # Monday at nine: sixteen opening hours are over on Tuesday evening
        (3, (4, 12)),  # Monday at noon: Wednesday at noon
        (15, (4, 17)),  # Monday at midnight counts from Tuesday morning
        (24 * 4 + 3, (10, 12)),  # Friday at noon: Tuesday at noon
        (24 * 5, (10, 17)),  # Saturday counts from Monday
    ],
)
def test_an_answer_is_due_after_business_hours_of_the_vendor(big, hours, due):
    day, hour = due
    assert big("Kestrel", hours=hours).review_due_at == MONDAY.replace(day=day, hour=hour)


def test_the_vendors_holidays_count_and_not_the_partners(big, settings):
    settings.VENDOR_COUNTRY = "US"
    labour_day = (MONDAY.replace(month=9, day=4, hour=16) - MONDAY) / HOUR
    assert big("Kestrel", hours=labour_day).review_due_at == MONDAY.replace(month=9, day=9, hour=16)


def test_reviews_go_to_the_firms_manager_else_in_rotation(mara, noah, northgate, big):
    assert big("One").reviewer == mara
    northgate.manager = None
    northgate.save()
    assert [big(name).reviewer for name in ("Two", "Three", "Four")] == [noah, mara, noah]
    away(noah, mara, MONDAY.date(), MONDAY.date() + DAY)
    assert big("Five").reviewer == mara
    User.objects.filter(pk__in=[mara.pk, noah.pk]).update(is_active=False)
    assert big("Six").reviewer is None


def test_the_delegate_hears_of_new_reviews_and_owns_them_only_meanwhile(mara, noah, big):
    away(mara, noah, MONDAY.date(), MONDAY.date() + DAY)
    row = big("Kestrel")
    assert row.reviewer == mara
    told = Message.objects.get(event="registration.review_needed", about=row.code)
    assert told.recipient == noah
    present = absences.roster(MONDAY + 2 * DAY)
    assert (present.stand_in(mara), absences.roster(MONDAY).represented_by(noah)) == (mara, [mara])


def test_absence_follows_the_days_of_the_absent_person(mara, noah):
    User.objects.filter(pk=mara.pk).update(time_zone="Pacific/Auckland")
    mara.refresh_from_db()
    away(mara, noah, date(2026, 3, 4), date(2026, 3, 4))
    assert absences.roster(MONDAY.replace(day=3, hour=12)).stand_in(mara) == noah
    assert absences.roster(MONDAY.replace(day=4, hour=12)).stand_in(mara) == mara


def test_delegates_of_delegates_and_circles(mara, noah, ada):
    days = (MONDAY.date(), MONDAY.date() + DAY)
    away(mara, noah, *days)
    away(noah, ada, *days)
    present = absences.roster(MONDAY)
    assert present.stand_in(mara) == ada
    assert present.represented_by(ada) == [mara, noah]
    away(ada, mara, *days)
    assert absences.roster(MONDAY).stand_in(mara) is None


def test_an_absence_is_ones_own_and_makes_sense(mara, noah, ivan, alice):
    first, last = MONDAY.date(), MONDAY.date() + DAY
    with pytest.raises(NotAllowed):
        absences.plan_absence(mara, delegate=noah, starts_on=first, ends_on=last, by=noah)
    for delegate, days, field in (
        (mara, (first, last), "delegate"),
        (ivan, (first, last), "delegate"),
        (alice, (first, last), "delegate"),
        (noah, (last, first), "ends_on"),
        (noah, (first - 9 * DAY, first - 8 * DAY), "ends_on"),
    ):
        with pytest.raises(BadInput) as refused:
            away(mara, delegate, *days)
        assert refused.value.field == field
    absence = away(mara, noah, first, last)
    with pytest.raises(BadInput, match="Take that back first"):
        away(mara, noah, last, last + 5 * DAY)
    absences.cancel_absence(absence, by=mara)
    assert absences.roster(MONDAY).stand_in(mara) == mara
    with pytest.raises(WrongStatus):
        absences.cancel_absence(absence, by=mara)
    assert Absence.objects.count() == 1


def test_nobody_is_their_own_manager(mara, noah, ada, alice, olga):
    absences.set_manager(mara, manager=noah, by=olga)
    absences.set_manager(noah, manager=ada, by=olga)
    ada.refresh_from_db()
    for manager in (User.objects.get(pk=mara.pk), ada, alice):
        with pytest.raises(BadInput, match="circle"):
            absences.set_manager(ada, manager=manager, by=olga)
    with pytest.raises(NotAllowed):
        absences.set_manager(mara, manager=None, by=mara)


def test_handing_over_taking_and_dealing_out(mara, noah, ada, ivan, alice, big):
    row = big("Kestrel")
    version = row.version
    triage.hand_over(row, to=noah, by=mara, note="Yours: you know them.")
    triage.tell_handed_over([row], to=noah, by=mara, note="Yours: you know them.")
    row.refresh_from_db()
    entry = row.timeline.latest("number")
    assert (row.reviewer, row.version) == (noah, version)
    assert (entry.kind, entry.audience) == ("handed_over", Audience.VENDOR)
    assert entry.data == {"changes": {"reviewer": ["Mara", "Noah"]}, "text": "Yours: you know them."}
    mail = Message.objects.get(event="registration.handed_over")
    assert (mail.recipient, mail.subject) == (noah, f"Mara handed you Kestrel ({row.code})")
    assert "Yours: you know them." in mail.text and "Yours: you know them." in mail.html
    triage.take(row, by=ada)
    assert Registration.objects.get(pk=row.pk).reviewer == ada
    assert triage.deal_out(row, by=ada).reviewer == mara
    with pytest.raises(WrongStatus, match="already"):
        triage.take(row, by=mara)
    with pytest.raises(BadInput):
        triage.hand_over(row, to=ivan, by=mara)
    with pytest.raises(NotAllowed):
        triage.take(row, by=ivan)
    assert not row.timeline.visible_to(alice).filter(kind="handed_over").exists()
    decisions.refuse(row, by=mara, reason_code="early", text="Later.")
    with pytest.raises(WrongStatus, match="no longer in review"):
        triage.take(row, by=ada)


def test_a_snooze_has_an_end_and_a_reason(mara, ivan, big):
    row = big("Kestrel")
    for until, reason, field in (
        (MONDAY, "x", "until"),
        (MONDAY + 400 * DAY, "x", "until"),
        (MONDAY + DAY, "  ", "reason"),
    ):
        with pytest.raises(BadInput) as refused:
            triage.snooze(row, until=until, reason=reason, by=mara, clock=MONDAY_CLOCK)
        assert refused.value.field == field
    with pytest.raises(NotAllowed):
        triage.snooze(row, until=MONDAY + DAY, reason="x", by=ivan, clock=MONDAY_CLOCK)
    triage.snooze(row, until=MONDAY + DAY, reason="Waiting for the call.", by=mara, clock=MONDAY_CLOCK)
    assert row.timeline.latest("number").data["text"] == "Waiting for the call."
    triage.wake(row, by=mara)
    triage.wake(row, by=mara)
    assert [entry.kind for entry in row.timeline.order_by("-number")[:2]] == ["woken", "snoozed"]


def test_what_is_overdue_is_told_once_to_each_level(mara, ada, big):
    mara.manager = ada
    mara.save()
    row = big("Kestrel", hours=3)  # due on Wednesday at noon
    due = row.review_due_at
    assert sweep(due - HOUR) == []
    assert [sweep(due + HOUR), sweep(due + 2 * HOUR)] == [[row.code], []]
    assert overdue_mails() == [("Mara", due + HOUR)]
    assert sweep(due + DAY - HOUR) == []  # a working day is not over yet
    assert [sweep(due + DAY), sweep(due + 30 * DAY)] == [[row.code], []]
    assert overdue_mails()[1:] == [("Ada", due + DAY)]
    assert "reviewer's manager" in Message.objects.filter(recipient=ada).latest("pk").text
    kinds = [entry.data for entry in row.timeline.filter(kind="review_overdue").order_by("number")]
    assert kinds == [{"level": 1, "to": "Mara"}, {"level": 2, "to": "Ada"}]


def test_an_answer_starts_the_clock_and_the_levels_anew(mara, alice, big):
    row = big("Kestrel")
    sweep(row.review_due_at + HOUR)
    decisions.ask_information(row, by=mara, text="Who?", clock=fixed(row.review_due_at + 2 * HOUR))
    assert sweep(row.review_due_at + 3 * DAY) == []
    partner_actions.answer(row, by=alice, text="Eve.", clock=fixed(MONDAY + 7 * DAY))
    row.refresh_from_db()
    assert row.review_due_at == MONDAY + 8 * DAY + 8 * HOUR
    assert sweep(row.review_due_at + HOUR) == [row.code]
    assert Escalation.objects.filter(registration=row, level=1).count() == 2


def test_after_ten_days_down_each_reader_gets_one_mail_for_all(mara, noah, ada, big):
    rows = [big(name) for name in ("One", "Two", "Three")]
    triage.take(rows[2], by=noah)
    away(mara, noah, MONDAY.date(), MONDAY.date() + 30 * DAY)
    assert len(sweep(MONDAY + 10 * DAY)) == 6
    # Noah for himself and for Mara; nobody has a manager, so an administrator hears next.
    assert [name for name, _ in overdue_mails()] == ["Noah", "Ada"]
    assert (
        Message.objects.filter(
            event="registration.overdue", subject__startswith="3 reviews are overdue"
        ).count()
        == 2
    )
    assert sweep(MONDAY + 11 * DAY) == []


def test_a_dry_run_tells_nobody_and_one_broken_reader_stops_no_other(mara, noah, ada, big, monkeypatch):
    mine, theirs = big("One"), big("Two")
    triage.take(theirs, by=noah)
    late = fixed(MONDAY + 2 * DAY)
    assert len(escalate_overdue(clock=late, dry_run=True).done) == 2
    assert overdue_mails() == []
    real = escalations.notify

    def broken(**given):
        if given["recipient"] == mara:
            raise RuntimeError("no template")
        return real(**given)

    monkeypatch.setattr(escalations, "notify", broken)
    found = escalate_overdue(clock=late)
    assert (found.done, found.failed) == ([theirs.code], [mine.code])
    monkeypatch.undo()
    assert escalate_overdue(clock=late).done == [mine.code]


def test_a_request_past_its_time_goes_up_like_a_review(mara, noah, ada, alice, register):
    """An extension and an appeal: who decides, a business day later who is above, each once."""
    deal = register(alice, "Acme Pumps GmbH")
    asked = extensions.ask(deal, by=alice, text="Autumn.", upload=letter(), clock=MONDAY_CLOCK)
    revoked = decisions.revoke(
        register(alice, "Kestrel Foods"),
        by=mara,
        reason_code=RefusalReason.EARLY,
        text="Early.",
        clock=MONDAY_CLOCK,
    )
    made = appeals.appeal(revoked, by=alice, text="No.", clock=MONDAY_CLOCK)
    due, both = asked.due_at, sorted([asked.code, made.code])

    assert sweep(due - HOUR) == []
    assert escalate_overdue(clock=fixed(due + HOUR), dry_run=True).done
    assert [sweep(due + HOUR), sweep(due + 2 * HOUR)] == [both, []]
    assert [sweep(due + DAY), sweep(due + 30 * DAY)] == [both, []]

    rows = Message.objects.filter(subject__startswith="Overdue: ").order_by("pk")
    assert [(row.recipient.name, row.event.split(".")[1]) for row in rows] == [
        ("Mara", "extension_asked"),
        ("Noah", "appeal_received"),  # not Mara, who decided first
        ("Ada", "appeal_received"),
        ("Ada", "extension_asked"),
        ("Ada", "appeal_received"),
    ]
    assert "and nobody has decided" in rows[0].text and "Autumn." in rows[0].text
    deal.refresh_from_db()
    told = [entry.data for entry in deal.timeline.filter(kind="review_overdue").order_by("number")]
    assert [(data["level"], data["to"], data["request"]) for data in told] == [
        (1, "Mara", asked.code),
        (2, "Ada", asked.code),
    ]
    assert first_broken(deal) is None


def test_a_request_that_was_answered_is_not_overdue(mara, alice, register):
    deal = register(alice, "Acme Pumps GmbH")
    asked = extensions.ask(deal, by=alice, text="Autumn.", upload=letter(), clock=MONDAY_CLOCK)
    extensions.refuse(asked, by=mara, text="No.", clock=MONDAY_CLOCK)
    assert sweep(MONDAY + 10 * DAY) == []


@pytest.mark.parametrize("gone", ["away", "left", "nobody"])
def test_a_request_reaches_who_is_there(gone, mara, noah, alice, northgate, register):
    """The manager's stand-in, or where the firm has no manager any more, the next in rotation."""
    deal = register(alice, "Acme Pumps GmbH")
    if gone == "away":
        away(mara, noah, MONDAY.date(), MONDAY.date() + 5 * DAY)
    elif gone == "left":
        User.objects.filter(pk=mara.pk).update(is_active=False)
    else:
        Partner.objects.filter(pk=northgate.pk).update(manager=None)
        User.objects.filter(pk=mara.pk).update(is_active=False)
    deal = Registration.objects.get(pk=deal.pk)
    extensions.ask(deal, by=alice, text="Autumn.", upload=letter(), clock=MONDAY_CLOCK)
    assert Message.objects.get(event="registration.extension_asked").recipient == noah


def test_the_second_level_is_never_the_reader_of_the_first(mara, noah, ada, big):
    """A manager whose stand-in is the reviewer, no manager's manager, and administrators who are away."""
    User.objects.filter(pk=mara.pk).update(manager=noah)
    mara.refresh_from_db()
    week = (MONDAY.date(), MONDAY.date() + 7 * DAY)
    away(noah, mara, *week)
    row = big("Kestrel")
    sweep(row.review_due_at + 2 * DAY)
    assert [name for name, _ in overdue_mails()] == ["Mara", "Ada"]

    boss = make_user("Boss", "channel_manager")
    User.objects.filter(pk=noah.pk).update(manager=boss)
    other = big("Lumen")
    sweep(other.review_due_at + 2 * DAY)
    assert [name for name, _ in overdue_mails()][2:] == ["Mara", "Boss"]

    User.objects.filter(pk=noah.pk).update(manager=None)
    away(ada, make_user("Eva", "administrator"), *week)
    third = big("Tamarind")
    sweep(third.review_due_at + 2 * DAY)
    assert [name for name, _ in overdue_mails()][4:] == ["Mara", "Eva"]


def test_where_everybody_is_away_in_a_circle_it_stands_in_the_reviewers_mail(mara, noah, big):
    week = (MONDAY.date(), MONDAY.date() + 7 * DAY)
    away(mara, noah, *week)
    away(noah, mara, *week)
    row = big("Kestrel")
    assert row.reviewer == mara
    assert Message.objects.get(event="registration.review_needed", about=row.code).recipient == mara
    assert sweep(row.review_due_at + HOUR) == [row.code]
    with pytest.raises(WrongStatus, match="No channel manager is here"):
        triage.deal_out(row, by=mara, clock=MONDAY_CLOCK)


def test_of_a_silent_partner_hears_who_stands_in_for_the_manager(mara, noah, alice, register):
    deal = register(alice, "Kestrel")
    silent = MONDAY + 57 * DAY
    away(mara, noah, silent.date(), silent.date() + DAY)
    send_reminders(clock=fixed(silent))
    told = Message.objects.get(event="registration.silent", about=deal.code)
    assert told.recipient == noah
