"""A right, a requirement or a version that begins while a deal is in review: whoever decides hears of it, once, and before."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.html import strip_tags

from catalog.models import ProductLine
from core.clock import database_clock, fixed
from policies.services.publishing import publish_version
from registrations.enums import Audience, Status
from registrations.services import decisions, looking
from registrations.services.new_rules import note_new_rules
from registrations.services.timeline import first_broken
from tests.policies.makers import give, require

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
QUEUE = reverse("registrations:queue")


@pytest.fixture
def deal(alice, mara, register):
    """Alice's, in review since an hour because of its value; Mara has looked at it."""
    made = register(alice, "Kestrel AG", value=500_000, clock=fixed(database_clock() - timedelta(hours=1)))
    assert made.status == Status.IN_REVIEW
    looking.note_look(made, by=mara, number=made.timeline.count())
    return made


def at(days):
    return fixed(database_clock() + days * DAY)


def notes(deal):
    return [entry for entry in deal.timeline.order_by("number") if entry.kind == "rules_began"]


def decide(client, person, deal, seen):
    client.force_login(person)
    url = reverse("registrations:assign", args=[deal.code])
    deal.refresh_from_db()
    return client.post(
        url, {"version": deal.version, "seen": seen, "text": ""}, headers={"HX-Request": "true"}
    )


def test_a_right_that_begins_is_noted_once_shown_and_stops_who_had_not_seen_it(
    deal, alice, mara, olga, southridge, gateways, client, capsys
):
    seen = deal.timeline.count()
    right = give(southridge, olga, product_line=gateways, begins=2)
    assert note_new_rules(clock=at(1)).done == []
    assert note_new_rules(clock=at(3), dry_run=True).done == [deal.code] and not notes(deal)
    assert [note_new_rules(clock=at(days)).done for days in (3, 3, 5)] == [[deal.code], [], []]

    (note,) = notes(deal)
    assert note.audience == Audience.VENDOR and note.data["records"] == [f"right:{right.code}"]
    said = f"exclusive right of Southridge: Gateways ({right.code})"
    assert said in note.data["text"]
    page = reverse("registrations:review_item", args=[deal.code])
    client.force_login(mara)
    body = strip_tags(client.get(page).content.decode())
    assert "A rule began to apply" in body and f"Since {note.at.day} " in body and said in body
    client.force_login(alice)
    theirs = client.get(reverse("registrations:registration", args=[deal.code])).content.decode()
    assert "Southridge" not in theirs and "rule began" not in theirs

    stopped = decide(client, mara, deal, seen)
    told = strip_tags(stopped.content.decode())
    assert (
        stopped.status_code == 409
        and "A rule began or ceased to apply after you opened this." in told
        and said in told
    )
    assert [row.what for row in stopped.context["feedback"].differences] == ["Rule that began"]
    assert decide(client, mara, deal, seen + 1).status_code == 200
    deal.refresh_from_db()
    assert deal.status == Status.APPROVED and first_broken(deal) is None
    call_command("note_new_rules")
    assert "0 noted" in capsys.readouterr().out


def ticked(client):
    client.force_login(client.person)
    return re.findall(r'value="(R-[^"]+)" data-tick', client.get(QUEUE).content.decode())


def test_many_at_once_stop_at_what_had_not_been_seen(
    deal, alice, mara, olga, southridge, gateways, sensors, register, client
):
    client.person = mara
    beside = register(alice, "Abacus SA", line=sensors, value=500_000)
    before = ticked(client)
    assert len(before) == 2
    give(southridge, olga, product_line=gateways, begins=1)
    note_new_rules(clock=at(2))
    url = reverse("registrations:bulk")
    for items, said in ((lambda: before, "1 approved, 1 not."), (lambda: ticked(client), "1 approved.")):
        sent = {"action": "approve", "item": items()}
        answer = client.post(url, sent, headers={"HX-Request": "true"})
        assert answer.context["outcome"]["said"] == said
        told = answer.content.decode()
        assert ("A rule began or ceased to apply after you opened this." in told) == ("not" in said)
    for row in (deal, beside):
        row.refresh_from_db()
        assert row.status == Status.APPROVED


def test_what_bore_on_it_and_ended_is_noted_too(
    deal, alice, mara, olga, southridge, gateways, register, client
):
    """A right and a requirement that it was judged by, and a right that only came while it was in review."""
    short = give(southridge, olga, product_line=gateways, begins=1, ends=3)
    require(gateways, olga, begins=1, least_tier="gold", effect="review")
    assert [note_new_rules(clock=at(days)).done for days in (2, 2, 5, 5)] == [
        [deal.code],
        [],
        [deal.code],
        [],
    ]
    (note,) = [entry for entry in deal.timeline.all() if entry.kind == "rules_ended"]
    assert note.audience == Audience.VENDOR and note.data["records"] == [f"right:{short.code}:ended"]
    assert note.data["text"].endswith("That right has ended.")
    seen = note.number - 1
    stopped = decide(client, mara, deal, seen)
    assert stopped.status_code == 409
    assert [row.what for row in stopped.context["feedback"].differences] == ["Rule that ended"]

    later = register(alice, "Lumen AG", value=500_000, clock=at(6))
    assert "product_authorisation" in later.review_reasons
    require(gateways, olga, begins=8)
    assert note_new_rules(clock=at(7)).done == []
    assert set(note_new_rules(clock=at(9)).done) == {deal.code, later.code}
    assert "holds no longer: Gateways goes to a channel manager first" in later.timeline.last().data["text"]
    assert note_new_rules(clock=at(9)).done == [] and first_broken(later) is None


