"""Receipts, acknowledgements, mails to the audience and the one reminder."""

from datetime import UTC, datetime, time, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import User
from core.clock import fixed
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from notifications.models import Message
from partners.groups import uses
from partners.groups.services import delete_group
from partners.models import Group, Member
from programs.models import ContentItem, ContentReading, ContentVersion
from programs.services.content import telling
from programs.services.content.keeping import Audience, Said, change_item, create_item, discard_draft
from programs.services.content.publishing import publish, put_back, withdraw
from programs.services.content.reading import acknowledge
from tests.people import MONDAY, MONDAY_CLOCK
from tests.programs.content.makers import content, group_of

pytestmark = pytest.mark.django_db

FRIDAY = (MONDAY + timedelta(days=11)).date()


def at(name, item, *more):
    return reverse(f"programs:{name}", args=[item.code, *more])


def told(event):
    rows = Message.objects.filter(event=event).order_by("recipient__name")
    return list(rows.values_list("recipient__name", flat=True))


def new_version(item, olga, **said):
    item.refresh_from_db()
    words = {"title": "Again", "body": "Changed.", **said}
    change_item(
        item,
        by=olga,
        version=item.version,
        said=Said(**words),
        audience=Audience(for_all=True),
        clock=MONDAY_CLOCK,
    )
    item.refresh_from_db()
    publish(item, by=olga, version=item.version, clock=MONDAY_CLOCK)
    item.refresh_from_db()


def test_opening_leaves_one_receipt_and_looking_none(client, olga, alice, bob):
    item = content(olga, "Guide")
    client.force_login(alice)
    assert client.get(at("content", item)).status_code == 200 and not ContentReading.objects.exists()
    for _ in range(2):
        assert client.post(at("content_opened", item)).status_code == 204
    reading = ContentReading.objects.get()
    assert (reading.user, reading.version, reading.acknowledged_at) == (alice, item.current, None)
    assert "New" not in [row.label for row in client.get(reverse("programs:library")).context["rows"]]

    client.force_login(olga)
    assert client.post(at("content_opened", item)).status_code == 403
    page = client.get(at("content_readers", item))
    assert [row.name for row in page.context["rows"]] == ["Bob"]
    everybody = client.get(at("content_readers", item) + "?show=all")
    assert [(row.name, bool(row.opened)) for row in everybody.context["rows"]] == [
        ("Alice", True),
        ("Bob", False),
    ]
    assert "1 of 2 people have read it" in client.get(at("content", item)).content.decode()
    # What is new has been read by nobody.
    new_version(item, olga)
    assert len(client.get(at("content_readers", item)).context["rows"]) == 2


def test_receipts_stay_of_earlier_versions_and_of_who_left_the_audience(
    client, olga, alice, bob, charlie, northgate
):
    item = content(olga, "Terms", kind="announcement", groups=(group_of(northgate, olga),))
    for person in (alice, bob):
        acknowledge(item, by=person, number=1, clock=MONDAY_CLOCK)
    new_version(item, olga, title="Terms again")
    for person in (alice, charlie):
        acknowledge(item, by=person, number=2, clock=MONDAY_CLOCK)
    page = at("content_readers", item)

    def rows(query):
        found = client.get(page + query)
        return [(row.name, bool(row.acknowledged), row.outside) for row in found.context["rows"]]

    client.force_login(olga)
    assert rows("?version=1") == [("Alice", True, ""), ("Bob", True, "")]
    assert rows("?show=all") == rows("?show=all&version=2")
    User.objects.filter(pk=alice.pk).update(is_active=False)
    item.for_all = False
    item.save()  # for Northgate only again
    item.audiences.get_or_create(group=Group.objects.get())
    outside = "Firm no longer in the audience"
    everybody = [("Alice", True, "Account closed"), ("Bob", False, ""), ("Charlie", True, outside)]
    assert rows("?show=all") == everybody and rows("") == [("Bob", False, "")]
    assert rows("?version=1") == [("Alice", True, "Account closed"), ("Bob", True, "")]
    Member.objects.filter(user=charlie).delete()
    assert ("Charlie", True, "Belongs to no firm now") in rows("?show=all")
    assert "Account closed" in client.get(page + "?version=1").text
    assert "2 people read it" in client.get(at("content", item)).text
    assert "2 people have read it" in client.get(at("content_version", item, 1)).text
    assert [client.get(f"{page}?version={wrong}").status_code for wrong in ("3", "x")] == [404, 404]


def test_an_announcement_is_asked_for_until_it_is_acknowledged(client, olga, alice, bob):
    Member.objects.update(joined_at=MONDAY)
    item = content(olga, "New rules", kind="announcement", body="Read them.", due_on=FRIDAY)
    home = reverse("registrations:overview")
    client.force_login(alice)
    page = client.get(home).content.decode()
    assert "New rules" in page and "Please acknowledge it by" in page
    assert [
        entry["badge"] for entry in client.get(home).context["navigation"] if entry["label"] == "Library"
    ] == [1]
    assert "I have read this" in client.get(at("content", item)).content.decode()

    answer = client.post(at("acknowledge_content", item), {"number": "1"}, follow=True)
    assert "You acknowledged this on" in answer.content.decode()
    moment = ContentReading.objects.get(user=alice).acknowledged_at
    assert client.post(at("acknowledge_content", item), {"number": "1"}).status_code == 302
    assert ContentReading.objects.get(user=alice).acknowledged_at == moment
    assert "New rules" not in client.get(home).content.decode()

    # A new version is asked for again; the answer to the old one does not count for it.
    new_version(item, olga, title="Newer rules", due_on=FRIDAY)
    assert "Newer rules" in client.get(home).content.decode()
    assert client.post(at("acknowledge_content", item), {"number": "1"}).status_code == 409
    with pytest.raises(NotAllowed):
        acknowledge(item, by=olga, number=2)
    page = content(olga, "A page")
    with pytest.raises(WrongStatus):
        acknowledge(page, by=bob, number=1)


