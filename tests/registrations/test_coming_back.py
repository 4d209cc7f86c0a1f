"""What had ended comes back, and meanwhile somebody else registered what may be the same company: nothing that was submitted
then could know of it, so the conflict check is run again, and two never hold one customer (R6)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts import enums
from companies.models import Company
from companies.search import SearchFailed
from companies.services import add_alias, declare_different, undo_verdict
from core.clock import database_clock, fixed
from core.errors import BadInput, ScopeTaken
from notifications.models import Message
from registrations import workflow
from registrations.enums import OPEN, Action, RefusalReason, Status
from registrations.models import Conflict
from registrations.services import appeals, bulk, customer_letters, decisions
from registrations.services.timeline import first_broken
from registrations.services.undo import undo
from tests.people import MONDAY, make_user
from tests.registrations.requests_help import letter

pytestmark = pytest.mark.django_db
EARLY = {"reason_code": RefusalReason.EARLY, "text": "Too early."}
LARGE = {"value": Decimal(900_000)}
SHORT, LONG = "I.B.M.", "International Business Machines Corp."


def day(number):
    return fixed(MONDAY + timedelta(days=number))


def statuses(*rows):
    for row in rows:
        row.refresh_from_db()
    return [Status(row.status) for row in rows]


@pytest.fixture
def noor(db):
    """The second channel manager."""
    return make_user("Noor", enums.CHANNEL_MANAGER)


@pytest.fixture(params=["refused", "revoked"])
def ended(request, alice, mara, register):
    """A decision against Alice's registration of I.B.M."""
    if request.param == "refused":
        deal = register(alice, SHORT, country="US", clock=day(0), **LARGE)
        return decisions.refuse(deal, by=mara, clock=day(1), **EARLY)
    return decisions.revoke(
        register(alice, SHORT, country="US", clock=day(0)), by=mara, clock=day(1), **EARLY
    )


def disputed(decision, alice):
    return appeals.appeal(decision, by=alice, text="We met them twice.", clock=day(4))


def test_every_way_back_is_known():
    """Whichever action leads from what is over to what is open, the one door runs the check again; submitting does it itself."""
    back = {
        action
        for action, row in workflow.TRANSITIONS.items()
        if set(row.sources) - {*OPEN, Status.DRAFT} and set(row.targets) & set(OPEN)
    }
    # An appeal and its dismissal stay where they are.
    stays = {Action.APPEAL, Action.DISMISS_APPEAL}
    assert back - stays == {Action.GRANT_APPEAL, Action.REOPEN, Action.RETURN, Action.UNDO}


def test_a_granted_appeal_makes_no_second_holder(ended, alice, charlie, mara, noor, register, client):
    two = register(charlie, LONG, country="US", clock=day(3))
    assert two.status == Status.APPROVED  # nothing that is open stood against it
    made = disputed(ended, alice)
    client.force_login(noor)
    page = client.get(reverse("registrations:appeal_page", args=[made.code])).content.decode()
    assert (
        f"back into review, with you as its referee, since another partner holds it: {two.code} of Southridge"
        in page
    )
    assert f"for {LONG}, which may be the same company" in page

    appeals.grant(made, by=noor, text="You were right.", clock=day(5))

    one = ended.registration
    assert statuses(one, two) == [Status.IN_REVIEW, Status.APPROVED]
    assert (one.reviewer, one.review_reasons) == (noor, ["appeal"])
    flag = Conflict.objects.get()
    assert (flag.registration, flag.rival) == (one, two) and flag.signals
    with pytest.raises(ScopeTaken, match="Say first whether"):
        decisions.assign(one, by=noor, clock=day(6))
    # Who came later hears nothing: that it keeps its place would not be true. The referee reads it on both.
    assert two.timeline.get(kind="conflict_found").data["with"] == one.code
    assert not two.timeline.filter(kind="conflict_noted").exists()
    assert not Message.objects.filter(event="registration.conflict_noted").exists()
    for deal, other in ((one, two), (two, one)):
        desk = client.get(reverse("registrations:review_item", args=[deal.code])).content.decode()
        assert other.code in desk
    assert first_broken(one) is None and first_broken(two) is None


def test_who_came_later_and_is_reviewed_is_not_approved_beside_it(
    ended, alice, charlie, mara, noor, register
):
    two = register(charlie, LONG, country="US", clock=day(3), **LARGE)
    appeals.grant(disputed(ended, alice), by=noor, text="Right.", clock=day(5))
    assert statuses(ended.registration, two) == [Status.APPROVED, Status.IN_REVIEW]
    (outcome,) = bulk.each(
        [(two, two.version)], lambda row, seen: bulk.approve_clear(row, by=mara, version=seen)
    )
    assert "Say first whether it is the same company" in outcome.why
    assert statuses(two) == [Status.IN_REVIEW]


def test_a_grant_that_is_undone_leaves_the_other_as_it_was(ended, alice, charlie, noor, register):
    two = register(charlie, LONG, country="US", clock=day(3))
    granted = appeals.grant(disputed(ended, alice), by=noor, text="Right.", clock=database_clock)
    undo(granted, by=noor)
    one = ended.registration
    assert statuses(one, two) == [ended.status_after, Status.APPROVED]
    assert not two.timeline.standing().filter(kind="conflict_found").exists()


