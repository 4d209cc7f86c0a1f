"""A refusal by several rules: all of them are told, and where each stands is kept and shown, the right without its holder."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.html import strip_tags

from core.clock import database_clock, fixed
from notifications.models import Message
from policies.shown import day_words
from registrations.enums import Occasion, Status
from registrations.models import Decision, PolicyRun
from registrations.services import decisions, partner_actions
from registrations.services.case_file.exporting import export_case
from registrations.services.timeline import first_broken
from tests.people import submitted
from tests.policies.makers import give, licence, require
from tests.registrations.case_file.test_case_file import opened
from tests.registrations.requests_help import policy

pytestmark = pytest.mark.django_db
LACKS, INSIDE = "it takes a valid Export Licence", "Not open to your firm at present: Gateways in Europe."


@pytest.fixture
def rows(northgate, southridge, olga, gateways, europe):
    """A requirement and another firm's right, both about gateways in Germany."""
    northgate.name = "Zanzibar Secret Systems"
    northgate.save()
    right = give(northgate, olga, product_line=gateways, territory=europe)
    return require(gateways, olga, certificates=[licence().code]), right


def read(client, person, *addresses):
    client.force_login(person)
    return [strip_tags(client.get(address).content.decode()) for address in addresses]


def words_of(requirement, right):
    return [
        f"Requirement for Gateways, in force since {day_words(requirement.effective_from)}",
        f"Distribution right to Gateways in Europe, in force since {day_words(right.begins_at)}",
    ]


def test_who_is_refused_by_two_rules_reads_both_and_where_they_stand(
    client, charlie, mara, ivan, gateways, rows
):
    requirement, right = rows
    deal = submitted(charlie, "Acme GmbH", gateways, clock=database_clock)
    assert deal.status == Status.REFUSED
    decision, run = deal.decisions.get(), PolicyRun.objects.get()
    records = [f"authorisation:{requirement.pk}", f"right:{right.code}"]
    words = words_of(*rows)
    assert [kept["record"] for kept in decision.records] == records
    assert [kept["words"] for kept in decision.records] == words
    assert run.records == decision.records == deal.timeline.get(kind="submit").data["records"]
    receipt = reverse("registrations:receipt", args=[decision.code])
    page = reverse("registrations:registration", args=[deal.code])
    landed = reverse("registrations:submitted", args=[deal.code])
    told = read(client, charlie, receipt, page)
    mail = Message.objects.get(event="registration.refused", recipient=charlie)
    for text in (*read(client, charlie, landed), *told, mail.text, strip_tags(mail.html)):
        assert LACKS in text and INSIDE in text
        assert "Zanzibar" not in text and right.code not in text
    for text in (*told, mail.text, strip_tags(mail.html)):
        assert all(one in text for one in words)
    assert "Policy then" in told[0]  # version 1 was in force, and refused nothing
    assert "The portal, by these rules" in told[0] and "The registration policy" not in told[0]

    client.force_login(mara)
    theirs = client.get(receipt).content.decode()
    assert reverse("policies:right", args=[right.code]) in theirs
    assert reverse("policies:requirement", args=["gateways"]) in theirs
    files = opened(export_case(deal, by=ivan).content)
    (ours,) = json.loads(files["case.json"])["registrations"]
    assert ours["decisions"][0]["records"] == ours["policy_runs"][0]["records"] == decision.records
    assert "; ".join(words) in files["case.html"].decode()
    assert first_broken(deal) is None


def test_the_rows_of_a_decision_are_never_rewritten(charlie, gateways, rows):
    decision = submitted(charlie, "Acme GmbH", gateways, clock=database_clock).decisions.get()
    with pytest.raises(DatabaseError, match="keeps its version"), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(records=[])


def test_a_turn_in_line_keeps_what_refused_it(client, alice, charlie, mara, olga, gateways):
    held = submitted(alice, "Acme GmbH", gateways, clock=database_clock)
    waiting = submitted(charlie, "Acme GmbH", gateways, clock=database_clock, tender=True)
    decisions.put_on_waitlist(waiting, behind=held, by=mara)
    requirement = require(gateways, olga, certificates=[licence().code])
    now = database_clock()
    version = policy(refuse_public_tender=True, begins=now)
    held.refresh_from_db()
    partner_actions.withdraw(held, by=alice, clock=fixed(now + timedelta(minutes=1)))

    waiting.refresh_from_db()
    decision = waiting.decisions.get(action="refuse")
    assert decision.rule.startswith("When your turn came: Public tenders cannot be registered.\n")
    assert LACKS in decision.rule
    kept = [f"policy:{version.version}", f"authorisation:{requirement.pk}"]
    run = PolicyRun.objects.get(registration=waiting, occasion=Occasion.TURN)
    for records in (decision.records, run.records, waiting.timeline.get(kind="refuse").data["records"]):
        assert [one["record"] for one in records] == kept
    (text,) = read(client, charlie, reverse("registrations:receipt", args=[decision.code]))
    assert "Policy then" not in text and f"Requirement for Gateways, in force since {day_words(now)}" in text


def test_what_a_person_decides_names_the_version_alone(client, alice, mara, gateways):
    deal = submitted(alice, "Acme GmbH", gateways, clock=database_clock, value=500_000)
    decision = decisions.refuse(deal, by=mara, reason_code="early", text="Too early.")
    assert decision.records == []
    (text,) = read(client, alice, reverse("registrations:receipt", args=[decision.code]))
    assert "Registration policy, version 1" in text
    assert "Policy then" not in text and "Stands in" not in text
