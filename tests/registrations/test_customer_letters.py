"""The customer asks for another partner: the deal goes over at once, the holder hears why but not for whom."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.enums import CHANNEL_MANAGER
from companies.matching import CompanyQuery
from companies.models import Company
from companies.services import create_company
from core.clock import database_clock, fixed
from core.errors import BadInput, NotAllowed
from notifications.models import Message
from partners.enums import PartnerStatus
from partners.models import Partner
from registrations.enums import RefusalReason, Status
from registrations.models import Agreement, Attachment, CustomerLetter, Decision
from registrations.services import (
    agreements,
    appeals,
    customer_letters,
    decisions,
    drafts,
    partner_actions,
    submission,
)
from registrations.services.drafts import LineInput
from registrations.services.timeline import first_broken
from registrations.services.undo import undo
from tests.people import MONDAY, MONDAY_CLOCK, draft_for, make_user, submitted
from tests.registrations.requests_help import letter, policy
from tests.registrations.test_undo import SOON, state

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(alice, register):
    return register(alice, "Acme Pumps GmbH")


@pytest.fixture
def others(held, bob, charlie, mara, register):
    """Two that wait, the earlier one of Alice's own firm."""
    rows = [register(person, "Acme Pumps GmbH") for person in (bob, charlie)]
    for row in rows:
        decisions.put_on_waitlist(row, behind=held, by=mara, clock=fixed(MONDAY - timedelta(hours=1)))
        row.refresh_from_db()
    held.refresh_from_db()
    return rows


def record(held, favoured, mara, **fields):
    values = {"dated": date(2026, 2, 27), "upload": letter(content=b"We want Southridge."), **fields}
    values.setdefault("clock", MONDAY_CLOCK)
    return customer_letters.record(held, in_favour_of=favoured, by=mara, **values)


def statuses(*rows):
    for row in rows:
        row.refresh_from_db()
    return [Status(row.status) for row in rows]


def test_the_deal_goes_past_the_line(client, held, others, alice, mara):
    own, favoured = others
    decision = record(held, favoured, mara, internal_note="Southridge called me.", clock=database_clock)

    for row in (held, own, favoured):
        row.refresh_from_db()
    assert (held.status, favoured.status, own.status) == (Status.REVOKED, Status.APPROVED, Status.WAITLISTED)
    assert own.waits_for == favoured
    assert decision.reason_code == RefusalReason.CUSTOMER_CHOICE
    assert CustomerLetter.objects.get().decision == decision
    mail = Message.objects.get(event="registration.customer_letter", address=alice.email)
    client.force_login(alice)
    receipt = client.get(reverse("registrations:receipt", args=[decision.code])).content.decode()
    page = client.get(reverse("registrations:registration", args=[held.code])).content.decode()
    for told in (mail.text + mail.html, receipt, page):
        assert "Southridge" not in told and "letter.txt" not in told
    assert "asked in writing" in receipt and reverse("registrations:appeal", args=[decision.code]) in receipt
    file = Attachment.objects.get()
    address = reverse("registrations:attachment", args=[file.code])
    assert client.get(address).status_code == 404
    client.force_login(mara)
    assert client.get(address).status_code == 200
    assert "Southridge" in client.get(reverse("registrations:receipt", args=[decision.code])).content.decode()


def test_undone_both_are_as_before(held, others, mara):
    rows = [held, *others]
    before = [state(row) for row in rows]
    decision = record(held, others[1], mara)
    inner = Decision.objects.get(registration=others[1], action="assign")
    assert inner.undo is None

    undo(decision, by=mara, clock=SOON)

    assert [state(row) for row in rows] == before
    inner.refresh_from_db()
    assert inner.undone_at is not None


def test_the_appeal_goes_to_review_as_long_as_the_other_holds_it(held, others, alice, mara, ada):
    decision = record(held, others[1], mara)
    made = appeals.appeal(decision, by=alice, text="The letter is forged.", clock=MONDAY_CLOCK)
    appeals.grant(made, by=ada, text="It is.", clock=MONDAY_CLOCK)
    held.refresh_from_db()
    assert held.status == Status.IN_REVIEW


