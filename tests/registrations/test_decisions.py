"""The referee's decisions: what the database and the mail hold afterwards."""

from datetime import timedelta

import pytest
from django.urls import reverse

from companies.models import CompanyName, Verdict
from core.clock import fixed
from core.errors import BadInput, NotAllowed, ScopeTaken, StaleVersion, WrongStatus
from notifications.models import Message
from partners.enums import PartnerStatus
from policies.services.publishing import publish_version
from registrations.enums import ConflictState, RefusalReason, Status
from registrations.models import Holding
from registrations.services import decisions, judgements, offers, partner_actions
from registrations.services.places import place_in_line
from tests.people import MONDAY, MONDAY_CLOCK

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(alice, register):
    return register(alice, "International Business Machines Corp.", country="US")


@pytest.fixture
def rival(held, charlie, register):
    return register(charlie, "I.B.M.", country="US")


def mails(person):
    return list(Message.objects.filter(address=person.email).order_by("id").values_list("event", flat=True))


def test_refusing_needs_a_reason_and_a_text(rival, mara):
    with pytest.raises(BadInput):
        decisions.refuse(rival, by=mara, reason_code="because", text="No.")
    with pytest.raises(BadInput):
        decisions.refuse(rival, by=mara, reason_code=RefusalReason.EARLY, text="  ")
    rival.refresh_from_db()
    assert rival.status == Status.IN_REVIEW


def test_refusal_is_receipted_and_mailed_without_the_internal_note(rival, charlie, mara):
    decision = decisions.refuse(
        rival,
        by=mara,
        reason_code=RefusalReason.EARLY,
        text="Come back once you have met them.",
        internal_note="Knows nobody there.",
        clock=MONDAY_CLOCK,
    )

    rival.refresh_from_db()
    assert rival.status == Status.REFUSED
    assert (decision.by, decision.reason_code, decision.policy.version) == (mara, RefusalReason.EARLY, 1)
    mail = Message.objects.get(event="registration.refused", address=charlie.email)
    assert "Come back once you have met them." in mail.text
    assert "Knows nobody there." not in mail.text + mail.html
    assert not rival.timeline.visible_to(charlie).filter(kind="internal_note").exists()


def test_the_receipt_of_an_assignment_names_the_version_whose_days_it_starts(held, rival, mara, olga):
    tuesday = fixed(MONDAY + timedelta(days=1))
    publish_version(by=olga, settings={"protection_days": 90}, note="Longer.", clock=tuesday)
    later = fixed(MONDAY + timedelta(days=2))
    revoked = decisions.revoke(held, by=mara, reason_code=RefusalReason.INACTIVE, text="No.", clock=later)
    decision = decisions.assign(rival, by=mara, clock=later)

    rival.refresh_from_db()
    assert (revoked.policy.version, decision.policy.version) == (2, 1)
    assert rival.policy == decision.policy and rival.protected_until == later() + timedelta(days=60)


def test_what_ends_a_review_or_goes_on_with_it_is_decided_by_the_version_it_came_in_under(
    held, alice, mara, olga, register
):
    """Whatever the decision is: of one moment all name one version, the one whose days an approval gives (decision 15)."""
    first, second, third = (
        register(alice, name, value=500_000) for name in ("Kestrel AG", "Lumen SE", "Abacus KG")
    )
    tuesday = fixed(MONDAY + timedelta(days=1))
    publish_version(by=olga, settings={"protection_days": 90}, note="Longer.", clock=tuesday)
    later = {"by": mara, "clock": fixed(MONDAY + timedelta(days=2))}
    made = [
        decisions.assign(first, **later),
        decisions.refuse(second, reason_code=RefusalReason.EARLY, text="Too early.", **later),
        decisions.ask_information(third, text="Whom did you meet?", **later),
        decisions.revoke(held, reason_code=RefusalReason.INACTIVE, text="No news.", **later),
    ]
    assert [decision.policy.version for decision in made] == [1, 1, 1, 2]


@pytest.mark.parametrize("status", [PartnerStatus.SUSPENDED, PartnerStatus.ENDED])
def test_a_firm_that_is_not_active_is_given_no_deal(status, client, alice, northgate, mara, register):
    deal = register(alice, "Kestrel AG", value=500_000, clock=MONDAY_CLOCK)
    northgate.status = status
    northgate.save()
    client.force_login(mara)
    page = client.get(reverse("registrations:review_item", args=[deal.code])).content.decode()
    words = f"Northgate is not active at present ({status.label.lower()}), so it can be given no deal."
    assert words in page

    sent = {"version": deal.version, "seen": deal.timeline.count(), "text": ""}
    refused = client.post(
        reverse("registrations:assign", args=[deal.code]), sent, headers={"HX-Request": "true"}
    )
    assert refused.status_code == 409 and words in refused.content.decode()
    deal.refresh_from_db()
    assert deal.status == Status.IN_REVIEW and not deal.decisions.exists()
    assert (
        decisions.refuse(deal, by=mara, reason_code=RefusalReason.INACTIVE, text="No.").policy == deal.policy
    )


def test_only_what_was_waited_for_was_due(held, rival, mara, client, alice):
    refused = decisions.refuse(
        rival, by=mara, reason_code=RefusalReason.EARLY, text="No.", clock=MONDAY_CLOCK
    )
    months_later = fixed(MONDAY + timedelta(days=50))
    revoked = decisions.revoke(
        held, by=mara, reason_code=RefusalReason.INACTIVE, text="No news.", clock=months_later
    )
    assert refused.clock_due is not None and revoked.clock_due is None
    client.force_login(alice)
    page = client.get(reverse("registrations:receipt", args=[revoked.code])).content.decode()
    assert "than promised" not in page and "Answer was due" not in page


