"""Certificates in the browser: a firm hands in and renews, operations verify, everybody finds what lapses."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.clock import database_clock
from partners.certificates import gates
from partners.certificates.gates import Gate
from partners.certificates.words import standing_of
from partners.models import Certificate, Partner
from partners.services.certificates import reject_certificate, verify_certificate
from tests.partners.certificates.makers import PDF, PNG, handed_in, make_type, paper_file, placed

pytestmark = pytest.mark.django_db
OURS, LIST, QUEUE = "/firm/certificates/", "/certificates/", "/certificates/queue/"


@pytest.fixture
def today():
    return database_clock().date()


@pytest.fixture
def gated(monkeypatch):
    monkeypatch.setattr(gates, "_providers", [])
    gate = Gate("product_line:gateways", "Registering Gateways", "/policies/")
    gates.provide(
        opens=lambda codes: {code: [gate] for code in codes},
        prepare=lambda firms, days: (
            lambda case: [replace(gate, name=f"product_line:{code}") for code in sorted(case.codes)]
        ),
    )


def post(client, name, one, **data):
    return client.post(reverse(f"partners:{name}", args=[one.code]), data, follow=True)


def test_from_handing_in_to_the_renewal(client, northgate, bob, olga, today, gated):
    make_type(needs_file=True, validity_months=12, note="Ask <i>Lloyd's</i>.")
    client.force_login(bob)
    empty = client.get(OURS).content.decode()
    assert "No certificate yet" in empty and "Opens: Registering Gateways" in empty
    url = reverse("partners:submit_certificate", args=[northgate.code])
    assert f'{url}?type=iso-27001"' in empty
    assert 'value="iso-27001" selected' in client.get(url, {"type": "iso-27001"}).content.decode()

    begins = today - timedelta(days=330)
    form = {"type": "iso-27001", "number": "  27-4411 ", "valid_from": begins.isoformat()}
    for wrong, words in (
        ({"file": paper_file("a.exe", b"MZ")}, "Files of this kind are not taken."),
        ({}, "Add the certificate as a file."),
        ({"file": paper_file(), "type": "nonsense"}, "Choose one from the list."),
        ({"file": paper_file(), "valid_from": "31.2.2026"}, "Enter a day such as"),
        ({"file": paper_file(), "number": "\x00"}, "Enter the number"),
    ):
        answer = client.post(url, {**form, **wrong})
        page = answer.content.decode()
        assert answer.status_code == 422 and words in page
        assert 'value="27-4411"' in page or "27-4411" in page or "number" in wrong
    assert not Certificate.objects.exists()
    page = client.post(url, {**form, "file": paper_file("scan.png", PNG)}, follow=True).content.decode()
    one = Certificate.objects.get()
    assert one.number == "27-4411" and "Being verified" in page and "Take it back" in page
    assert client.post(url, {**form, "file": paper_file()}).status_code == 422

    client.force_login(olga)
    page = client.get(QUEUE).content.decode()
    assert 'alt="The paper as it was handed in"' in page and "Registering Gateways" in page
    again = post(client, "reject_certificate", one, version="1", reason=" ")
    assert again.status_code == 422 and "Say why" in again.content.decode()
    assert post(client, "verify_certificate", one, version="9").status_code == 409
    done = post(client, "verify_certificate", one, version="1").content.decode()
    assert "Nothing to verify" in done and "is verified. The firm is told." in done
    assert post(client, "reject_certificate", one, version="2", reason="x").status_code == 409

    client.force_login(bob)
    page = client.get(OURS).content.decode()
    left = (one.valid_to - today).days
    assert f"ends in {left} days" in page and "What closes on the day after: Registering Gateways." in page
    renew = re.search(r'href="([^"]*renews=[^"]*)"', page).group(1)
    form_page = client.get(renew).content.decode()
    assert f'value="{one.valid_to + timedelta(days=1)}"' in form_page
    sent = {**form, "valid_from": one.valid_to + timedelta(days=1), "file": paper_file()}
    client.post(renew, sent)
    two = Certificate.objects.latest("pk")
    assert two.follows == one
    assert "Renewal being verified" in client.get(OURS).content.decode()
    client.force_login(olga)
    post(client, "verify_certificate", two, version="1")
    client.force_login(bob)
    page = client.get(OURS).content.decode()
    assert "Valid, renewed" in page and "next-title" not in page


def test_the_file_is_a_download_for_those_who_may_see_it(client, northgate, alice, bob, charlie, ivan):
    one = handed_in(northgate, make_type(), bob, upload=paper_file('o"ffer\r\nX: y.pdf'))
    bare = handed_in(northgate, make_type("other"), bob)
    for person in (alice, bob, ivan):
        client.force_login(person)
        answer = client.get(reverse("partners:certificate_file", args=[one.code]))
        assert b"".join(answer.streaming_content) == PDF
        assert answer.headers["Content-Disposition"].startswith("attachment;") and "X" not in answer.headers
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client.get(reverse("partners:certificate_file", args=[bare.code])).status_code == 404
    client.force_login(charlie)
    for name in ("certificate", "certificate_file"):
        assert client.get(reverse(f"partners:{name}", args=[one.code])).status_code == 404
    client.force_login(alice)
    page = client.get(reverse("partners:certificate", args=[one.code])).content.decode()
    assert "Take it back" not in page and "verify" not in page.lower().replace("being verified", "")


def test_a_text_is_shown_as_text(client, northgate, bob, olga):
    handed_in(northgate, make_type(), bob, upload=paper_file("a.txt", b"<script>alert(1)</script>"))
    client.force_login(olga)
    assert "&lt;script&gt;alert(1)" in client.get(QUEUE).content.decode()


def names(page):
    return re.findall(r'class="cell-title"><span class="paper-name"><a [^>]*>([^<]+)</a>', page)


def test_the_list_shows_what_lapses_and_filters_narrow(client, mara, northgate, southridge, today, gated):
    iso, other = make_type(), make_type("gdp")
    placed(northgate, iso, valid_to=today + timedelta(days=50))
    placed(southridge, iso, valid_to=today + timedelta(days=6))
    placed(southridge, other, valid_to=today + timedelta(days=61))
    placed(northgate, other, number="OLD", valid_to=today - timedelta(days=3))
    client.force_login(mara)

    page = client.get(LIST).content.decode()
    assert names(page) == ["Southridge", "Northgate"]
    assert dict(re.findall(r'class="view-link"[^>]*>([^<]+?) <span class="count[^"]*">(\d+)<', page)) == {
        "About to lapse": "2",
        "Lapsed lately": "1",
        "All": "4",
    }
    assert page.count("Registering Gateways") == 2
    for query, found in (
        ({"within": "7"}, ["Southridge"]),
        ({"q": "north"}, ["Northgate"]),
        ({"type": "gdp", "view": "all"}, ["Northgate", "Southridge"]),
        ({"view": "lapsed"}, ["Northgate"]),
        ({"view": "all", "firm": southridge.code}, ["Southridge", "Southridge"]),
        ({"view": "nonsense", "within": "x", "type": "x", "page": "zz"}, ["Southridge", "Northgate"]),
    ):
        assert names(client.get(LIST, query).content.decode()) == found, query
    assert "No certificate matches" in client.get(LIST, {"q": "zzzz"}).content.decode()
    assert "<html" not in client.get(LIST, headers={"HX-Request": "true"}).content.decode()


def test_lists_ask_as_often_for_many_as_for_one(client, northgate, alice, bob, olga, today, gated):
    iso, person = make_type(), make_type("engineer", held_by="person")
    for reader, addresses in (
        (olga, (f"{LIST}?view=all", LIST, QUEUE, "/certificates/types/")),
        (bob, (OURS, "/firm/")),
    ):
        client.force_login(reader)
        counts = []
        for number in range(3):
            firm = Partner.objects.create(name=f"{reader} {number}", country="DE", status="active")
            for owner in (firm, northgate):
                key = f"{reader}{number}"
                placed(owner, iso, number=key, valid_to=today + timedelta(days=30))
                handed_in(owner, iso, olga, number=f"{key}w", valid_from=today)
            placed(northgate, person, member=alice.member, number=key, valid_to=today + timedelta(days=9))
            make_type(f"type-{reader}-{number}".lower())
            found = []
            for address in addresses:
                with CaptureQueriesContext(connection) as asked:
                    assert client.get(address).status_code == 200
                found.append(len(asked))
            counts.append(found)
        assert counts[0] == counts[1] == counts[2]


def test_types_are_kept_by_operations(client, olga, ivan):
    client.force_login(olga)
    new = "/certificates/types/new/"
    assert 'name="code"' not in client.get(new).content.decode()
    form = {"name": "ISO: 27", "kind": "licence", "issuer": "TÜV", "held_by": "firm"}
    assert "can be handed in now" in client.post(new, form, follow=True).content.decode()
    again = client.post(new, {**form, "name": "iso: 27"})
    assert again.status_code == 422 and "There is a type with this name already." in again.content.decode()
    edit = reverse("partners:certificate_type", args=["iso-27"])
    client.post(edit, {**form, "name": "ISO 27", "version": "1", "validity_months": "36"})
    stale = client.post(edit, {**form, "name": "ISO 28", "version": "1"})
    assert stale.status_code == 409 and "Somebody changed this type" in stale.content.decode()
    client.force_login(ivan)
    page = client.get("/certificates/types/").content.decode()
    assert "ISO 27" in page and "36 months" in page and "New type" not in page


def test_on_the_firms_page(client, northgate, bob, mara, today):
    placed(northgate, make_type(), valid_to=today + timedelta(days=20))
    for person, address, link in (
        (bob, "/firm/", OURS),
        (mara, f"/partners/{northgate.code}/", f"{LIST}?view=all&amp;firm={northgate.code}"),
    ):
        client.force_login(person)
        page = client.get(address).content.decode()
        assert f'href="{link}"' in page and "1 about to lapse" in page


def test_what_was_mended_asks_for_nothing_any_more(northgate, bob, olga, today):
    """One that was rejected and handed in again, and one that lapsed and was renewed after a gap, are past."""
    iso, gdp = make_type(), make_type("gdp")
    torn = handed_in(northgate, iso, bob, valid_to=today + timedelta(days=300))
    reject_certificate(torn, by=olga, version=1, reason="Torn.")
    lapsed = placed(northgate, gdp, valid_to=today - timedelta(days=9))

    def standings():
        rows = Certificate.objects.filter(pk__in=[torn.pk, lapsed.pk]).with_followers().order_by("pk")
        return [(one.label, one.step) for one in (standing_of(row, today) for row in rows)]

    assert standings() == [("Rejected", "again"), ("Lapsed", "renew")]
    handed_in(northgate, iso, bob, valid_to=today + timedelta(days=300))
    late = handed_in(northgate, gdp, bob, number="N-2", valid_from=today, at=database_clock())
    assert standings() == [("Rejected", ""), ("Lapsed, renewal being verified", "")]
    verify_certificate(late, by=olga, version=1)
    assert standings() == [("Rejected", ""), ("Lapsed, then renewed", "")]
