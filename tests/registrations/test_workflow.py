"""Every status × action × actor: what the table does not allow is refused, and nothing changes."""

import pytest

from accounts.roles import SEEDS
from core.errors import NotAllowed, WrongStatus
from registrations import workflow
from registrations.enums import Action, Status
from registrations.models import Registration
from registrations.workflow import PARTNER_LABELS, TONES, TRANSITIONS, label_for

# Written out by hand, so that a change of the table is a decision and not a slip.
DISPUTED = {"refused", "revoked", "waitlisted", "approved"}
SUBMITTED = {status.value for status in Status} - {"draft"}
_AGREEING = {"in_review", "information_asked", "waitlisted", "approved"}
EXPECTED = {
    "submit": ({"draft"}, {"approved", "in_review", "waitlisted", "refused"}),
    "assign": ({"in_review", "information_asked", "waitlisted"}, {"approved"}),
    "refuse": ({"in_review", "information_asked", "waitlisted", "offered"}, {"refused"}),
    "ask_information": ({"in_review"}, {"information_asked"}),
    "answer": ({"information_asked"}, {"in_review"}),
    "waitlist": ({"in_review", "information_asked"}, {"waitlisted"}),
    "judge": ({"in_review", "information_asked"}, {"in_review", "information_asked"}),
    "revoke": ({"approved"}, {"revoked"}),
    "reopen": ({"refused", "revoked"}, {"in_review"}),
    "update": ({"approved"}, {"approved"}),
    "withdraw": (
        {"in_review", "information_asked", "waitlisted", "offered", "approved", "shared"},
        {"withdrawn"},
    ),
    "win": ({"approved"}, {"won"}),
    "lose": ({"in_review", "information_asked", "waitlisted", "offered", "approved", "shared"}, {"lost"}),
    "expire": ({"approved"}, {"expired"}),
    "offer": ({"waitlisted"}, {"offered"}),
    "move_up": ({"offered"}, {"approved"}),
    "decline": ({"offered"}, {"withdrawn"}),
    "lapse": ({"offered"}, {"expired"}),
    "reorder": ({"waitlisted"}, {"waitlisted"}),
    "propose": (
        {"in_review", "information_asked", "waitlisted"},
        {"in_review", "information_asked", "waitlisted"},
    ),
    "agree": (_AGREEING, _AGREEING),
    "disagree": (_AGREEING, _AGREEING),
    "share": ({"in_review", "information_asked", "waitlisted"}, {"shared"}),
    "unshare": ({"shared"}, {"waitlisted"}),
    "win_together": ({"shared"}, {"won"}),
    "transfer": ({"approved"}, {"transferred"}),
    "take_over": ({"in_review", "information_asked", "waitlisted"}, {"approved"}),
    "return": ({"waitlisted", "refused"}, {"in_review"}),
    "ask_extension": ({"approved"}, {"approved"}),
    "extend": ({"approved"}, {"approved"}),
    "refuse_extension": ({"approved"}, {"approved"}),
    "release": ({"approved"}, {"withdrawn"}),
    "customer_letter": ({"approved"}, {"revoked"}),
    "appeal": (DISPUTED, DISPUTED),
    "grant_appeal": (DISPUTED, {"approved", "in_review", "waitlisted"}),
    "dismiss_appeal": (SUBMITTED, SUBMITTED),
    "undo": (SUBMITTED, SUBMITTED),
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
    by_portal = {
        *("expire", "offer", "lapse", "return"),
        *("share", "unshare", "win_together", "transfer", "take_over"),
    }
    by_referee = {"assign", "refuse", "ask_information", "waitlist", "judge", "revoke", "reorder", "propose"}
    by_referee |= {"extend", "refuse_extension", "customer_letter", "grant_appeal", "dismiss_appeal", "undo"}
    by_referee |= {"reopen"}
    if person is None:
        # The policy refuses when a turn in line comes; an undo takes back what followed from the decision; what a firm
        # holds is revoked with the end of its partnership.
        return action.value in by_portal | {"refuse", "revoke", "undo"}
    if action.value in by_referee:
        return person == people["mara"]
    return action.value not in by_portal and person in (people["alice"], people["bob"])
