"""The policy's pages: what each reader finds there, and a form that explains itself."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.clock import database_clock
from policies.models import RegistrationPolicy
from policies.services import begin_draft, publish_version, save_draft, withdraw_version
from policies.words import sentences, standing_sentences

pytestmark = pytest.mark.django_db
POLICY = "/policies/registration/"


def test_partners_read_what_the_engine_reads(client, alice):
    client.force_login(alice)

    answer = client.get(POLICY)

    told = {s.text for name in ("dos", "donts", "ours") for s in answer.context[name]}
    current = RegistrationPolicy.objects.get(version=1)
    every = [*sentences(current, "EUR"), *standing_sentences(current, "EUR")]
    # Her firm is of the lowest tier; the limits of the others do not bind it.
    others = {f"open_most_{tier}" for tier in ("silver", "gold", "platinum")}
    wanted = {one.text for one in every if one.has_effect and one.setting not in others}
    assert told == wanted
    page = answer.content.decode()
    assert "protected for 60 days" in page
    assert reverse("policies:versions") not in page and reverse("policies:new_version") not in page


def test_announced_versions_are_shown_to_partners_those_taken_back_are_not(client, alice, olga):
    start = database_clock() + timedelta(days=9)
    publish_version(by=olga, settings={"protection_days": 90}, effective_from=start, note="Longer for all.")
    client.force_login(alice)

    page = client.get(POLICY).content.decode()

    assert "Version 2 applies from" in page and "Longer for all." in page
    assert "Protection: <strong>90 days</strong> instead of 60 days" in page
    client.force_login(olga)
    assert client.post(reverse("policies:withdraw_version", args=[2])).status_code == 302
    client.force_login(alice)
    assert "Longer for all." not in client.get(POLICY).content.decode()
    assert client.get(reverse("policies:version", args=[2])).status_code == 404
    client.force_login(olga)
    assert client.get(reverse("policies:version", args=[2])).status_code == 200


def test_the_history_says_what_became_of_each_version(client, mara, alice, olga):
    publish_version(by=olga, settings={"protection_days": 90}, note="Longer for all.")
    soon = publish_version(
        by=olga,
        settings={"appeal_days": 21},
        effective_from=database_clock() + timedelta(days=9),
        note="More.",
    )
    gone = publish_version(
        by=olga,
        settings={"appeal_days": 7},
        effective_from=database_clock() + timedelta(days=5),
        note="Less.",
    )
    withdraw_version(gone, by=olga)
    save = begin_draft(by=olga)
    publish_version(by=olga, settings={"cooling_off_days": 9}, note="Sooner again.")
    client.force_login(mara)

    answer = client.get(reverse("policies:versions"))

    states = {row.policy.version: row.label for row in answer.context["versions"]}
    assert states == {
        soon.version: "Scheduled",
        gone.version: "Taken back",
        save.version + 1: "In force",
        2: "Retired",
        1: "Retired",
    }
    (taken_back,) = (row for row in answer.context["versions"] if row.policy == gone)
    assert [change.setting for change in taken_back.changes] == ["appeal_days"]  # nothing of what came later
    assert [row.policy for row in answer.context["drafts"]] == [save]
    page = answer.content.decode()
    assert "Protection: <strong>90 days</strong> instead of 60 days" in page
    client.force_login(alice)
    assert client.get(reverse("policies:versions")).status_code == 403


def test_the_history_asks_as_often_for_many_versions_as_for_few(client, olga, ada):
    client.force_login(ada)
    counts = []
    for number in range(3):
        publish_version(by=olga, settings={"protection_days": 90 + number}, note="Longer.")
        draft = begin_draft(by=olga)
        save_draft(draft, by=ada, revision=1, settings={"appeal_days": 20})
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("policies:versions"))
        counts.append(len(asked))
        with CaptureQueriesContext(connection) as asked:
            client.get(POLICY)
        counts[-1] = (counts[-1], len(asked))
    assert counts[1] == counts[2]


def test_any_two_versions_are_compared_in_sentences(client, alice, olga):
    publish_version(by=olga, settings={"protection_days": 90}, note="Longer.")
    publish_version(by=olga, settings={"refuse_public_tender": True}, note="No tenders.")
    draft = begin_draft(by=olga)
    address = reverse("policies:compare_versions")
    client.force_login(alice)

    both = client.get(address, {"from": "1", "to": "3"}).context["changes"]
    last = client.get(address).context
    back = client.get(address, {"from": "2", "to": "1"}).content.decode()

    assert [(one.setting, one.before, one.after) for one in both] == [
        ("refuse_public_tender", "no", "yes"),
        ("protection_days", "60 days", "90 days"),
    ]
    assert both[0].said_after == "Don't register public tenders: they are refused."
    assert (last["old"].version, last["new"].version) == (2, 3)
    assert "Version 2: 90 days" in back and "Version 1: 60 days" in back
    assert "They say the same" in client.get(address, {"from": "2", "to": "2"}).content.decode()
    for wrong in (str(draft.version), "99", "x", "9" * 30, "-1"):
        assert client.get(address, {"to": wrong}).status_code == 404
    client.force_login(olga)
    assert client.get(address, {"to": str(draft.version)}).status_code == 200


def test_a_draft_is_no_business_of_partners(client, alice, olga):
    draft = begin_draft(by=olga)
    client.force_login(alice)

    assert client.get(reverse("policies:version", args=[draft.version])).status_code == 404
    assert "Draft" not in client.get(POLICY).content.decode()
    client.force_login(olga)
    page = client.get(reverse("policies:version", args=[draft.version])).content.decode()
    assert "Draft" in page and reverse("policies:edit_draft", args=[draft.version]) in page
