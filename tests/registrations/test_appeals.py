"""Disputing a decision: once, in time, and never before the one who decided first."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import enums
from core.clock import fixed
from core.errors import BadInput, NotAllowed, TooLate, WrongStatus
from notifications.models import Message
from partners.enums import PartnerStatus
from registrations.enums import RefusalReason, RequestState, Status
from registrations.models import Appeal, Decision, Registration
from registrations.permissions import bar_to_deciding, deciders_but
from registrations.services import (
    appeals,
    bulk,
    decisions,
    extensions,
    judgements,
    line_order,
    partner_actions,
)
from registrations.services.places import place_in_line
from registrations.services.timeline import first_broken
from registrations.services.undo import undo
from registrations.views import receipt as receipt_pages
from tests.people import MONDAY, MONDAY_CLOCK, make_user
from tests.registrations.requests_help import letter, policy

pytestmark = pytest.mark.django_db
EARLY = {"reason_code": RefusalReason.EARLY, "text": "Too early."}


def later(days, **more):
    return fixed(MONDAY + timedelta(days=days, **more))


@pytest.fixture
def noor(db):
    """The second channel manager."""
    return make_user("Noor", enums.CHANNEL_MANAGER)


@pytest.fixture
def refused(alice, mara, register):
    """A decision of Mara's against Alice."""
    deal = register(alice, "Acme Pumps GmbH", value=Decimal(900_000))
    return decisions.refuse(deal, by=mara, clock=MONDAY_CLOCK, **EARLY)


def dispute(decision, alice, *, clock=MONDAY_CLOCK, **fields):
    return appeals.appeal(decision, by=alice, text="We met them twice.", clock=clock, **fields)


def test_granted_against_a_revocation_it_gives_back_all_that_was_taken(alice, mara, noor, register):
    deal = register(alice, "Acme Pumps GmbH")
    asked = extensions.ask(deal, by=alice, text="Their board meets late.", upload=letter(), clock=later(2))
    extensions.grant(asked, by=mara, text="Yes.", clock=later(3))
    deal.refresh_from_db()
    revoked = decisions.revoke(deal, by=mara, clock=later(10), **EARLY)
    made = dispute(revoked, alice, clock=later(11))
    appeals.grant(made, by=noor, text="The minutes show it.", clock=later(12))
    deal.refresh_from_db()
    assert (deal.status, deal.protected_until) == (Status.APPROVED, MONDAY + timedelta(days=90))


def test_granted_the_deal_is_protected_and_both_receipts_stay(refused, alice, mara, noor):
    made = dispute(refused, alice, upload=letter("minutes.txt"))
    assert list(
        Message.objects.filter(event="registration.appeal_received").values_list("address", flat=True)
    ) == [noor.email]
    outcome = appeals.grant(made, by=noor, text="The minutes show it.", clock=later(1))

    made.refresh_from_db()
    deal = made.registration
    deal.refresh_from_db()
    assert (deal.status, deal.protected_until) == (Status.APPROVED, MONDAY + timedelta(days=61))
    assert deal.holdings.filter(ended_at=None).count() == 1
    assert (made.state, made.outcome, made.decided_by) == (RequestState.GRANTED, outcome, noor)
    assert set(Decision.objects.filter(registration=deal)) == {refused, outcome}
    assert (outcome.clock_start, outcome.clock_due) == (made.asked_at, made.due_at)
    assert "The minutes show it." in Message.objects.get(event="registration.appeal_granted").text
    assert first_broken(deal) is None


def test_the_first_manager_never_decides_again(refused, alice, mara):
    made = dispute(refused, alice)
    before = refused.registration.timeline.count()
    for deed in (appeals.grant, appeals.dismiss):
        with pytest.raises(NotAllowed, match="somebody else has to decide"):
            deed(made, by=mara, text="I stay with it.")
    assert refused.registration.timeline.count() == before
    with pytest.raises(IntegrityError, match="appeal_decided_by_another"), transaction.atomic():
        Appeal.objects.filter(pk=made.pk).update(decided_by=mara)


def test_dismissed_the_decision_stands_for_good(refused, alice, noor):
    made = dispute(refused, alice)
    outcome = appeals.dismiss(made, by=noor, text="There is no project yet.", clock=later(1))

    assert refused.registration.timeline.filter(kind="dismiss_appeal").exists()
    made.refresh_from_db()
    assert (made.registration.status, made.state) == (Status.REFUSED, RequestState.REFUSED)
    for decision in (refused, outcome):
        with pytest.raises(WrongStatus):
            dispute(decision, alice)
    with pytest.raises(WrongStatus, match="decided this appeal already"):
        appeals.grant(made, by=noor, text="Well, yes.")


