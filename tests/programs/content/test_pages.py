"""Writing content in the browser, and the text of pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from programs.content_text import as_html
from programs.models import ContentItem
from tests.programs.content.makers import content, group_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def desk(client, olga):
    client.force_login(olga)
    return client


def at(name, item, *more):
    return reverse(f"programs:{name}", args=[item.code, *more])


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One\ntwo\n\nThree", '<p dir="auto">One<br>two</p>\n<p dir="auto">Three</p>'),
        (
            "# Head\nText\n- a\n- b",
            '<h2 dir="auto">Head</h2>\n<p dir="auto">Text</p>\n<ul><li dir="auto">a</li><li dir="auto">b</li></ul>',
        ),
        ("<script>alert(1)</script>", '<p dir="auto">&lt;script&gt;alert(1)&lt;/script&gt;</p>'),
        ("javascript:alert(1)", '<p dir="auto">javascript:alert(1)</p>'),
        (
            "See https://a.example/?b=1&c=<x",
            '<p dir="auto">See <a href="https://a.example/?b=1&amp;c=" rel="nofollow">https://a.example/?b=1&amp;c=</a>&lt;x</p>',
        ),
        (" \n \n", ""),
    ],
)
def test_text_becomes_html_that_is_only_ours(text, html):
    assert as_html(text) == html


def test_a_document_from_the_form_to_its_readers(desk, olga, northgate, alice):
    group = group_of(northgate, olga)
    address = reverse("programs:new_content", args=["file"])
    bad = SimpleUploadedFile("virus.exe", b"MZ")
    wrong = desk.post(address, {"title": "Prices", "summary": "S" * 301, "file": bad, "audience": "groups"})
    page = wrong.content.decode()
    assert wrong.status_code == 422 and 'value="Prices"' in page
    assert "Choose at least one group" in page and "Use at most 300 characters" in page
    sent = {"title": "Prices", "audience": "groups", "groups": [group.code]}
    refused = desk.post(address, sent | {"file": SimpleUploadedFile("virus.exe", b"MZ")})
    assert refused.status_code == 422 and "Files of this kind are not taken" in refused.content.decode()
    assert not ContentItem.objects.exists()

    answer = desk.post(address, sent | {"file": SimpleUploadedFile("prices.pdf", b"%PDF-1.7")})
    item = ContentItem.objects.get()
    assert answer["Location"] == at("content", item)
    page = desk.get(at("content", item)).content.decode()
    assert "Nobody reads this yet" in page and "Publishing tells 1 person by mail" in page
    assert desk.post(at("publish_content", item), {"version": item.version}).status_code == 302
    assert desk.post(at("publish_content", item), {"version": item.version}).status_code == 409
    item.refresh_from_db()
    assert item.current.file_type == "application/pdf"

    form = desk.get(at("change_content", item))
    assert form.context["form"]["groups"].value() == [group.code]
    changed = {"title": "Prices 2", "audience": "all", "changes": "Cheaper", "version": item.version}
    assert desk.post(at("change_content", item), changed).status_code == 302
    assert desk.post(at("change_content", item), changed).status_code == 409
    page = desk.get(at("content", item)).content.decode()
    assert "Version 2 is a draft" in page and "Readers have version 1" in page
    item.refresh_from_db()
    draft = item.versions.get(number=2)
    assert (draft.file.name, draft.file_name) == (item.current.file.name, "prices.pdf"), "the file stays"
    assert desk.post(at("discard_content", item), {"version": item.version}).status_code == 302
    assert item.versions.count() == 1


def test_the_fields_follow_the_kind_and_words_are_escaped(desk, olga):
    for kind, has, lacks in (
        ("page", "body", "due_on"),
        ("announcement", "due_on", "file"),
        ("file", "file", "body"),
    ):
        form = desk.get(reverse("programs:new_content", args=[kind])).context["form"]
        assert has in form.fields and lacks not in form.fields and "changes" not in form.fields
    assert desk.get(reverse("programs:new_content", args=["song"])).status_code == 404
    item = content(olga, "<b>Bold</b>", body="x", summary="<i>", changes="<u>")
    for address in (
        at("content", item),
        reverse("programs:library"),
        at("content_readers", item),
        at("content_version", item, 1),
    ):
        page = desk.get(address).content.decode()
        assert "&lt;b&gt;Bold" in page and "<b>Bold" not in page and "<i>" not in page


def test_an_empty_library_says_what_to_do(client, olga, alice):
    client.force_login(olga)
    assert "New document" in client.get(reverse("programs:library")).content.decode()
    client.force_login(alice)
    page = client.get(reverse("programs:library")).content.decode()
    assert "Nothing here yet" in page and "New document" not in page
