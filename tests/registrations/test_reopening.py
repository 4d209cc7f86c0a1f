"""A refusal or a revocation that was a slip, after its mail has left: reopened, it is in review again, and nobody loses by it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts import enums
from core.clock import database_clock, fixed
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from notifications.enums import MessageStatus
from notifications.models import Message
from partners.enums import PartnerStatus
from registrations import workflow
from registrations.enums import Action, RefusalReason, RequestState, Status
from registrations.models import Conflict, Decision, Registration
from registrations.services import appeals, bulk, decisions, extensions, line_order, partner_actions, places
from registrations.services.clocks import review_due
from registrations.services.instead import WAYS
from registrations.services.reopening import RULE, reopen
from registrations.services.timeline import first_broken
from registrations.services.undo import undo
from tests.people import MONDAY, make_user
from tests.registrations.requests_help import letter, policy

pytestmark = pytest.mark.django_db
SLIP = {"reason_code": RefusalReason.EARLY, "text": "Too early."}
SORRY = "We had the wrong row."
LARGE = {"value": Decimal(900_000)}
FIELDS = ["status", "closed_at", "waits_for", "review_reasons", "reviewer", "review_due_at", "rank"]


def day(number, **more):
    return fixed(MONDAY + timedelta(days=number, **more))


def ago(**time):
    return fixed(database_clock() - timedelta(**time))


def fresh(deal):
    return Registration.objects.get(pk=deal.pk)


def events(person):
    return list(Message.objects.filter(recipient=person).order_by("pk").values_list("event", flat=True))


def read(client, person, name, *args):
    client.force_login(person)
    return " ".join(client.get(reverse(f"registrations:{name}", args=args)).content.decode().split())


@pytest.fixture
def noor(db):
    """The second channel manager."""
    return make_user("Noor", enums.CHANNEL_MANAGER)


@pytest.fixture(params=["refuse", "revoke"])
def slip(request, alice, mara, register):
    """A decision of Mara's on the wrong row."""
    deal = register(alice, "Kestrel Foods", clock=day(0), **(LARGE if request.param == "refuse" else {}))
    return getattr(decisions, request.param)(deal, by=mara, clock=day(1), **SLIP)


def test_it_is_in_review_again_with_its_place_in_time(slip, alice, mara):
    deal = fresh(slip.registration)
    rank, version = deal.rank, deal.version
    made = reopen(deal, by=mara, text=SORRY, internal_note="Clicked too fast.", version=version, clock=day(2))

    deal = fresh(deal)
    due = review_due(deal.policy, MONDAY + timedelta(days=2))
    told = [getattr(deal, name) for name in FIELDS]
    assert told == [Status.IN_REVIEW, None, None, ["reopened"], mara, due, rank]
    assert not deal.holdings.filter(ended_at=None).exists()
    assert (made.action, made.status_before, made.status_after, made.by, made.rule, made.text) == (
        *(Action.REOPEN, slip.status_after, Status.IN_REVIEW, mara, RULE, SORRY),
    )
    entry = deal.timeline.get(kind=Action.REOPEN)
    assert (entry.actor, entry.audience, entry.data["text"]) == (mara, "both", SORRY)
    assert first_broken(deal) is None
    mail = Message.objects.get(event="registration.reopened")
    assert (mail.recipient, mail.subject) == (alice, f"In review again: Kestrel Foods ({deal.code})")
    assert SORRY in mail.text and "Clicked too fast" not in mail.text
    assert "nothing is protected" in mail.text and f"{due:%A, %-d %b %Y}" in mail.text
    # She reopened it herself and is its reviewer: nobody writes to her.
    assert events(mara).count("registration.review_needed") == (slip.action == Action.REFUSE)


def test_in_the_review_it_is_decided_as_ever(slip, mara):
    deal = slip.registration
    reopen(deal, by=mara, text=SORRY, clock=day(2))
    decisions.assign(fresh(deal), by=mara, clock=day(3))
    assert fresh(deal).status == Status.APPROVED
    assert deal.holdings.filter(ended_at=None).exists()


