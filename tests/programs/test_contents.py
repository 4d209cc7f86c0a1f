"""What a program holds: items of the library put into it, leads for its firms, incentives to come."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.clock import database_clock
from core.errors import BadInput, NotAllowed
from leads.models import Gift, Lead
from leads.services.giving import NobodyLeft, claim, give, put_into_pool
from programs.content_audience import firms_for, in_words, people_for
from programs.models import ContentItem, PlannedIncentive, ProgramContent
from programs.services import contents, enrolling
from programs.services.content.keeping import Audience, Said, create_item
from programs.services.content.publishing import publish
from tests.leads.makers import make_lead
from tests.programs.content.makers import content, group_of
from tests.programs.makers import at, make_program
from tests.programs.test_pages import client, text, url


@pytest.fixture
def program(olga, bob):
    """A program that bob's firm, Northgate, takes part in."""
    found = make_program(olga)
    enrolling.approve(enrolling.apply(found, by=bob, clock=at(0)), by=olga, clock=at(0))
    return found


def read_by(person) -> list[str]:
    return list(
        ContentItem.objects.visible_to(person).order_by("pk").values_list("current__title", flat=True)
    )


def test_what_is_put_into_a_program_is_read_by_its_firms(
    olga, bob, alice, charlie, northgate, southridge, program
):
    """Besides its groups, both ways round: who reads an item, and what somebody reads; as long as the program runs."""
    item = content(olga, "Margins", groups=(group_of(southridge, olga),))
    assert read_by(alice) == [] and read_by(charlie) == ["Margins"]
    assert contents.put_in(program, item, by=olga) and not contents.put_in(program, item, by=olga)
    assert read_by(alice) == ["Margins"] and set(people_for(item)) == {alice, bob, charlie}
    assert set(firms_for(item)) == {northgate, southridge}
    assert in_words(item) == "Only Southridge, firms in Rising partners"
    program.ends_on = database_clock().date() - timedelta(days=1)
    program.save(update_fields=["ends_on"])
    assert read_by(alice) == [] and set(firms_for(item)) == {southridge}
    program.ends_on = None
    program.save(update_fields=["ends_on"])
    enrolling.leave(program.enrolments.get(), by=bob, clock=at(1))
    assert read_by(alice) == [] and set(firms_for(item)) == {southridge}
    with pytest.raises(NotAllowed):
        contents.take_out(program, item, by=bob)
    assert contents.take_out(program, item, by=olga) and not ProgramContent.objects.exists()


def test_all_of_many_documents_stand_on_the_firms_page(olga, bob, program):
    """The newest eight did, and nothing said that there were more."""
    titles = [f"Sheet {number:02}" for number in range(12)]
    for title in titles:
        contents.put_in(program, content(olga, title), by=olga)
    page = client(bob).get(url("program", program.code))
    assert [row["title"] for row in page.context["documents"]] == titles[:3:-1]
    assert "4 more" in text(page) and all(title in text(page) for title in titles)


def test_an_item_for_programs_alone_is_published_once_it_is_in_one(olga, program):
    said = Said(title="Playbook", body="How we win.")
    item = create_item(by=olga, kind="page", said=said, audience=Audience(), clock=at(0))
    with pytest.raises(BadInput, match="put it into a program"):
        publish(item, by=olga, version=1, clock=at(0))
    contents.put_in(program, item, by=olga)
    publish(item, by=olga, version=1, clock=at(0))
    form = client(olga).get(url("change_content", item.code)).context["form"]
    assert form.initial["audience"] == "programs"


def test_operations_choose_from_the_library(olga, bob, program):
    """Found by its words, put in, read by the firm on the program's page, taken out again."""
    margins, draft = content(olga, "Margins of the year"), content(olga, "Road map", published=False)
    content(olga, "Holiday hours")
    page, here = client(olga), url("contents", program.code)
    assert [row["title"] for row in page.get(here).context["others"]] == [
        "Holiday hours",
        "Road map",
        "Margins of the year",
    ]
    found = page.get(here, {"q": "margin"})
    assert [row["title"] for row in found.context["others"]] == ["Margins of the year"]
    done = page.post(here, {"put": margins.code, "q": "margin"}, follow=True)
    assert done.redirect_chain[-1][0] == f"{here}?q=margin" and "It belongs to the program now" in text(done)
    assert "once it is published" in text(page.post(here, {"put": draft.code}, follow=True))
    assert [(row["title"], row["label"]) for row in page.get(here).context["inside"]] == [
        ("Margins of the year", "Published"),
        ("Road map", "Draft"),
    ]
    seen = client(bob).get(url("program", program.code))
    assert "Margins of the year" in text(seen) and "Road map" not in text(seen)  # a draft is read by nobody
    page.post(here, {"take": margins.code})
    assert "Margins of the year" not in text(client(bob).get(url("program", program.code)))
    assert "not in the library any more" in text(page.post(here, {"put": "CT-NOWHERE"}, follow=True))