def test_within_the_days_of_the_policy_that_decided(refused, alice, noor):
    policy(appeal_days=90)  # a later version changes nothing about an earlier decision
    with pytest.raises(TooLate, match="14 days, and these are over") as late:
        dispute(refused, alice, clock=later(14, seconds=1))
    assert late.value.status == 410
    assert not Appeal.objects.exists()
    dispute(refused, alice, clock=later(14))
    with pytest.raises(WrongStatus, match="appealed against this decision already"):
        dispute(refused, alice)


def test_what_cannot_be_disputed(alice, charlie, mara, noor, register, refused):
    with pytest.raises(NotAllowed):
        dispute(refused, charlie)
    with pytest.raises(BadInput):
        appeals.appeal(refused, by=alice, text=" ", clock=MONDAY_CLOCK)
    asked = register(alice, "Kestrel Foods", value=Decimal(900_000))
    question = decisions.ask_information(asked, by=mara, text="Who?", clock=MONDAY_CLOCK)
    held = register(alice, "Quiet Corner Ltd")
    for decision in (question, held.decisions.get()):
        with pytest.raises(WrongStatus):
            dispute(decision, alice)
    revoked = decisions.revoke(held, by=mara, clock=MONDAY_CLOCK, **EARLY)
    made = dispute(revoked, alice)
    appeals.grant(made, by=noor, text="Right.", clock=later(1))
    held.refresh_from_db()
    partner_actions.release(held, by=alice, clock=later(2))
    with pytest.raises(WrongStatus):  # the registration has moved on
        dispute(revoked, alice, clock=later(2))


def test_where_another_holds_it_a_granted_appeal_goes_back_to_review(
    alice, charlie, mara, noor, register, refused
):
    register(charlie, "Acme Pumps GmbH")
    made = dispute(refused, alice, clock=later(1))

    appeals.grant(made, by=noor, text="You were early, but not too early.", clock=later(2))

    deal = made.registration
    deal.refresh_from_db()
    assert (deal.status, deal.reviewer, deal.review_reasons) == (Status.IN_REVIEW, noor, ["appeal"])
    assert deal.review_due_at > MONDAY + timedelta(days=2)


def test_against_the_policy_and_against_a_refused_extension(alice, mara, noor, register):
    policy(refuse_public_tender=True)
    deal = register(alice, "Acme Pumps GmbH", tender=True)
    made = dispute(deal.decisions.get(), alice)
    appeals.grant(made, by=mara, text="It is none.", clock=later(1))  # the policy decided: anybody may
    deal.refresh_from_db()
    until = deal.protected_until

    asked = extensions.ask(deal, by=alice, text="More time.", upload=letter(), clock=later(2))
    no = extensions.refuse(asked, by=mara, text="No.", clock=later(3))
    appeals.grant(dispute(no, alice, clock=later(4)), by=noor, text="Yes.", clock=later(5))
    deal.refresh_from_db()
    assert deal.protected_until == until + timedelta(days=30)
    asked.refresh_from_db()
    assert (asked.state, asked.decision) == (RequestState.GRANTED, no)  # it counts for the limit


def test_against_a_place_further_back_the_line_is_again_as_it_was_submitted(
    alice, bob, charlie, mara, noor, register
):
    held = register(alice, "Acme Pumps GmbH")
    first, second = line = [register(person, "Acme Pumps GmbH") for person in (charlie, bob)]
    for row in line:
        decisions.put_on_waitlist(row, behind=held, by=mara, clock=MONDAY_CLOCK)
        row.refresh_from_db()
    line_order.reorder(second, to_place=1, reason="They began first.", by=mara, clock=later(1))
    back, up = (row.decisions.get(action="reorder") for row in line)

    def places():
        return [place_in_line(Registration.objects.get(pk=row.pk)) for row in line]

    with pytest.raises(WrongStatus, match="nothing to appeal"):
        appeals.appeal(up, by=bob, text="But.", clock=later(2))
    made = dispute(back, charlie, clock=later(2))
    mails = Message.objects.filter(event="registration.place_changed", address=bob.email)
    told = mails.count()
    for undone in (True, False):
        decision = appeals.grant(made, by=noor, text="You came first.", clock=later(3))
        assert places() == [1, 2] and mails.count() == told + 1
        if undone:
            undo(decision, by=noor, clock=later(3))
            assert places() == [2, 1] and mails.exclude(status="cancelled").count() == told
            mails.filter(status="cancelled").delete()
            made.refresh_from_db()

    first.refresh_from_db()
    assert first.status == Status.WAITLISTED and first_broken(first) is None and first_broken(second) is None
    held.refresh_from_db()
    partner_actions.withdraw(held, by=alice, clock=later(4))
    assert Registration.objects.get(pk=first.pk).status == Status.OFFERED