def test_what_the_policy_or_another_person_refused_can_be_reopened_as_well(alice, mara, noor, register):
    policy(refuse_public_tender=True)
    deal = register(alice, "Kestrel Foods", tender=True, clock=day(0))
    assert deal.status == Status.REFUSED and deal.decisions.get().by is None
    reopen(deal, by=noor, text=SORRY, clock=day(1))
    assert fresh(deal).status == Status.IN_REVIEW
    # It goes where a submission goes, who hears of it.
    assert fresh(deal).reviewer == mara
    mail = Message.objects.get(event="registration.review_needed", recipient=mara)
    assert "had been refused or revoked, and was reopened" in mail.text


def test_who_has_it_meanwhile_keeps_it(slip, alice, charlie, mara, register):
    deal = slip.registration
    other = register(charlie, "Kestrel Foods", clock=day(2))
    assert other.status == Status.APPROVED
    reopen(deal, by=mara, text=SORRY, clock=day(3))
    assert [fresh(deal).status, fresh(other).status] == [Status.IN_REVIEW, Status.APPROVED]
    assert other.holdings.filter(ended_at=None).exists()
    flag = Conflict.objects.get()
    assert (flag.registration_id, flag.rival_id) == (deal.pk, other.pk)
    assert "registration.conflict_noted" not in events(charlie)
    decisions.put_on_waitlist(fresh(deal), behind=other, by=mara, clock=day(4))
    assert places.place_in_line(fresh(deal)) == 1


def test_who_was_offered_the_deal_meanwhile_keeps_the_offer(alice, charlie, mara, register, client):
    held = register(alice, "Kestrel Foods", clock=day(0))
    waits = register(charlie, "Kestrel Foods", clock=day(0, hours=1))
    decisions.put_on_waitlist(waits, behind=fresh(held), by=mara, clock=day(0, hours=2))
    decisions.revoke(fresh(held), by=mara, clock=day(1), **SLIP)
    assert fresh(waits).status == Status.OFFERED
    client.force_login(mara)
    (offered,) = client.get(reverse("registrations:review_item", args=[held.code])).context["decisions"]
    assert f"The deal stays offered to Southridge ({waits.code})." in offered["effect"]
    reopen(fresh(held), by=mara, text=SORRY, clock=day(1, minutes=1))
    assert fresh(waits).status == Status.OFFERED and waits.holdings.get(ended_at=None).reserved


def test_an_open_appeal_ends_with_what_it_was_against(slip, alice, mara):
    made = appeals.appeal(slip, by=alice, text="We met them twice.", clock=day(2))
    reopen(fresh(slip.registration), by=mara, text=SORRY, clock=day(3))
    made.refresh_from_db()
    assert (made.state, made.outcome) == (RequestState.LAPSED, None)
    assert events(alice)[-2:].count("registration.appeal_closed") == 1
    told = Message.objects.get(event="registration.appeal_closed").text
    assert "it is now “In review”" in told and "no effect any more" in told


def test_a_dismissed_appeal_that_was_a_slip_is_mended_by_it(slip, alice, mara, noor, client):
    made = appeals.appeal(slip, by=alice, text="We met them twice.", clock=day(2))
    outcome = appeals.dismiss(made, by=noor, text="No.", clock=ago(seconds=40))
    with pytest.raises(WrongStatus, match=f"instead: reopen {slip.registration.code}, which goes back"):
        undo(outcome, by=noor)
    reopen(fresh(slip.registration), by=noor, text=SORRY)
    assert fresh(slip.registration).status == Status.IN_REVIEW


