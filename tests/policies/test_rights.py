"""Exclusive rights: what is refused and said, what the database keeps, who is told what."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.html import strip_tags

from catalog.models import Industry
from core.clock import database_clock, fixed
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from notifications.models import Message, Notice
from partners import consequences
from partners.enums import StandingChange
from policies.concerned import firms_concerned
from policies.enums import Barred
from policies.loading import right_of, rights_at, rights_during
from policies.mine import mine
from policies.models import ExclusiveRight
from policies.rights import overlapping
from policies.services import publish_version
from policies.services.rights import end_right, take_back_right
from registrations.enums import Status
from tests.people import submitted
from tests.policies.makers import give, in_days, mail_leaves, require, territory, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def benelux(europe):
    return territory("benelux", "NL", "BE")


@pytest.fixture
def trades():
    return [Industry.objects.create(code=code, name=code.title()) for code in ("food", "metals")]


def test_what_overlaps_is_what_the_database_refuses(
    northgate, southridge, olga, gateways, sensors, europe, benelux, trades
):
    """Every pair of scopes: the words come from a query, the promise from the constraint. They must agree."""
    dach = territory("dach", "DE", "AT")  # Germany lies in Europe, too
    first = give(
        northgate, olga, product_line=gateways, territory=europe, industry=trades[0], begins=5, ends=9
    )
    agreed = []
    for line in (None, gateways, sensors):
        for place in (None, europe, dach, benelux):
            for trade in (None, *trades):
                for begins, ends in ((0, 4), (0, 5), (9, None), (10, None)):
                    asked = ExclusiveRight(
                        partner=southridge,
                        product_line=line,
                        territory=place,
                        countries=sorted(place.countries) if place else [],
                        industry=trade,
                        begins_at=first.begins_at + timedelta(days=begins - 5),
                        ends_at=None if ends is None else first.begins_at + timedelta(days=ends - 4),
                        note="Trying.",
                        created_by=olga,
                        created_at=first.begins_at - timedelta(days=5),
                    )
                    meets = overlapping(asked)
                    try:
                        with transaction.atomic():
                            asked.save()
                            transaction.set_rollback(True)
                        refused = False
                    except IntegrityError:
                        refused = True
                    assert bool(meets) == refused, (line, place, trade, begins, ends)
                    agreed.append(refused)
    assert sum(agreed) == 24 and len(agreed) == 144


def test_an_overlap_is_told_with_the_name_of_what_stands_there(northgate, southridge, olga, gateways, europe):
    first = give(northgate, olga, product_line=gateways, territory=europe)

    with pytest.raises(BadInput) as refusal:
        give(southridge, olga, product_line=gateways)

    assert "Northgate has Gateways in Europe, from" in refusal.value.message
    assert first.code in refusal.value.message
    assert ExclusiveRight.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({}, "product_line", "a right to everything"),
        ({"line": True, "begins": -1}, "begins_on", "in the past"),
        ({"line": True, "begins": 29, "nobody_concerned": False}, "begins_on", "at the earliest"),
        ({"line": True, "begins": 4000}, "begins_on", "ten years"),
        ({"line": True, "ends": -1}, "ends_on", "before it begins"),
        ({"line": True, "ends": 4000}, "ends_on", "ten years"),
        ({"line": True, "note": "  "}, "note", "Say why"),
        ({"line": True, "note": "x" * 301}, "note", "300 characters"),
        ({"line": True, "effect": "magic"}, "effect", "Choose what"),
        ({"nowhere": True}, "territory", "has no countries"),
        ({"line": True, "status": "suspended"}, "partner", "not an active partner"),
    ],
)
def test_what_cannot_be_is_refused_with_the_field_named(change, field, words, northgate, olga, gateways):
    northgate.status = change.pop("status", northgate.status)
    if change.pop("line", False):
        change["product_line"] = gateways
    if change.pop("nowhere", False):
        change["territory"] = territory("nowhere")

    with pytest.raises(BadInput, match=words) as refusal:
        give(northgate, olga, **change)

    assert refusal.value.field == field
    assert not ExclusiveRight.objects.exists() and not Message.objects.exists()


def test_the_notice_period_is_the_policys(northgate, olga, gateways):
    publish_version(by=olga, settings={"right_notice_days": 10}, note="Shorter notice.")

    with pytest.raises(BadInput, match="at the earliest"):
        give(northgate, olga, product_line=gateways, begins=9, nobody_concerned=False)
    right = give(northgate, olga, product_line=gateways, begins=10, nobody_concerned=False)

    assert not rights_at(database_clock())
    assert [row.code for row in rights_at(right.begins_at)] == [f"right:{right.code}"]


def test_nobody_is_concerned_only_where_the_portal_finds_nobody(northgate, southridge, olga, gateways):
    with pytest.raises(
        BadInput, match="Southridge is concerned and told ahead, so it can begin on"
    ) as refusal:
        give(northgate, olga, product_line=gateways, begins=29, nobody_concerned=True)
    assert refusal.value.field == "begins_on"
    assert not ExclusiveRight.objects.exists() and not Message.objects.exists()

    southridge.status = "suspended"
    southridge.save()
    right = give(northgate, olga, product_line=gateways, nobody_concerned=True)

    assert [row.code for row in rights_at(database_clock())] == [f"right:{right.code}"]


def test_only_operations_give_and_end(northgate, mara, ivan, alice, olga, gateways):
    right = give(northgate, olga, product_line=gateways, begins=40)
    for person in (mara, ivan, alice):
        with pytest.raises(NotAllowed):
            give(northgate, person, product_line=gateways)
        with pytest.raises(NotAllowed):
            take_back_right(right, by=person, note="No.", version=1)


def test_the_holder_reads_whose_it_is_and_the_others_never_do(
    alice, charlie, northgate, southridge, olga, gateways, europe
):
    northgate.name = "Zanzibar Secret Systems"
    northgate.save()
    publish_version(by=olga, settings={"outside_territory": "refused"}, note="At home.")
    far = territory("far", "JP")
    for firm in (northgate, southridge):
        firm.territories.add(europe)
    right = give(northgate, olga, product_line=gateways, territory=europe, begins=40, note="Zanzibar pays.")

    told = {message.recipient: message for message in Message.objects.all()}
    assert {person: message.event for person, message in told.items()} == {
        alice: "policy.right_given",
        charlie: "policy.right_announced",
    }
    mail_leaves()
    southridge.territories.set([far])  # it is told all the same of what it was told of
    take_back_right(right, by=olga, note="Zanzibar does not pay.", version=1)
    texts = [
        f"{message.subject} {message.text} {message.html} {message.about}"
        for message in Message.objects.filter(recipient=charlie)
    ]
    assert len(texts) == 2 and "Gateways in Europe" in texts[0]
    assert not any("Zanzibar" in text or right.code in text for text in texts)
    assert not any("Zanzibar" in notice.title for notice in Notice.objects.filter(user=charlie))
    again = give(northgate, olga, product_line=gateways, territory=europe, begins=40)
    assert Message.objects.filter(recipient=charlie).count() == 2  # works elsewhere: not concerned
    assert firms_concerned(right_of(again), database_clock()) == []


@pytest.mark.parametrize("outside", ["allowed", "review"])
def test_who_may_register_outside_its_territories_and_industries_is_told_and_shown(
    outside, charlie, northgate, southridge, olga, gateways, europe, trades
):
    if outside != "allowed":
        publish_version(by=olga, settings={"outside_territory": outside}, note="Looked at.")
    southridge.territories.add(territory("far", "JP"))
    southridge.industries.add(trades[0])
    scope = {"product_line": gateways, "territory": europe, "industry": trades[1]}

    right = give(northgate, olga, **scope)
    give(northgate, olga, **scope | {"industry": trades[0]}, begins=40)

    assert firms_concerned(right_of(right), database_clock()) == [southridge]
    assert Message.objects.filter(recipient=charlie, event="policy.right_announced").count() == 2
    bound = mine(southridge, database_clock())
    line = next(one for one in bound.lines if one.name == "Gateways")
    assert line.label == "May register in part"
    assert line.reserved == ("Not open to your firm at present: Gateways in Europe for Metals.",)
    assert [change.words.partition(":")[0] for change in bound.changes] == ["Gateways in Europe for Food"]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ([(0, "refused")], [False, False, False]),
        ([(20, "refused")], [True, False, False]),  # scheduled: it applies from day 20 on
        ([(0, "refused"), (35, "review")], [False, False, True]),
        ([(20, "refused"), (60, "review")], [True, False, False]),
    ],
)
def test_territories_keep_from_it_as_the_versions_do_that_apply_meanwhile(
    settings, told, northgate, southridge, olga, gateways, europe
):
    """Rights of days 0 to 10, 21 to 30 and 31 to 50."""
    southridge.territories.add(territory("far", "JP"))
    now = database_clock()
    for day, outside in settings:
        start = now + timedelta(days=day) if day else None
        values = {"outside_territory": outside}
        publish_version(by=olga, settings=values, note=f"{outside}.", effective_from=start)

    given = [
        give(northgate, olga, product_line=gateways, territory=europe, begins=begins, ends=ends)
        for begins, ends in ((0, 10), (21, 30), (31, 50))
    ]

    found = [firms_concerned(right_of(right), database_clock()) for right in given]
    assert [firms == [southridge] for firms in found] == told
    bound = mine(southridge, database_clock())
    assert len(bound.reserved) + sum(change.worse for change in bound.changes) == sum(told)


def test_a_requirement_that_only_leads_to_a_look_leaves_a_firm_concerned(
    northgate, southridge, olga, gateways, europe
):
    require(gateways, olga, least_tier="platinum", effect="review")

    given = give(northgate, olga, product_line=gateways, territory=europe)

    assert firms_concerned(right_of(given), database_clock()) == [southridge]


def test_who_has_something_open_inside_is_concerned_wherever_they_work(
    charlie, alice, northgate, southridge, olga, gateways, europe
):
    publish_version(by=olga, settings={"outside_territory": "refused"}, note="At home.")
    southridge.territories.add(territory("far", "JP"))
    submitted(charlie, "Blohm GmbH", gateways, country="DE")

    right = give(northgate, olga, product_line=gateways, territory=europe, begins=40)

    assert firms_concerned(right_of(right), database_clock()) == [southridge]


def test_ending_taking_back_and_who_comes_second(northgate, southridge, olga, ada, gateways, sensors, europe):
    running = give(northgate, olga, product_line=gateways)
    coming = give(northgate, olga, product_line=sensors, begins=40, ends=60)
    for on, words in ((in_days(-1), "today or a later day"), (in_days(4000), "ten years")):
        with pytest.raises(BadInput, match=words):
            end_right(running, by=olga, on=on, note="Over.", version=1)
    with pytest.raises(BadInput, match="ends on"):
        end_right(coming, by=olga, on=in_days(60), note="Later.", version=1)
    with pytest.raises(WrongStatus, match="begun"):
        take_back_right(running, by=olga, note="No.", version=1)

    ended = end_right(running, by=olga, on=today(), note="They agreed.", version=1, agreed=True)
    with pytest.raises(StaleVersion):
        end_right(running, by=ada, on=today(), note="Me too.", version=1, agreed=True)
    take_back_right(coming, by=olga, note="Not after all.", version=1)

    give(southridge, olga, product_line=gateways, begins=1)  # the day after is free again
    give(southridge, olga, product_line=sensors, begins=40)
    for right in (coming,):
        with pytest.raises(WrongStatus, match="ended already"):
            end_right(right, by=olga, on=today(), note="Again.", version=2)
    assert (ended.end_note, ended.end_set_by, ended.version) == ("They agreed.", olga, 2)
    taken = {row.code for row in rights_during(database_clock(), database_clock() + timedelta(days=90))}
    assert f"right:{coming.code}" not in taken  # it never applied


@pytest.mark.parametrize(
    ("effect", "status", "reason"),
    [(Barred.REFUSED, Status.REFUSED, []), (Barred.REVIEW, Status.IN_REVIEW, ["exclusive_right"])],
)
def test_a_registration_inside_anothers_right_lands_as_the_right_says(
    effect, status, reason, alice, charlie, northgate, olga, mara, gateways, sensors, europe, client
):
    northgate.name = "Zanzibar Secret Systems"
    northgate.save()
    before = submitted(charlie, "Before KG", gateways, clock=database_clock)
    right = give(northgate, olga, product_line=gateways, territory=europe, effect=effect)

    inside = submitted(charlie, "Inside KG", gateways, clock=database_clock)
    own = submitted(alice, "Own KG", gateways, clock=database_clock)
    beside = submitted(charlie, "Beside KG", sensors, clock=database_clock)

    before.refresh_from_db()
    assert {row.status for row in (before, own, beside)} == {Status.APPROVED}  # what was registered stays
    assert inside.status == status
    if reason:
        assert inside.review_reasons == reason
    else:
        decision = inside.decisions.get()
        assert decision.rule == "Not open to your firm at present: Gateways in Europe."
    client.force_login(charlie)
    read = client.get(f"/registrations/{inside.code}/").content.decode()
    mails = " ".join(message.text + message.html for message in Message.objects.filter(recipient=charlie))
    for leak in ("Zanzibar", right.code):
        assert leak not in read and leak not in mails
    if reason:  # the referee reads whose it is
        client.force_login(mara)
        desk = strip_tags(client.get(f"/review/{inside.code}/").content.decode())
        assert f"exclusive right of Zanzibar Secret Systems: Gateways in Europe ({right.code})" in desk


def test_what_becomes_of_rights_with_the_firms_standing(northgate, charlie, olga, gateways, sensors):
    running = give(northgate, olga, product_line=gateways)
    coming = give(northgate, olga, product_line=sensors, begins=40)
    old = gateways.__class__.objects.create(code="old", name="Old")
    give(northgate, olga, product_line=old, ends=8, clock=fixed(database_clock() - timedelta(days=10)))
    Message.objects.all().delete()

    told = {
        change: consequences.foresee(northgate, change)
        for change in (StandingChange.SUSPEND, StandingChange.END, StandingChange.ACTIVATE)
    }
    assert [one.label for one in told[StandingChange.SUSPEND]] == ["2 distribution rights go on"]
    assert [one.label for one in told[StandingChange.END]] == ["2 distribution rights end"]
    assert told[StandingChange.ACTIVATE] == []
    done = consequences.carry_out(
        northgate, StandingChange.END, by=olga, reason="They closed.", clock=database_clock
    )

    assert done["distribution rights ended"] == 2 and rights_at(database_clock()) == ()
    running.refresh_from_db()
    coming.refresh_from_db()
    assert running.withdrawn_at is None and coming.withdrawn_at is not None
    assert {running.end_note, coming.end_note} == {"They closed."}
    assert Message.objects.filter(recipient=charlie, event="policy.right_ends").count() == 2
