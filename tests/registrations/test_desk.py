"""The desk for people who sort: absence, taking, setting aside, own views, who looks, what changed, many at once."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import absences
from core.clock import database_clock, fixed
from notifications.models import Message
from registrations.enums import ConflictState, Status
from registrations.models import Look, Registration, SavedView, Snooze
from registrations.services import attachments, decisions, looking, partner_actions, saved_views, triage, undo
from tests.people import MONDAY, make_user

pytestmark = pytest.mark.django_db
QUEUE = reverse("registrations:queue")
HTMX = {"HX-Request": "true"}
DAY = timedelta(days=1)


@pytest.fixture
def noah(db):
    return make_user("Noah", "channel_manager")


@pytest.fixture
def big(alice, register):
    """`big(name)`: waits for a person because of its value."""

    def make(name, *, person=None, **rest):
        return register(person or alice, name, value=500_000, **rest)

    return make


def send(client, person, route, registration=None, query="", **fields):
    client.force_login(person)
    url = reverse(f"registrations:{route}", args=[registration.code] if registration else [])
    return client.post(url + query, fields, headers=HTMX)


def in_view(client, person, view="all", **query):
    client.force_login(person)
    response = client.get(QUEUE, {"view": view, **query})
    return [row["code"] for row in response.context["rows"]]


def row_of(client, person, registration, view="all"):
    client.force_login(person)
    rows = client.get(QUEUE, {"view": view}).context["rows"]
    return next(row for row in rows if row["code"] == registration.code)


def toast(response):
    return json.loads(response.headers["HX-Trigger"])["toast"]["text"]


def items(*registrations):
    return [f"{row.code}:{row.version}" for row in registrations]


def outcome(response):
    told = response.context["outcome"]
    return [row["code"] for row in told["done"]], {row["code"]: row["why"] for row in told["left"]}


def test_mine_holds_what_is_mine_while_i_stand_in_for_somebody(client, mara, noah, big):
    hers, his = big("Kestrel"), big("Lumen")
    triage.take(his, by=noah)
    assert (in_view(client, mara, "mine"), in_view(client, noah, "mine")) == ([hers.code], [his.code])
    today = database_clock().date()
    absences.plan_absence(mara, delegate=noah, starts_on=today, ends_on=today + DAY, by=mara)
    assert set(in_view(client, noah, "mine")) == {hers.code, his.code}
    page = client.get(reverse("registrations:review_item", args=[hers.code])).content.decode()
    assert "You stand in for Mara today" in page
    assert "Noah stands in" in page
    assert in_view(client, noah, reviewer=str(mara.pk)) == [hers.code]
    assert in_view(client, noah, reviewer="me") == [his.code]
    assert in_view(client, noah, reviewer="9" * 18) == in_view(client, noah, reviewer="x") == []


def test_taking_and_handing_over_keep_it_open_and_tell_the_new_reviewer(client, mara, noah, ada, big):
    row = big("Kestrel")
    response = send(client, noah, "take", row)
    assert (toast(response), response.context["item"].reviewer) == (f"{row.code} is yours now.", noah)
    response = send(client, noah, "hand_over", row, to=str(ada.pk), note="Please.")
    assert toast(response) == f"{row.code} is with Ada now."
    assert Message.objects.get(event="registration.handed_over").recipient == ada
    assert toast(send(client, ada, "hand_over", row, to="turn", note="")) == f"{row.code} is with Mara now."
    for to, status in (("nobody", 422), (str(10**12), 422)):
        response = send(client, ada, "hand_over", row, to=to)
        assert (response.status_code, Registration.objects.get(pk=row.pk).reviewer) == (status, mara)


def test_what_is_set_aside_leaves_the_queue_and_comes_back(client, mara, alice, big):
    row, other = big("Kestrel"), big("Lumen")
    until = timezone.localdate() + 3 * DAY
    response = send(client, mara, "snooze", row, until=until.isoformat(), reason="Their board meets.")
    assert response.context["item"] == other
    assert toast(response) == f"{row.code} comes back {until:%A %-d %b}."
    assert (in_view(client, mara), in_view(client, mara, "snoozed")) == ([other.code], [row.code])
    assert row.code in in_view(client, mara, "overdue")  # setting aside never hides a broken promise
    assert row_of(client, mara, row, "snoozed")["snooze"].startswith(f"Comes back {until:%A}")
    Snooze.objects.update(until=database_clock() - timedelta(hours=1))
    assert row_of(client, mara, row)["snooze"] == "Back: Their board meets."
    Snooze.objects.update(until=database_clock() + DAY)
    assert toast(send(client, mara, "wake", row)) == f"{row.code} is back in the queue."
    triage.snooze(row, until=database_clock() + DAY, reason="Again.", by=mara)
    decisions.ask_information(row, by=mara, text="Who?")
    partner_actions.answer(row, by=alice, text="Eve.")
    assert row.code in in_view(client, mara)  # the partner did something
    for fields in (
        {"until": "2020-01-01", "reason": "x"},
        {"until": "", "reason": "x"},
        {"until": until, "reason": ""},
    ):
        response = send(client, mara, "snooze", other, **fields)
        assert response.status_code == 422 and "This field" not in response.content.decode()
        assert "data-open-now" in response.content.decode()


def test_the_partners_file_brings_back_what_waits_for_it(client, mara, alice, big):
    row = big("Kestrel")
    triage.snooze(row, until=database_clock() + 3 * DAY, reason="The minutes.", by=mara)
    attachments.attach(row, SimpleUploadedFile("letter.txt", b"From us."), by=mara)
    assert in_view(client, mara) == []  # her own file is not what she waits for
    attachments.attach(row, SimpleUploadedFile("minutes.txt", b"They agreed."), by=alice)
    assert in_view(client, mara) == [row.code]
    assert row_of(client, mara, row)["snooze"] == "Back: The minutes."


@pytest.mark.parametrize("again", [False, True], ids=["set aside before", "and again after the question"])
def test_an_undo_leaves_it_set_aside(client, mara, big, again):
    row = big("Kestrel")
    triage.snooze(row, until=database_clock() + 3 * DAY, reason="Their board meets.", by=mara)
    made = decisions.ask_information(row, by=mara, text="Who?")
    if again:
        triage.snooze(row, until=database_clock() + 5 * DAY, reason="The question.", by=mara)
    undo.undo(made, by=mara)
    assert (in_view(client, mara), in_view(client, mara, "snoozed")) == ([], [row.code])
    triage.wake(row, by=mara)
    undo.undo(decisions.ask_information(row, by=mara, text="Who?"), by=mara)
    assert in_view(client, mara) == [row.code]  # what was awake stays awake


def test_own_views_are_kept_counted_renamed_and_deleted_by_their_owner(client, mara, noah, charlie, big):
    big("Kestrel")
    other = big("Lumen", person=charlie)
    query = f"view=mine&q=lum&partner={other.partner.code}"
    client.force_login(mara)
    answer = client.post(
        reverse("registrations:save_view"), {"name": " Lumen  only ", "query": query + "&x=1"}
    )
    assert answer.url == f"{QUEUE}?{query}"
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("Lumen only", query)
    page = client.get(answer.url)
    for name in ("rename", "delete"):  # without scripts the button asks for the page with its form
        opened = client.get(f"{answer.url}&open=view_{name}").content.decode()
        assert f'name="open" value="view_{name}"' in opened
        assert f'aria-labelledby="view-{name}-title" open data-open-now>' in opened
    assert (
        'aria-labelledby="view-save-title" open'
        in client.get(QUEUE, {"view": "overdue", "open": "view_save"}).content.decode()
    )
    tab = page.context["saved_views"][0]
    assert (tab["count"], tab["active"], tab["url"]) == (1, True, f"{QUEUE}?{query}")
    client.post(reverse("registrations:rename_view", args=[view.pk]), {"name": "Mine at Lumen"})
    assert [v.name for v in mara.saved_views.all()] == ["Mine at Lumen"]
    body = client.post(
        reverse("registrations:save_view"), {"name": "mine AT lumen", "query": ""}, follow=True
    ).content.decode()
    assert "You have a view of this name already." in body
    client.force_login(noah)
    assert client.get(QUEUE).context["saved_views"] == []
    for route in ("rename_view", "delete_view"):
        url = reverse(f"registrations:{route}", args=[view.pk])
        assert client.post(url, {"name": "Mine"}).status_code == 404
    client.force_login(mara)
    client.post(reverse("registrations:delete_view", args=[view.pk]))
    for number in range(saved_views.MOST):
        saved_views.save_view(mara, name=f"View {number}", query="")
    client.post(reverse("registrations:save_view"), {"name": "One too many", "query": ""})
    assert mara.saved_views.count() == saved_views.MOST


def test_a_view_of_a_long_search_is_kept_whole_in_any_script(client, mara):
    for text in ("مضخات أكمي " * 9, "🚀" * 100):
        query = urlencode({"q": text.strip()})
        client.force_login(mara)
        answer = client.post(reverse("registrations:save_view"), {"name": text[:10], "query": query})
        assert answer.url == f"{QUEUE}?{query}"
        (tab,) = [tab for tab in client.get(answer.url).context["saved_views"] if tab["active"]]
        assert tab["url"] == answer.url


def test_an_open_page_says_so_and_hears_who_else_looks(client, mara, noah, ivan, alice, big):
    row = big("Kestrel")
    seen = row.timeline.count()
    assert send(client, mara, "look", row, number=seen).content.decode().strip() == ""
    assert "Mara is looking at this" in send(client, noah, "look", row, number=seen).content.decode()
    told = send(client, ivan, "look", row, number=seen).content.decode()
    assert "Mara and Noah are looking at this" in told
    Look.objects.filter(user=mara).update(at=database_clock() - looking.PRESENT)
    assert "Noah is looking at this" in send(client, ivan, "look", row, number="x").content.decode()
    assert send(client, alice, "look", row, number=seen).status_code == 403


def test_the_list_marks_what_others_changed_since_i_looked(client, mara, noah, big):
    row, unseen = big("Kestrel"), big("Lumen")
    looking.note_look(row, by=mara, number=row.timeline.count())
    assert not row_of(client, mara, row)["news"]
    triage.snooze(row, until=database_clock() + DAY, reason="x", by=mara)
    triage.wake(row, by=mara)
    assert not row_of(client, mara, row)["news"]  # her own doing
    triage.take(row, by=noah)
    triage.take(unseen, by=noah)
    client.force_login(mara)
    rows = {r["code"]: r["news"] for r in client.get(QUEUE, {"q": "Kestrel"}).context["rows"]}
    assert rows == {row.code: False}  # it is the open one
    rows = {
        r["code"]: r["news"]
        for r in client.get(reverse("registrations:review_item", args=[unseen.code])).context["rows"]
    }
    assert rows == {row.code: True, unseen.code: False}  # never looked at is not changed


def test_who_comes_second_sees_the_difference(client, mara, noah, alice, big):
    row = big("Kestrel")
    version, seen = row.version, row.timeline.count()
    triage.take(row, by=noah)
    decisions.assign(row, by=noah)
    row.refresh_from_db()
    fields = {"stage": "proposal", "value": 61_000, "expected_close": MONDAY.date().replace(year=2090)}
    partner_actions.update(row, by=alice, fields=fields)
    response = send(
        client, mara, "refuse", row, version=version, seen=seen, reason_code="early", text="My words."
    )
    assert response.status_code == 409
    found = [(d.what, d.before, d.after, d.who) for d in response.context["feedback"].differences]
    assert found == [
        ("Reviewer", "Mara", "Noah", "Noah"),
        ("Status", "In review", "Protected", "Noah"),
        ("Stage", "Prospecting", "Proposal sent", "Alice"),
        ("Value", "500,000\u00a0EUR", "61,000\u00a0EUR", "Alice"),
        ("Expected close", "2 Sep 2026", "2 Mar 2090", "Alice"),
    ]
    body = response.content.decode()
    assert "What changed since you opened it" in body and "My words." in body


def test_many_are_refused_each_with_its_outcome(client, mara, noah, alice, big):
    fine, stale, gone = big("Kestrel"), big("Lumen"), big("Tamarind")
    ticked = items(fine, stale, gone)
    decisions.refuse(gone, by=noah, reason_code="early", text="Mine.")
    decisions.ask_information(stale, by=noah, text="Who?")
    fields = {
        "action": "refuse",
        "reason_code": "size",
        "text": "Too small.",
        "item": [*ticked, "R-NONE:1", "x"],
    }
    response = send(client, mara, "bulk", query="?view=asked", **fields)
    done, left = outcome(response)
    assert (done, set(left)) == ([fine.code], {stale.code, gone.code})
    assert "Somebody changed this registration" in left[stale.code]
    assert "it cannot be changed in this way any more" in left[gone.code]
    assert toast(response) == "1 refused, 2 not."
    fine.refresh_from_db()
    assert (fine.status, fine.decisions.get().text) == (Status.REFUSED, "Too small.")
    assert Message.objects.filter(event="registration.refused", about=fine.code).count() == 1
    assert outcome(send(client, mara, "bulk", **fields))[0] == []  # the same click again


def test_many_are_undone_at_once_and_each_that_cannot_be_says_why(client, mara, noah, alice, big):
    one, two, three = rows = [big(name) for name in ("Kestrel", "Lumen", "Tamarind")]
    before = [
        Registration.objects.filter(pk=row.pk).values("status", "policy", "waits_for").get() for row in rows
    ]
    response = send(
        client, mara, "bulk", action="refuse", reason_code="size", text="Small.", item=items(*rows)
    )
    offered = json.loads(response.headers["HX-Trigger"])["toast"]
    codes = [row.decisions.get().code for row in rows]
    action = offered["action"]
    assert (offered["seconds"], action["label"], action["key"]) == (10, "Undo all 3", "u")
    assert sorted(action["fields"]) == sorted(["decision", code] for code in codes)
    mails = Message.objects.filter(event="registration.refused")
    assert all(mail.not_before >= mail.created_at + timedelta(seconds=30) for mail in mails)

    # Somebody else's decisions stay; what moved on meanwhile says so.
    client.force_login(noah)
    left = outcome(client.post(action["url"], {"decision": codes}))[1]
    assert len(left) == 3 and "Only the person who decided" in left[one.code]
    Message.objects.filter(about=two.code, event="registration.refused").update(status="sending")
    done, left = outcome(send(client, mara, "undo_bulk", decision=codes))
    assert (set(done), set(left)) == ({one.code, three.code}, {two.code})
    assert "The mail about this decision has left" in left[two.code]
    after = [
        Registration.objects.filter(pk=row.pk).values("status", "policy", "waits_for").get() for row in rows
    ]
    assert (after[0], after[2], after[1]["status"]) == (before[0], before[2], Status.REFUSED)
    assert sorted(mails.values_list("status", flat=True)) == ["cancelled", "cancelled", "sending"]
    assert send(client, mara, "undo_bulk", decision=["D-NONE"]).status_code == 200

    for row in (one, three):
        row.refresh_from_db()
    # Without scripts the page that says what became of them has the button.
    page = client.post(
        reverse("registrations:bulk"), {"action": "ask", "text": "Who?", "item": items(one, three)}
    )
    assert page.content.decode().count('name="decision"') == 2


def test_only_what_nothing_stands_against_is_approved_in_bulk(client, mara, alice, charlie, big, register):
    clear = big("Kestrel")
    failed = big("Zephyr Glass")
    Registration.objects.filter(pk=failed.pk).update(review_reasons=["check_failed"])
    earlier = big("Ostrava Steel")
    later = big("Ostrava Steel", person=charlie)
    judged_apart = big("Delta Faucet")
    apart = big("Delta Faucet", person=charlie)
    apart.conflicts.update(state=ConflictState.DIFFERENT)
    all_of_them = items(clear, failed, earlier, later, judged_apart)
    done, left = outcome(send(client, mara, "bulk", action="approve", item=all_of_them))
    assert done == [clear.code, judged_apart.code]
    assert left[failed.code].startswith("The conflict check failed.")
    assert left[earlier.code] == f"It may collide with {later.code} of Southridge. Compare the two first."
    assert left[later.code] == f"It may collide with {earlier.code} of Northgate. Compare the two first."
    assert set(Registration.objects.protected()) == {clear, judged_apart}
    assert Message.objects.filter(event="registration.approved").count() == 2
    assert clear.holdings.exists() and not later.holdings.exists()


def test_many_are_handed_over_with_one_mail_asked_and_set_aside(client, mara, noah, big):
    rows = [big(name) for name in ("One", "Two", "Three")]
    send(client, mara, "bulk", action="hand_over", to=str(noah.pk), note="All yours.", item=items(*rows))
    mail = Message.objects.get(event="registration.handed_over")
    assert mail.subject == "Mara handed you 3 registrations to review"
    assert [row.code in mail.text for row in rows] == [True] * 3
    done, left = outcome(
        send(client, mara, "bulk", action="hand_over", to="turn", note="", item=items(*rows))
    )
    assert len(done) == 2 and set(left.values()) == {"It is with Noah already."}  # dealt out evenly
    until = (timezone.localdate() + DAY).isoformat()
    done, _ = outcome(
        send(client, mara, "bulk", action="snooze", until=until, reason="Fair.", item=items(rows[0]))
    )
    assert done == [rows[0].code]
    done, _ = outcome(send(client, mara, "bulk", action="ask", text="Who?", item=items(*rows[1:])))
    assert sorted(done) == sorted(row.code for row in rows[1:])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"action": "refuse", "reason_code": "", "text": "x"}, "Choose a reason from the list."),
        ({"action": "ask", "text": " "}, "Write what you need to know"),
        ({"action": "approve", "item": []}, "Nothing was chosen"),
    ],
)
def test_bulk_without_what_it_needs_does_nothing(client, mara, big, fields, words):
    row = big("Kestrel")
    response = send(client, mara, "bulk", **{"item": items(row), **fields})
    assert words in response.content.decode()
    assert Registration.objects.get(pk=row.pk).version == row.version
    assert send(client, mara, "bulk", action="delete", item=items(row)).status_code == 422


def test_without_scripts_many_are_ticked_decided_and_refused_by_pages(client, mara, big):
    """From the tick to the outcome with nothing but forms; what was not accepted stays shown, and ticked."""
    row, other = big("Kestrel"), big("Lumen")
    client.force_login(mara)
    body = client.get(QUEUE, {"view": "mine"}).content.decode()
    assert f'<form id="same-list" method="get" action="{QUEUE}#open-form">' in body
    assert '<input type="hidden" name="view" value="mine">' in body
    assert f'type="checkbox" name="item" form="same-list" value="{items(row)[0]}' in body
    for name in ("approve", "hand_over", "ask", "refuse", "snooze"):
        assert f'<button type="submit" form="same-list" name="open" value="bulk_{name}"' in body
        opened = client.get(QUEUE, {"open": f"bulk_{name}", "item": items(row)}).content.decode()
        assert f'aria-labelledby="bulk-title-{name}" open data-open-now>' in opened
        assert f'<input type="hidden" name="item" value="{items(row)[0]}">' in opened
        assert opened.count(" open data-open-now>") == opened.count('id="open-form"') == 1
        assert opened.count("data-tick checked") == 1
    assert (
        " open data-open-now>" not in client.get(QUEUE, {"open": "bulk_refuse"}).content.decode()
    )  # nothing ticked

    url = reverse("registrations:bulk")
    sent = {"action": "refuse", "reason_code": "", "text": "Why.", "item": items(row)}
    wrong = client.post(url + "?view=mine", sent)
    body = wrong.content.decode()
    assert wrong.status_code == 422 and "Choose a reason from the list." in body and "Why.</textarea>" in body
    assert f'<input type="hidden" name="item" value="{items(row)[0]}">' in body
    page = client.post(url, {**sent, "reason_code": "early"})
    assert (
        page.status_code == 200 and "1 refused." in page.content.decode() and "<html" in page.content.decode()
    )
    assert set(Registration.objects.under_review()) == {other}


def test_the_desk_asks_as_often_for_three_rows_as_for_one(client, mara, noah, charlie, big):
    """With own views, looks, snoozes, reviewers and lines in it."""

    def make(name):
        row = big(name)
        rival = big(name, person=charlie)
        for one in (row, rival):
            looking.note_look(one, by=mara, number=1)
        triage.take(rival, by=noah)
        triage.snooze(
            row, until=database_clock() - DAY, reason="x", by=mara, clock=fixed(database_clock() - 2 * DAY)
        )
        saved_views.save_view(mara, name=name, query=f"q={name}")
        return row

    first = make("Kestrel Foods")
    url = reverse("registrations:review_item", args=[first.code])
    client.force_login(mara)
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    make("Lumen Optics")
    make("Tamarind Spices")
    with CaptureQueriesContext(connection) as three:
        assert len(client.get(url).context["rows"]) == 6
    assert len(three) == len(one)


def test_keys_are_switched_off_for_a_person_wherever_they_sign_in(client, mara):
    client.force_login(mara)
    assert 'data-shortcuts="on"' in client.get(QUEUE).content.decode()
    assert client.post(reverse("accounts:single_keys"), {"on": "no"}).status_code == 204
    assert 'data-shortcuts="off"' in client.get(QUEUE).content.decode()
    client.post(reverse("accounts:single_keys"), {"on": "yes"})
    assert 'data-shortcuts="on"' in client.get(QUEUE).content.decode()


def test_an_absence_is_planned_and_taken_back_on_its_page(client, mara, noah):
    client.force_login(mara)
    url, today = reverse("accounts:away"), timezone.localdate()
    fields = {"starts_on": today, "ends_on": today + DAY, "delegate": noah.pk}
    assert client.post(url, {**fields, "ends_on": today - DAY}).status_code == 422
    empty = client.post(url, {}).content.decode()
    assert "Choose who stands in for you." in empty and "This field" not in empty
    assert client.post(url, fields).url == url
    page = client.get(url)
    assert [row["delegate"] for row in page.context["planned"]] == ["Noah"]
    absence = mara.absences.get()
    cancel = reverse("accounts:cancel_absence", args=[absence.pk])
    client.force_login(noah)
    assert "You stand in for Mara today." in client.get(url).content.decode()
    assert client.post(cancel).status_code == 404
    client.force_login(mara)
    assert client.post(cancel).url == url
    assert client.get(url).context["planned"] == []


def test_operations_say_who_reports_to_whom(client, mara, ada, olga, alice):
    client.force_login(olga)
    url = reverse("partners:set_manager", args=[mara.pk])
    assert client.post(url, {"manager": ada.pk}).status_code == 302
    mara.refresh_from_db()
    assert mara.manager == ada
    assert (
        client.post(reverse("partners:set_manager", args=[ada.pk]), {"manager": mara.pk}).status_code == 422
    )
    assert (
        client.post(reverse("partners:set_manager", args=[alice.pk]), {"manager": ada.pk}).status_code == 404
    )
    assert client.post(url, {"manager": ""}).status_code == 302
    mara.refresh_from_db()
    assert mara.manager is None