@pytest.mark.parametrize(
    ("fields", "field"), [({"upload": None}, "file"), ({"dated": date(2026, 3, 3)}, "dated")]
)
def test_what_it_needs(held, others, mara, fields, field):
    with pytest.raises(BadInput) as refused:
        record(held, others[1], mara, **fields)
    assert refused.value.field == field
    held.refresh_from_db()
    assert held.status == Status.APPROVED and not Attachment.objects.exists()


def test_for_whom_and_by_whom(held, others, mara, olga):
    with pytest.raises(BadInput, match="by another partner"):
        record(held, others[0], mara)
    with pytest.raises(NotAllowed):
        record(held, others[1], olga)


HOUR_AGO = fixed(MONDAY - timedelta(hours=1))


@pytest.fixture
def thea(mara):
    """Of a third firm."""
    firm = Partner.objects.create(name="Westgate", country="IT", status=PartnerStatus.ACTIVE, manager=mara)
    return make_user("Thea", "partner_rep", firm)


def proposed(held, other, mara):
    other.refresh_from_db()
    said = {"kind": "split", "other_share": 40, "text": "You both work there."}
    return agreements.propose(other, holder=held, by=mara, clock=HOUR_AGO, **said)


def test_who_sold_along_goes_back_into_line_behind_the_new_holder(held, others, alice, thea, mara, register):
    sharing = register(thea, "Acme Pumps GmbH")
    made = proposed(held, sharing, mara)
    for person in (alice, thea):
        agreements.agree(made, by=person, clock=HOUR_AGO)
    held.refresh_from_db()
    rows = [held, *others, sharing]
    before = [state(row) for row in rows]

    decision = record(held, others[1], mara)

    sharing.refresh_from_db()
    assert (sharing.status, sharing.waits_for) == (Status.WAITLISTED, others[1])
    assert not Agreement.objects.current().exists()
    assert Message.objects.filter(event="registration.split_ended", address=thea.email).count() == 1
    undo(decision, by=mara, clock=SOON)
    assert [state(row) for row in rows] == before
    assert Agreement.objects.current().get() == made


def test_a_proposal_between_the_two_is_over(held, others, mara):
    proposed(held, others[1], mara)
    record(held, others[1], mara)
    assert not Agreement.objects.current().exists()


def test_what_the_chosen_one_does_not_want_is_offered_to_the_next(
    alice, charlie, thea, mara, gateways, sensors, register
):
    draft = draft_for(alice, "Acme Pumps GmbH", gateways)
    both = [LineInput(gateways), LineInput(sensors)]
    drafts.save_draft(draft, by=alice, fields={}, lines=both, clock=HOUR_AGO)
    held = submission.submit(draft, by=alice, clock=HOUR_AGO)
    favoured = register(charlie, "Acme Pumps GmbH")
    waiting = submitted(thea, "Acme Pumps GmbH", sensors, clock=HOUR_AGO)
    for row in (favoured, waiting):
        decisions.put_on_waitlist(row, behind=held, by=mara, clock=HOUR_AGO)
    held.refresh_from_db()

    record(held, favoured, mara)

    waiting.refresh_from_db()
    assert waiting.status == Status.OFFERED


def test_the_customer_may_ask_for_who_sells_along(held, others, alice, charlie, mara):
    """The co-seller gets the deal past those who wait, and undo makes it a co-seller again."""
    own, along = others
    agreement = agreements.propose(
        along, holder=held, kind="split", other_share=40, text="Both work there.", by=mara, clock=MONDAY_CLOCK
    )
    for person in (alice, charlie):
        agreements.agree(agreement, by=person, clock=MONDAY_CLOCK)
        agreement.refresh_from_db()
    rows = [held, own, along]
    for row in rows:
        row.refresh_from_db()
    assert (along.status, [*customer_letters.wished_for(held)]) == (Status.SHARED, [along])
    before = [state(row) for row in rows]

    decision = record(held, along, mara)

    for row in rows:
        row.refresh_from_db()
    assert [row.status for row in rows] == [Status.REVOKED, Status.WAITLISTED, Status.APPROVED]
    assert own.waits_for == along
    agreement.refresh_from_db()
    assert agreement.ended_at is not None
    undo(decision, by=mara, clock=SOON)
    assert [state(row) for row in rows] == before
    agreement.refresh_from_db()
    assert (agreement.state, agreement.ended_at) == ("agreed", None)


