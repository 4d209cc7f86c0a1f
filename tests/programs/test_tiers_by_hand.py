"""A tier that asks for nothing is reached by hand alone: figures pass it, and pages say so."""

from decimal import Decimal

import pytest
from django.urls import reverse

from programs import ladder
from programs.ladder import Ask
from programs.models import Move
from programs.services.tiers.computing import compute_tiers
from programs.views.tiers.bars import ladder_of
from tests.people import MONDAY
from tests.programs.makers import at, criterion, make_module, make_path, make_type, pass_path
from tests.programs.test_pages import client, text, url

R, S, G, P = ladder.LADDER


@pytest.mark.parametrize(
    ("asking", "tier", "next_one", "by_hand"),
    [
        ((S, G, P), R, S, []),
        ((S, P), S, P, [G]),
        ((P,), R, P, [S, G]),
        ((S, G), G, None, [P]),
        ((S, P), G, P, []),  # what lies below is behind the firm
        ((), R, None, [S, G, P]),
    ],
)
def test_what_lies_between(asking, tier, next_one, by_hand):
    asks = {one: [Ask(one, "a", Decimal(1))] for one in asking}
    assert (ladder.next_tier(asks, tier), ladder.by_hand_above(asks, tier)) == (next_one, by_hand)


def test_pages_name_the_tier_that_is_given_by_hand(olga, alice, bob, northgate):
    """The bars lead to the next tier that asks for something; the move goes there, past the one between."""
    criterion(G, "certified_people", 1)
    shown = text(client(alice).get(url("our_tier")))
    assert "To Gold" in shown and "Silver lies between: it asks for no figures and is given by hand." in shown
    assert [(step["label"], step["note"]) for step in ladder_of(northgate, MONDAY).steps] == [
        ("Registered", ""),
        ("Silver", "By hand"),
        ("Gold", ""),
        ("Platinum", "By hand"),
    ]
    for address in (url("firm_tier", northgate.code), url("criteria")):
        assert "given by hand" in text(client(olga).get(address))
    path = make_path(olga, "Selling", make_module(olga, "Read", quiz=False), grants=make_type())
    pass_path(alice, path)
    compute_tiers(clock=at(1))
    assert (Move.objects.get().source, Move.objects.get().target) == (R, G)


def test_a_firm_on_a_tier_given_by_hand_reads_that(alice, northgate):
    """No bar leads up or down, and nothing claims that it is the top."""
    criterion(S, "certified_people", 1)
    northgate.tier = G
    northgate.save(update_fields=["tier"])
    shown = text(client(alice).get(url("our_tier")))
    assert "No figures lead up or down from Gold: it is given by hand." in shown
    assert "Platinum asks for no figures: it is given by hand." in shown
    assert "You are at the top" not in text(client(alice).get(url("ours")))
    page = text(client(alice).get(reverse("partners:firm")))
    assert "The highest tier" not in page
    compute_tiers(clock=at(1))
    assert not Move.objects.exists()  # nobody falls from it either