def test_who_is_barred_by_a_granted_appeal_stays_barred(alice, charlie, mara, noor, register):
    """Mara refused, the appeal against that was granted, and the review that it led to refused once more."""
    deal = register(alice, "Kestrel Foods", clock=day(0), **LARGE)
    refused = decisions.refuse(deal, by=mara, clock=day(1), **SLIP)
    register(charlie, "Kestrel Foods", clock=day(2))
    made = appeals.appeal(refused, by=alice, text="We met them twice.", clock=day(3))
    appeals.grant(made, by=noor, text="Right.", clock=day(4))
    decisions.refuse(fresh(deal), by=noor, clock=day(5), **SLIP)
    reopen(fresh(deal), by=mara, text=SORRY, clock=day(6))
    deal = fresh(deal)
    assert (deal.review_reasons, deal.reviewer) == (["reopened", "appeal"], noor)
    with pytest.raises(NotAllowed, match="somebody else decides now"):
        decisions.refuse(deal, by=mara, clock=day(7), **SLIP)


def test_what_was_reopened_is_disputed_no_more(alice, mara, register):
    """The same end again has its own receipt, and its own appeal."""
    deal = register(alice, "Kestrel Foods", clock=day(0), **LARGE)
    first = decisions.refuse(deal, by=mara, clock=day(1), **SLIP)
    reopen(fresh(deal), by=mara, text=SORRY, clock=day(2))
    second = decisions.refuse(fresh(deal), by=mara, clock=day(3), **SLIP)
    with pytest.raises(WrongStatus, match="This decision was reopened since"):
        appeals.appeal(first, by=alice, text="Look again.", clock=day(4))
    assert appeals.appeal(second, by=alice, text="Look again.", clock=day(4)).pk


def test_the_receipt_of_what_was_reopened_leads_to_that_decision(slip, alice, mara, client):
    again = reopen(slip.registration, by=mara, text=SORRY, clock=day(2))
    address = reverse("registrations:receipt", args=[again.code])
    for person in (alice, mara):
        page = read(client, person, "receipt", slip.code)
        assert "This decision was reopened on 4 Mar 2026, so it counts no more." in page
        assert f'href="{address}"' in page and "appeal until" not in page
    page = read(client, mara, "registration", slip.registration.code)
    assert "Open in the review queue" in page and "Decide about it" not in page


def test_where_the_partnership_ended_the_page_says_so_and_has_no_button(slip, mara, client):
    firm = slip.registration.partner
    url = reverse("registrations:reopen", args=[slip.registration.code])
    assert url in read(client, mara, "review_item", slip.registration.code)
    firm.status = PartnerStatus.ENDED
    firm.save()
    page = read(client, mara, "review_item", slip.registration.code)
    assert "The partnership with Northgate ended" in page
    assert url not in page and "dialog-reopen" not in page


def test_more_than_the_tier_allows_is_said_before_and_bars_nothing(alice, bob, mara, register, client):
    policy(open_most_registered=1)
    deal = register(alice, "Kestrel Foods", clock=day(0))
    decisions.revoke(deal, by=mara, clock=day(1), **SLIP)
    client.force_login(mara)

    def said(code):
        page = client.get(reverse("registrations:review_item", args=[deal.code]))
        return next(one["effect"] for one in page.context["decisions"] if one["code"] == code)

    words = "With this one the firm has 2 deals open; its tier allows 1 at a time."
    assert words not in said("reopen")
    assert register(bob, "Odin Yards", clock=day(2)).status == Status.APPROVED
    assert words in said("reopen")
    reopen(fresh(deal), by=mara, text=SORRY, clock=day(3))
    assert words in said("assign")
    decisions.assign(fresh(deal), by=mara, clock=day(4))
    assert fresh(deal).status == Status.APPROVED


def test_it_takes_a_reason_a_fresh_page_and_a_partnership(slip, mara, alice, ivan):
    deal = fresh(slip.registration)
    version = deal.version
    with pytest.raises(BadInput, match="Write a sentence"):
        reopen(deal, by=mara, text=" ")
    with pytest.raises(StaleVersion):
        reopen(deal, by=mara, text=SORRY, version=version - 1)
    for person in (alice, ivan):
        with pytest.raises(NotAllowed):
            reopen(deal, by=person, text=SORRY)
    firm = deal.partner
    firm.status = PartnerStatus.ENDED
    firm.save()
    with pytest.raises(WrongStatus, match="partnership with Northgate ended"):
        reopen(fresh(deal), by=mara, text=SORRY)
    assert fresh(deal).version == version