def test_where_the_family_is_held_the_letter_may_come_from_a_subsidiary(alice, charlie, mara, register):
    policy(scope_family=True)
    parent = register(alice, "Acme Pumps GmbH")
    daughter = create_company(CompanyQuery("Zeta Bakery Oy", country="DE"), by=None)
    Company.objects.filter(pk=daughter.pk).update(parent=parent.company)
    partner_actions.release(parent, by=alice, clock=MONDAY_CLOCK)
    held = register(alice, "Acme Pumps GmbH")
    wished = register(charlie, "Zeta Bakery Oy")
    assert wished.status in (Status.IN_REVIEW, Status.WAITLISTED)

    record(held, wished, mara)

    wished.refresh_from_db()
    held.refresh_from_db()
    assert (held.status, wished.status) == (Status.REVOKED, Status.APPROVED)


def test_where_the_family_is_held_the_letter_may_be_for_another_subsidiary(alice, charlie, mara, register):
    policy(scope_family=True, waitlist_same=True)
    group, one, two = (
        create_company(CompanyQuery(name, country="DE"), by=None)
        for name in ("Zeta Group SE", "Quartz Mills GmbH", "Birchwood Dairy")
    )
    Company.objects.filter(pk__in=[one.pk, two.pk]).update(parent=group)
    held, wished = register(alice, "Quartz Mills GmbH"), register(charlie, "Birchwood Dairy")
    assert statuses(held, wished) == [Status.APPROVED, Status.WAITLISTED]
    assert list(customer_letters.wished_for(held)) == [wished]

    decision = record(held, wished, mara)

    assert statuses(held, wished) == [Status.REVOKED, Status.APPROVED]
    assert set(wished.holdings.filter(ended_at=None).values_list("company", flat=True)) == {group.pk, two.pk}
    undo(decision, by=mara, clock=SOON)
    assert statuses(held, wished) == [Status.APPROVED, Status.WAITLISTED]


def test_a_letter_may_ask_for_a_firm_that_was_refused_because_of_the_holder(
    client, held, alice, charlie, mara, register
):
    wished = register(charlie, "Acme Pumps GmbH")
    refused = {"by": mara, "text": "Another partner has it.", "clock": MONDAY_CLOCK}
    early = register(charlie, "Acme Pumps GmbH")
    decisions.refuse(early, reason_code=RefusalReason.EARLY, **refused)
    decisions.refuse(wished, reason_code=RefusalReason.REGISTERED, **refused)
    held.refresh_from_db()
    assert list(customer_letters.wished_for(held)) == [wished]
    client.force_login(mara)
    page = client.get(reverse("registrations:customer_letter", args=[held.code])).content.decode()
    assert wished.code in page and early.code not in page

    for undone in (True, False):
        decision = record(held, wished, mara, clock=SOON)
        assert statuses(held, wished) == [Status.REVOKED, Status.APPROVED]
        if undone:
            undo(decision, by=mara, clock=SOON)
            assert statuses(held, wished) == [Status.APPROVED, Status.REFUSED]
            assert not wished.holdings.filter(ended_at=None).exists()
    assert Message.objects.filter(event="registration.customer_letter", address=alice.email).exists()
    told = wished.timeline.standing().values_list("kind", flat=True)
    assert list(told)[-2:] == ["return", "assign"] and first_broken(wished) is None


def test_who_has_one_open_is_asked_for_by_that_one(held, charlie, mara, register):
    first = register(charlie, "Acme Pumps GmbH")
    words = {"reason_code": RefusalReason.REGISTERED, "text": "Another partner has it."}
    decisions.refuse(first, by=mara, clock=MONDAY_CLOCK, **words)
    again = register(charlie, "Acme Pumps GmbH")
    assert list(customer_letters.wished_for(held)) == [again]