def test_what_was_judged_different_is_no_rival(ended, alice, charlie, mara, noor, register):
    two = register(charlie, LONG, country="US", clock=day(3))
    one = ended.registration
    declare_different(one.company, two.company, by=mara, reason="Another firm.")
    appeals.grant(disputed(ended, alice), by=noor, text="Right.", clock=day(5))
    assert statuses(one, two) == [Status.APPROVED, Status.APPROVED]


def test_a_check_that_fails_sends_to_review(ended, alice, noor, monkeypatch, client):
    made = disputed(ended, alice)

    def fails(*args, **kwargs):
        raise SearchFailed("no index")

    monkeypatch.setattr("registrations.conflicts.search", fails)
    client.force_login(noor)
    page = client.get(reverse("registrations:appeal_page", args=[made.code])).content.decode()
    assert "back into review, with you as its referee, since the conflict check failed" in page
    appeals.grant(made, by=noor, text="Right.", clock=day(5))
    one = ended.registration
    assert statuses(one) == [Status.IN_REVIEW]
    assert one.review_reasons == ["appeal", "check_failed"]


def test_undo_brings_no_second_holder_either(alice, charlie, mara, register, client):
    one = register(alice, SHORT, country="US", clock=database_clock)
    made = decisions.revoke(one, by=mara, **EARLY)
    two = register(charlie, LONG, country="US", clock=database_clock)
    client.force_login(mara)
    answer = client.post(reverse("registrations:undo", args=[made.code]))
    assert answer.status_code == 409
    assert (
        f"{two.code} of Southridge has {LONG} since, which may be the same company" in answer.content.decode()
    )
    assert statuses(one, two) == [Status.REVOKED, Status.APPROVED]
    made.refresh_from_db()
    assert made.undone_at is None and not Conflict.objects.exists()
    # Once somebody has said that they are two, both may hold theirs.
    declare_different(
        *Company.objects.filter(pk__in=[one.company_id, two.company_id]), by=mara, reason="Two firms."
    )
    undo(made, by=mara)
    assert statuses(one, two) == [Status.APPROVED, Status.APPROVED]


def test_nor_does_the_holder_come_back_past_who_was_approved_since(alice, charlie, mara, noor, register):
    """The check had found the two before; while one was over, the other could be approved."""
    one = register(alice, SHORT, country="US", clock=database_clock)
    two = register(charlie, LONG, country="US", clock=database_clock, **LARGE)
    made = decisions.revoke(one, by=mara, **EARLY)
    two.refresh_from_db()
    decisions.assign(two, by=noor)
    with pytest.raises(ScopeTaken, match="there would be two holders"):
        undo(made, by=mara)
    assert statuses(one, two) == [Status.REVOKED, Status.APPROVED]


def test_what_came_in_under_review_is_kept_on_both_sides_by_an_undo(alice, charlie, mara, register):
    one = register(alice, SHORT, country="US", clock=database_clock)
    made = decisions.revoke(one, by=mara, **EARLY)
    two = register(charlie, LONG, country="US", clock=database_clock, **LARGE)
    undo(made, by=mara)
    assert statuses(one, two) == [Status.APPROVED, Status.IN_REVIEW]
    with pytest.raises(ScopeTaken, match="Say first whether"):
        decisions.assign(two, by=mara)


def test_an_undo_is_no_news_to_who_came_first(alice, charlie, mara, register):
    """They look alike only since a name was learned; before, nothing was kept of the pair."""
    first = register(charlie, "Zebra Valves GmbH", clock=database_clock)
    two = register(alice, "Nordwind Logistik", clock=database_clock, **LARGE)
    add_alias(two.company, "Zebra Valve GmbH & Co. KG", by=mara)
    two.company_name = "Zebra Valve GmbH & Co. KG"
    two.save(update_fields=["company_name"])
    undo(decisions.refuse(two, by=mara, **EARLY), by=mara)
    assert Conflict.objects.filter(registration=two, rival=first).exists()
    assert not Message.objects.filter(event="registration.conflict_noted").exists()
    kinds = first.timeline.values_list("kind", flat=True)
    assert "conflict_found" in kinds and "conflict_noted" not in kinds


def test_a_customers_letter_gives_nobody_a_second_one(alice, bob, charlie, mara, register):
    """Who was refused for the holder's sake stood at nothing when another spelling came in; that the two are different was
    said, and taken back."""
    held = register(alice, SHORT, country="US", clock=day(0))
    wished = register(charlie, SHORT, country="US", clock=day(0))
    decisions.refuse(wished, by=mara, reason_code=RefusalReason.REGISTERED, text="Taken.", clock=day(1))
    third = register(bob, LONG, country="US", clock=day(2))
    verdict = declare_different(held.company, third.company, by=mara, reason="Two firms.")
    decisions.assign(third, by=mara, clock=day(2))
    undo_verdict(verdict, by=mara)
    held.refresh_from_db()
    said = {"in_favour_of": wished, "dated": MONDAY.date(), "by": mara, "clock": day(3)}
    with pytest.raises(BadInput, match=r"may be the same company\. Say first, on the page of") as refused:
        customer_letters.record(held, upload=letter(), **said)
    assert refused.value.field == "in_favour_of" and third.code in refused.value.message
    assert statuses(held, wished, third) == [Status.APPROVED, Status.REFUSED, Status.APPROVED]
    declare_different(held.company, third.company, by=mara, reason="Two firms, after all.")
    customer_letters.record(held, upload=letter(), **said)
    assert statuses(held, wished, third) == [Status.REVOKED, Status.APPROVED, Status.APPROVED]
