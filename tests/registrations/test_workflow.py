"""Every status × action × actor: what the table does not allow is refused, and nothing changes."""

import pytest

from accounts.roles import SEEDS
from core.errors import NotAllowed, WrongStatus
from registrations import workflow
from registrations.enums import Action, Status
from registrations.models import Registration
from registrations.workflow import PARTNER_LABELS, TONES, TRANSITIONS, label_for

# Written out by hand, so that a change of the table is a decision and not a slip.
EXPECTED = {
    "submit": ({"draft"}, {"approved", "in_review", "waitlisted", "refused"}),
    "assign": ({"in_review", "information_asked", "waitlisted"}, {"approved"}),
    "refuse": ({"in_review", "information_asked", "waitlisted"}, {"refused"}),
    "ask_information": ({"in_review"}, {"information_asked"}),
    "answer": ({"information_asked"}, {"in_review"}),
    "waitlist": ({"in_review", "information_asked"}, {"waitlisted"}),
    "judge": ({"in_review", "information_asked"}, {"in_review", "information_asked"}),
    "revoke": ({"approved"}, {"revoked"}),
    "update": ({"approved"}, {"approved"}),
    "withdraw": ({"in_review", "information_asked", "waitlisted", "approved"}, {"withdrawn"}),
    "win": ({"approved"}, {"won"}),
    "lose": ({"in_review", "information_asked", "waitlisted", "approved"}, {"lost"}),
    "expire": ({"approved"}, {"expired"}),
    "move_up": ({"waitlisted"}, {"approved"}),
    "return": ({"waitlisted"}, {"in_review"}),
}


def test_the_table_is_what_was_agreed():
    assert {a.value: (set(row.sources), set(row.targets)) for a, row in TRANSITIONS.items()} == EXPECTED


def test_every_status_has_words_and_a_tone():
    for status in Status:
        assert status in PARTNER_LABELS and status in TONES
        assert label_for(status, vendor=True) and label_for(status, vendor=False)


def test_every_permission_of_the_table_is_held_by_some_role():
    held = {permission for seed in SEEDS for permission in seed.permissions}
    assert {row.permission for row in TRANSITIONS.values() if row.permission} <= held


@pytest.mark.django_db
@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("status", list(Status))
def test_every_status_and_action_and_person(
    status, action, alice, bob, dan, charlie, mara, olga, ivan, request, gateways
):
    from tests.people import draft_for

    deal = draft_for(alice, "Acme Pumps GmbH", gateways)
    deal.status = status  # in memory only: what is asked here is the table, not the database
    sources, _ = EXPECTED[action.value]
    for person in (alice, bob, dan, charlie, mara, olga, ivan, None):
        expected = _expected(person, action, {"alice": alice, "bob": bob, "mara": mara})
        if status.value not in sources:
            with pytest.raises(WrongStatus):
                workflow.check(person, action, deal)
        elif expected:
            workflow.check(person, action, deal)
        else:
            with pytest.raises(NotAllowed):
                workflow.check(person, action, deal)
    assert Registration.objects.get(pk=deal.pk).status == Status.DRAFT


def _expected(person, action, people):
    by_portal = {"expire", "move_up", "return"}
    by_referee = {"assign", "refuse", "ask_information", "waitlist", "judge", "revoke"}
    if person is None:
        return action.value in by_portal
    if action.value in by_referee:
        return person == people["mara"]
    return action.value not in by_portal and person in (people["alice"], people["bob"])
