"""The pages of rights, requirements, routes and texts: what operations do there, and as many queries for many rows."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core.clock import database_clock
from notifications.models import Message
from partners.models import Partner
from policies.models import ExclusiveRight, Guidance, ProductAuthorisation, ReviewRoute
from policies.services.guidance import change_text, end_text, write_text
from policies.services.routes import Leads, add_route
from tests.people import make_user
from tests.policies.makers import circle, give, hold, in_days, licence, require, territory, today

pytestmark = pytest.mark.django_db


def text_of(answer):
    return " ".join(answer.content.decode().split())


def test_a_right_from_the_form_to_its_end(client, olga, northgate, southridge, gateways, europe):
    client.force_login(olga)
    assert "No distribution rights yet" in text_of(client.get("/policies/rights/"))
    sent = {
        "partner": northgate.code,
        "product_line": "gateways",
        "territory": "europe",
        "begins_on": in_days(30).isoformat(),
        "effect": "refused",
        "note": "The contract of May.",
    }
    for wrong, words in (
        ({"begins_on": in_days(3).isoformat()}, "at the earliest"),
        ({"begins_on": "someday"}, "Enter a day such as"),
        ({"begins_on": "0001-01-01"}, "Enter a year between"),
        ({"partner": "nobody"}, "What was chosen is not in the list any more"),
        ({"note": ""}, "Say why"),
        ({"product_line": "", "territory": ""}, "a right to everything"),
    ):
        answer = client.post("/policies/rights/new/", sent | wrong)
        assert answer.status_code == 422 and words in text_of(answer)
        assert "The contract of May." in text_of(answer) or "note" in wrong  # what was typed stays
    assert not ExclusiveRight.objects.exists()

    at_once = client.post("/policies/rights/new/", sent | {"step": "give"})
    assert "1 firm is told as you give it" in text_of(at_once)  # nothing is given before it was shown
    assert not ExclusiveRight.objects.exists() and not Message.objects.exists()
    shown = client.post("/policies/rights/new/", sent | {"step": "show"})
    assert "Southridge" in text_of(shown).split("Firms concerned <span")[1]
    seen = shown.context["form"]["seen"].value()
    other = {"step": "give", "seen": seen, "effect": "review"}
    assert "This changed after you saw whom it concerns." in text_of(
        client.post("/policies/rights/new/", sent | other)
    )
    assert not ExclusiveRight.objects.exists()

    answer = client.post("/policies/rights/new/", sent | {"step": "give", "seen": seen}, follow=True)
    right = ExclusiveRight.objects.get()
    assert right.code in text_of(answer) and "Northgate" in text_of(answer)
    assert "Southridge" in text_of(answer)  # concerned
    again = client.post("/policies/rights/new/", sent | {"partner": southridge.code})
    assert again.status_code == 422 and "Northgate has Gateways in Europe" in text_of(again)
    for tab, shown in (("running", False), ("coming", True), ("calendar", True), ("ended", False)):
        assert (right.code in text_of(client.get(f"/policies/rights/?show={tab}"))) == shown
    end = reverse("policies:end_right", args=[right.code])
    assert "Take the right back" in text_of(client.get(end))
    stale = client.post(end, {"note": "No more.", "version": "7"})
    assert stale.status_code == 409 and "No more." in text_of(stale)
    assert client.post(end, {"note": "No more.", "version": "1"}).status_code == 302
    assert client.get(end).status_code == 409
    assert "No more." in text_of(client.get(f"/policies/rights/{right.code}/"))


def test_a_running_right_is_ended_with_a_day(client, olga, northgate, gateways):
    right = give(northgate, olga, product_line=gateways)
    client.force_login(olga)
    end = reverse("policies:end_right", args=[right.code])

    wrong = client.post(end, {"on": in_days(-3).isoformat(), "note": "Over.", "version": "1"})
    assert wrong.status_code == 422 and "today or a later day" in text_of(wrong)
    sent = {"on": in_days(3).isoformat(), "note": "Over.", "version": "1"}
    assert "Northgate is told ahead" in text_of(client.post(end, sent))
    assert client.post(end, sent | {"agreed": "on"}).status_code == 302
    right.refresh_from_db()
    assert right.ends_at > database_clock() + timedelta(days=3)
    assert "Ends soon" in text_of(client.get("/policies/rights/"))


def test_a_right_that_its_own_holder_cannot_use_says_so(client, olga, northgate, gateways, europe):
    right = give(northgate, olga, product_line=gateways, territory=europe, begins=40)
    client.force_login(olga)
    page = reverse("policies:right", args=[right.code])
    words = "Nobody can register this at present, the holder included"
    assert words not in text_of(client.get(page))

    require(gateways, olga, certificates=[licence().code])
    told = text_of(client.get(page))

    assert words in told and "it takes a valid Export Licence" in told
    hold(northgate, licence())
    assert words not in text_of(client.get(page))


def test_the_effect_is_shown_before_saving_and_what_is_saved_is_what_was_shown(
    client, olga, northgate, southridge, gateways
):
    hold(northgate, licence())
    client.force_login(olga)
    change = "/policies/products/gateways/change/"
    assert "Show who loses and gains it" in text_of(client.get(change))
    sent = {
        "certificates": ["export"],
        "effect": "refused",
        "begins_on": today().isoformat(),
        "note": "The law asks for it.",
        "based_on": "0",
    }

    unseen = client.post(change, sent | {"step": "save"})
    assert not ProductAuthorisation.objects.exists() and "save again" in text_of(unseen)
    shown = client.post(change, sent | {"step": "preview"})
    assert [one.partner for one in shown.context["shown"].loses] == [southridge]
    assert "Southridge" in text_of(shown) and "Northgate" not in text_of(shown).split("What this does")[1]
    seen = shown.context["form"].data["seen"]
    other = client.post(change, sent | {"step": "save", "seen": seen, "least_tier": "gold"})
    assert not ProductAuthorisation.objects.exists()
    assert len(other.context["shown"].loses) == 2

    assert client.post(change, sent | {"step": "save", "seen": seen}).status_code == 302
    row = ProductAuthorisation.objects.get()
    assert row.certificates == ["export"]
    stale = client.post(change, sent | {"step": "save", "seen": seen, "effect": "review"})
    assert "save again" in text_of(stale)
    seen = stale.context["form"].data["seen"]
    stale = client.post(change, sent | {"step": "save", "seen": seen, "effect": "review"})
    assert stale.status_code == 409 and stale.context["form"].data["based_on"] == row.pk
    page = text_of(client.get("/policies/products/gateways/"))
    assert "1 of 2 may register it" in page and "The law asks for it." in page
    assert "1 of 2 firms" in text_of(client.get("/policies/products/"))
    for wrong in ({"certificates": ["magic"]}, {"begins_on": ""}, {"note": "x" * 201}, {"kinds": ["wizard"]}):
        assert client.post(change, sent | wrong | {"step": "preview"}).status_code == 422


def test_the_effect_is_shown_before_the_note_is_written(client, olga, northgate, gateways):
    client.force_login(olga)
    change = "/policies/products/gateways/change/"
    sent = {
        "least_tier": "gold",
        "effect": "refused",
        "begins_on": today().isoformat(),
        "note": "",
        "based_on": "0",
    }

    shown = client.post(change, sent | {"step": "preview"})
    assert shown.status_code == 200 and "Northgate" in text_of(shown).split("What this does")[1]
    assert shown.context["form"].fields["note"].required

    seen = shown.context["form"].data["seen"]
    refused = client.post(change, sent | {"step": "save", "seen": seen})
    assert refused.status_code == 422 and "Say what changes and why" in text_of(refused)
    assert "Northgate" in text_of(refused).split("What this does")[1]  # what was shown stays
    assert 'id="effect"' not in text_of(refused)  # or the window would go there, past what is wrong
    assert not ProductAuthorisation.objects.exists()
    assert client.post(change, sent | {"step": "save", "seen": seen, "note": "Why."}).status_code == 302


def test_groups_are_chosen_named_and_kept(client, olga, northgate, southridge, gateways):
    client.force_login(olga)
    change = "/policies/products/gateways/change/"
    assert "There are no groups yet." in text_of(client.get(change))
    group, other = circle(olga, "Quokka <elite>", None, northgate), circle(olga, "Others")
    sent = {
        "groups": [group.code],
        "effect": "refused",
        "begins_on": today().isoformat(),
        "note": "For those who asked.",
        "based_on": "0",
    }
    gone = client.post(change, sent | {"groups": [group.code, "G-NONE"], "step": "preview"})
    assert gone.status_code == 422 and "What was chosen is not in the list any more" in text_of(gone)

    shown = client.post(change, sent | {"step": "preview"})
    assert [one.partner for one in shown.context["shown"].loses] == [southridge]
    assert "it is for the group ‘Quokka &lt;elite&gt;’" in text_of(shown)
    seen = shown.context["form"].data["seen"]
    both = {"groups": [group.code, other.code]}
    assert "save again" in text_of(client.post(change, sent | both | {"step": "save", "seen": seen}))
    assert client.post(change, sent | {"step": "save", "seen": seen}).status_code == 302
    assert [one.name for one in ProductAuthorisation.objects.get().groups.all()] == [group.name]
    require(gateways, olga, begins=9, groups=[other])

    assert client.get(change).context["form"].initial["groups"] == [group.code]
    for address in ("/policies/products/", "/policies/products/gateways/"):
        page = text_of(client.get(address))
        assert "Quokka &lt;elite&gt;" in page and "1 of 2" in page
    assert "Gateways is for partners in the group ‘Others’." in page  # announced
    assert (
        page.count("Gateways is for partners in the group ‘Quokka &lt;elite&gt;’.") == 2
    )  # now; its history
    delete = text_of(client.get(reverse("partners:delete_group", args=[group.code])))
    assert "Product authorisation: <a" in delete and "keeps its history" in delete


def test_an_announced_requirement_is_taken_back(client, olga, gateways, sensors):
    row = require(gateways, olga, begins=30, least_tier="gold")
    client.force_login(olga)
    assert "Changes on" in text_of(client.get("/policies/products/"))
    assert client.post(f"/policies/products/sensors/{row.pk}/take-back/").status_code == 404

    assert client.post(f"/policies/products/gateways/{row.pk}/take-back/").status_code == 302
    assert client.post(f"/policies/products/gateways/{row.pk}/take-back/").status_code == 409
    assert "Changes on" not in text_of(client.get("/policies/products/"))
    assert "Taken back" in text_of(client.get("/policies/products/gateways/"))


def test_routes_are_written_tried_out_and_ordered(client, olga, mara, ada, gateways, sensors):
    client.force_login(olga)
    new = "/policies/routes/new/"
    for wrong, words in (
        ({"to": ""}, "Choose who looks at it"),
        ({"to": f"person:{olga.pk}"}, "What was chosen is not in the list any more"),
        ({"to": "manager", "value_from": "much"}, "Enter the number alone"),
    ):
        answer = client.post(new, wrong)
        assert answer.status_code == 422 and words in text_of(answer)
    client.post(new, {"to": "role:administrator", "value_from": "1.000.000"})
    client.post(new, {"to": f"person:{mara.pk}", "value_from": "250 000", "product_lines": ["gateways"]})
    large, middle = ReviewRoute.objects.all()

    page = text_of(client.get("/policies/routes/"))
    assert "Deals of 250,000 EUR and more on Gateways" in page
    for value, line, target in (
        ("250 000", "gateways", "goes to Mara."),
        ("249,999.99", "gateways", "goes to the partner's own manager."),
        ("1000000", "gateways", "goes to the Administrator with the fewest reviews in hand."),
    ):
        answer = client.get("/policies/routes/", {"value": value, "product_line": line})
        assert answer.context["answer"]["words"].endswith(target)
    client.post(f"/policies/routes/{middle.pk}/move/", {"to": "up"})
    answer = client.get("/policies/routes/", {"value": "1000000", "product_line": "gateways"})
    assert answer.context["answer"]["words"].endswith("goes to Mara.")
    assert "much" in text_of(client.get("/policies/routes/", {"value": "much", "product_line": "nothing"}))
    client.post(f"/policies/routes/{middle.pk}/", {"to": "manager"})
    assert client.get(f"/policies/routes/{middle.pk}/").status_code == 409
    client.post(f"/policies/routes/{large.pk}/end/")
    assert [row.person for row in ReviewRoute.objects.in_force(database_clock())] == [None]
    assert "No deal gets here" not in text_of(client.get("/policies/routes/"))
    client.post(
        new, {"to": "role:administrator", "value_from": "1.000.000"}
    )  # below one that takes every deal
    assert text_of(client.get("/policies/routes/")).count("No deal gets here") == 1


def test_texts_are_read_from_their_day_on_and_never_overwritten(client, olga, alice):
    client.force_login(olga)
    new = "/policies/dos-and-donts/new/"
    for wrong in (
        {"text": ""},
        {"text": "x" * 401},
        {"kind": "maybe"},
        {"begins_on": in_days(-1).isoformat()},
    ):
        sent = {"kind": "dont", "text": "Don't <b>haggle</b>.", "begins_on": today().isoformat()}
        assert client.post(new, sent | wrong).status_code == 422
    client.post(new, sent)
    client.post(new, sent | {"kind": "do", "text": "Call first.", "begins_on": in_days(9).isoformat()})
    dont, do = Guidance.objects.order_by("pk")

    def read():
        client.force_login(alice)
        page = text_of(client.get("/policies/registration/"))
        client.force_login(olga)
        return ["Don&#x27;t &lt;b&gt;haggle" in page, "Call first." in page, "Bring two." in page]

    assert read() == [True, False, False]
    edit = {"kind": "dont", "text": "Bring two.", "begins_on": in_days(5).isoformat()}
    assert client.post(f"/policies/dos-and-donts/{dont.pk}/", edit).status_code == 302
    assert read() == [True, False, False]  # until the day
    seen = {"neighbours": "0-0-shown"}  # nothing was planned yet as this form was opened
    assert client.post(f"/policies/dos-and-donts/{dont.pk}/", edit | seen).status_code == 409
    assert client.post(f"/policies/dos-and-donts/{do.pk}/end/").status_code == 302
    page = text_of(client.get("/policies/dos-and-donts/"))
    assert "Bring two." in page and "Call first." not in page  # it was never shown
    now = write_text(by=olga, kind="do", text="Now.", begins_on=today())
    then = change_text(now, by=olga, kind="do", text="Then.", begins_on=today())
    end_text(then, by=olga)
    assert {row.text for row in Guidance.objects.past(database_clock())} >= {"Now.", "Then."}


def many(olga, lines, number):
    """Rows of each kind."""
    for n in range(number):
        kind = licence(f"kind-{n}", f"Kind {n}")
        firm = make_user(f"P{n}", "channel_manager")
        groups = [circle(olga, f"Circle {n}", None, *Partner.objects.all())]
        places = [territory(f"t{n}", "DE")]
        require(lines[n], olga, certificates=[kind.code], territories=places, groups=groups)
        add_route(Leads(product_lines=[lines[n]], person=firm), by=olga)
        text = write_text(by=olga, kind="do", text=f"Do {n}.", begins_on=today())
        change_text(text, by=olga, kind="do", text=f"Then do {n}.", begins_on=in_days(9))


def test_pages_ask_as_much_for_many_rows_as_for_one(
    client, olga, alice, northgate, southridge, gateways, sensors, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from catalog.models import ProductLine

    lines = [gateways, sensors, *(ProductLine.objects.create(code=f"l{n}", name=f"L{n}") for n in range(3))]
    addresses = [
        (olga, "/policies/products/"),
        (olga, "/policies/products/gateways/"),
        (olga, reverse("partners:groups")),
        (olga, "/policies/rights/"),
        (olga, "/policies/rights/?show=calendar"),
        (olga, "/policies/routes/?value=9&product_line=gateways"),
        (olga, "/policies/dos-and-donts/"),
        (alice, "/policies/registration/"),
        (alice, "/policies/ask/?product_lines=gateways&country=DE"),
    ]

    def counted():
        found = []
        for person, address in addresses:
            client.force_login(person)
            client.get(address)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    many(olga, lines[:1], 1)
    give(northgate, olga, product_line=lines[0])
    give(southridge, olga, product_line=lines[1])
    hold(northgate, licence("first", "First"))
    circle(olga, "First", None, northgate)
    few = counted()
    more = [line for line in lines if line != gateways]
    for n, line in enumerate(more[:3]):
        partner = Partner.objects.create(name=f"More {n}", status="active", country="DE")
        if n:
            give(partner, olga, product_line=line)
        kind = licence(f"more-{n}", f"More {n}")
        hold(partner, kind)
        groups = [circle(olga, f"More {n} {part}", None, partner) for part in range(2)]
        places = [territory(f"more{n}", "FR")]
        require(line, olga, certificates=[kind.code], territories=places, groups=groups)
        add_route(Leads(product_lines=[line], person=make_user(f"M{n}", "channel_manager")), by=olga)
        write_text(by=olga, kind="dont", text=f"Don't {n}.", begins_on=today())
    require(gateways, olga, certificates=[kind.code], territories=places, groups=groups)  # its history grows

    assert counted() == few
