"""From the page of a right or a requirement to what it would have done, and back to go on with it."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from policies.models import ExclusiveRight, ProductAuthorisation
from policies.services.drafts import begin_draft
from registrations.models import Simulation
from registrations.services.simulating import run_simulations
from tests.people import MONDAY
from tests.policies.makers import circle, give, give_by_form, in_days, licence, require

pytestmark = pytest.mark.django_db
PERIOD = {"since": "2026-03-01", "until": "2026-03-04"}
TRY = "Try on past registrations"


def body(answer):
    return " ".join(answer.content.decode().split())


def result(client, start):
    """The page of the simulation that is asked for at `start`, worked on to its end."""
    assert client.get(start).status_code == 200
    asked = client.post(start, PERIOD)
    while run_simulations():
        pass
    return client.get(asked.headers["Location"])


@pytest.fixture
def deals(alice, charlie, register):
    register(alice, "Ours AG")
    register(charlie, "Theirs AG")


def test_a_right_that_is_written(client, olga, ivan, northgate, gateways, europe, deals):
    client.force_login(olga)
    form = reverse("policies:new_right")
    typed = {
        "partner": northgate.code,
        "product_line": gateways.code,
        "territory": europe.code,
        "industry": "",
        "begins_on": in_days(120).isoformat(),
        "ends_on": "",
        "effect": "refused",
        "note": "",
        "nobody_concerned": "",
    }
    assert TRY in body(client.get(form))
    wrong = client.post(form, typed | {"step": "try", "partner": ""})
    assert wrong.status_code == 422 and "Choose the partner." in body(wrong)
    too_soon = client.post(form, typed | {"step": "try", "begins_on": in_days(-1).isoformat()})
    assert too_soon.status_code == 422 and "can&#x27;t begin in the past" in body(too_soon)

    start = client.post(form, typed | {"step": "try", "csrfmiddlewaretoken": "secret"}).headers["Location"]
    assert "secret" not in start
    asked = body(client.get(start))
    assert "Gateways in Europe is for Northgate alone. Registrations of other partners are refused." in asked
    assert client.post(start, PERIOD | {"until": "2026-02-01"}).status_code == 422

    page = result(client, start)
    told = body(page)
    assert "Would refuse 1; 1 of 2 would land where they did." in told
    assert (
        "Theirs AG" in told and "Ours AG" not in told and "as if it had run through the whole period" in told
    )
    assert not ExclusiveRight.objects.exists()

    # Back to the form with all that was typed; given, its page knows what was tried.
    back = page.context["about"].url
    again = client.get(back)
    assert urlsplit(back).path == form and parse_qs(urlsplit(back).query)["partner"] == [northgate.code]
    assert f'value="{northgate.code}" selected' in body(
        again
    ) and f'value="{gateways.code}" selected' in body(again)
    assert again.context["form"]["begins_on"].value() == typed["begins_on"]
    assert give_by_form(client, typed | {"note": "By contract."}).status_code == 302
    right = ExclusiveRight.objects.get()
    own = reverse("policies:right", args=[right.code])
    assert "Would refuse 1; 1 of 2 would land where they did." in body(client.get(own))
    assert TRY in body(client.get(own))
    client.force_login(ivan)
    read = body(client.get(own))
    assert "Would refuse 1" in read and TRY not in read
    assert client.get(page.request["PATH_INFO"]).status_code == 200
    assert client.get(start).status_code == 403


def test_a_right_that_ends(client, olga, northgate, charlie, gateways, register):
    from core.clock import fixed

    client.force_login(olga)
    right = give(northgate, olga, product_line=gateways, clock=fixed(MONDAY - timedelta(days=1)))
    register(charlie, "Theirs AG")
    page = body(client.get(reverse("policies:end_right", args=[right.code])))
    start = reverse("registrations:try_end", args=[right.code])
    assert start in page and "See what would have been decided without this right." in page

    told = body(result(client, start))

    assert "Would auto-approve 1 more; 0 of 1 would land where they did." in told
    assert "The right of Northgate to Gateways is taken out of the whole period." in told
    assert "Would auto-approve 1 more" in body(client.get(reverse("policies:end_right", args=[right.code])))


def test_a_requirement_that_is_written_and_announced(client, olga, gateways, northgate, deals):
    client.force_login(olga)
    founders, paper = circle(olga, "Founders", None, northgate), licence()
    form = reverse("policies:change_requirement", args=[gateways.code])
    typed = {
        "kinds": ["reseller", "msp"],
        "least_tier": "",
        "certificates": [paper.code],
        "groups": [founders.code],
        "effect": "review",
        "begins_on": in_days(30).isoformat(),
        "note": "",
        "based_on": "0",
    }
    assert TRY in body(client.get(form))
    wrong = client.post(form, typed | {"step": "try", "begins_on": "soon"})
    assert wrong.status_code == 422 and "Enter a day such as" in body(wrong)

    start = client.post(form, typed | {"step": "try"}).headers["Location"]
    page = result(client, start)
    assert "Would send 2 more to review; 0 of 2 would land where they did." in body(page)
    assert "in the group ‘Founders’" in body(page)

    again = client.get(page.context["about"].url)
    assert again.context["form"]["certificates"].value() == [paper.code]
    assert again.context["form"]["kinds"].value() == ["reseller", "msp"]
    shown = body(client.post(form, typed | {"step": "preview"}))
    assert (
        "On past registrations, 1 Mar 2026 to 4 Mar 2026:" in shown and "Would send 2 more to review" in shown
    )
    other = body(client.post(form, typed | {"step": "preview", "kinds": ["msp"]}))
    assert "Would send 2" not in other

    row = require(gateways, olga, begins=30, least_tier="gold")
    own = reverse("policies:requirement", args=[gateways.code])
    announced = reverse("registrations:try_written_requirement", args=[gateways.code, row.pk])
    assert announced in body(client.get(own))
    assert "Would refuse 2" in body(result(client, announced)) and "Would refuse 2" in body(client.get(own))
    ProductAuthorisation.objects.filter(pk=row.pk).update(withdrawn_at=MONDAY)
    assert client.get(announced).status_code == 404
    assert Simulation.objects.filter(policy=None).count() == 2


@pytest.mark.parametrize("query", ["", "?partner=nobody", "?begins_on=2026-01-01&partner=%00&effect=x"])
def test_an_address_that_asks_for_nothing_leads_to_the_form(client, olga, gateways, query):
    client.force_login(olga)

    right = client.get(reverse("registrations:try_right") + query, follow=True)
    requirement = client.get(
        reverse("registrations:try_requirement", args=[gateways.code]) + query, follow=True
    )

    assert [answer.redirect_chain[-1][1] for answer in (right, requirement)] == [302, 302]
    assert (right.status_code, requirement.status_code) == (200, 200)


def test_a_draft_together_with_what_is_planned_from_either_page(
    client, olga, gateways, northgate, europe, deals
):
    client.force_login(olga)
    draft = begin_draft(by=olga)
    start = reverse("registrations:simulate", args=[draft.version])
    assert "Together with" not in body(client.get(start))  # nothing is announced
    right = give(northgate, olga, product_line=gateways, territory=europe, begins=90)
    asked = body(client.get(start))
    assert "Together with" in asked and "Gateways in Europe, for Northgate alone, from " in asked

    sent = client.post(start, PERIOD | {"beside": f"right:{right.code}"})
    while run_simulations():
        pass
    page = client.get(sent.headers["Location"])
    told = body(page)
    assert "Would refuse 1; 1 of 2 would land where they did." in told
    assert "Together with what is planned: Gateways in Europe is for Northgate alone." in told
    again = client.get(page.context["about"].again_url)
    assert f'value="right:{right.code}" checked' in body(again).replace('checked=""', "checked") or (
        again.context["form"]["beside"].value() == [f"right:{right.code}"]
    )
    own = body(client.get(reverse("policies:edit_draft", args=[draft.version])))
    assert "Together with: Gateways in Europe, for Northgate alone" in own
    gone = client.post(start, PERIOD | {"beside": "right:X-NONE"})
    assert gone.status_code == 422 and "not announced any more" in body(gone)

    # The other way round: from the right, under the draft.
    start = reverse("registrations:try_given_right", args=[right.code])
    assert f"Draft {draft.version}" in body(client.get(start))
    sent = client.post(start, PERIOD | {"under": str(draft.version)})
    made = Simulation.objects.get(code=sent.headers["Location"].split("/")[-2])
    assert (made.policy, len(made.beside), made.change) == (draft, 1, None)
    busy = client.post(reverse("registrations:simulate", args=[draft.version]), PERIOD)
    assert busy.status_code == 422 and "something else beside it" in body(busy)
    published = client.post(start, PERIOD | {"under": "99"})
    assert published.status_code == 422 and "no draft any more" in body(published)