def test_about_the_order_only_who_stands_behind_a_later_one_has_something_to_gain(
    client, alice, charlie, dan, bob, mara, noor, register, monkeypatch
):
    held = register(alice, "Acme Pumps GmbH")
    first, second, third = rows = [register(person, "Acme Pumps GmbH") for person in (charlie, dan, bob)]
    for row in rows:
        decisions.put_on_waitlist(row, behind=held, by=mara, clock=MONDAY_CLOCK)
        row.refresh_from_db()

    def order():
        return sorted(rows, key=lambda row: place_in_line(Registration.objects.get(pk=row.pk)))

    line_order.reorder(third, to_place=1, reason="They began first.", by=mara, clock=later(1))
    made = dispute(first.decisions.get(action="reorder"), charlie, clock=later(2))
    appeals.grant(made, by=noor, text="You came first.", clock=later(3))
    assert order() == [first, third, second]

    back = third.decisions.filter(action="reorder").order_by("pk").last()  # from number 1 to number 2
    with pytest.raises(WrongStatus, match="Nobody who was submitted after you stands before you"):
        appeals.appeal(back, by=bob, text="But.", clock=later(4))
    monkeypatch.setattr(receipt_pages, "database_clock", later(4))  # within the policy's days
    client.force_login(bob)
    page = client.get(reverse("registrations:receipt", args=[back.code])).content.decode()
    assert "Nobody who was submitted after you stands before you" in page and "You can appeal" not in page
    third.refresh_from_db()
    with transaction.atomic():  # nor would a grant that comes too late move it back
        line_order.by_time(third, by=noor, at=later(5)())
    assert order() == [first, third, second]


def test_a_firm_whose_partnership_ended_gets_nothing_by_an_appeal(refused, alice, mara, noor, northgate):
    made = dispute(refused, alice)
    northgate.status = PartnerStatus.ENDED
    northgate.save()
    made = Appeal.objects.select_related("registration__partner", "decision").get(pk=made.pk)

    with pytest.raises(WrongStatus, match="can only be dismissed"):
        appeals.grant(made, by=noor, text="Well, yes.", clock=later(1))
    assert appeals.has_moved_on(made, made.registration)
    made.registration.refresh_from_db()
    assert made.registration.status == Status.REFUSED
    appeals.dismiss(made, by=noor, text="The partnership ended.", clock=later(1))


def test_nor_is_there_a_new_appeal_after_the_end(refused, alice, northgate):
    northgate.status = PartnerStatus.ENDED
    northgate.save()
    with pytest.raises(WrongStatus, match="partnership with your firm ended"):
        dispute(Decision.objects.get(pk=refused.pk), alice)


def test_in_the_review_after_it_the_first_decider_decides_nothing(
    client, alice, charlie, mara, noor, register, refused
):
    register(charlie, "Acme Pumps GmbH")
    appeals.grant(dispute(refused, alice), by=noor, text="You were not too early.", clock=later(1))
    deal = Registration.objects.get(pk=refused.registration_id)
    assert deal.status == Status.IN_REVIEW
    deeds = (
        lambda: decisions.refuse(deal, by=mara, clock=later(1), **EARLY),
        lambda: decisions.assign(deal, by=mara, clock=later(1)),
        lambda: decisions.ask_information(deal, by=mara, text="Who?", clock=later(1)),
        lambda: bulk.approve_clear(deal, by=mara, clock=later(1)),
    )
    for deed in deeds:
        with pytest.raises(NotAllowed, match=f"somebody else decides now: {noor}"):
            deed()
    desk = reverse("registrations:review_item", args=[deal.code])
    sent = {"action": "refuse", "item": f"{deal.code}:{deal.version}", **EARLY}
    client.force_login(mara)
    page = client.get(desk).content.decode()
    assert (
        "Somebody else decides this" in page and reverse("registrations:refuse", args=[deal.code]) not in page
    )
    alone = client.post(reverse("registrations:refuse", args=[deal.code]), {"version": deal.version, **EARLY})
    many = client.post(reverse("registrations:bulk"), sent).content.decode()
    assert alone.status_code == 403 and "somebody else decides now" in alone.content.decode()
    assert "somebody else decides now" in many
    # Nor an administrator, unless nobody else is left who could.
    admin = make_user("Ada", enums.ADMINISTRATOR)
    Appeal.objects.update(first_decider=admin)
    assert bar_to_deciding(admin, deal) and not bar_to_deciding(mara, deal)
    deciders_but(admin.pk).update(is_active=False)
    assert not bar_to_deciding(admin, deal)
    Appeal.objects.update(first_decider=mara)
    noor.is_active = True
    noor.save()
    client.force_login(noor)
    assert "Somebody else decides this" not in client.get(desk).content.decode()
    decisions.refuse(deal, by=noor, clock=later(1), **EARLY)