def test_a_suspended_firm_is_reviewed_again_and_gets_nothing_yet(slip, mara):
    deal = slip.registration
    firm = deal.partner
    firm.status = PartnerStatus.SUSPENDED
    firm.save()
    reopen(deal, by=mara, text=SORRY, clock=day(2))
    with pytest.raises(WrongStatus, match="not active at present"):
        decisions.assign(fresh(deal), by=mara, clock=day(3))


def test_it_is_undone_like_the_others(slip, alice, mara):
    made = appeals.appeal(slip, by=alice, text="We met them twice.", clock=day(2))
    before = Registration.objects.filter(pk=slip.registration_id).values(*FIELDS).get()
    reopened = reopen(fresh(slip.registration), by=mara, text=SORRY)
    undo(reopened, by=mara)
    assert Registration.objects.filter(pk=slip.registration_id).values(*FIELDS).get() == before
    made.refresh_from_db()
    assert made.state == RequestState.OPEN
    sent = Message.objects.filter(event__in=["registration.reopened", "registration.appeal_closed"])
    assert {mail.status for mail in sent} == {MessageStatus.CANCELLED}


def test_what_was_reopened_counts_as_a_no_no_more(alice, mara, register):
    """The next registration of the firm there is not looked at for it."""
    deal = register(alice, "Kestrel Foods", clock=day(0), **LARGE)
    decisions.refuse(deal, by=mara, clock=day(1), **SLIP)
    reopen(fresh(deal), by=mara, text=SORRY, clock=day(2))
    partner_actions.withdraw(fresh(deal), by=alice, clock=day(3))
    assert register(alice, "Kestrel Foods", clock=day(4)).status == Status.APPROVED


def test_the_page_that_refuses_an_undo_names_a_way_that_is_there(alice, mara, register, client):
    """What the examiner did: refused on the wrong row, undo after forty seconds."""
    deal = register(alice, "Kestrel Foods", **LARGE)
    made = decisions.refuse(deal, by=mara, clock=ago(seconds=40), **SLIP)
    client.force_login(mara)
    late = client.post(reverse("registrations:undo", args=[made.code]))
    assert late.status_code == 409
    assert f"Make a new decision instead: reopen {deal.code}, which goes back into review" in " ".join(
        late.content.decode().split()
    )
    own_page = read(client, mara, "registration", deal.code)
    assert "Decide about it" in own_page and "Open in the review queue" not in own_page
    page = client.get(reverse("registrations:review_item", args=[deal.code]))
    (offered,) = page.context["decisions"]
    assert offered["code"] == "reopen"
    assert (
        "Northgate gets a mail with your reason. The registration goes back into review" in offered["effect"]
    )
    assert "Mara reviews it; an answer is due by" in offered["effect"]

    form = offered["form"].initial
    missing = client.post(offered["url"], {**form, "text": ""})
    assert missing.status_code == 422 and fresh(deal).status == Status.REFUSED
    done = client.post(offered["url"], {**form, "text": SORRY}, follow=True)
    assert [str(said) for said in done.context["messages"]] == [
        f"Reopened {deal.code}: it is in review again."
    ]
    assert done.context["item"] == deal and "assign" in [one["code"] for one in done.context["decisions"]]
    # Somebody else pressed it first.
    again = client.post(offered["url"], {**form, "text": SORRY})
    assert again.status_code == 409 and Decision.objects.filter(action=Action.REOPEN).count() == 1


def test_the_partner_reads_where_it_stands(slip, alice, mara, client):
    made = reopen(slip.registration, by=mara, text=SORRY, clock=day(2))
    page = read(client, alice, "registration", slip.registration.code)
    assert "Reopened: a channel manager looks at it again" in page and SORRY in page
    assert "A channel manager looks at it" in page
    receipt = read(client, alice, "receipt", made.code)
    assert "Reopened: in review again" in receipt and RULE in receipt


