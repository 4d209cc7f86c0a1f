"""The paper beside its fields: a PDF in a frame of ours, pictures as pictures, everything else fetched."""

import pytest
from django.urls import reverse

from partners.models import Certificate
from tests.partners.certificates.makers import PDF, PNG, handed_in, make_type, paper_file

pytestmark = pytest.mark.django_db
QUEUE = "/certificates/queue/"


def framed(one) -> str:
    return reverse("partners:certificate_framed_file", args=[one.code])


def page(one) -> str:
    return reverse("partners:certificate", args=[one.code])


def test_a_pdf_is_shown_beside_its_fields(client, northgate, bob, olga):
    """Inline, for our own pages alone; and these pages alone may frame anything, from here."""
    one = handed_in(northgate, make_type(), bob, upload=paper_file("licence.pdf"))
    client.force_login(olga)
    for address in (QUEUE, page(one)):
        answer = client.get(address)
        assert f'<iframe src="{framed(one)}"' in answer.content.decode()
        assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"
    file = client.get(framed(one))
    assert b"".join(file.streaming_content) == PDF
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["Content-Disposition"] == 'inline; filename="licence.pdf"'
    assert (file.headers["X-Content-Type-Options"], file.headers["X-Frame-Options"]) == (
        "nosniff",
        "SAMEORIGIN",
    )
    policy = file.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'self'" in policy and "script" not in policy
    refused = client.post(reverse("partners:reject_certificate", args=[one.code]), {"version": 1})
    assert refused.status_code == 422 and "frame-src 'self'" in refused.headers["Content-Security-Policy"]
    for address in (reverse("partners:certificates"), reverse("partners:list"), reverse("home")):
        other = client.get(address, follow=True).headers
        assert "frame-src" not in other["Content-Security-Policy"] and other["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("name", "content", "inside"),
    [
        ("scan.png", PNG, "<img"),
        ("words.txt", b"<html><script>alert(1)</script>", "&lt;html&gt;&lt;script&gt;"),
        ("letter.eml", b"Subject: <svg onload=alert(1)>", "&lt;svg onload"),
        ("terms.docx", b"PK\x03\x04 terms", "Fetch the file"),
    ],
)
def test_other_kinds_are_never_framed(client, northgate, bob, olga, name, content, inside):
    one = handed_in(northgate, make_type(), bob, upload=paper_file(name, content))
    client.force_login(olga)
    shown = client.get(page(one)).content.decode()
    assert inside in shown and "<iframe" not in shown
    assert client.get(framed(one)).status_code == 404
    fetched = client.get(reverse("partners:certificate_file", args=[one.code]))
    assert fetched.headers["Content-Disposition"].startswith("attachment;")
    assert fetched.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "kind", ["text/html", "image/svg+xml", "application/xhtml+xml", "application/pdf; x=y"]
)
def test_what_a_browser_could_run_is_never_shown(client, northgate, bob, olga, kind):
    """Whatever stands in the row: only the very type of a PDF is shown, and as that."""
    one = handed_in(northgate, make_type(), bob, upload=paper_file("licence.pdf"))
    Certificate.objects.filter(pk=one.pk).update(file_type=kind)
    client.force_login(olga)
    assert client.get(framed(one)).status_code == 404
    shown = client.get(page(one)).content.decode()
    assert "<iframe" not in shown and "<img" not in shown
    assert (
        client.get(reverse("partners:certificate_file", args=[one.code]))
        .headers["Content-Disposition"]
        .startswith("attachment;")
    )


def test_another_firms_paper_is_not_there(client, northgate, alice, bob, charlie):
    one = handed_in(northgate, make_type(), bob, upload=paper_file("licence.pdf"))
    bare = handed_in(northgate, make_type("other"), bob)
    client.force_login(charlie)
    assert client.get(framed(one)).status_code == 404
    client.logout()
    assert client.get(framed(one)).status_code == 302
    client.force_login(alice)
    assert client.get(framed(one)).status_code == 200 and client.get(framed(bare)).status_code == 404
