"""A partnership that ends with much open: batch by batch, to be broken off anywhere, one mail a person with the list."""

import pytest
from django.urls import reverse

from core.clock import database_clock, fixed
from leads.services.giving import give
from notifications.models import Message, Notice
from partners import consequences
from partners.enums import StandingChange as C
from partners.models import FirmEntry
from partners.services import ending
from partners.services.ending import being_ended, finish_ended, left_of
from partners.services.standing import change_standing
from partners.services.sweeping import sweep_firms
from registrations.enums import OPEN, Status
from registrations.models import Registration
from registrations.services import firm_changes
from tests.leads.makers import make_lead
from tests.people import submitted


@pytest.fixture
def started(monkeypatch, alice, dan, gateways):
    """Five deals of alice's and one of dan's; two at a time are ended."""
    monkeypatch.setattr(ending, "BATCH", 2)
    for number in range(5):
        submitted(alice, f"Company {number} AG", gateways, clock=database_clock)
    submitted(dan, "Dans Deal AG", gateways, clock=database_clock)
    return database_clock()


def open_of(firm) -> int:
    return Registration.objects.filter(partner=firm, status__in=OPEN).count()


def digests() -> dict[str, str]:
    return dict(Message.objects.filter(event="partner.records_ended").values_list("recipient__name", "text"))


def test_the_rest_follows_in_the_background(started, client, olga, alice, northgate):
    """The page says what is left; the sweep goes on; one mail a person at the end, with everything in it."""
    northgate = change_standing(northgate, C.END, by=olga, reason="Over.")
    assert (open_of(northgate), left_of(northgate), digests()) == (4, 4, {})
    client.force_login(olga)
    firm = reverse("partners:partner", args=[northgate.code])
    page = client.get(firm).content.decode()
    assert "Still being ended" in page and "Protection ends: 4 registrations" in page
    client.force_login(alice)
    assert "Still being ended" not in client.get(reverse("partners:firm")).content.decode()

    assert sweep_firms().finished == [northgate.code]
    assert (open_of(northgate), being_ended(northgate)) == (0, [])
    told = digests()
    assert set(told) == {"Alice", "Dan"}
    assert [told["Alice"].count(f"Company {n} AG") for n in range(5)] == [1] * 5
    assert "Dans Deal AG" in told["Dan"] and "Company" not in told["Dan"]
    assert Notice.objects.filter(event="partner.records_ended", user=alice).count() == 1
    for deal in Registration.objects.filter(partner=northgate):
        assert deal.timeline.latest("number").actor == olga  # whoever ended the partnership, in each batch
    client.force_login(olga)
    assert "Still being ended" not in client.get(firm).content.decode()
    history = client.get(reverse("partners:history", args=[northgate.code])).content.decode()
    assert "4 more ended in the background afterwards." in history and "Registrations: 6" in history
    assert finish_ended(since=started) == [] and len(digests()) == 2


def test_one_that_fails_keeps_no_other_open(started, monkeypatch, caplog, olga, northgate):
    """A registration that can't be ended stays, is logged, and ends with a later sweep."""
    real = firm_changes._end
    bad = Registration.objects.filter(partner=northgate).earliest("rank")
    entries = bad.timeline.count()

    def failing(registration, **how):
        real(registration, **how)
        if registration.pk == bad.pk:
            raise RuntimeError("a row that nobody expected")

    with monkeypatch.context() as broken:
        broken.setattr(firm_changes, "_end", failing)
        change_standing(northgate, C.END, by=olga, reason="Over.")
        finish_ended(since=started)
    left = Registration.objects.filter(partner=northgate, status__in=OPEN)
    assert [(deal.pk, deal.status, deal.timeline.count()) for deal in left] == [(bad.pk, bad.status, entries)]
    assert f"{bad.code} could not be ended" in caplog.text

    assert finish_ended(since=started) == [northgate.code]
    assert open_of(northgate) == 0


def test_it_goes_on_where_it_was_broken_off(started, monkeypatch, olga, northgate):
    """A batch that fails leaves what was done done, tells nobody too early, and the next sweep ends the rest."""
    change_standing(northgate, C.END, by=olga, reason="Over.")
    real, calls = consequences.carry_out, []

    def failing(*args, **options):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("the database went away")
        return real(*args, **options)

    monkeypatch.setattr(consequences, "carry_out", failing)
    assert finish_ended(since=started) == []
    assert (open_of(northgate), digests()) == (2, {})
    assert finish_ended(since=started) == [northgate.code]
    assert open_of(northgate) == 0 and set(digests()) == {"Alice", "Dan"}


def test_a_firm_reinstated_meanwhile_keeps_the_rest(started, olga, northgate, bob):
    """What ended stays ended and is told; what did not goes on."""
    ended = change_standing(northgate, C.END, by=olga, reason="Over.")
    back = change_standing(ended, C.REINSTATE, by=olga, reason="A mistake.")
    assert (open_of(back), being_ended(back), set(digests())) == (4, [], {"Alice"})
    assert finish_ended(since=started) == [] and open_of(back) == 4
    assert Registration.objects.filter(partner=northgate, status=Status.REVOKED).count() == 2


def test_a_lead_let_go_later_is_no_end_of_a_partnership(olga, mara, bob, northgate, gateways):
    """Ended and back again; what the firm lets pass after that is told as that alone."""
    change_standing(northgate, C.END, by=olga, reason="Over.")
    change_standing(northgate, C.REINSTATE, by=olga, reason="A mistake.")
    gift = give(make_lead(mara, "Lead Works Oy", gateways), way="hand", by=mara, partner=northgate)
    change_standing(northgate, C.SUSPEND, by=olga, reason="Unpaid.")
    gift.refresh_from_db()
    assert gift.end == "taken_back"
    change_standing(northgate, C.REINSTATE, by=olga, reason="Paid.")
    assert digests() == {}


def test_what_comes_too_late_is_told_once_by_itself(started, monkeypatch, olga, alice, northgate, gateways):
    """A deal on its way in that very moment: the second mail names it alone."""
    monkeypatch.setattr(ending, "BATCH", 100)
    change_standing(northgate, C.END, by=olga, reason="Over.")
    type(northgate).objects.filter(pk=northgate.pk).update(status="active")
    submitted(alice, "Late AG", gateways, clock=database_clock)
    type(northgate).objects.filter(pk=northgate.pk).update(status="ended")
    assert finish_ended(since=started, clock=fixed(database_clock())) == [northgate.code]
    mails = Message.objects.filter(event="partner.records_ended", recipient=alice).order_by("pk")
    assert ["Late AG" in mail.text for mail in mails] == [False, True]
    assert "Company 0 AG" not in mails[1].text
    assert FirmEntry.objects.filter(kind=ending.CONCLUDED).count() == 1