def _late(make, by, match):
    with pytest.raises(WrongStatus, match=match):
        undo(make, by=by)


def test_each_decision_has_a_way_on_after_its_undo(alice, charlie, mara, register):
    """The sentence follows where the registration stands now, and what was decided."""
    clock = ago(seconds=40)
    held = register(alice, "Kestrel Foods", clock=ago(days=3), **LARGE)
    asked = decisions.ask_information(held, by=mara, text="Who?", clock=clock)
    _late(asked, mara, f"instead: approve, refuse or waitlist {held.code}, which need not wait")
    _late(decisions.assign(fresh(held), by=mara, clock=clock), mara, f"instead: revoke {held.code}")
    more = extensions.ask(fresh(held), by=alice, text="They meet late.", upload=letter(), clock=clock)
    refused = extensions.refuse(more, by=mara, text="No.", clock=clock)
    _late(refused, mara, "instead: grant the extension when the partner asks again")
    waits = register(charlie, "Kestrel Foods", clock=ago(days=2))
    lined = decisions.put_on_waitlist(waits, behind=fresh(held), by=mara, clock=clock)
    _late(lined, mara, f"instead: approve or refuse {waits.code}, which waits in line")
    third = register(charlie, "Kestrel Foods", clock=ago(days=1))
    decisions.put_on_waitlist(third, behind=fresh(held), by=mara, clock=clock)
    line_order.reorder(fresh(third), to_place=1, reason="A reason.", by=mara, clock=clock)
    moved = Decision.objects.filter(action=Action.REORDER).first()
    _late(moved, mara, "instead: change the order of the line once more")
    partner_actions.withdraw(fresh(waits), by=charlie)
    _late(lined, mara, "is now “Withdrawn”, so nothing is left to decide about it")
    with pytest.raises(NotAllowed, match=f"Make a decision of your own instead: revoke {held.code}"):
        undo(asked, by=make_user("Noor", enums.CHANNEL_MANAGER))


def test_days_that_were_granted_stay(alice, mara, noor, register):
    """To take them back by revoking is no advice, whether the extension or an appeal about it was granted."""
    words = "An extension that was granted stays: only revoking the protection takes back its days."
    deal = register(alice, "Kestrel Foods", clock=ago(days=3))
    asked = extensions.ask(deal, by=alice, text="They meet late.", upload=letter(), clock=ago(days=2))
    _late(extensions.grant(asked, by=mara, text="Yes.", clock=ago(seconds=40)), mara, words)
    again = extensions.ask(
        fresh(deal), by=alice, text="Again.", upload=letter(content=b"new"), clock=ago(seconds=30)
    )
    refused = extensions.refuse(again, by=mara, text="No.", clock=ago(seconds=30))
    appeal = appeals.appeal(refused, by=alice, text="Look again.", clock=ago(seconds=20))
    _late(appeals.grant(appeal, by=noor, text="Right.", clock=ago(seconds=15)), noor, words)


def test_many_refused_at_once_are_told_the_same_way(alice, mara, register):
    deals = [register(alice, name, **LARGE) for name in ("Kestrel Foods", "Odin Yards")]
    made = [decisions.refuse(deal, by=mara, clock=ago(seconds=60), **SLIP) for deal in deals]
    outcomes = bulk.undo_each(made, by=mara)
    assert all(f"reopen {deal.code}" in " ".join(one.why for one in outcomes) for deal in deals)


def test_every_way_that_is_named_is_in_the_table():
    for status, (actions, words) in WAYS.items():
        for action in actions:
            row = workflow.transition(action)
            assert status in row.sources and row.permission and row.decision, (status, action)
            assert {Action.WAITLIST: "waitlist", Action.ASSIGN: "approve"}.get(
                action, action.value
            ) in words or ("decide" in words)
