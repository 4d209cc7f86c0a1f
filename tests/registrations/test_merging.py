"""Undoing a merge of companies takes the registrations apart again."""

import pytest

from companies.models import Verdict
from companies.services import undo_verdict
from core.errors import WrongStatus
from registrations.models import Holding
from registrations.services import decisions, judgements

pytestmark = pytest.mark.django_db


@pytest.fixture
def merged(alice, charlie, mara, register):
    held = register(alice, "International Business Machines Corp.", country="US")
    rival = register(charlie, "I.B.M.", country="US")
    own = rival.company
    judgements.declare_same(rival.conflicts.get(), by=mara)
    rival.refresh_from_db()
    assert rival.company == held.company
    return held, rival, own


def test_undo_gives_each_its_company_back(merged, mara):
    held, rival, own = merged

    undo_verdict(Verdict.objects.get(), by=mara)

    held.refresh_from_db()
    rival.refresh_from_db()
    assert rival.company == own != held.company
    assert Holding.objects.get(ended_at=None).company == held.company


def test_undo_is_refused_while_one_waits_in_line(merged, mara):
    held, rival, _ = merged
    decisions.put_on_waitlist(rival, behind=held, by=mara)

    with pytest.raises(WrongStatus, match="waits in line"):
        undo_verdict(Verdict.objects.get(), by=mara)

    rival.refresh_from_db()
    assert rival.company == held.company and Verdict.objects.get().undone_at is None
