"""A draft that asks for more than was filled in: what would have been sent back, and for what."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.models import Industry
from core.clock import fixed
from core.errors import BadInput
from partners.enums import PartnerStatus
from policies.models import RegistrationPolicy
from policies.services import publish_version
from registrations.enums import Occasion, Status
from registrations.models import PolicyRun, Registration
from registrations.services import decisions, partner_actions, submission
from registrations.services.policy_runs import keep_run
from registrations.simulation.tally import cells_from_json
from tests.people import MONDAY, draft_for
from tests.registrations.requests_help import policy
from tests.registrations.simulations.given import draft_with, simulated

pytestmark = pytest.mark.django_db
SENT_BACK = {"change": "approved-sent_back"}


def later(hours):
    return fixed(MONDAY + timedelta(hours=hours))


@pytest.fixture
def deals(alice, charlie, southridge, register):
    """One says a lot, one little; one too large, one refused; none of them a rival of another."""
    register(alice, "Full Word AG", website="full.example", next_step="Workshop")
    register(alice, "Short Word GmbH", website="short.example", clock=later(1))
    register(alice, "Large Works AG", value=Decimal(150_000), next_step="Offer", clock=later(2))
    southridge.status = PartnerStatus.SUSPENDED
    southridge.save(update_fields=["status"])
    register(charlie, "Late Foods BV", clock=later(3))


def told(simulation):
    return {
        case.registration.company_name: (case.before, case.after, case.reasons[0]["words"])
        for case in simulation.cases.all()
    }


def test_what_was_left_empty_would_have_been_sent_back_and_says_for_what(deals, olga):
    simulation = simulated(draft_with(required_fields=["website", "next_step"]), olga)

    assert told(simulation) == {
        "Short Word GmbH": ("approved", "sent_back", "Sent back for: the next step."),
        "Large Works AG": ("in_review", "sent_back", "Sent back for: the company's website."),
        "Late Foods BV": ("refused", "sent_back", "Sent back for: the company's website, the next step."),
    }
    assert {case.rule for case in simulation.cases.all()} == {"incomplete"}
    assert (simulation.looked_at, simulation.reconstructed, simulation.unsettled) == (4, 0, 0)
    assert cells_from_json(simulation.cells)["approved", "approved", ""].number == 1


def test_the_version_that_asked_for_them_sends_nothing_back(alice, olga, register):
    asks = policy(required_fields=["website", "industry"], begins=MONDAY - timedelta(days=1))
    with pytest.raises(BadInput, match="Still needed: the company's website, the company's industry"):
        register(alice, "Short Word GmbH")
    trade = Industry.objects.create(code="pumps", name="Pumps")
    register(alice, "Full Word AG", website="full.example", industry=trade)

    same = simulated(asks, olga)
    less = simulated(draft_with(required_fields=[]), olga)

    for simulation in (same, less):
        assert (simulation.looked_at, simulation.unsettled, simulation.cases.count()) == (1, 0, 0)


def test_a_turn_in_line_is_not_asked_to_fill_in_again(alice, charlie, mara, olga, register):
    held = register(alice, "Acme Pumps GmbH", website="acme.example")
    second = register(charlie, "Acme Pumps", website="acme.example", clock=later(1))
    decisions.put_on_waitlist(second, behind=held, by=mara, clock=later(2))
    policy(required_fields=["website", "next_step"], begins=MONDAY + timedelta(hours=3))
    held.refresh_from_db()
    partner_actions.withdraw(held, by=alice, clock=later(4))
    second.refresh_from_db()
    assert second.status == Status.OFFERED
    turn = PolicyRun.objects.get(occasion=Occasion.TURN)
    assert turn.facts["left_empty"] == []

    simulation = simulated(draft_with(required_fields=["competitors"]), olga)

    assert {case.occasion for case in simulation.cases.all()} == {Occasion.SUBMISSION}


def test_a_version_that_begins_while_it_is_submitted_sends_it_back_all_the_same(alice, gateways):
    """The first look was under the version before: nothing lands that the version in force would not take."""
    draft = draft_for(alice, "Short Word GmbH", gateways)
    policy(required_fields=["website"], begins=MONDAY + timedelta(seconds=1))
    moments = iter([MONDAY])

    with pytest.raises(BadInput, match=r"Still needed: the company's website\.") as refusal:
        submission.submit(draft, by=alice, clock=lambda: next(moments, MONDAY + timedelta(seconds=2)))

    assert refusal.value.field == "website"
    draft.refresh_from_db()
    assert (draft.status, draft.company_id) == (Status.DRAFT, None)
    assert not PolicyRun.objects.exists()


class Before:
    """Facts as they were kept before what was left empty was kept with them."""

    def __init__(self, facts):
        self.at, self._facts = facts.at, facts

    def as_json(self):
        return {name: value for name, value in self._facts.as_json().items() if name != "left_empty"}


@pytest.fixture
def older_portal(monkeypatch):
    def keep(registration, occasion, *, facts, **more):
        return keep_run(registration, occasion, facts=Before(facts), **more)

    monkeypatch.setattr(submission, "keep_run", keep)


def test_runs_from_before_are_asked_what_the_registration_says_now_and_told_as_guesses(
    older_portal, monkeypatch, alice, olga, register
):
    register(alice, "Full Word AG", next_step="Workshop")
    register(alice, "Short Word GmbH", clock=later(1))
    monkeypatch.undo()
    register(alice, "Later Word KG", clock=later(2))

    simulation = simulated(draft_with(required_fields=["next_step"]), olga)

    assert (simulation.looked_at, simulation.reconstructed, simulation.unsettled) == (3, 2, 0)
    guessed = {case.registration.company_name: case.reconstructed for case in simulation.cases.all()}
    assert guessed == {"Short Word GmbH": True, "Later Word KG": False}
    assert not simulated(RegistrationPolicy.objects.get(version=1), olga).cases.exists()


def test_a_guess_that_cannot_be_is_told_as_not_comparable(older_portal, alice, olga, register):
    short = register(alice, "Short Word GmbH")
    Registration.objects.filter(pk=short.pk).update(expected_close=None)

    simulation = simulated(draft_with(auto_approve=False), olga)

    case = simulation.cases.get()
    assert case.unsettled and case.reasons[0]["words"] == (
        "It was approved at once then; by what is known of it now it would have been sent back."
    )


def test_the_page_counts_lists_and_exports_them(client, deals, olga):
    simulation = simulated(draft_with(required_fields=["website", "next_step"]), olga)
    client.force_login(olga)
    address = reverse("registrations:simulation", args=[simulation.code])

    page = client.get(address)
    one = client.get(address, SENT_BACK)
    export = client.get(reverse("registrations:export_simulation", args=[simulation.code]), SENT_BACK)

    assert page.context["head"].sentence == (
        "Would send 3 back for what was not filled in; 1 of 4 would land where they did."
    )
    assert [label for _, label in page.context["table"].columns][-1] == "Sent back"
    assert [row.label for row in page.context["table"].rows] == [
        "Approved",
        "In review",
        "Waitlisted",
        "Refused",
    ]
    assert [case.company for case in one.context["cases"]] == ["Short Word GmbH"]
    assert "Sent back for: the next step." in one.content.decode()
    lines = b"".join(export.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2 and "Sent back,Not filled in,New: Sent back for: the next step." in lines[1]


def test_without_any_there_is_no_column_for_them(client, deals, olga):
    simulation = simulated(draft_with(auto_approve=False), olga)
    client.force_login(olga)

    page = client.get(reverse("registrations:simulation", args=[simulation.code]))

    assert [label for _, label in page.context["table"].columns] == [
        "Approved",
        "In review",
        "Waitlisted",
        "Refused",
    ]


def test_publishing_such_a_version_does_what_the_simulation_said(deals, alice, olga, register):
    publish_version(by=olga, settings={"required_fields": ["next_step"]}, note="More.", clock=later(24))

    with pytest.raises(BadInput, match="Still needed: the next step"):
        register(alice, "Another Word KG", clock=later(25))
