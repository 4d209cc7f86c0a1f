"""Undoing a merge of companies takes the registrations apart again."""

from datetime import timedelta
from decimal import Decimal

import pytest

from companies.matching import CompanyQuery
from companies.models import Company, Verdict
from companies.services import create_company, declare_different, declare_same, undo_verdict
from core.clock import database_clock, fixed
from core.errors import ScopeTaken, WrongStatus
from registrations.enums import Status
from registrations.models import Conflict, Holding, Registration
from registrations.services import decisions, holdings, judgements, partner_actions
from registrations.services.undo import undo
from tests.people import MONDAY
from tests.registrations.requests_help import policy

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


# -- parent and subsidiary: who holds one holds the other --------------------------------------------


@pytest.fixture
def family(mara):
    """A subsidiary and its parent, in this order."""
    policy(scope_family=True)
    parent = create_company(CompanyQuery(name="Delta Holding", country="DE"), by=mara)
    below = create_company(CompanyQuery(name="Kestrel Pumps", country="DE"), by=mara)
    Company.objects.filter(pk=below.pk).update(parent=parent)
    return below, parent


@pytest.fixture
def holder(family, alice, register):
    return register(alice, "Delta Holding", clock=database_clock)


@pytest.fixture
def review(holder, charlie, register):
    return register(charlie, "Kestrel Pumps", clock=database_clock)


def held_by(deal):
    return sorted(deal.holdings.filter(ended_at=None).values_list("company", "product_line", "reserved"))


def by_decision(made, mara):
    undo(made, by=mara)


def on_the_page(made, mara):
    undo_verdict(Verdict.objects.active().get(), by=mara)


@pytest.mark.parametrize("take_back", [by_decision, on_the_page])
def test_a_holder_of_both_holds_both_again(take_back, family, holder, review, mara):
    before, stands = held_by(holder), list(Conflict.objects.order_by("pk").values_list("pk", "company"))
    assert {company for company, *_ in before} == {one.pk for one in family}

    made = judgements.declare_same(review.conflicts.get(rival=holder), by=mara)
    assert len(held_by(holder)) == 1
    take_back(made, mara)

    review.refresh_from_db()
    assert review.company == family[0] and held_by(holder) == before
    assert list(Conflict.objects.order_by("pk").values_list("pk", "company")) == stands
    assert {one.registration for one in holdings.held_by_others(review)} == {holder}


def test_what_was_given_back_meanwhile_is_held_no_more(family, holder, review, alice, mara):
    judgements.declare_same(review.conflicts.get(rival=holder), by=mara)
    partner_actions.withdraw(Registration.objects.get(pk=holder.pk), by=alice)

    on_the_page(None, mara)

    assert not held_by(holder)
    below = Holding.objects.get(registration=holder, company=family[0])
    assert below.ended_at is not None


@pytest.mark.parametrize("take_back", [by_decision, on_the_page])
def test_what_is_kept_at_both_for_the_one_that_moves_is_kept_at_both_again(
    take_back, family, holder, review, alice, mara, dan, register
):
    partner_actions.withdraw(Registration.objects.get(pk=holder.pk), by=alice)
    later = register(dan, "Delta Holding", value=900_000, clock=database_clock)
    holdings.reserve(review, at=database_clock())
    before = held_by(review)
    assert len(before) == 2
    review.refresh_from_db()

    found = Conflict.objects.get(registration=later, rival=review)
    take_back(judgements.declare_same(found, by=mara, seen_from=review), mara)

    assert held_by(review) == before


