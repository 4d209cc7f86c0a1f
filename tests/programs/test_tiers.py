"""Tiers (G3): what figures earn, the daily computation, moves proposed once, notice of a move down."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.absences import plan_absence
from accounts.enums import CHANNEL_MANAGER
from accounts.models import User
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from notifications.models import Message
from partners.enums import PartnerTier
from partners.models import Partner
from programs import ladder, measures
from programs.enums import MoveStatus
from programs.ladder import Ask, Gap
from programs.measures import Measure
from programs.models import Criterion, Enrolment, Move, Snapshot
from programs.services import enrolling
from programs.services.tiers import criteria, moving
from programs.services.tiers.computing import compute_tiers
from programs.services.tiers.deciders import asked_to_decide, may_decide, waiting_for
from programs.views.tiers.bars import bars_of
from tests.people import MONDAY, MONDAY_CLOCK, make_user, submitted
from tests.programs.makers import TODAY, at, criterion, make_firms, make_program, told

R, S, G, P = PartnerTier.values
ASKS = [Ask(S, "a", Decimal(1)), Ask(G, "a", Decimal(3)), Ask(G, "b", Decimal(2)), Ask(P, "b", Decimal(5))]


@pytest.fixture
def points(monkeypatch):
    """Two measures whose values the test sets by partner id."""
    values: dict[str, dict[int, Decimal]] = {"a": {}, "b": {}}
    known = dict(measures._measures)
    for code in values:
        known[code] = Measure(code, code.upper(), "", lambda ids, at, c=code: dict(values[c]))
    monkeypatch.setattr(measures, "_measures", known)
    return values


def slowly(asks: list[Ask], programs: set[int], figures: dict[str, Decimal]) -> str:
    """What `earned` says, the plain way: the top of the longest run of tiers that are met or ask for nothing."""
    best = R
    for top in (S, G, P):
        below = [tier for tier in (S, G, P) if ladder.rank(tier) <= ladder.rank(top)]
        wanted = {t: [a for a in asks if a.tier == t and a.program in (None, *programs)] for t in below}
        met = all(figures.get(a.measure, 0) >= a.threshold for tier in below for a in wanted[tier])
        if wanted[top] and met:
            best = top
    return best


@pytest.mark.parametrize(
    ("a", "b", "earns"),
    [(0, 0, R), (1, 0, S), ("0.99", 9, R), (3, 1, S), (3, 2, G), (2, 9, S), (3, 5, P), (0, 5, R)],
)
def test_earned(a, b, earns):
    figures = {"a": Decimal(a), "b": Decimal(b)}
    assert ladder.earned(ladder.binding(ASKS, frozenset()), figures) == earns


def test_earned_equals_the_plain_calculation():
    candidates = [Ask(t, m, Decimal(n), p) for t, m, n, p in product((S, G, P), "ab", (1, 3), (None, 7))]
    for number, chosen in enumerate(product(candidates, repeat=2)):
        asks, programs = list(chosen), frozenset({7} if number % 2 else ())
        for a, b in product((0, 1, 3), repeat=2):
            figures = {"a": Decimal(a), "b": Decimal(b)}
            found = ladder.earned(ladder.binding(asks, programs), figures)
            assert found == slowly(asks, set(programs), figures), (asks, programs, figures)


@pytest.mark.parametrize(
    ("tier", "asks", "due"),
    [
        (G, ASKS, R),
        (G, [Ask(S, "a", Decimal(1))], G),  # gold asks for nothing now: nobody falls from it
        (R, [Ask(G, "a", Decimal(0))], G),  # silver asks for nothing: it is passed over
        (P, [], P),
    ],
)
def test_due_tier(tier, asks, due):
    assert ladder.due_tier(ladder.binding(asks, frozenset()), {}, tier) == due


def test_computed_daily_in_a_constant_number_of_queries(points, mara):
    criterion(S, "a", 1)
    criterion(G, "a", 3)

    def count(day):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            compute_tiers(clock=at(day))
        return Counter(query["sql"].split()[0] for query in queries)

    make_firms(1, mara)
    one = count(0)
    for firm in make_firms(0, mara) + [
        Partner.objects.create(name=f"More {n}", country="DE", status="active") for n in range(5)
    ]:
        points["a"][firm.pk] = Decimal(0)
    assert count(1) == one
    rows = Snapshot.objects.filter(on=TODAY + timedelta(days=1))
    assert (rows.count(), set(rows.values_list("earned", flat=True))) == (6, {R})
    compute_tiers(clock=at(1.2))  # the same day again: kept once
    assert Snapshot.objects.count() == 7


def test_a_move_up_is_proposed_once_and_approved(points, mara, olga, bob, northgate):
    criterion(S, "a", 1)
    compute_tiers(clock=at(0))
    assert not Move.objects.exists()
    points["a"][northgate.pk] = Decimal(2)
    for day in (1, 2, 3):
        compute_tiers(clock=at(day))
    move = Move.objects.get()
    assert (move.source, move.target, move.status) == (R, S, "proposed")
    assert [(row["label"], row["shown"], row["asked"]) for row in move.figures] == [("A", "2", "1")]
    assert told("tier.proposed") == ["mara@vendor.example"]

    points["a"][northgate.pk] = Decimal(5)  # what was proposed stays frozen
    with pytest.raises(NotAllowed):
        moving.approve(move, by=olga, clock=at(3))
    moving.approve(move, by=mara, clock=at(3))
    before = northgate.version
    northgate.refresh_from_db()
    assert (northgate.tier, northgate.version) == (S, before + 1)
    move.refresh_from_db()
    assert (move.status, move.decided_by, move.figures[0]["value"]) == ("done", mara, "2")
    assert told("tier.moved_up") == ["bob@northgate.example"]
    assert northgate.history.get().data["changes"] == {"tier": ["Registered", "Silver"]}
    with pytest.raises(WrongStatus):
        moving.approve(move, by=mara, clock=at(4))
    compute_tiers(clock=at(4))
    assert Move.objects.count() == 1


def test_the_firms_own_manager_decides_or_their_stand_in_or_those_above(points, mara, olga, ada, northgate):
    tomas, rita = make_user("Tomas", CHANNEL_MANAGER), make_user("Rita", CHANNEL_MANAGER)
    User.objects.filter(pk=mara.pk).update(manager=rita)
    criterion(S, "a", 1)
    points["a"][northgate.pk] = Decimal(2)
    compute_tiers(clock=at(0))
    move = Move.objects.get()

    def deciders(day):
        northgate.refresh_from_db()
        return [one.name for one in (mara, tomas, rita, olga, ada) if may_decide(northgate, one, at(day)())]

    assert deciders(0) == ["Mara", "Rita", "Ada"]
    for act in (moving.approve, moving.decline):
        with pytest.raises(NotAllowed, match="Mara decides on moves of Northgate"):
            act(move, by=tomas, reason="Why not.", clock=at(0))

    def enter(by, day):
        return moving.enter_figure(northgate, measure="satisfaction", value=Decimal(99), by=by, clock=at(day))

    with pytest.raises(NotAllowed, match="Mara enters figures of Northgate"):
        enter(tomas, 0)  # figures lead to moves, so the same people say them
    away = MONDAY.date() + timedelta(days=3)
    plan_absence(mara, delegate=tomas, starts_on=away, ends_on=away, by=mara, clock=at(0))
    assert deciders(3) == ["Mara", "Tomas", "Rita", "Ada"]
    assert [enter(by, 3).by for by in (mara, tomas, rita, ada)] == [mara, tomas, rita, ada]
    assert [one.name for one in asked_to_decide(northgate, at(3)())] == ["Tomas"]
    waiting = {
        day: [one.name for one in (mara, tomas, rita, olga) if waiting_for(one, at(day)())] for day in (0, 3)
    }
    assert waiting == {0: ["Mara"], 3: ["Mara", "Tomas"]}
    User.objects.filter(pk=mara.pk).update(is_active=False)  # nobody of the firm's own is left
    assert deciders(0) == ["Mara", "Tomas", "Rita", "Ada"]
    moving.approve(move, by=tomas, clock=at(0))


def test_nobody_is_moved_who_was_suspended_since_it_was_proposed(points, mara, olga, northgate):
    criterion(S, "a", 1)
    points["a"][northgate.pk] = Decimal(2)
    compute_tiers(clock=MONDAY_CLOCK)
    move = Move.objects.get()
    for status in ("suspended", "ended"):
        Partner.objects.filter(pk=northgate.pk).update(status=status)
        with pytest.raises(WrongStatus, match="only active partners move"):
            moving.approve(move, by=mara, clock=at(0))
    move.refresh_from_db()
    assert (move.status, Partner.objects.get(pk=northgate.pk).tier) == ("proposed", R)


def test_a_declined_move_comes_again_only_after_the_figures_changed(points, mara, northgate):
    criterion(S, "a", 1)
    points["a"][northgate.pk] = Decimal(1)
    compute_tiers(clock=at(0))
    with pytest.raises(BadInput, match="why"):
        moving.decline(Move.objects.get(), by=mara, reason=" ", clock=at(0))
    moving.decline(Move.objects.get(), by=mara, reason="Too early.", clock=at(0))
    compute_tiers(clock=at(1))
    assert Move.objects.count() == 1
    points["a"][northgate.pk] = Decimal(0)
    compute_tiers(clock=at(2))
    points["a"][northgate.pk] = Decimal(1)
    compute_tiers(clock=at(3))
    assert list(Move.objects.order_by("pk").values_list("status", flat=True)) == ["declined", "proposed"]


def test_a_proposal_goes_when_the_figures_do(points, mara, northgate):
    criterion(S, "a", 1)
    criterion(G, "a", 3)
    points["a"][northgate.pk] = Decimal(1)
    compute_tiers(clock=at(0))
    points["a"][northgate.pk] = Decimal(4)
    compute_tiers(clock=at(1))
    first, second = Move.objects.order_by("pk")
    assert (first.status, second.status, second.target) == ("taken_back", "proposed", G)
    Partner.objects.filter(pk=northgate.pk).update(tier=P)
    with pytest.raises(StaleVersion, match="Platinum"):
        moving.approve(second, by=mara, clock=at(1))
    compute_tiers(clock=at(2))
    assert Move.objects.get(pk=second.pk).status == "taken_back"


@pytest.fixture
def noticed(points, settings, mara, bob, northgate):
    """A move from gold to registered, approved: notice of 30 days runs."""
    settings.TIER_NOTICE_DAYS = 30
    criterion(S, "a", 1)
    criterion(G, "a", 3)
    Partner.objects.filter(pk=northgate.pk).update(tier=G)
    compute_tiers(clock=at(0))
    move = Move.objects.get()
    with pytest.raises(BadInput, match="firm reads"):
        moving.approve(move, by=mara, clock=at(0))
    return moving.approve(move, by=mara, reason="Nobody is certified any more.", clock=at(0))


def test_a_move_down_waits_out_its_notice_and_is_told_ahead(noticed, mara, northgate):
    assert (noticed.status, noticed.due_on) == ("noticed", TODAY + timedelta(days=30))
    assert told("tier.notice") == ["bob@northgate.example"]
    for day, reminders in ((22, 0), (23, 1), (24, 1), (29, 1)):
        compute_tiers(clock=at(day))
        assert len(told("tier.notice_near")) == reminders, day
    northgate.refresh_from_db()
    assert northgate.tier == G
    compute_tiers(clock=at(30))
    compute_tiers(clock=at(30.1))
    northgate.refresh_from_db()
    assert (northgate.tier, told("tier.moved_down")) == (R, ["bob@northgate.example"])
    assert Move.objects.get().status == MoveStatus.DONE


def test_a_notice_is_taken_back_when_the_figures_recover(noticed, points, northgate):
    points["a"][northgate.pk] = Decimal(1)  # silver only: not recovered
    compute_tiers(clock=at(10))
    assert Move.objects.get().status == "noticed"
    points["a"][northgate.pk] = Decimal(3)
    compute_tiers(clock=at(20))
    assert Move.objects.get().status == "taken_back"
    assert told("tier.notice_taken_back") == ["bob@northgate.example"]
    compute_tiers(clock=at(40))
    northgate.refresh_from_db()
    assert (northgate.tier, Move.objects.count()) == (G, 1)


def test_a_notice_leads_no_further_down_than_the_figures_on_its_day(noticed, points, northgate):
    points["a"][northgate.pk] = Decimal(1)  # silver: better than what was announced
    compute_tiers(clock=at(23))
    assert (Move.objects.get().target, told("tier.notice_near")) == (S, ["bob@northgate.example"])
    assert "moves to Silver" in Message.objects.get(event="tier.notice_near").text
    compute_tiers(clock=at(30))
    northgate.refresh_from_db()
    assert (northgate.tier, Move.objects.get().status) == (S, "done")
    compute_tiers(clock=at(31))
    assert Move.objects.count() == 1


@pytest.mark.parametrize(("then", "now", "words"), [(4, 1, "say Silver now"), (0, 3, "say Gold now")])
def test_figures_that_changed_since_the_proposal_are_looked_at_again(
    points, mara, northgate, then, now, words
):
    """Up, and down, by a manager who opened the page before the figures changed and presses after it."""
    criterion(S, "a", 1)
    criterion(G, "a", 3)
    Partner.objects.filter(pk=northgate.pk).update(tier=S if then else G)
    points["a"][northgate.pk] = Decimal(then)
    compute_tiers(clock=at(0))
    move = Move.objects.get()
    points["a"][northgate.pk] = Decimal(now)
    with pytest.raises(StaleVersion, match=words):
        moving.approve(move, by=mara, reason="As it says.", clock=at(0.5))
    assert (Move.objects.get().status, told("tier.notice") + told("tier.moved_up")) == ("proposed", [])
    compute_tiers(clock=at(1))
    assert Move.objects.get().status == "taken_back"


def test_an_open_move_of_a_firm_that_is_not_active_is_taken_back(noticed, northgate):
    Partner.objects.filter(pk=northgate.pk).update(status="suspended")
    compute_tiers(clock=at(31))
    northgate.refresh_from_db()
    assert (northgate.tier, Move.objects.get().status) == (G, "taken_back")


def test_a_criterion_of_a_program_binds_those_enrolled(points, olga, mara, northgate, southridge):
    program = make_program(olga)
    Enrolment.objects.create(
        program=program, partner=northgate, status="enrolled", way="invitation", asked_at=MONDAY
    )
    criterion(S, "a", 1)
    criterion(S, "b", 1, program=program)
    points["a"] |= {northgate.pk: Decimal(1), southridge.pk: Decimal(1)}
    compute_tiers(clock=at(0))
    earned = dict(Snapshot.objects.values_list("partner__name", "earned"))
    assert earned == {"Northgate": R, "Southridge": S}


def test_criteria_are_effective_dated(points, olga, alice):
    first = criteria.set_criterion(
        by=olga, tier=S, measure="a", threshold=Decimal(1), starts_on=TODAY, clock=MONDAY_CLOCK
    )
    later = TODAY + timedelta(days=10)
    criteria.set_criterion(
        by=olga, tier=S, measure="a", threshold=Decimal(4), starts_on=later, clock=MONDAY_CLOCK
    )
    first.refresh_from_db()
    assert first.ends_on == later - timedelta(days=1)
    for day, asks in ((0, 1), (9, 1), (10, 4)):
        on = TODAY + timedelta(days=day)
        assert [row.threshold for row in Criterion.objects.in_force(on)] == [asks]
    for wrong, field in (
        ({"starts_on": TODAY - timedelta(days=1)}, "starts_on"),
        ({"tier": R}, "tier"),
        ({"measure": "none"}, "measure"),
        ({"threshold": Decimal(0)}, "threshold"),
        ({"measure": "satisfaction", "threshold": Decimal(101)}, "threshold"),
    ):
        values = {"tier": S, "measure": "a", "threshold": Decimal(1), "starts_on": TODAY, **wrong}
        with pytest.raises(BadInput) as refused:
            criteria.set_criterion(by=olga, clock=MONDAY_CLOCK, **values)
        assert refused.value.field == field
    with pytest.raises(NotAllowed):
        criteria.drop_criterion(first, by=alice, last_day=TODAY)
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):  # the database refuses two at a time, whoever writes
        criterion(S, "a", 2, starts_on=date(2026, 3, 5))


def test_figures_come_from_real_rows(alice, bob, charlie, mara, northgate, southridge, gateways):
    won = submitted(alice, "Blohm AG", gateways)
    type(won).objects.filter(pk=won.pk).update(
        status="won", closed_on=TODAY, closed_value=Decimal(70_000), closed_at=MONDAY
    )
    lost = submitted(alice, "Riva SpA", gateways)
    type(lost).objects.filter(pk=lost.pk).update(status="lost", closed_on=TODAY, closed_at=MONDAY)
    moving.enter_figure(
        northgate, measure="satisfaction", value=Decimal(80), by=mara, note="Survey", clock=at(-9)
    )
    moving.enter_figure(northgate, measure="satisfaction", value=Decimal(91), by=mara, clock=at(-1))
    codes = ["won_value", "win_rate", "registrations", "satisfaction", "certified_people", "trained_people"]
    found = measures.figures_of(codes, [northgate.pk, southridge.pk], MONDAY)
    assert {code: int(value) for code, value in found[northgate.pk].items()} == {
        "won_value": 70_000,
        "win_rate": 50,
        "registrations": 2,
        "satisfaction": 91,
        "certified_people": 0,
        "trained_people": 0,
    }
    assert set(found[southridge.pk].values()) == {0}
    later = measures.figures_of(["won_value"], [northgate.pk], MONDAY + timedelta(days=366))
    assert later == {northgate.pk: {"won_value": 0}}
    with pytest.raises(BadInput):
        moving.enter_figure(northgate, measure="won_value", value=Decimal(1), by=mara)
    with pytest.raises(BadInput):
        moving.enter_figure(northgate, measure="satisfaction", value=Decimal(101), by=mara)


def test_by_hand(points, mara, northgate, capsys):
    criterion(S, "a", 1)
    points["a"][northgate.pk] = Decimal(1)
    call_command("compute_tiers", now="2026-03-05T08:00+00:00")
    call_command("sweep_programs", now="2026-03-05T08:00+00:00")
    assert capsys.readouterr().out.splitlines() == [
        f"{northgate.code} a move is proposed",
        "1 firms computed, 0 failed",
        "0 taken in, 0 ended, 0 stages opened, 0 failed",
    ]


@pytest.mark.parametrize(
    ("unit", "has", "asked", "words"),
    [
        ("EUR", "49999.60", "50000", ("49,999\u00a0EUR", "50,000\u00a0EUR", "1\u00a0EUR")),
        ("%", "66.96", "67", ("66.9%", "67%", "0.1%")),
        ("", "4.96", "5", ("4.9", "5", "0.1")),
        (
            "EUR",
            "123456789012.00",
            "200000000000",
            ("123,456,789,012\u00a0EUR", "200,000,000,000\u00a0EUR", None),
        ),
    ],
)
def test_nothing_looks_reached_that_is_not(unit, has, asked, words, monkeypatch):
    known = measures.Measure("x", "X", "", lambda ids, at: {}, unit=lambda: unit)
    monkeypatch.setitem(measures._measures, "x", known)
    (bar,) = bars_of([Gap("x", Decimal(has), Decimal(asked))])
    assert (bar.shown, bar.asked, bar.is_met) == (*words[:2], False)
    assert words[2] in (None, bar.missing)


def test_a_criterion_leaves_what_is_announced_for_later(olga):
    """One for today ends the day before it begins; one for the same day takes its place."""
    later = TODAY + timedelta(days=40)

    def ask(threshold, starts_on):
        return criteria.set_criterion(
            by=olga,
            tier=S,
            measure="certified_people",
            threshold=Decimal(threshold),
            starts_on=starts_on,
            clock=MONDAY_CLOCK,
        )

    for threshold, day in ((3, TODAY), (5, later), (2, TODAY), (4, TODAY + timedelta(days=20)), (6, later)):
        ask(threshold, day)
    rows = Criterion.objects.order_by("starts_on").values_list("threshold", "starts_on", "ends_on")
    assert list(rows) == [
        (2, TODAY, TODAY + timedelta(days=19)),
        (4, TODAY + timedelta(days=20), later - timedelta(days=1)),
        (6, later, None),
    ]


@pytest.mark.parametrize("left_before", [True, False])
def test_leaving_the_program_does_not_put_off_a_notice(
    points, settings, mara, olga, bob, northgate, left_before
):
    """What only those in the program are asked led to the notice: it binds until that is over, and no longer."""
    settings.TIER_NOTICE_DAYS = 30
    program = make_program(olga)
    mine = enrolling.approve(enrolling.apply(program, by=bob, clock=at(0)), by=olga, clock=at(0))
    criterion(S, "a", 1)
    criterion(S, "b", 1, program=program)
    points["a"][northgate.pk] = Decimal(1)
    Partner.objects.filter(pk=northgate.pk).update(tier=S)
    compute_tiers(clock=at(1))
    if left_before:
        enrolling.leave(mine, by=bob, clock=at(1.5))
        compute_tiers(clock=at(2))
        assert Move.objects.get().status == "taken_back"
        return
    moving.approve(Move.objects.get(), by=mara, reason="As agreed.", clock=at(2))
    enrolling.leave(mine, by=bob, clock=at(3))
    compute_tiers(clock=at(4))
    assert (Move.objects.get().status, told("tier.notice_taken_back")) == ("noticed", [])
    compute_tiers(clock=at(32))
    northgate.refresh_from_db()
    assert (northgate.tier, Move.objects.get().status) == (R, "done")
    compute_tiers(clock=at(33))
    assert Move.objects.filter(status="proposed", target=S).exists()  # up again, as its manager decides
