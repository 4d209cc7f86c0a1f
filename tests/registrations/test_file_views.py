"""Attaching files and fetching them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from registrations.models import Attachment
from registrations.services import attachments, partner_actions

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 an offer"


@pytest.fixture
def deal(alice, register):
    return register(alice, "Acme Pumps GmbH")


def at(deal):
    return reverse("registrations:attach", args=[deal.code])


def test_a_file_is_kept_and_listed(client, alice, deal):
    client.force_login(alice)

    page = client.post(at(deal), {"file": SimpleUploadedFile("../../Angebot für Acme.pdf", PDF)}, follow=True)

    kept = Attachment.objects.get()
    assert (kept.name, kept.size, kept.added_by) == ("Angebot für Acme.pdf", len(PDF), alice)
    assert "Angebot für Acme.pdf" in page.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.exe", b"MZ", "Files of this kind are not taken."),
        ("a.svg", b"<svg onload=alert(1)>", "Files of this kind are not taken."),
        ("a.pdf", b"<html>", "content is not what its name says"),
        ("a.pdf", b"", "The file is empty."),
        ("a.txt", b"a\x00b", "The file is not plain text."),
    ],
)
def test_wrong_files_are_told_in_words(client, alice, deal, name, content, words):
    client.force_login(alice)

    answer = client.post(at(deal), {"file": SimpleUploadedFile(name, content)})

    assert answer.status_code == 422
    assert answer.content.decode().count(words) == 2
    assert not Attachment.objects.exists()


def test_a_file_over_the_limit_and_no_file_at_all(client, alice, deal, settings):
    settings.UPLOAD_LIMIT_BYTES = 1024 * 1024
    client.force_login(alice)

    large = client.post(at(deal), {"file": SimpleUploadedFile("a.pdf", PDF + b"x" * 1024 * 1024)})
    none = client.post(at(deal), {})

    assert "larger than 1 MB" in large.content.decode()
    assert "Choose a file first." in none.content.decode()
    assert not Attachment.objects.exists()


def test_a_download_is_nothing_but_a_download(client, alice, mara, deal):
    kept = attachments.attach(deal, SimpleUploadedFile('o"ffer\r\nX: y.pdf', PDF), by=alice)
    for person in (alice, mara):
        client.force_login(person)
        answer = client.get(reverse("registrations:attachment", args=[kept.code]))
        assert b"".join(answer.streaming_content) == PDF
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "X" not in answer.headers


def test_files_are_fetched_and_added_within_the_scope_only(client, alice, dan, charlie, ivan, deal):
    kept = attachments.attach(deal, SimpleUploadedFile("offer.pdf", PDF), by=alice)
    for stranger in (dan, charlie):
        client.force_login(stranger)
        assert client.get(reverse("registrations:attachment", args=[kept.code])).status_code == 404
        assert client.post(at(deal), {"file": SimpleUploadedFile("a.pdf", PDF)}).status_code == 404
    client.force_login(ivan)
    assert client.post(at(deal), {"file": SimpleUploadedFile("a.pdf", PDF)}).status_code == 403
    assert Attachment.objects.count() == 1


def test_an_ended_registration_takes_no_files(client, alice, deal):
    partner_actions.withdraw(deal, by=alice)
    client.force_login(alice)

    answer = client.post(at(deal), {"file": SimpleUploadedFile("a.pdf", PDF)})

    assert answer.status_code == 403
    assert not Attachment.objects.exists()


def test_a_file_that_is_gone_is_not_found(client, alice, deal):
    kept = attachments.attach(deal, SimpleUploadedFile("offer.pdf", PDF), by=alice)
    kept.file.storage.delete(kept.file.name)
    client.force_login(alice)

    assert client.get(reverse("registrations:attachment", args=[kept.code])).status_code == 404