def test_what_was_due_before_somebody_joined_is_not_asked_of_them(client, olga, bob):
    content(olga, "New rules", kind="announcement", body="Read them.", due_on=FRIDAY)
    home = reverse("registrations:overview")
    client.force_login(bob)
    for joined, asked in ((FRIDAY, True), (FRIDAY + timedelta(days=1), False)):
        Member.objects.filter(user=bob).update(joined_at=datetime.combine(joined, time(9), tzinfo=UTC))
        assert ("New rules" in client.get(home).text) is asked


def test_the_audience_is_told_once_in_portions(olga, alice, bob, charlie, northgate, monkeypatch):
    monkeypatch.setattr(telling, "_PORTION", 1)
    item = content(olga, "Guide", groups=(group_of(northgate, olga),))
    draft = content(olga, "Not yet", published=False)
    assert telling.tell_audiences(clock=MONDAY_CLOCK, most=1) == 1 and told("content.published") == ["Alice"]
    assert telling.tell_audiences(clock=MONDAY_CLOCK) == 1 and told("content.published") == ["Alice", "Bob"]
    assert telling.tell_audiences(clock=MONDAY_CLOCK) == 0
    message = Message.objects.get(recipient=alice)
    assert message.subject == "New in the library: Guide" and at("content", item) in message.text
    assert ContentVersion.objects.get(item=draft).told_at is None

    # Told of a version twice: never. Told of what nobody can read any more: never.
    ContentVersion.objects.filter(item=item).update(told_at=None, told_up_to=0)
    telling.tell_audiences(clock=MONDAY_CLOCK)
    gone = content(olga, "Gone")
    withdraw(gone, by=olga, version=gone.version, clock=MONDAY_CLOCK)
    assert telling.tell_audiences(clock=MONDAY_CLOCK) == 0
    assert Message.objects.count() == 2
    # Put back, it is told to those who never heard of it, and to nobody twice.
    for expected in (3, 0):
        gone.refresh_from_db()
        put_back(gone, by=olga, version=gone.version)
        assert telling.tell_audiences(clock=MONDAY_CLOCK) == expected
        gone.refresh_from_db()
        withdraw(gone, by=olga, version=gone.version, clock=MONDAY_CLOCK)


def test_who_has_not_acknowledged_is_reminded_once_three_days_before(olga, alice, bob, charlie):
    item = content(olga, "New rules", kind="announcement", due_on=FRIDAY)
    telling.tell_audiences(clock=MONDAY_CLOCK)
    assert told("content.announced") == ["Alice", "Bob", "Charlie"]
    acknowledge(item, by=bob, number=1, clock=MONDAY_CLOCK)
    for days, expected in ((7, 0), (8, 2), (9, 0), (20, 0)):
        said = StringIO()
        call_command("sweep_content", now=(MONDAY + timedelta(days=days)).isoformat(), stdout=said)
        assert said.getvalue() == f"0 told, {expected} reminded\n", days
    assert told("content.reminder") == ["Alice", "Charlie"]

    # Portal down until the day has passed: nobody is reminded of a day that is gone.
    late = content(olga, "Late", kind="announcement", due_on=FRIDAY)
    telling.tell_audiences(clock=MONDAY_CLOCK)
    assert telling.remind(clock=fixed(MONDAY + timedelta(days=12))) == 0
    assert ContentVersion.objects.get(item=late).reminded_at is None


def test_services_refuse_in_words(olga, mara, northgate, alice):
    audience = Audience(for_all=True)
    for kind, said, field in (
        ("page", Said("Title"), "body"),
        ("page", Said(" ", body="x"), "title"),
        ("file", Said("Title"), "file"),
        ("song", Said("Title", body="x"), "kind"),
        ("announcement", Said("Title", body="x", due_on=MONDAY.date() - timedelta(1)), "due_on"),
    ):
        with pytest.raises(BadInput) as refused:
            create_item(by=olga, kind=kind, said=said, audience=audience, clock=MONDAY_CLOCK)
        assert refused.value.field == field
    assert not ContentItem.objects.exists()
    with pytest.raises(NotAllowed):
        create_item(by=mara, kind="page", said=Said("T", body="x"), audience=audience)
    nobodys = create_item(
        by=olga, kind="page", said=Said("T", body="x"), audience=Audience(), clock=MONDAY_CLOCK
    )
    with pytest.raises(BadInput):
        publish(nobodys, by=olga, version=1)
    with pytest.raises(StaleVersion):
        discard_draft(nobodys, by=olga, version=2)
    discard_draft(nobodys, by=olga, version=1)
    assert not ContentItem.objects.exists()


def test_a_group_with_content_is_not_deleted(olga, northgate, monkeypatch):
    group = group_of(northgate, olga)
    item = content(olga, "Guide", groups=(group,))
    assert [(use.kind, use.name) for use in uses.uses_of([group.pk])[group.pk]] == [("Page", "Guide")]
    with pytest.raises(WrongStatus, match="Page ‘Guide’"):
        delete_group(group, by=olga)
    # Even a use that nobody names stands in the way.
    monkeypatch.setattr(uses, "_providers", [])
    with pytest.raises(WrongStatus, match="Something uses"):
        delete_group(group, by=olga)
    assert list(item.groups.all()) == [group]