def test_assigning_asks_for_a_judgement_first(rival, mara):
    with pytest.raises(ScopeTaken, match="same company or a different one"):
        decisions.assign(rival, by=mara)


def test_assigning_after_different(rival, held, mara, charlie):
    judgements.declare_different(rival.conflicts.get(), by=mara, reason="another group")
    rival.refresh_from_db()
    decisions.assign(rival, by=mara, clock=MONDAY_CLOCK)

    rival.refresh_from_db()
    assert rival.status == Status.APPROVED
    assert Verdict.objects.get().verdict == "different"
    assert Holding.objects.filter(ended_at=None).count() == 2
    assert mails(charlie)[-1] == "registration.approved"


def test_same_company_joins_rows_and_remembers_the_name(rival, held, mara):
    judgements.declare_same(rival.conflicts.get(), by=mara, reason="initials")

    rival.refresh_from_db()
    held.refresh_from_db()
    assert rival.company == held.company
    assert rival.conflicts.get().state == ConflictState.SAME
    assert CompanyName.objects.filter(company=held.company, text="I.B.M.", withdrawn_at=None).exists()
    with pytest.raises(ScopeTaken):
        decisions.assign(rival, by=mara)


def test_waitlist_behind_the_holder_then_move_up(rival, held, mara, alice, charlie):
    decisions.put_on_waitlist(rival, behind=held, by=mara, clock=MONDAY_CLOCK)
    rival.refresh_from_db()
    assert (rival.status, rival.waits_for, place_in_line(rival)) == (Status.WAITLISTED, held, 1)

    held.refresh_from_db()
    partner_actions.withdraw(held, by=alice, clock=MONDAY_CLOCK)

    rival.refresh_from_db()
    assert (rival.status, rival.waits_for) == (Status.OFFERED, None)
    assert [h.registration for h in Holding.objects.filter(ended_at=None)] == [rival]
    assert mails(charlie)[-1] == "registration.offered"
    assert offers.accept(rival.offers.get(), by=charlie, clock=MONDAY_CLOCK).status == Status.APPROVED
    assert mails(charlie)[-1] == "registration.moved_up"


def test_the_line_moves_by_time_of_submission(held, alice, bob, charlie, mara, register):
    third, second = (register(person, "IBM", country="US") for person in (charlie, bob))
    for waiting in (second, third):
        waiting.refresh_from_db()
        decisions.put_on_waitlist(waiting, behind=held, by=mara)
    second.refresh_from_db()
    third.refresh_from_db()
    assert (place_in_line(third), place_in_line(second)) == (1, 2)

    held.refresh_from_db()
    decisions.revoke(held, by=mara, reason_code=RefusalReason.INACTIVE, text="No update in months.")

    third.refresh_from_db()
    second.refresh_from_db()
    assert (third.status, second.status, second.waits_for) == (Status.OFFERED, Status.WAITLISTED, third)


def test_question_and_answer(rival, charlie, mara):
    decisions.ask_information(rival, by=mara, text="Whom did you meet?", clock=MONDAY_CLOCK)
    rival.refresh_from_db()
    assert rival.status == Status.INFORMATION_ASKED

    partner_actions.answer(rival, by=charlie, text="The head of IT.", clock=MONDAY_CLOCK)

    rival.refresh_from_db()
    assert rival.status == Status.IN_REVIEW
    assert mails(charlie)[-1] == "registration.information_asked"
    assert mails(mara)[-1] == "registration.information_answered"


def test_two_managers_the_second_sees_that_it_changed(rival, mara, ada):
    decisions.refuse(
        rival, by=mara, version=rival.version, reason_code=RefusalReason.EARLY, text="Too early."
    )

    with pytest.raises(WrongStatus):
        decisions.assign(rival, by=ada, version=rival.version)


def test_a_decision_on_an_old_view_is_refused(rival, charlie, mara):
    seen = rival.version
    decisions.ask_information(rival, by=mara, text="Whom did you meet?")
    rival.refresh_from_db()
    partner_actions.answer(rival, by=charlie, text="The head of IT.")
    rival.refresh_from_db()

    with pytest.raises(StaleVersion):
        decisions.refuse(rival, by=mara, version=seen, reason_code=RefusalReason.EARLY, text="Too early.")


@pytest.mark.parametrize("person", ["alice", "charlie", "ivan", "olga"])
def test_only_referees_decide(rival, person, request):
    with pytest.raises(NotAllowed):
        decisions.refuse(
            rival, by=request.getfixturevalue(person), reason_code=RefusalReason.EARLY, text="No."
        )
    rival.refresh_from_db()
    assert rival.status == Status.IN_REVIEW


def test_winning_sends_those_in_line_back_to_the_referee(rival, held, mara, alice):
    decisions.put_on_waitlist(rival, behind=held, by=mara)
    held.refresh_from_db()
    partner_actions.record_won(
        held, by=alice, value=held.value, closed_on=MONDAY_CLOCK().date(), clock=MONDAY_CLOCK
    )

    rival.refresh_from_db()
    held.refresh_from_db()
    assert (held.status, held.closed_value) == (Status.WON, held.value)
    assert (rival.status, rival.review_reasons) == (Status.IN_REVIEW, ["holder_won"])
    mail = Message.objects.get(event="registration.line_over")
    assert mail.recipient == rival.owner and "Northgate" not in mail.text + mail.html
