"""A notice of a move down that is taken back (G3): the firm and the vendor read why, each what is true."""

from decimal import Decimal

import pytest
from django.urls import reverse

from notifications.models import Message
from partners.enums import StandingChange
from partners.models import Partner
from partners.services import update_partner
from partners.services.standing import change_standing
from programs.enums import TakenBack
from programs.models import Criterion, Move
from programs.services.tiers import criteria, moving
from programs.services.tiers.computing import compute_tiers
from tests.programs.makers import TODAY, at, criterion, told

pytestmark = pytest.mark.django_db

WORDS = {
    "by_hand": "Northgate is Silver now. The notice of the move from Gold to Registered is taken back.",
    "suspended": "While a firm is suspended, its tier rests.",
    "asked_less": "What is asked for Gold has changed, and nothing of it is missing now",
    "reached": "Your figures reach what Gold asks for again",
}


@pytest.fixture
def noticed(northgate, bob, mara) -> Move:
    """Notice of a move from gold to registered runs."""
    Partner.objects.filter(pk=northgate.pk).update(tier="gold")
    northgate.refresh_from_db()
    criterion("gold", "satisfaction", 80)
    compute_tiers(clock=at(0))
    return moving.approve(Move.objects.get(), by=mara, reason="Customers complain.", clock=at(0))


def bring_about(why, northgate, olga, mara):
    """What takes the notice back."""
    if why == "by_hand":
        update_partner(northgate, by=olga, version=northgate.version, fields={"tier": "silver"}, clock=at(1))
    elif why == "asked_less":
        criteria.drop_criterion(Criterion.objects.get(), by=olga, last_day=TODAY, clock=at(1))
    elif why == "reached":
        moving.enter_figure(northgate, measure="satisfaction", value=Decimal(80), by=mara, clock=at(1))
    else:
        change = StandingChange.SUSPEND if why == "suspended" else StandingChange.END
        change_standing(northgate, change, by=olga, reason="Unpaid.", clock=at(1))


@pytest.mark.parametrize("why", [*WORDS, "ended"])
def test_the_firm_reads_why(client, noticed, northgate, bob, mara, olga, why):
    """It read that its figures reach the tier again, whatever had happened."""
    bring_about(why, northgate, olga, mara)
    compute_tiers(clock=at(2))
    move = Move.objects.get()
    assert (move.status, move.taken_back_for, move.reason) == ("taken_back", why, "Customers complain.")
    mails = Message.objects.filter(event="tier.notice_taken_back")
    if why == "ended":  # the firm was told of that, and its tier went along
        assert not mails.exists()
    else:
        (mail,) = mails
        assert [key for key, words in WORDS.items() if words in mail.text] == [why]
        assert WORDS[why] in mail.html and mail.recipient == bob
        assert mail.subject == ("You are Silver now" if why == "by_hand" else "You keep Gold")
        client.force_login(bob)
        page = client.get(reverse("programs:our_tier")).text
        assert ("the figures reach what is asked again" in page) is (why == "reached")
    client.force_login(mara)
    page = client.get(reverse("programs:move", args=[move.code])).text
    assert TakenBack(why).label in page and "Customers complain." in page


def test_who_was_suspended_meanwhile_is_looked_at_anew(noticed, northgate, olga):
    """Nobody is moved by a notice from before: the figures propose it once more, and a person decides."""
    bring_about("suspended", northgate, olga, None)
    compute_tiers(clock=at(2))
    northgate.refresh_from_db()
    change_standing(northgate, StandingChange.REINSTATE, by=olga, reason="Paid.", clock=at(40))
    compute_tiers(clock=at(41))
    northgate.refresh_from_db()
    statuses = list(Move.objects.order_by("pk").values_list("status", flat=True))
    assert (northgate.tier, statuses) == ("gold", ["taken_back", "proposed"])
    assert told("tier.proposed") == ["mara@vendor.example"] * 2
