"""The pages of a merge, as operations use them: choose, read the plan, do it, take it back."""

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from core.clock import database_clock
from partners.models import Partner, PartnerMerge
from registrations.models import Registration
from tests.people import submitted

pytestmark = pytest.mark.django_db


def test_from_the_firms_page_to_the_merge_and_back(
    client, northgate, southridge, alice, charlie, olga, gateways
):
    one = submitted(alice, "Acme AG", gateways, clock=database_clock)
    Partner.objects.filter(pk=southridge.pk).update(name="Northgate GmbH")
    client.force_login(olga)

    assert (
        reverse("partners:choose_merge", args=[northgate.code])
        in client.get(reverse("partners:partner", args=[northgate.code])).content.decode()
    )
    choose = client.get(reverse("partners:choose_merge", args=[northgate.code])).content.decode()
    plan_url = reverse("partners:merge", args=[northgate.code, southridge.code])
    assert plan_url in choose
    nothing = client.get(reverse("partners:choose_merge", args=[northgate.code]), {"q": "zzz\x00z"})
    assert "No other firm matches" in nothing.content.decode()

    plan = client.get(plan_url, {"keep": southridge.code}).content.decode()
    assert "<strong>1</strong> moves" in plan and one.code in plan
    sent = {
        "keep": southridge.code,
        f"version-{northgate.code}": "1",
        f"version-{southridge.code}": "1",
        "reason": "One firm.",
    }
    assert client.post(plan_url, {**sent, "reason": " "}).status_code == 422
    assert client.post(plan_url, {**sent, f"version-{northgate.code}": "7"}).status_code == 409
    assert client.post(plan_url, {**sent, f"version-{northgate.code}": "x"}).status_code == 409
    done = client.post(plan_url, sent, follow=True)
    assert done.redirect_chain[-1][0] == reverse("partners:partner", args=[southridge.code])
    assert "Northgate is part of Northgate GmbH now." in done.content.decode()
    assert Registration.objects.get().partner == southridge

    Registration.objects.update(owner=charlie)
    undo = reverse("partners:undo_merge", args=[PartnerMerge.objects.get().code])
    page = client.get(reverse("partners:partner", args=[northgate.code])).content.decode()
    assert "This record is part of" in page and undo in page
    back = client.post(undo, follow=True).content.decode()
    assert "stands for itself again" in back and "submitted since the merge went with them" in back
    assert f"still with Northgate GmbH: 1 of registrations: {one.code}." in strip_tags(back)
    assert undo not in client.get(reverse("partners:partner", args=[northgate.code])).content.decode()
    assert client.post(undo).status_code == 409


def test_a_merge_that_a_rule_forbids_says_so_and_has_no_button(
    client, northgate, southridge, alice, charlie, olga, gateways
):
    for person in (alice, charlie):
        submitted(person, "Acme AG", gateways, clock=database_clock, value=900_000)
    client.force_login(olga)
    url = reverse("partners:merge", args=[northgate.code, southridge.code])

    page = client.get(url).content.decode()

    assert "Both have an open registration for" in page
    assert "Merge them" not in page
    refused = client.post(
        url,
        {"reason": "x", f"version-{northgate.code}": "1", f"version-{southridge.code}": "1"},
    )
    assert refused.status_code == 409
    assert not PartnerMerge.objects.exists()