def test_a_granted_appeal_passes_nobody_by_who_came_first(alice, charlie, mara, noor, register, client):
    """Southridge's registration is still under review; Alice's was refused wrongly after it."""
    first = register(charlie, "Acme Pumps GmbH", value=Decimal(900_000))
    deal = register(alice, "Acme Pumps GmbH", value=Decimal(900_000))
    made = dispute(decisions.refuse(deal, by=mara, clock=MONDAY_CLOCK, **EARLY), alice)
    client.force_login(noor)
    page = client.get(reverse("registrations:appeal_page", args=[made.code])).content.decode()
    assert "another registration came first and is still under review" in page
    appeals.grant(made, by=noor, text="x", clock=later(1))
    deal.refresh_from_db()
    assert (deal.status, deal.review_reasons) == (Status.IN_REVIEW, ["appeal"])
    first.refresh_from_db()
    assert first.status == Status.IN_REVIEW


def test_nor_anybody_whose_company_may_be_the_same(alice, charlie, mara, noor, register, client):
    """Another spelling, which nobody has judged: the two stand at two companies."""
    first = register(alice, "Kestrel Foods Holding AG", value=Decimal(900_000))
    deal = register(charlie, "Kestrel Food", value=Decimal(900_000))
    made = dispute(decisions.refuse(deal, by=mara, clock=MONDAY_CLOCK, **EARLY), charlie)
    client.force_login(noor)
    page = client.get(reverse("registrations:appeal_page", args=[made.code])).content.decode()
    assert (
        f"is still under review: {first.code} of Northgate, for Kestrel Foods Holding AG, which may be"
        in page
    )
    client.force_login(charlie)
    page = client.get(reverse("registrations:appeal_page", args=[made.code])).content.decode()
    assert first.code not in page and "Northgate" not in page

    appeals.grant(made, by=noor, text="x", clock=later(1))

    deal.refresh_from_db()
    assert (deal.status, deal.review_reasons) == (Status.IN_REVIEW, ["appeal"])


@pytest.mark.parametrize("over", ["judged different", "refused", "came later"])
def test_but_for_those_who_are_no_more_in_the_way_it_is_protected(over, alice, charlie, mara, noor, register):
    people, deals = [alice, charlie], {}
    for person in people[::-1] if over == "came later" else people:
        name = "Kestrel Foods Holding AG" if person == alice else "Kestrel Food"
        deals[name] = register(person, name, value=Decimal(900_000))
    first, deal = deals["Kestrel Foods Holding AG"], deals["Kestrel Food"]
    if over == "judged different":
        judgements.declare_different(deal.conflicts.get(), by=mara, clock=MONDAY_CLOCK)
    if over == "refused":
        decisions.refuse(first, by=mara, clock=MONDAY_CLOCK, **EARLY)
    deal.refresh_from_db()
    made = dispute(decisions.refuse(deal, by=mara, clock=MONDAY_CLOCK, **EARLY), charlie)

    appeals.grant(made, by=noor, text="x", clock=later(1))

    deal.refresh_from_db()
    assert deal.status == Status.APPROVED


def test_but_who_had_it_gets_it_back(alice, charlie, mara, noor, register):
    first = register(charlie, "Acme Pumps GmbH", value=Decimal(900_000))
    deal = register(alice, "Acme Pumps GmbH", value=Decimal(900_000))
    decisions.assign(deal, by=mara, clock=MONDAY_CLOCK)
    revoked = decisions.revoke(deal, by=mara, clock=later(1), **EARLY)
    appeals.grant(dispute(revoked, alice, clock=later(2)), by=noor, text="x", clock=later(3))
    deal.refresh_from_db()
    first.refresh_from_db()
    assert (deal.status, first.status) == (Status.APPROVED, Status.IN_REVIEW)
