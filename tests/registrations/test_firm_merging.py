"""A merge of two partner records that is taken back: a registration belongs to its owner's firm, whatever happened to it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import enums
from accounts.models import User
from core.clock import fixed
from notifications.models import Message, Notice
from partners.models import Partner
from partners.services.merging import merge_partners, undo_merge
from registrations.enums import RefusalReason, RequestState, Status
from registrations.models import Appeal, Holding, Offer, Registration
from registrations.services import appeals, decisions, drafts, offers, partner_actions, still_active
from registrations.services.timeline import first_broken
from tests.people import MONDAY, make_user

pytestmark = pytest.mark.django_db

MERGED = MONDAY + timedelta(days=30)


def _at(hours):
    return fixed(MERGED + timedelta(hours=hours))


def _anew(row):
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def merge(northgate, southridge, olga):
    """Southridge becomes part of Northgate, a month after MONDAY."""

    def make():
        gone, into = _anew(southridge), _anew(northgate)
        versions = {one.pk: one.version for one in (gone, into)}
        return merge_partners(
            gone, into=into, by=olga, reason="One firm.", versions=versions, clock=fixed(MERGED)
        )

    return make


def test_what_its_owner_did_and_sent_meanwhile_goes_back_with_them(
    client, merge, northgate, southridge, alice, charlie, olga, register
):
    """One click in a mail, a file, a deal that was won, one handed in anew; what Northgate's people sent stays theirs."""
    kept_alive, won = register(charlie, "Acme Pumps GmbH"), register(charlie, "Blohm AG")
    done = merge()
    charlie = _anew(charlie)
    token = still_active.link_for(_anew(kept_alive), charlie).rstrip("/").rsplit("/", 1)[1]
    still_active.keep_alive(token, note="They want a second site.", clock=_at(1))
    partner_actions.record_won(_anew(won), by=charlie, value=won.value, closed_on=MERGED.date(), clock=_at(1))
    since, theirs = (register(person, f"{person.name} AG", clock=_at(2)) for person in (charlie, alice))
    held = set(Holding.objects.filter(ended_at=None).values_list("registration__code", flat=True))

    done = undo_merge(done, by=olga, clock=_at(5))

    assert done.kept == [] and not Message.objects.filter(event="registration.stayed_behind").exists()
    assert dict(Registration.objects.values_list("code", "partner__name")) == {
        kept_alive.code: "Southridge",
        won.code: "Southridge",
        since.code: "Southridge",
        theirs.code: "Northgate",
    }
    assert held == set(Holding.objects.filter(ended_at=None).values_list("registration__code", flat=True))
    client.force_login(charlie)
    for row in (kept_alive, won, since):
        assert client.get(reverse("registrations:registration", args=[row.code])).status_code == 200
        assert first_broken(row) is None
    client.force_login(alice)
    assert client.get(reverse("registrations:registration", args=[since.code])).status_code == 404
    told = _anew(since).timeline.latest("number")
    assert (told.kind, told.audience) == ("firm_parted", "vendor")


def test_what_a_referee_decided_and_offered_meanwhile_goes_on_with_its_owner(
    merge, northgate, southridge, charlie, mara, olga, register
):
    """A refusal with an appeal, and an open offer: both are the owner's to go on with."""
    third = Partner.objects.create(name="Third", country="DE", status="active", manager=mara)
    zoe = make_user("Zoe", enums.PARTNER_REP, third)
    holder, waiting = register(zoe, "Acme Pumps GmbH"), register(charlie, "Acme Pumps GmbH")
    decisions.put_on_waitlist(waiting, behind=holder, by=mara, clock=fixed(MONDAY))
    refused = register(charlie, "Blohm AG", value=900_000)
    done = merge()
    place = _anew(waiting).rank
    words = {"reason_code": RefusalReason.SIZE, "text": "Too small."}
    decision = decisions.refuse(_anew(refused), by=mara, clock=_at(1), **words)
    appeals.appeal(decision, by=_anew(charlie), text="It is not.", clock=_at(2))
    partner_actions.withdraw(_anew(holder), by=zoe, clock=_at(2))

    done = undo_merge(done, by=olga, clock=_at(3))

    assert done.kept == []
    waiting, refused = _anew(waiting), _anew(refused)
    assert (waiting.partner, waiting.status, waiting.rank) == (southridge, Status.OFFERED, place)
    assert (refused.partner, refused.status) == (southridge, Status.REFUSED)
    assert Appeal.objects.get().state == RequestState.OPEN
    offers.accept(Offer.objects.get(), by=_anew(charlie), clock=_at(4))
    waiting = _anew(waiting)
    assert (waiting.status, waiting.partner) == (Status.APPROVED, southridge)


def test_what_a_person_of_the_survivor_took_over_stays_and_is_told(
    client, merge, northgate, southridge, alice, charlie, olga, register
):
    """Operations read which; its author hears of it by mail and notice, or the old firm's admins where the author left."""
    gone = make_user("Gus", enums.PARTNER_REP, southridge)
    before, of_who_left = register(charlie, "Acme Pumps GmbH"), register(gone, "Blohm AG")
    boss = make_user("Bess", enums.PARTNER_ADMIN, southridge)
    done = merge()
    words = {"company_name": "Carstens AG", "country": "DE"}
    since = drafts.start_draft(by=_anew(charlie), fields=words, clock=_at(1))
    User.objects.filter(pk=gone.pk).update(is_active=False)
    taken = [before, of_who_left, since]
    Registration.objects.filter(pk__in=[row.pk for row in taken]).update(owner=alice)

    done = undo_merge(done, by=olga, clock=_at(5))

    assert {row.partner for row in Registration.objects.all()} == {northgate}
    codes = [row.code for row in taken]
    assert done.kept == [{"label": "Registrations", "count": 3, "examples": codes}]
    mails = Message.objects.filter(event="registration.stayed_behind")
    told = list(mails.order_by("pk").values_list("recipient__name", "about"))
    assert told == list(zip(("Charlie", "Bess", "Charlie"), codes, strict=True))
    mail = mails.get(about=before.code)
    assert "took it over meanwhile" in mail.text and "Northgate" in mail.text
    assert Notice.objects.filter(user=boss, event="registration.stayed_behind").count() == 1


def test_what_they_had_with_the_other_record_before_stays_there(
    merge, northgate, southridge, charlie, olga, register
):
    """Somebody who changed firms: what was Northgate's before is not taken from it by a merge and its undoing."""
    old = register(charlie, "Acme Pumps GmbH")
    Registration.objects.filter(pk=old.pk).update(partner=northgate)
    done = merge()
    Registration.objects.filter(pk=old.pk).update(next_step="Call them.")

    assert undo_merge(done, by=olga, clock=_at(5)).kept == []
    assert _anew(old).partner == northgate