def test_incentives_to_come_are_words_with_days(olga, bob, charlie, program):
    """Firms that see the program read them until their last day; nothing is shown while there are none."""
    page, vendor = client(bob), client(olga)
    assert "Incentives to come" not in text(page.get(url("program", program.code)))
    today = database_clock().date()
    new, fields = url("new_incentive", program.code), {"name": "Spring bonus", "text": "2% on gateways."}
    bad = {"version": program.version, "starts_on": "2026-05-01", "ends_on": "2026-04-01"}
    refused = vendor.post(new, fields | bad)
    assert refused.status_code == 422 and "The last day lies before the first" in text(refused)
    stale = vendor.post(new, fields | {"version": program.version - 1})
    assert stale.status_code == 409 and "Spring bonus" in text(stale)
    vendor.post(new, fields | {"version": program.version, "ends_on": today.isoformat()})
    one = PlannedIncentive.objects.get()
    for reader in (page, client(charlie)):  # charlie's firm could apply
        shown = text(reader.get(url("program", program.code)))
        assert "Incentives to come" in shown and "2% on gateways." in shown and "Until" in shown
    program.refresh_from_db()
    past = {"version": program.version, "ends_on": (today - timedelta(days=1)).isoformat()}
    vendor.post(url("incentive", program.code, one.pk), fields | past)
    assert "Spring bonus" not in text(page.get(url("program", program.code)))
    assert "over: firms don’t see it" in text(vendor.get(url("program", program.code)))
    program.refresh_from_db()
    vendor.post(url("delete_incentive", program.code, one.pk), {"version": program.version})
    assert not PlannedIncentive.objects.exists()


def test_a_pool_for_a_program_is_for_its_firms(
    olga, bob, alice, charlie, northgate, southridge, gateways, program
):
    """Only they see and claim what is in it, the ways that choose by themselves keep to them; a person may still give
    it to another firm by hand."""
    lead = make_lead(olga, "Blohm Pressen", gateways, program=program)
    put_into_pool(lead, by=olga, clock=at(0))
    assert Lead.objects.claimable_by(northgate).get() == lead
    assert not Lead.objects.claimable_by(southridge).exists()
    assert client(charlie).get(reverse("leads:lead", args=[lead.code])).status_code == 404
    shown = client(alice).get(url("program", program.code))
    assert "Leads for you" in text(shown) and "Blohm Pressen" in text(shown)
    assert "ines@blohm.example" not in text(shown)  # the contact comes with the claim
    claim(lead, by=alice, clock=at(0))
    assert "Waiting for your answer" in text(client(alice).get(url("program", program.code)))

    another = make_lead(olga, "Other AG", gateways, program=program)
    assert give(another, way="rotation", by=olga, clock=at(0)).partner == northgate
    by_hand = make_lead(olga, "Third AG", gateways, program=program)
    choice = client(olga).get(reverse("leads:give", args=[by_hand.code]))
    assert "Does not take part in Rising partners" in text(choice)
    assert give(by_hand, way="hand", partner=southridge, by=olga, clock=at(0)).partner == southridge
    theirs = client(charlie).get(reverse("leads:lead", args=[by_hand.code]))
    assert theirs.status_code == 200 and "Rising partners" not in text(theirs)
    enrolling.leave(program.enrolments.get(), by=bob, clock=at(1))
    nobody = make_lead(olga, "Fourth AG", gateways, program=program)
    with pytest.raises(NobodyLeft):
        put_into_pool(nobody, by=olga, clock=at(1))


def test_the_vendor_sees_where_the_leads_of_a_program_stand(olga, alice, northgate, gateways, program):
    for name in ("A AG", "B AG"):
        make_lead(olga, name, gateways, program=program)
    make_lead(olga, "C AG", gateways)
    page = client(olga)
    (section,) = page.get(url("program", program.code)).context["sections"]
    assert [(row.title, row.label) for row in section.rows] == [("To be given", "2")]
    listed = page.get(section.rows[0].url)
    assert {row.company for row in listed.context["rows"]} == {"A AG", "B AG"}
    form = page.get(reverse("leads:new")).context["form"]
    assert list(form.fields["program"].queryset) == [program]
    assert not Gift.objects.exists()


def test_the_page_of_a_program_takes_as_many_queries_for_one_as_for_many(
    olga, bob, alice, northgate, gateways, program
):
    def fill(number: int) -> None:
        for count in range(number):
            item = content(olga, f"Item {number} {count}")
            contents.put_in(program, item, by=olga)
            lead = make_lead(olga, f"Company {number} {count}", gateways, program=program)
            put_into_pool(lead, by=olga, clock=at(0))
            PlannedIncentive.objects.create(program=program, name=f"Bonus {count}", text="Soon.")

    def queries(person, address: str) -> int:
        page = client(person)
        with CaptureQueriesContext(connection) as caught:
            assert page.get(address).status_code == 200
        return len(caught)

    here = url("program", program.code)
    fill(1)
    one = [queries(person, here) for person in (olga, bob)] + [queries(olga, url("contents", program.code))]
    fill(4)
    assert one == [queries(person, here) for person in (olga, bob)] + [
        queries(olga, url("contents", program.code))
    ]