def test_the_list_says_that_it_changed_since_somebody_looked(
    deal, alice, mara, olga, gateways, register, client
):
    register(alice, "Abacus SA", value=500_000)  # due earlier, so that the list opens it
    rows = lambda: {row["code"]: row["news"] for row in client.get(QUEUE).context["rows"]}  # noqa: E731
    client.force_login(mara)
    assert rows()[deal.code] is False
    require(gateways, olga, begins=1, least_tier="gold", effect="review")
    note_new_rules(clock=at(2))
    assert rows()[deal.code] is True
    assert "it takes Gold tier or higher" in notes(deal)[0].data["text"]


def test_only_what_bears_on_it_and_began_since(
    deal, alice, mara, olga, northgate, southridge, gateways, register
):
    """Not somebody else's products, their own right, what the firm fulfils, what bound when it came in, or what is decided."""
    other = ProductLine.objects.create(code="other", name="Other")
    give(southridge, olga, product_line=other, begins=1)
    right = give(northgate, olga, product_line=gateways, begins=1)
    require(other, olga, begins=1, least_tier="gold")
    require(gateways, olga, begins=1, least_tier="registered")
    assert note_new_rules(clock=at(2)).done == []
    right.partner = southridge
    right.save()
    later = register(alice, "Lumen AG", value=500_000, clock=at(2))
    assert note_new_rules(clock=at(3)).done == [deal.code] and not notes(later)

    decisions.refuse(deal, by=mara, reason_code="early", text="Too early.")
    require(gateways, olga, begins=4, least_tier="gold")
    assert note_new_rules(clock=at(5)).done == ([later.code] if later.status == Status.IN_REVIEW else [])


def test_a_version_of_the_policy_that_begins_is_noted_beside_the_one_that_judged(deal, olga, mara, client):
    now = database_clock()
    publish_version(by=olga, settings={"protection_days": 90}, effective_from=now + 2 * DAY, note="Longer.")
    assert note_new_rules(clock=at(1)).done == []
    assert note_new_rules(clock=at(3)).done == [deal.code]
    (note,) = notes(deal)
    assert note.data["text"] == "Version 2 of the policy is in force now; version 1 applied when it came in."
    assert note_new_rules(clock=at(4)).done == []


def noted(deal, kind):
    return [entry.data["text"] for entry in deal.timeline.order_by("number") if entry.kind == kind]


def test_rights_that_are_not_exclusive_bear_on_deals_of_firms_without_one(
    deal, northgate, southridge, olga, gateways
):
    own = give(northgate, olga, product_line=gateways, is_exclusive=False, begins=1, ends=5)
    theirs = give(southridge, olga, product_line=gateways, is_exclusive=False, begins=2)
    assert note_new_rules(clock=at(3)).done == []  # its firm holds one, too

    assert note_new_rules(clock=at(7)).done == [deal.code]

    (text,) = noted(deal, "rules_began")
    assert f"distribution right of Southridge: Gateways ({theirs.code})" in text
    assert own.code not in text
    assert note_new_rules(clock=at(8)).done == []


def test_the_end_of_the_firms_own_right_is_noted_where_others_keep_it_out_then(
    northgate, southridge, alice, olga, gateways, register
):
    own = give(northgate, olga, product_line=gateways, is_exclusive=False, ends=5)
    first = give(southridge, olga, product_line=gateways, is_exclusive=False, ends=20)
    deal = register(alice, "Kestrel AG", value=500_000, clock=database_clock)
    assert deal.status == Status.IN_REVIEW

    assert note_new_rules(clock=at(4)).done == []
    assert [note_new_rules(clock=at(7)).done for _ in range(2)] == [[deal.code], []]
    (text,) = noted(deal, "rules_ended")
    assert f"The partner's own right to Gateways ({own.code}) has ended." in text
    assert f"distribution right of Southridge: Gateways ({first.code})" in text


def test_one_of_several_rights_that_ends_is_noted_only_where_it_opens(
    northgate, southridge, alice, olga, gateways, register
):
    look = {"product_line": gateways, "is_exclusive": False, "effect": "review"}
    other = type(northgate).objects.create(name="Third Firm", country="DE", status="active")
    one, last = give(southridge, olga, ends=5, **look), give(other, olga, ends=9, **look)
    deal = register(alice, "Kestrel AG", clock=database_clock)
    assert deal.review_reasons == ["exclusive_right"]

    assert note_new_rules(clock=at(7)).done == []
    assert note_new_rules(clock=at(11)).done == [deal.code]
    (text,) = noted(deal, "rules_ended")
    assert "That right has ended." in text and last.code in text and one.code in text
