"""The pages of leads: the vendor's list and lead, giving, importing; a firm's list, claiming, accepting, declining."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from catalog.models import ProductLine
from core.clock import database_clock, fixed
from leads.enums import DeclineReason, LeadStatus, Way
from leads.models import Gift, Lead, Turn
from leads.services.answering import accept, decline
from leads.services.giving import give, put_into_pool
from leads.views import answering
from leads.views import giving as giving_page
from registrations.models import Registration
from tests.leads.makers import holder_of, make_lead

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("served")]
LIST, OURS = "/leads/", "/leads/ours/"


@pytest.fixture
def new(mara, gateways):
    return make_lead(
        mara, "Blohm Presswerk GmbH", gateways, clock=database_clock, source="Fair", note="Psst."
    )


@pytest.fixture
def signed_in(client):
    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in


def at(name, lead):
    return reverse(f"leads:{name}", args=[lead.code])


def names_in(page):
    return re.findall(r'class="company-name"[^>]*>([^<]+)</a>', page)


def test_tabs_count_and_filters_narrow(mara, gateways, sensors, northgate, new, signed_in):
    given = make_lead(mara, "Nakamura Werke", gateways)
    give(given, way=Way.HAND, by=mara, partner=northgate)
    pooled = make_lead(mara, "Osterberg AG", sensors)
    put_into_pool(pooled, by=mara)
    browser = signed_in(mara)

    page = browser.get(LIST).content.decode()
    assert names_in(page) == ["Osterberg AG", "Nakamura Werke", "Blohm Presswerk GmbH"]
    counts = dict(re.findall(r'class="view-link"[^>]*>([^<]+?) <span class="count[^"]*">(\d+)<', page))
    assert counts == {
        "All": "3",
        "To be given": "1",
        "In the pool": "1",
        "Waiting for an answer": "1",
        "Accepted": "0",
        "Closed": "0",
    }
    for query, expected in (
        ("?status=given", ["Nakamura Werke"]),
        ("?q=presswerk", ["Blohm Presswerk GmbH"]),
        ("?q=fair", ["Blohm Presswerk GmbH"]),
        (f"?q={pooled.code.lower()}", ["Osterberg AG"]),
        (f"?partner={northgate.code}", ["Nakamura Werke"]),
        ("?status=closed", []),
        (
            "?status=nonsense&territory=atlantis&after=x",
            ["Osterberg AG", "Nakamura Werke", "Blohm Presswerk GmbH"],
        ),
    ):
        assert names_in(browser.get(LIST + query).content.decode()) == expected, query


def test_the_list_says_with_whom_a_lead_is_accepted_ones_included(mara, alice, northgate, new, signed_in):
    give(new, way=Way.HAND, by=mara, partner=northgate)
    accept(new, by=alice, fields={"expected_close": database_clock().date()})
    (row,) = signed_in(mara).get(LIST).context["rows"]
    assert (row.label, row.partner, row.days) == ("Accepted", "Northgate", None)


def test_pages_of_the_list(mara, gateways, signed_in):
    for number in range(27):
        make_lead(mara, f"Company {number} Werke", gateways)
    browser = signed_in(mara)
    first = browser.get(LIST + "?q=company").content.decode()
    older = re.search(r'rel="next" href="([^"]+)"', first).group(1).replace("&amp;", "&")
    second = browser.get(LIST + older).content.decode()

    assert (len(names_in(first)), names_in(second)) == (25, ["Company 1 Werke", "Company 0 Werke"])
    assert "q=company" in older


@pytest.mark.parametrize("address", [LIST, OURS])
def test_as_many_questions_for_one_as_for_three(
    address, mara, alice, northgate, gateways, sensors, signed_in
):
    def load(number):
        given = make_lead(mara, f"Given {number} Werke", gateways, sensors)
        give(given, way=Way.HAND, by=mara, partner=northgate)
        put_into_pool(make_lead(mara, f"Pooled {number} Werke", gateways), by=mara)
        gone = make_lead(mara, f"Gone {number} Werke", sensors)
        give(gone, way=Way.HAND, by=mara, partner=northgate)
        accept(gone, by=alice, fields={"expected_close": database_clock().date()})

    browser = signed_in(mara if address == LIST else alice)
    counts = []
    load(0)
    browser.get(address)
    for number in (1, 2, 3):
        with CaptureQueriesContext(connection) as asked:
            browser.get(address)
        counts.append(len(asked))
        load(number)
    assert len(set(counts)) == 1, counts


def test_a_lead_written_by_hand_then_given(mara, northgate, gateways, signed_in):
    browser = signed_in(mara)
    wrong = browser.post("/leads/new/", {"company_name": "🚀", "value": "much"})
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert "at least one letter or digit" in page and "Choose at least one product line." in page

    sent = {
        "company_name": " Blohm  Presswerk GmbH",
        "website": "https://www.blohm.example/de",
        "country": "DE",
        "need": "Remote access.",
        "product_lines": [gateways.pk],
        "value": "40 000",
        "currency": wrong.context["form"]["currency"].initial.pk,
        "status": "accepted",
    }
    answer = browser.post("/leads/new/", sent)
    lead = Lead.objects.get()
    assert answer["Location"] == at("give", lead)
    assert (lead.company_name, lead.website, lead.status) == ("Blohm Presswerk GmbH", "blohm.example", "new")

    page = browser.get(at("give", lead)).content.decode()
    assert "Serves Europe" in page and "Next is" in page and "2 firms can claim it" in page
    stale = browser.post(at("give", lead), {"to": northgate.code, "onward": "rotation", "version": 7})
    assert stale.status_code == 409 and holder_of(lead) == ""
    done = {"to": northgate.code, "onward": "rotation", "message": "Call.", "version": lead.version}
    assert browser.post(at("give", lead), done).status_code == 302
    assert holder_of(lead) == "Northgate" and Gift.objects.get().message == "Call."
    assert browser.post(at("give", lead), done).status_code == 409


def test_a_lead_is_corrected_until_somebody_has_it(mara, northgate, sensors, new, signed_in):
    browser = signed_in(mara)
    form = browser.get(at("change", new)).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    sent |= {"company_name": "Nakamura Werke", "product_lines": [sensors.pk], "version": new.version}
    sent["currency"] = new.currency.pk
    sent["territory"] = new.territory.pk
    assert browser.post(at("change", new), sent).status_code == 302
    new.refresh_from_db()
    assert (new.company_name, new.company.name) == ("Nakamura Werke", "Nakamura Werke")
    assert [line.code for line in new.product_lines.all()] == ["sensors"]

    give(new, way=Way.HAND, by=mara, partner=northgate)
    assert browser.get(at("change", new)).status_code == 409


def test_a_lead_that_is_corrected_keeps_a_line_that_is_no_longer_sold(mara, gateways, sensors, signed_in):
    lead = make_lead(mara, "Blohm Presswerk GmbH", gateways, sensors)
    ProductLine.objects.filter(pk=gateways.pk).update(is_active=False)
    browser = signed_in(mara)

    form = browser.get(at("change", lead)).context["form"]
    assert [label for _, label in form.fields["product_lines"].choices] == [
        "Gateways (no longer sold)",
        "Sensors",
    ]
    sent = {name: form[name].value() or "" for name in form.fields}
    sent |= {"company_name": "Nakamura Werke", "version": lead.version, "currency": lead.currency.pk}
    sent |= {"product_lines": [gateways.pk, sensors.pk], "territory": ""}
    assert browser.post(at("change", lead), sent).status_code == 302

    lead.refresh_from_db()
    assert lead.company_name == "Nakamura Werke"
    assert list(lead.product_lines.all()) == [gateways, sensors]


def test_many_at_once_each_with_its_outcome(
    mara, gateways, northgate, southridge, charlie, register, signed_in
):
    leads = [make_lead(mara, f"Company {n} Werke", gateways) for n in range(3)]
    register(charlie, "Company 2 Werke")
    browser = signed_in(mara)
    page = browser.get(LIST + "?status=new").content.decode()
    assert page.count('name="lead"') == 3
    answer = browser.post(
        reverse("leads:give_many"), {"way": "pool", "lead": [lead.code for lead in leads]}, follow=True
    ).content.decode()

    assert "2 leads were put into the pool." in answer
    assert "Southridge holds this company" in answer
    assert Lead.objects.filter(status=LeadStatus.POOLED).count() == 2
    nothing = browser.post(reverse("leads:give_many"), {"way": "pool"}, follow=True).content.decode()
    assert "Choose at least one lead" in nothing


def test_weights_are_set_on_a_page(mara, northgate, southridge, signed_in):
    browser = signed_in(mara)
    sent = {northgate.code: "3", southridge.code: "0"}
    assert browser.post("/leads/rotation/", sent).status_code == 302
    assert dict(Turn.objects.values_list("partner__name", "weight")) == {"Northgate": 3, "Southridge": 0}
    assert browser.post("/leads/rotation/", sent | {northgate.code: "99"}).status_code == 422


def test_a_file_is_checked_then_imported(olga, gateways, signed_in):
    browser = signed_in(olga)
    good = b"company,country,need,product_lines\nBlohm,DE,<b>Need</b>,gateways\n"
    upload = SimpleUploadedFile("fair.csv", good, content_type="text/csv")
    checked = browser.post("/leads/import/", {"file": upload})
    page = checked.content.decode()
    assert checked.status_code == 200 and "&lt;b&gt;Need" in page and not Lead.objects.exists()

    assert "that another open lead is for" not in page
    token = checked.context["token"]
    done = browser.post("/leads/import/confirm/", {"token": token}, follow=True).content.decode()
    assert "Imported: 1 new" in done and Lead.objects.count() == 1
    assert "too old" in browser.post("/leads/import/confirm/", {"token": "x"}, follow=True).content.decode()

    changed = SimpleUploadedFile("fair.csv", good.replace(b"Need", b"Another need"))
    beside = browser.post("/leads/import/", {"file": changed}).content.decode()
    assert "1 new lead is for a company and products that another open lead is for" in beside
    assert f"added, beside {Lead.objects.get().code} for the same company and products" in beside

    bad = SimpleUploadedFile("fair.csv", good.replace(b"DE", b"Atlantis"))
    refused = browser.post("/leads/import/", {"file": bad})
    assert refused.status_code == 422 and "Atlantis" in refused.content.decode()
    example = browser.get("/leads/import/example.csv").content
    browser.post(
        "/leads/import/confirm/",
        {
            "token": browser.post("/leads/import/", {"file": SimpleUploadedFile("x.csv", example)}).context[
                "token"
            ]
        },
    )
    assert Lead.objects.count() == 3


def test_the_contact_is_hidden_in_the_pool_and_shown_to_who_has_it(mara, alice, charlie, new, signed_in):
    put_into_pool(new, by=mara)
    browser = signed_in(alice)
    for page in (browser.get(OURS), browser.get(at("lead", new))):
        text = page.content.decode()
        assert "Blohm Presswerk" in text and "Ines" not in text and "ines@blohm" not in text
        assert "Fair" not in text and "Psst." not in text

    assert browser.post(at("claim", new))["Location"] == at("lead", new)
    text = browser.get(at("lead", new)).content.decode()
    assert "ines@blohm.example" in text and "Psst." not in text and "btn-primary" in text
    # The rival who saw it in the pool comes too late, and then it does not exist for them.
    rival = Client()
    rival.force_login(charlie)
    assert rival.post(at("claim", new)).status_code == 409
    assert rival.get(at("lead", new)).status_code == 404
    # A double click is no second claim.
    assert browser.post(at("claim", new)).status_code == 302 and Gift.objects.count() == 1


def test_accepting_is_one_short_form(mara, alice, dan, northgate, new, signed_in):
    give(new, way=Way.HAND, by=mara, partner=northgate)
    browser = signed_in(alice)
    new.refresh_from_db()
    close = (database_clock() + timedelta(days=90)).date().isoformat()
    sent = {"value": "50000", "currency": new.currency.pk, "expected_close": "", "version": new.version}
    assert browser.post(at("accept", new), sent).status_code == 422
    answer = browser.post(at("accept", new), sent | {"expected_close": close})

    deal = Registration.objects.get()
    assert answer["Location"] == reverse("registrations:submitted", args=[deal.code])
    assert browser.post(at("accept", new), sent | {"expected_close": close})["Location"] == at("lead", new)
    assert Registration.objects.count() == 1
    assert deal.code in browser.get(at("lead", new)).content.decode()
    # A colleague sees that it was accepted, not the registration that is alice's.
    colleague = Client()
    colleague.force_login(dan)
    page = colleague.get(at("lead", new)).content.decode()
    assert "A colleague looks after it." in page
    assert reverse("registrations:registration", args=[deal.code]) not in page


@pytest.mark.parametrize(("zone", "passed"), [("America/Los_Angeles", False), ("Pacific/Auckland", True)])
def test_the_day_that_it_closes_counts_from_the_persons_own(
    zone, passed, mara, alice, northgate, new, signed_in, monkeypatch
):
    give(new, way=Way.HAND, by=mara, partner=northgate)
    new.refresh_from_db()
    User.objects.filter(pk=alice.pk).update(time_zone=zone)
    monkeypatch.setattr(answering, "database_clock", fixed(datetime(2026, 3, 3, 2, tzinfo=UTC)))
    sent = {"value": "5", "currency": new.currency.pk, "expected_close": "2026-03-02", "version": new.version}
    told = (
        signed_in(User.objects.get(pk=alice.pk)).post(at("accept", new), sent, follow=True).content.decode()
    )
    assert ("This day has passed" in told) == passed


def test_declining_ends_at_a_page_that_says_so(mara, alice, northgate, new, signed_in):
    give(new, way=Way.HAND, by=mara, partner=northgate)
    browser = signed_in(alice)
    new.refresh_from_db()
    assert browser.post(at("decline", new), {"reason": "", "version": new.version}).status_code == 422
    sent = {"reason": "size", "text": "Too small.", "version": new.version}
    assert browser.post(at("decline", new), sent)["Location"] == OURS

    page = browser.get(at("lead", new)).content.decode()
    assert "no longer with you" in page and "ines@blohm" not in page
    late = browser.post(at("decline", new), sent)
    assert late.status_code == 409 and "nothing was changed" in late.content.decode()
    vendor = Client()
    vendor.force_login(mara)
    told = vendor.get(at("lead", new)).content.decode()
    assert "Declined by Northgate" in told and "Too small." in told and "Psst." in told


def test_empty_lists_say_what_to_do(mara, alice, ivan, signed_in):
    assert "No leads yet" in signed_in(mara).get(LIST).content.decode()
    assert "New lead" not in signed_in(ivan).get(LIST).content.decode()
    page = signed_in(alice).get(OURS).content.decode()
    assert "No lead waits for you" in page and "The pool holds nothing for you" in page


def test_badges_in_the_navigation(mara, alice, northgate, gateways, new, signed_in):
    give(make_lead(mara, "Nakamura Werke", gateways), way=Way.HAND, by=mara, partner=northgate)
    for person, route in ((mara, "leads:list"), (alice, "leads:ours")):
        entries = signed_in(person).get(reverse("home"), follow=True).context["navigation"]
        assert [entry["badge"] for entry in entries if entry["url"] == reverse(route)] == [1]


def test_who_declined_is_not_shown_the_lead_in_the_pool(mara, alice, charlie, northgate, new, signed_in):
    give(new, way=Way.HAND, by=mara, partner=northgate)
    decline(new, by=alice, reason=DeclineReason.FIT)
    put_into_pool(new, by=mara)
    assert f"/leads/{new.code}/claim/" not in signed_in(alice).get(OURS).content.decode()
    assert f"/leads/{new.code}/claim/" in signed_in(charlie).get(OURS).content.decode()
    refused = signed_in(alice).post(at("claim", new))
    assert refused.status_code == 409 and "declined this lead" in refused.content.decode()


def test_the_partners_first_screen_says_what_waits(mara, alice, charlie, northgate, new, signed_in):
    give(new, way=Way.HAND, by=mara, partner=northgate)
    page = signed_in(alice).get(reverse("registrations:overview")).content.decode()
    assert "Leads to answer" in page and at("lead", new) in page
    assert "Leads to answer" not in signed_in(charlie).get(reverse("registrations:overview")).content.decode()


def test_of_many_firms_the_most_fitting_are_listed_and_others_found_by_name(
    mara, new, signed_in, monkeypatch, northgate, southridge
):
    """A choice is taken whether its firm is on the page or not."""
    monkeypatch.setattr(giving_page, "MOST_LISTED", 1)
    browser, here = signed_in(mara), at("give", new)
    page = browser.get(here)
    assert len(page.context["firms"]) == 1 and "1 of 2 firms" in page.content.decode()
    (listed,) = page.context["firms"]
    other = southridge if listed.partner == northgate else northgate
    found = browser.get(here, {"firm": other.name[:4].upper()}).context["firms"]
    assert [firm.partner for firm in found] == [other]
    assert not browser.get(here, {"firm": "nobody"}).context["firms"]
    sent = {"to": other.code, "onward": "back", "version": new.version}
    assert browser.post(here, sent).status_code == 302 and holder_of(new) == other.name