def test_who_may_not_decide_about_the_wished_for_reads_it_in_the_form(held, others, mara, client):
    """It is reviewed anew after an appeal against a decision of hers."""
    favoured = others[1]
    refused = decisions.refuse(
        favoured, by=mara, reason_code=RefusalReason.EARLY, text="Too early.", clock=MONDAY_CLOCK
    )
    made = appeals.appeal(refused, by=favoured.owner, text="No.", clock=MONDAY_CLOCK)
    appeals.grant(made, by=make_user("Noor", CHANNEL_MANAGER), text="Right.", clock=MONDAY_CLOCK)
    with pytest.raises(BadInput, match="somebody else decides now: Noor") as error:
        record(held, favoured, mara)
    assert error.value.field == "in_favour_of"
    held.refresh_from_db()
    assert held.status == Status.APPROVED and not CustomerLetter.objects.exists()


def test_so_they_do_where_it_was_refused_once_more_in_the_review_after_their_appeal(
    client, held, charlie, mara, register
):
    noor = make_user("Noor", CHANNEL_MANAGER)
    wished = register(charlie, "Acme Pumps GmbH")
    words = {"reason_code": RefusalReason.REGISTERED, "text": "Another partner has it."}
    no = decisions.refuse(wished, by=mara, clock=MONDAY_CLOCK, **words)
    made = appeals.appeal(no, by=charlie, text="No.", clock=MONDAY_CLOCK)
    appeals.grant(made, by=noor, text="I look again.", clock=MONDAY_CLOCK)
    wished.refresh_from_db()
    decisions.refuse(wished, by=noor, clock=MONDAY_CLOCK, **words)
    held.refresh_from_db()
    client.force_login(mara)
    sent = {
        "version": held.version,
        "in_favour_of": wished.code,
        "dated": "2026-02-27",
        "file": letter(content=b"We want Southridge."),
        "text": "They asked.",
    }
    page = client.post(reverse("registrations:customer_letter", args=[held.code]), sent)
    text = page.content.decode()
    assert page.status_code == 422 and "somebody else decides now: Noor" in text and "They asked." in text
    assert statuses(held, wished) == [Status.APPROVED, Status.REFUSED]
    assert not CustomerLetter.objects.exists() and not Attachment.objects.exists()

    record(held, wished, noor)
    assert statuses(held, wished) == [Status.REVOKED, Status.APPROVED]


def test_a_letter_is_dated_by_the_day_of_who_records_it(held, others, mara):
    mara.time_zone = "Asia/Tokyo"
    night = fixed(MONDAY.replace(hour=20))
    with pytest.raises(BadInput, match="dated in the future"):
        record(held, others[1], mara, dated=date(2026, 3, 4), clock=night)
    record(held, others[1], mara, dated=date(2026, 3, 3), clock=night)
    assert CustomerLetter.objects.get().dated == date(2026, 3, 3)


def test_it_is_about_somebody_who_wants_what_is_held(held, charlie, mara, sensors, register):
    """Southridge asks for something else at the same company: the holder would lose what nobody asked for."""
    policy(scope_product_line=True, begins=MONDAY - timedelta(days=1))
    other = register(charlie, "Acme Pumps GmbH", line=sensors)
    assert list(customer_letters.wished_for(held)) == []
    with pytest.raises(BadInput) as error:
        record(held, other, mara)
    held.refresh_from_db()
    assert error.value.field == "in_favour_of"
    assert (held.status, CustomerLetter.objects.exists()) == (Status.APPROVED, False)


def test_a_firm_that_is_suspended_gets_nothing_by_a_letter(client, held, others, mara, southridge):
    """The holder keeps what a letter would take from it for nobody."""
    favoured = others[1]
    southridge.status = PartnerStatus.SUSPENDED
    southridge.save()
    client.force_login(mara)
    sent = {
        "version": held.version,
        "in_favour_of": favoured.code,
        "dated": "2026-02-27",
        "file": letter(content=b"We want Southridge."),
        "text": "They asked.",
    }
    refused = client.post(reverse("registrations:customer_letter", args=[held.code]), sent)
    text = refused.content.decode()
    assert refused.status_code == 422 and "They asked." in text
    assert "Southridge is not active at present (suspended), so it can be given no deal." in text
    for row in (held, favoured):
        row.refresh_from_db()
    assert (held.status, favoured.status) == (Status.APPROVED, Status.WAITLISTED)
    assert not CustomerLetter.objects.exists() and not Attachment.objects.exists()
    assert not Message.objects.filter(event="registration.customer_letter").exists()
