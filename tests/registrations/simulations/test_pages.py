"""The pages of simulations: asked for, watched, read, filtered, exported, gone stale."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.clock import database_clock
from policies.models import RegistrationPolicy
from registrations.models import PolicyRun, Simulation
from registrations.services.simulating import run_simulations
from registrations.services.simulations import start_simulation
from tests.people import MONDAY
from tests.registrations.simulations.given import draft_with, simulated

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(olga):
    return draft_with(auto_approve_below=Decimal(20_000), refuse_public_tender=True)


@pytest.fixture
def deals(alice, charlie, register, draft):
    register(alice, "=cmd|' /C calc'!A0 GmbH")
    register(alice, "Town of Ulm", tender=True)
    register(charlie, "Nordhavn Shipping A/S", value=Decimal(10_000))
    register(charlie, "Late Foods BV", value=Decimal(30_000))


def body(answer):
    return " ".join(answer.content.decode().split())


def address(simulation, query=""):
    return reverse("registrations:simulation", args=[simulation.code]) + query


def test_from_the_form_to_the_result(client, olga, deals, draft):
    client.force_login(olga)
    form = reverse("registrations:simulate", args=[draft.version])
    page = body(client.get(form))
    assert f'value="{database_clock().date():%Y-%m-%d}"' in page and "knock" not in page
    assert "Each registration is looked at by itself" in page

    answer = client.post(form, {"since": "2026-03-01", "until": "2026-03-02"})
    simulation = Simulation.objects.get()
    assert answer.headers["Location"] == address(simulation)
    assert client.post(form, {"since": "2026-03-01", "until": "2026-03-02"}).headers["Location"] == address(
        simulation
    )
    waiting = body(client.get(address(simulation)))
    assert "Waiting to begin" in waiting and 'hx-trigger="every 2s"' in waiting

    run_simulations(portion=2, seconds=0)
    running = body(client.get(address(simulation), headers={"HX-Request": "true"}))
    assert running.startswith('<div id="simulation">') and "2 of 4 registrations looked at" in running

    run_simulations()
    done = body(client.get(address(simulation)))
    assert "every 2s" not in done
    assert "Would send 2 more to review and refuse 1; 1 of 4 would land where they did." in done
    assert "1 Mar 2026 to 2 Mar 2026" in done
    assert "Public tenders cannot be registered." in done and "Late Foods BV" in done
    assert "Nordhavn" not in done
    assert body(client.get(form)).count(address(simulation)) == 1


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("2026-03-05", "2026-03-01", "The period ends before it begins."),
        ("2199-01-01", "2199-01-02", "Choose a day that has come"),
        ("", "2026-03-01", "Choose the first day."),
        ("0001-01-01", "2026-03-01", "Choose a year from 2000 on."),
        ("2026-03-01", "9999-12-31", "Choose a day that has come."),
        ("yesterday", "=1", "Enter a day such as 2027-03-31."),
    ],
)
def test_a_period_that_makes_no_sense_is_told_and_kept(client, olga, draft, since, until, words):
    client.force_login(olga)

    answer = client.post(
        reverse("registrations:simulate", args=[draft.version]), {"since": since, "until": until}
    )

    assert answer.status_code == 422 and words in body(answer)
    assert f'value="{since}"' in body(answer) or not since
    assert not Simulation.objects.exists()


@pytest.mark.parametrize(
    ("query", "companies"),
    [
        ("", {"=cmd|' /C calc'!A0 GmbH", "Town of Ulm", "Late Foods BV"}),
        ("?change=approved-refused", {"Town of Ulm"}),
        ("?change=approved-in_review&partner=south", {"Late Foods BV"}),
        ("?finding=value", {"=cmd|' /C calc'!A0 GmbH", "Late Foods BV"}),
        ("?tier=registered&partner=northg", {"=cmd|' /C calc'!A0 GmbH", "Town of Ulm"}),
        (
            "?change=unsettled",
            {"=cmd|' /C calc'!A0 GmbH", "Town of Ulm", "Late Foods BV"},
        ),  # there are none to choose
        ("?change=nonsense&finding=<b>&after=x", {"=cmd|' /C calc'!A0 GmbH", "Town of Ulm", "Late Foods BV"}),
    ],
)
def test_filters_hold_for_list_and_export(client, olga, deals, draft, query, companies):
    simulation = simulated(draft, olga)
    client.force_login(olga)

    answer = client.get(address(simulation, query))
    export = client.get(reverse("registrations:export_simulation", args=[simulation.code]) + query)
    lines = list(csv.DictReader(io.StringIO(b"".join(export.streaming_content).decode("utf-8-sig"))))

    assert {case.company for case in answer.context["cases"]} == companies
    assert {line["Company"].removeprefix("'") for line in lines} == companies
    assert all(not line["Company"].startswith("=") for line in lines)
    if query == "?finding=value":
        late = next(line for line in lines if line["Company"] == "Late Foods BV")
        assert (late["Landed in"], late["Would land in"], late["Finding"]) == (
            "Approved",
            "In review",
            "Value of the deal",
        )
        assert late["In words"].startswith("New: Deals of 20,000") and late["Value in EUR"] == "30000.00"
        assert late["At"].startswith("2026-03-02") and late["Reconstructed"] == "no"


def test_a_changed_draft_makes_the_result_old(client, olga, deals, draft):
    simulation = simulated(draft, olga)
    client.force_login(olga)
    assert "was changed since" not in body(client.get(address(simulation)))

    RegistrationPolicy.objects.filter(pk=draft.pk).update(auto_approve_below=Decimal(70_000))

    page = body(client.get(address(simulation)))
    assert (
        f"Draft {draft.version} was changed since" in page
        and "<strong>70,000 EUR</strong> instead of 20,000 EUR" in page
    )


def test_failed_cancelled_empty_and_unchanged_say_so(client, olga, deals, draft):
    client.force_login(olga)
    quiet = simulated(RegistrationPolicy.objects.get(version=1), olga)
    page = body(client.get(address(quiet)))
    assert "All 4 registrations would land where they did." in page and "Nothing would land elsewhere" in page
    assert "What else changes" not in page

    empty = simulated(draft, olga, since=MONDAY - timedelta(days=9), until=MONDAY)
    assert "No registration was submitted in this period" in body(client.get(address(empty)))

    Simulation.objects.filter(pk=quiet.pk).update(state="failed")
    page = body(client.get(address(quiet)))
    assert "The simulation failed" in page and "Each registration would land" not in page

    form = reverse("registrations:simulate", args=[draft.version])
    client.post(form, {"since": "2026-03-01", "until": "2026-03-02"})
    running = Simulation.objects.order_by("-pk")[0]
    client.post(reverse("registrations:cancel_simulation", args=[running.code]))
    page = body(client.get(address(running)))
    assert "The simulation was cancelled" in page
    again = client.post(reverse("registrations:cancel_simulation", args=[running.code]))
    assert again.status_code == 409 and "has ended already" in body(again)


def test_what_no_simulation_shows_is_named_before_and_after(client, olga, deals, draft):
    """A draft that changes days alone was told to change nothing."""
    days = draft_with(protection_days=40, reminder_days=20)
    client.force_login(olga)
    named = "shows nowhere here: Protection (40 days) and Reminder after (20 days)."

    assert named in body(client.get(reverse("registrations:simulate", args=[days.version])))
    done = body(client.get(address(simulated(days, olga))))
    assert named in done and "All 4 registrations would land where they did." in done
    assert "change nothing" not in done and "just what was done" not in done
    assert "shows nowhere here" not in body(client.get(address(simulated(draft, olga))))


def test_the_list_is_paged_by_key_and_asks_as_many_questions_for_many(client, olga, alice, draft, register):
    register(alice, "Mill Works AG")
    client.force_login(olga)

    def opened():
        simulation = simulated(draft, olga)
        with CaptureQueriesContext(connection) as asked:
            first = client.get(address(simulation))
        return simulation, first, len(asked)

    _, one, before = opened()
    assert len(one.context["cases"]) == 1
    run = PolicyRun.objects.values("registration_id", "policy_id", "landing", "facts")[0]
    days = [MONDAY + timedelta(days=number) for number in range(1, 28)]
    PolicyRun.objects.bulk_create(PolicyRun(**run, occasion="turn", at=day) for day in days)
    simulation, first, after = opened()
    assert after == before and len(first.context["cases"]) == 25
    rest = client.get(address(simulation, f"?after={first.context['after']}"))
    seen = [case.at for case in (*first.context["cases"], *rest.context["cases"])]
    assert len(set(seen)) == 28 and (seen[0], seen[-1]) == ("29 Mar 2026", "2 Mar 2026")


def test_who_reads_all_registrations_reads_it_and_only_those_who_edit_policies_act(
    client, olga, ivan, alice, deals, draft
):
    now = database_clock()
    waiting = start_simulation(draft, by=olga, since=MONDAY - timedelta(days=1), until=now)
    client.force_login(ivan)
    assert "Cancel the simulation" not in body(client.get(address(waiting)))
    run_simulations()

    page = body(client.get(address(waiting)))
    version = body(client.get(reverse("policies:version", args=[draft.version])))
    export = client.get(reverse("registrations:export_simulation", args=[waiting.code]))

    assert "Late Foods BV" in page and export.status_code == 200
    assert address(waiting) in version
    for told in (page, version):
        assert reverse("registrations:simulate", args=[draft.version]) not in told
        assert reverse("policies:edit_draft", args=[draft.version]) not in told
    cancel = reverse("registrations:cancel_simulation", args=[waiting.code])
    assert client.post(cancel).status_code == 403
    client.force_login(alice)
    assert client.get(address(waiting)).status_code == 403
