"""What a button says about the next in line is what then happens: the same rules are asked before and after."""

import pytest
from django.urls import reverse

from companies.services import declare_same
from core.clock import database_clock
from notifications.models import Message
from partners.enums import PartnerStatus
from partners.models import Partner
from policies.services.publishing import publish_version
from registrations.enums import Status
from registrations.models import Registration
from registrations.services import agreements, decisions, next_turns, partner_actions
from registrations.services.undo import undo
from tests.people import make_user
from tests.registrations.offers.steps import state

pytestmark = pytest.mark.django_db
REVOKED = {"reason_code": "inactive", "text": "Silent."}


@pytest.fixture
def wendy(mara):
    """Of a third firm, Westbrook."""
    firm = Partner.objects.create(name="Westbrook", country="DE", status=PartnerStatus.ACTIVE, manager=mara)
    return make_user("Wendy", "partner_rep", firm)


@pytest.fixture
def line(held, charlie, wendy, mara, register):
    """Southridge is next, Westbrook behind it."""
    rows = [register(person, "Acme Pumps GmbH", clock=database_clock) for person in (charlie, wendy)]
    for row in rows:
        decisions.put_on_waitlist(row, behind=held, by=mara)
        row.refresh_from_db()
    return rows


@pytest.fixture
def effects(client, mara):
    """`effects(deal)`: what each button says it will do."""

    def told(deal):
        client.force_login(mara)
        page = client.get(reverse("registrations:review_item", args=[deal.code]))
        return {
            one["code"]: one["effect"]
            for one in [*page.context["decisions"], *page.context["candidate_decisions"]]
        }

    return told


def revoke(held, by):
    return decisions.revoke(Registration.objects.get(pk=held.pk), by=by, **REVOKED)


def offered(deal):
    return f"It is then the turn of {deal.partner} ({deal.code}): they are offered the deal by mail."


def test_the_next_in_line(held, line, effects, mara):
    assert effects(held)["revoke"].endswith(f"reason and text. {offered(line[0])}")
    revoke(held, mara)
    assert state(*line) == [Status.OFFERED, Status.WAITLISTED]


def test_one_at_its_cap_is_passed_over(held, line, effects, charlie, mara, olga, register):
    register(charlie, "Quite Another Ltd", clock=database_clock)
    publish_version(by=olga, settings={"open_most_registered": 1}, note="A cap.")
    said = f"Southridge ({line[0].code}) is passed over: the policy does not let them have it now, and they read why."
    assert effects(held)["revoke"].endswith(f"{said} {offered(line[1])}")
    revoke(held, mara)
    assert state(*line) == [Status.WAITLISTED, Status.OFFERED]
    assert line[0].timeline.filter(kind="passed_over").exists()


def test_one_whose_firm_is_not_active_is_passed_over(held, line, effects, mara):
    Partner.objects.filter(pk=line[0].partner_id).update(status=PartnerStatus.SUSPENDED)
    said = f"Southridge ({line[0].code}) is passed over, since the firm is not active."
    assert effects(held)["revoke"].endswith(f"{said} {offered(line[1])}")
    revoke(held, mara)
    assert state(*line) == [Status.WAITLISTED, Status.OFFERED]


def test_one_that_a_person_has_to_look_at_first(held, line, effects, mara, olga):
    publish_version(by=olga, settings={"auto_approve": False}, note="All are looked at.")
    assert effects(held)["revoke"].endswith(
        f"It is then the turn of Southridge ({line[0].code}): it goes back to review first, and they are told so by mail."
    )
    revoke(held, mara)
    assert state(*line) == [Status.IN_REVIEW, Status.WAITLISTED]
    assert not Message.objects.filter(event="registration.offered").exists()
    # The scope is kept for it: refusing it gives the next one the turn.
    assert f"It is then the turn of Westbrook ({line[1].code}): it goes back" in effects(line[0])["refuse"]


def test_refusing_one_that_was_offered_it_says_who_is_next(held, line, effects, alice, mara):
    partner_actions.withdraw(Registration.objects.get(pk=held.pk), by=alice)
    assert effects(line[0])["refuse"].endswith(offered(line[1]))
    decisions.refuse(Registration.objects.get(pk=line[0].pk), by=mara, reason_code="early", text="No.")
    assert state(*line) == [Status.REFUSED, Status.OFFERED]


def test_who_is_under_review_since_before_the_line(held, effects, charlie, wendy, mara, register):
    reviewed = register(charlie, "Acme Pumps GmbH", value=900_000, clock=database_clock)
    waiting = register(wendy, "Acme Pumps GmbH", clock=database_clock)
    decisions.put_on_waitlist(waiting, behind=held, by=mara)
    kept = (
        f"It is then kept for Southridge ({reviewed.code}), submitted first, until you have decided about it."
    )
    assert effects(held)["revoke"].endswith(kept)
    revoke(held, mara)
    reviewed.refresh_from_db()
    assert "turn_came" in reviewed.review_reasons
    assert effects(reviewed)["refuse"].endswith(offered(waiting))


def test_who_sells_along_goes_back_into_line(held, effects, alice, charlie, mara, register):
    other = register(charlie, "Acme Pumps GmbH", value=900_000, clock=database_clock)
    proposal = agreements.propose(other, holder=held, kind="split", other_share=30, text="Together.", by=mara)
    assert (
        f"The proposal to Southridge ({other.code}) ends, and they are told so by mail."
        in effects(held)["revoke"]
    )
    agreements.agree(proposal, by=alice)
    agreements.agree(proposal, by=charlie)
    back = f"The split with Southridge ({other.code}) ends; they go back into line and are told so by mail."
    said = effects(held)["revoke"]
    assert back in said
    made = revoke(held, mara)
    assert (offered(other) in said) == (state(other) == [Status.OFFERED])
    undo(made, by=mara)
    assert state(other) == [Status.SHARED]


def test_the_holder_that_did_not_know_gets_a_mail(held, effects, charlie, mara, register):
    other = register(charlie, "Zollern Hydraulik", value=900_000, clock=database_clock)
    declare_same(other.company, held.company, by=mara, reason="renamed")
    told = "Northgate is told, without a name, that somebody registered the same."
    assert effects(other)["waitlist"].endswith(told)
    decisions.put_on_waitlist(Registration.objects.get(pk=other.pk), behind=held, by=mara)
    assert Message.objects.filter(event="registration.conflict_noted", recipient__name="Alice").exists()


def test_looking_ahead_changes_and_keeps_nothing(held, line, mara):
    before = [sorted(row.timeline.values_list("number", flat=True)) for row in (held, *line)]
    due = next_turns.foreseen(held, at=database_clock())
    assert [one.waiting for one in due if one.goes_to] == [line[0]]
    assert state(held, *line) == [Status.APPROVED, Status.WAITLISTED, Status.WAITLISTED]
    assert [sorted(row.timeline.values_list("number", flat=True)) for row in (held, *line)] == before
    with pytest.raises(AssertionError):  # outside, the holder holds it
        assert next(next_turns.due_among(line, at=database_clock())).goes_to == line[0]