def test_undo_is_refused_in_words_where_a_parent_is_held_meanwhile(alice, charlie, dan, mara, register):
    """The company that was merged away has a parent, which somebody took while the merge stood: the survivor has its own."""
    policy(scope_family=True, review_other_scope=False)
    parent = create_company(CompanyQuery(name="Kestrel Foods", country="US"), by=mara)
    below = create_company(CompanyQuery(name="Delta Pumps", country="US"), by=mara)
    other = create_company(CompanyQuery(name="Quantum Tools", country="US"), by=mara)
    above = create_company(CompanyQuery(name="Orchid Holding", country="US"), by=mara)
    Company.objects.filter(pk=below.pk).update(parent=parent)
    Company.objects.filter(pk=other.pk).update(parent=above)
    other.refresh_from_db()
    review = register(alice, "Delta Pumps", country="US", value=Decimal(900_000))
    assert review.status == Status.IN_REVIEW and review.company == below
    declare_same(below, other, by=mara, reason="One firm.", keep=other)
    top = register(dan, "Kestrel Foods", country="US")
    assert top.company == parent and top.status == Status.APPROVED
    review.refresh_from_db()
    decisions.assign(review, by=mara)

    held = list(Holding.objects.filter(ended_at=None).order_by("pk").values_list("registration", "company"))
    assert set(held) == {
        (top.pk, parent.pk),
        (top.pk, below.pk),
        (review.pk, other.pk),
        (review.pk, above.pk),
    }

    with pytest.raises(ScopeTaken, match="already holds"):
        undo_verdict(Verdict.objects.get(), by=mara)

    review.refresh_from_db()
    assert review.company == other and Verdict.objects.get().undone_at is None
    now = Holding.objects.filter(ended_at=None).order_by("pk").values_list("registration", "company")
    assert list(now) == held


# -- what came in while two were one ------------------------------------------------------------------

EARLIER, SINCE, THEN = (fixed(MONDAY + timedelta(hours=hours)) for hours in (-1, 1, 2))


@pytest.fixture
def joined(mara):
    gone, kept = (create_company(CompanyQuery(name), by=None) for name in ("Nordlicht Optik", "Basalt Mühle"))
    declare_same(gone, kept, by=mara, keep=kept, clock=EARLIER)
    return gone, kept


def test_what_came_by_the_others_name_is_held_there_again(joined, alice, charlie, mara, register):
    gone, kept = joined
    deal = register(alice, "NORDLICHT OPTIK")
    assert (deal.company, deal.status) == (kept, Status.APPROVED)

    undo_verdict(Verdict.objects.get(), by=mara, clock=SINCE)

    deal.refresh_from_db()
    assert deal.company == gone == Holding.objects.get(ended_at=None).company
    entry = deal.timeline.get(kind="company_parted")
    assert entry.data["text"] == "Nordlicht Optik stands for itself again, apart from Basalt Mühle."
    rival = register(charlie, "Nordlicht Optik", clock=THEN)
    assert (rival.company, rival.status) == (gone, Status.IN_REVIEW)
    assert rival.conflicts.get().rival == deal
    assert register(charlie, "Basalt Mühle", clock=THEN).status == Status.APPROVED


def test_what_came_by_the_name_of_the_one_that_went_on_stays(joined, alice, mara, register):
    _, kept = joined
    deal = register(alice, "Basalt Mühle")

    undo_verdict(Verdict.objects.get(), by=mara, clock=SINCE)

    deal.refresh_from_db()
    assert deal.company == kept == Holding.objects.get(ended_at=None).company
    assert not deal.timeline.filter(kind="company_parted").exists()


def test_the_very_name_decides_where_both_bear_it(alice, charlie, mara, register):
    kept, gone = (create_company(CompanyQuery(f"Nordlicht {form}"), by=None) for form in ("AG", "GmbH"))
    declare_different(gone, kept, by=mara, clock=EARLIER)
    declare_same(gone, kept, by=mara, keep=kept, clock=EARLIER)
    deal = register(alice, "Nordlicht GmbH")
    assert deal.company == kept

    undo_verdict(Verdict.objects.active().get(), by=mara, clock=SINCE)

    deal.refresh_from_db()
    assert deal.company == gone
    assert register(charlie, "Nordlicht AG", clock=THEN).company == kept


def test_undo_is_refused_while_one_that_came_since_waits_behind_the_other(
    joined, alice, charlie, mara, register
):
    held = register(alice, "Basalt Mühle")
    rival = register(charlie, "Nordlicht Optik")
    decisions.put_on_waitlist(rival, behind=held, by=mara, clock=SINCE)

    with pytest.raises(WrongStatus, match=f"{rival.code} waits in line because the two are one company"):
        undo_verdict(Verdict.objects.get(), by=mara, clock=THEN)

    rival.refresh_from_db()
    assert rival.company == held.company and Verdict.objects.get().undone_at is None
