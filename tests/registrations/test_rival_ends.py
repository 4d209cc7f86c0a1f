"""A holder, or another one at the same company, ends while somebody compares it with a registration under review: who decides
hears of it whichever way it ended, an old page is refused, what was set aside for it comes back; the partner hears nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from core.clock import database_clock, fixed
from core.errors import StaleVersion
from registrations.enums import Audience, Status
from registrations.models import Conflict, Registration
from registrations.queue import VIEWS, Choice, reader_of, rows_of
from registrations.services import (
    agreements,
    decisions,
    expiry,
    judgements,
    looking,
    partner_actions,
    rival_ends,
    triage,
)
from registrations.services.seen import require_seen
from registrations.services.timeline import first_broken
from registrations.services.undo import undo
from tests.people import make_user

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
TAKEN = {"reason_code": "registered", "text": "Another partner registered it before."}


@pytest.fixture
def held(alice, register):
    return register(alice, "Acme Pumps GmbH", clock=database_clock)


@pytest.fixture
def review(held, charlie, register):
    """In review because of the holder, with nobody in line."""
    made = register(charlie, "Acme Pumps GmbH", value=Decimal(900_000), clock=database_clock)
    assert made.status == Status.IN_REVIEW
    return made


def fresh(deal):
    return Registration.objects.get(pk=deal.pk)


def noted(deal):
    return list(deal.timeline.standing().filter(kind=rival_ends.KIND))


def _expires(held, **_):
    long_ago = database_clock() - timedelta(days=90)
    Registration.objects.filter(pk=held.pk).update(protected_until=long_ago)
    expiry.expire_registrations()


def _transfer(held, *, alice, charlie, mara, **_):
    """To another registration than the one under review."""
    other = Registration.objects.exclude(pk=held.pk).latest("pk")
    proposal = agreements.propose(
        other, holder=fresh(held), kind="transfer", other_share=100, text="They go on.", by=mara
    )
    agreements.agree(proposal, by=alice)
    agreements.agree(proposal, by=charlie)


def _today():
    return database_clock().date()


ENDS = {
    "withdrawn": lambda held, *, alice, **_: partner_actions.withdraw(held, by=alice),
    "withdrawn by its holder": lambda held, *, alice, **_: partner_actions.release(held, by=alice),
    "lost": lambda held, *, alice, **_: partner_actions.record_lost(
        held, by=alice, reason="price", closed_on=_today()
    ),
    "won": lambda held, *, alice, **_: partner_actions.record_won(
        held, by=alice, value=Decimal(1000), closed_on=_today()
    ),
    "revoked": lambda held, *, mara, **_: decisions.revoke(
        held, by=mara, reason_code="inactive", text="Silent."
    ),
    "expired": _expires,
    "transferred": _transfer,
}


@pytest.mark.parametrize("how", ENDS)
def test_who_decides_hears_of_every_end_and_the_partner_of_none(
    how, held, review, alice, charlie, mara, register, monkeypatch
):
    monkeypatch.setattr(expiry, "was_warned", lambda *_: True)
    if how == "transferred":
        register(charlie, "Acme Pumps GmbH", value=Decimal(800_000), clock=database_clock)
    version, read = review.version, list(review.timeline.visible_to(charlie).values_list("number", flat=True))

    seen = review.timeline.count()

    ENDS[how](fresh(held), alice=alice, charlie=charlie, mara=mara)

    with pytest.raises(StaleVersion, match="has ended after you opened this"):
        require_seen(review, seen, by=make_user("Noah", "channel_manager"))
    (entry,) = noted(review)
    assert entry.data["with"] == held.code and entry.audience == Audience.VENDOR
    assert entry.data["text"] == f"{held.code} of Northgate has ended: {how.split()[0]}."
    # Neither its timeline nor a form that grew old tells the partner.
    assert list(review.timeline.visible_to(charlie).values_list("number", flat=True)) == read
    assert (fresh(review).version, fresh(review).changed_at) == (version, review.changed_at)
    assert first_broken(review) is None


def test_an_old_page_is_refused_with_the_difference_and_a_new_one_says_it(
    client, held, review, alice, charlie, mara
):
    seen = review.timeline.count()
    looking.note_look(review, by=mara, number=seen)
    partner_actions.withdraw(held, by=alice)

    client.force_login(mara)
    queue = rows_of(Choice(VIEWS["all"]), reader_of(mara, database_clock()))
    assert queue.get(pk=review.pk).news
    form = {**TAKEN, "version": review.version, "seen": seen}
    stopped = client.post(reverse("registrations:refuse", args=[review.code]), form, headers=HTMX)
    said = strip_tags(stopped.content.decode())
    assert stopped.status_code == 409
    assert "What it was compared with, or kept out by, has ended after you opened this." in said
    (difference,) = stopped.context["feedback"].differences
    assert (difference.what, difference.who) == ("Candidates", "Alice")
    many = {"action": "refuse", "item": [f"{review.code}:{review.version}:{seen}"], **TAKEN}
    assert client.post(reverse("registrations:bulk"), many, headers=HTMX).context["outcome"]["left"]
    assert fresh(review).status == Status.IN_REVIEW

    page = client.get(reverse("registrations:review_item", args=[review.code]))
    assert f"{held.code} of Northgate has ended: withdrawn." in " ".join(page.context["why"])
    form["seen"] = page.context["seen"]
    assert (
        client.post(reverse("registrations:refuse", args=[review.code]), form, headers=HTMX).status_code
        == 200
    )


def test_a_partners_answer_is_taken_though_the_holder_left_meanwhile(held, review, alice, charlie, mara):
    decisions.ask_information(review, by=mara, text="Which plant?")
    version = fresh(review).version
    partner_actions.withdraw(held, by=alice)
    partner_actions.answer(fresh(review), by=charlie, text="The one in Kiel.", version=version)
    assert fresh(review).status == Status.IN_REVIEW and len(noted(review)) == 1


def asleep(deal, reader):
    return deal not in rows_of(Choice(VIEWS["all"]), reader_of(reader, database_clock()))


def test_what_was_set_aside_for_it_comes_back_and_sleeps_on_when_that_is_undone(held, review, mara):
    until = database_clock() + timedelta(days=9)
    triage.snooze(review, until=until, reason="until Northgate decided", by=mara)
    seen = review.timeline.count()
    made = decisions.revoke(held, by=mara, reason_code="inactive", text="Silent.")
    assert noted(review) and not asleep(review, mara)

    undo(made, by=mara)

    assert not noted(review) and asleep(review, mara)
    assert fresh(review).snooze.until == until
    require_seen(review, seen, by=make_user("Noah", "channel_manager"))


def test_one_who_ends_two_at_once_knows_of_it_and_a_colleague_does_not(held, charlie, dan, mara, register):
    rows = [
        register(who, "Acme Pumps GmbH", value=Decimal(900_000), clock=database_clock)
        for who in (charlie, dan)
    ]
    seen = rows[1].timeline.count()
    decisions.refuse(rows[0], by=mara, reason_code="early", text="Too early.")
    require_seen(rows[1], seen, by=mara)
    with pytest.raises(StaleVersion, match="has ended after you opened this"):
        require_seen(rows[1], seen, by=make_user("Noah", "channel_manager"))


def test_another_company_is_no_concern(held, review, alice, charlie, mara, register):
    elsewhere = register(charlie, "Kestrel Foods", value=Decimal(900_000), clock=database_clock)
    judgements.declare_different(Conflict.objects.get(registration=review), by=mara)
    partner_actions.withdraw(fresh(held), by=alice, clock=fixed(database_clock()))
    assert not noted(review) and not noted(elsewhere)
