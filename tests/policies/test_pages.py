"""The policy's pages: what each reader finds there, and a form that explains itself."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core.clock import database_clock
from policies.models import RegistrationPolicy
from policies.rules import SETTINGS
from policies.services import publish_version
from policies.words import sentences

pytestmark = pytest.mark.django_db
POLICY = "/policies/registration/"
NEW = "/policies/registration/new/"


def form_data(**changes):
    return {
        "auto_approve": "on",
        "auto_approve_below": "100000",
        "review_score": "35",
        "same_score": "85",
        "review_sla_business_days": "2",
        "offer_business_days": "5",
        "scope_product_line": "on",
        "review_other_scope": "on",
        "prechecks_per_day": "200",
        "prechecks_per_person": "60",
        "protection_days": "90",
        "reminder_days": "30",
        "final_notice_days": "7, 1",
        "warning_days_before_expiry": "3",
        "grace_days": "0",
        "escalation_days": "3",
        "extensions_most": "2",
        "extension_days": "30",
        "extension_evidence_required": "on",
        "open_most_registered": "50",
        "open_most_silver": "100",
        "open_most_gold": "250",
        "cooling_off_days": "30",
        "appeal_days": "14",
        "begins": "now",
        "note": "Longer deals.",
        "version": "1",
        **changes,
    }


def test_partners_read_what_the_engine_reads(client, alice):
    client.force_login(alice)

    answer = client.get(POLICY)

    told = {s.text for name in ("dos", "donts", "ours") for s in answer.context[name]}
    wanted = {s.text for s in sentences(RegistrationPolicy.objects.get(version=1), "EUR") if s.has_effect}
    assert told == wanted
    page = answer.content.decode()
    assert "protected for 60 days" in page
    assert "Versions" not in page and reverse("policies:new_version") not in page


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


@pytest.mark.parametrize(
    ("name", "policy", "new"),
    [
        ("alice", 200, 403),
        ("bob", 200, 403),
        ("mara", 200, 403),
        ("ivan", 200, 403),
        ("olga", 200, 200),
        ("ada", 200, 200),
    ],
)
def test_who_may_read_and_who_may_write(name, policy, new, client, request):
    client.force_login(request.getfixturevalue(name))

    assert client.get(POLICY).status_code == policy
    assert client.get(NEW).status_code == new
    assert client.post(NEW, form_data()).status_code == (302 if new == 200 else 403)
    assert RegistrationPolicy.objects.count() == (2 if new == 200 else 1)


def test_anonymous_people_sign_in_first(client):
    for address in (POLICY, NEW, reverse("policies:version", args=[1])):
        assert client.get(address).status_code == 302


def test_the_form_has_every_setting_filled_with_what_is_in_force(client, olga):
    client.force_login(olga)

    form = client.get(NEW).context["form"]

    assert set(SETTINGS) <= set(form.fields)
    current = RegistrationPolicy.objects.get(version=1)
    assert float(form.initial["review_score"]) == pytest.approx(current.review_score * 100)
    assert form.initial["final_notice_days"] == "7, 1"


def test_publishing_by_the_form(client, olga):
    client.force_login(olga)

    answer = client.post(NEW, form_data(), follow=True)

    made = RegistrationPolicy.objects.get(version=2)
    assert (made.protection_days, made.review_score, made.same_score, made.created_by) == (
        90,
        0.35,
        0.85,
        olga,
    )
    page = answer.content.decode()
    assert "Version 2 is published and applies now." in page and "Longer deals." in page


def test_all_contradictions_are_told_at_once_and_values_kept(client, olga):
    client.force_login(olga)

    answer = client.post(
        NEW,
        form_data(
            reminder_days="90",
            warning_days_before_expiry="30",
            review_score="90",
            final_notice_days="",
            note="",
        ),
    )

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {
        "reminder_days",
        "review_score",
        "final_notice_days",
        "note",
    }
    page = answer.content.decode()
    assert "data-error-summary" in page and 'value="90"' in page
    assert RegistrationPolicy.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"begins": "later"},
        {"begins": "later", "effective_from": "2020-01-01T00:00"},
        {"begins": "later", "effective_from": "soon"},
        {"final_notice_days": "seven"},
        {"final_notice_days": "99999999999"},
        {"protection_days": "99999999999999999999"},
        {"auto_approve_below": "1e500"},
        {"review_score": "NaN"},
        {"version": ""},
    ],
)
def test_nonsense_is_explained_never_a_fault(changes, client, olga):
    client.force_login(olga)

    assert client.post(NEW, form_data(**changes)).status_code == 422
    assert RegistrationPolicy.objects.count() == 1


def test_a_form_overtaken_by_another_version_keeps_its_values_and_says_what_changed(client, olga, ada):
    publish_version(by=ada, settings={"reminder_days": 20}, note="Earlier reminders.")
    client.force_login(olga)

    answer = client.post(NEW, form_data())

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Reminder after: 20 days instead of 30 days" in page and 'value="90"' in page
    assert client.post(NEW, form_data(version="2")).status_code == 302
