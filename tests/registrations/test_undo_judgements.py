"""'Same' and 'different' are decisions: for some seconds they can be taken back, and what follows from them waits as long."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from accounts import enums
from companies.models import Company, CompanyName, Verdict
from core.clock import database_clock
from core.errors import WrongStatus
from notifications.enums import MessageStatus
from notifications.models import Message
from registrations.enums import ConflictState, Status
from registrations.models import Conflict, Registration
from registrations.services import decisions, judgements, partner_actions
from registrations.services.timeline import first_broken
from registrations.services.undo import HELD_SECONDS, undo
from tests.people import make_user
from tests.registrations.test_undo import state

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def held(alice, register):
    return register(alice, "Delta Pumps", country="US", clock=database_clock)


@pytest.fixture
def noor(db):
    return make_user("Noor", enums.CHANNEL_MANAGER)


@pytest.fixture
def namesake(held, charlie, register):
    """Of a firm that may be another one of the same name."""
    return register(charlie, "Delta Pumps", country="US", value=900_000, clock=database_clock)


def conflicts():
    return list(Conflict.objects.order_by("pk").values("state", "company", "judged_by", "judged_at"))


def test_a_company_of_its_own_that_different_made_goes_again(held, namesake, mara):
    before, compared = state(namesake), conflicts()
    made = judgements.declare_different(namesake.conflicts.get(), by=mara, reason="a slip of the key")
    assert Company.objects.count() == 2

    undo(made, by=mara)

    assert (state(namesake), conflicts()) == (before, compared)
    assert Company.objects.count() == CompanyName.objects.count() == 1 and not Verdict.objects.exists()
    assert first_broken(namesake) is None
    again = judgements.declare_different(namesake.conflicts.get(), by=mara)
    assert again.undo and Company.objects.count() == 2


@pytest.mark.parametrize("spelling", ["I.B.M.", "International Business Machines Corp."])
def test_a_place_in_line_leaves_who_said_same_before_it(spelling, alice, charlie, mara, noor, register):
    """Of two records that were joined by it, and of one that both stand at."""
    holder = register(alice, "International Business Machines Corp.", country="US", clock=database_clock)
    other = register(charlie, spelling, country="US", value=900_000, clock=database_clock)
    judgements.declare_same(other.conflicts.get(), by=noor, reason="one company")
    other.refresh_from_db()
    before, said = state(other), conflicts()
    assert said[0]["judged_by"] == noor.pk

    made = decisions.put_on_waitlist(other, behind=holder, by=mara)
    assert conflicts() == said

    undo(made, by=mara)
    assert (state(other), conflicts()) == (before, said)


def test_what_was_said_about_another_one_is_said_again_when_different_is_undone(
    held, namesake, dan, mara, noor, register
):
    judgements.declare_same(namesake.conflicts.get(), by=noor)
    third = register(dan, "Delta Pumps", country="US", value=900_000, clock=database_clock)
    namesake.refresh_from_db()
    said = conflicts()

    made = judgements.declare_different(
        third.conflicts.get(rival=namesake), by=mara, seen_from=namesake, reason="a slip of the key"
    )
    assert conflicts() != said
    undo(made, by=mara)

    assert conflicts() == said


def test_who_came_to_that_company_meanwhile_keeps_it(held, namesake, dan, mara, register):
    before = state(namesake)
    made = judgements.declare_different(namesake.conflicts.get(), by=mara)
    namesake.refresh_from_db()
    third = register(dan, "Kestrel Foods", value=900_000, clock=database_clock)
    Registration.objects.filter(pk=third.pk).update(company=namesake.company)

    undo(made, by=mara)

    third.refresh_from_db()
    assert state(namesake) == before and third.company_id not in (None, held.company_id)


@pytest.mark.parametrize("judge", [judgements.declare_same, judgements.declare_different])
def test_two_spellings_wait_for_a_judgement_again(judge, alice, charlie, mara, register):
    register(alice, "International Business Machines Corp.", country="US", clock=database_clock)
    other = register(charlie, "I.B.M.", country="US", clock=database_clock)
    before, compared = state(other), conflicts()

    undo(judge(other.conflicts.get(), by=mara), by=mara)

    assert (state(other), conflicts()) == (before, compared)
    assert not Verdict.objects.active().exists()
    assert Company.objects.filter(merged_into=None).count() == 2


def approved(deal, holder, mara):
    return decisions.assign(deal, by=mara)


def in_line(deal, holder, mara):
    return decisions.put_on_waitlist(deal, behind=holder, by=mara)


def waiting():
    return set(Message.objects.filter(status=MessageStatus.PENDING).values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("judge", "decide"),
    [
        (judgements.declare_different, approved),
        (judgements.declare_different, in_line),
        (judgements.declare_same, in_line),
    ],
)
def test_two_decisions_about_one_deal_are_undone_one_after_the_other(judge, decide, held, namesake, mara):
    before, compared, mails = state(namesake), conflicts(), waiting()
    first = judge(namesake.conflicts.get(), by=mara)
    between = state(Registration.objects.get(pk=namesake.pk)), conflicts()
    second = decide(Registration.objects.get(pk=namesake.pk), held, mara)

    undo(second, by=mara)
    assert (state(Registration.objects.get(pk=namesake.pk)), conflicts()) == between
    undo(first, by=mara)

    assert (state(namesake), conflicts()) == (before, compared)
    assert Company.objects.count() == 1 and not Verdict.objects.active().exists()
    assert waiting() == mails
    assert first_broken(namesake) is None


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_happened_beside_a_decision_that_was_undone_keeps_the_first_one(
    when, held, namesake, mara, noor
):
    def happens(now):
        if now == when:
            decisions.ask_information(Registration.objects.get(pk=namesake.pk), by=noor, text="Which site?")

    first = judgements.declare_different(namesake.conflicts.get(), by=mara)
    happens("before")
    second = decisions.assign(Registration.objects.get(pk=namesake.pk), by=mara)
    undo(second, by=mara)
    happens("after")

    with pytest.raises(WrongStatus, match="Something happened"):
        undo(first, by=mara)
    assert namesake.conflicts.get().state == ConflictState.DIFFERENT


@pytest.mark.parametrize("judge", [judgements.declare_same, judgements.declare_different])
def test_what_was_found_since_an_older_verdict_is_open_again(judge, held, charlie, dan, mara, register):
    """Somebody said 'different'; a later registration met the other one all the same, and nobody has looked at that yet."""
    namesake = register(charlie, "Deltapump Works", country="US", value=900_000, clock=database_clock)
    found = {"company": held.company, "rival": held, "score": 0.8, "found_at": database_clock()}
    first = Conflict.objects.create(registration=namesake, **found)
    judgements.declare_different(first, by=mara)
    Message.objects.update(status=MessageStatus.SENT, sent_at=database_clock())
    later = register(dan, "Deltapump Works", country="US", value=900_000, clock=database_clock)
    since = Conflict.objects.create(registration=later, **found)
    judged, before = Conflict.objects.get(pk=since.pk), conflicts()
    undo(judge(judged, by=mara), by=mara)
    assert conflicts() == before
    since.refresh_from_db()
    assert since.state == ConflictState.OPEN


@pytest.fixture
def turn(held, namesake, dan, alice, mara, register):
    """Dan waits in line; the holder has left, and the scope is kept for the namesake, which was submitted first."""
    waiting = register(dan, "Delta Pumps", country="US", clock=database_clock)
    decisions.put_on_waitlist(waiting, behind=held, by=mara)
    held.refresh_from_db()
    partner_actions.withdraw(held, by=alice)
    Message.objects.update(status=MessageStatus.SENT, sent_at=database_clock())
    namesake.refresh_from_db()
    assert "turn_came" in namesake.review_reasons
    return waiting


def test_the_offer_that_different_brings_waits_and_never_leaves_when_it_is_undone(turn, namesake, mara):
    before, line = state(namesake), state(turn)
    made = judgements.declare_different(namesake.conflicts.first(), by=mara, reason="slip")
    turn.refresh_from_db()
    assert turn.status == Status.OFFERED
    mail = Message.objects.get(event="registration.offered")
    assert mail.not_before >= database_clock() + timedelta(seconds=HELD_SECONDS - 5)

    undo(made, by=mara)

    mail.refresh_from_db()
    assert mail.status == MessageStatus.CANCELLED
    assert (state(namesake), state(turn)) == (before, line)
    assert Conflict.objects.filter(registration=namesake).first().state == ConflictState.OPEN
    decisions.assign(Registration.objects.get(pk=namesake.pk), by=mara)


def test_different_from_one_that_came_into_line_as_the_same_is_no_matter_of_the_companys_page(
    turn, namesake, mara
):
    """Both stood at one record, so nothing was joined, and there is no verdict to undo."""
    noted = Conflict.objects.get(registration=turn, rival=namesake)
    assert noted.state == ConflictState.SAME and not Verdict.objects.exists()
    before, line, compared = state(namesake), state(turn), conflicts()

    made = judgements.declare_different(noted, by=mara, seen_from=namesake)

    namesake.refresh_from_db()
    turn.refresh_from_db()
    assert turn.status == Status.OFFERED and namesake.company != turn.company
    undo(made, by=mara)
    assert (state(namesake), state(turn), conflicts()) == (before, line, compared)


def test_different_where_two_records_were_joined_is(alice, charlie, mara, register):
    register(alice, "International Business Machines Corp.", country="US", clock=database_clock)
    other = register(charlie, "I.B.M.", country="US", clock=database_clock)
    judgements.declare_same(other.conflicts.get(), by=mara)
    with pytest.raises(WrongStatus, match=r"two records were joined\. Undo that on the company's page"):
        judgements.declare_different(Conflict.objects.get(), by=mara)


def test_the_button_says_who_is_offered_the_deal_by_it(client, turn, namesake, mara):
    client.force_login(mara)
    page = client.get(reverse("registrations:review_item", args=[namesake.code]))
    effects = {one["code"]: one["effect"] for one in page.context["candidate_decisions"]}
    assert effects["different_company"] == (
        "The two are kept apart and not flagged again. "
        f"It is then the turn of Northgate ({turn.code}): they are offered the deal by mail."
    )
    assert effects["same_company"] == "The two names become one company. Nobody gets mail."


def test_the_toast_of_a_judgement_undoes_it(client, held, namesake, mara):
    client.force_login(mara)
    form = {
        "candidate": held.code,
        "version": namesake.version,
        "seen": namesake.timeline.count(),
        "reason": "",
    }
    url = reverse("registrations:different_company", args=[namesake.code])
    toast = json.loads(client.post(url, form, headers=HTMX).headers["HX-Trigger"])["toast"]
    assert toast["action"]["key"] == "u"
    done = client.post(toast["action"]["url"], follow=True)
    assert "is as it was before" in strip_tags(done.content.decode())
    assert namesake.conflicts.get().state == ConflictState.OPEN
