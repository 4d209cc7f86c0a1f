"""Who reads what: pages, files, search and lists of another group's content show nothing of it, not even that it is there."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners.enums import PartnerStatus
from partners.models import Partner
from programs.models import ContentItem, ContentReading
from programs.services.content.keeping import Audience, Said, change_item
from programs.services.content.publishing import publish, put_back, withdraw
from tests.people import MONDAY_CLOCK
from tests.programs.content.makers import content, group_of

pytestmark = pytest.mark.django_db

MARKER = "Quillwort"
LIBRARY = reverse("programs:library")


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(name="prices.txt", text=MARKER):
    return SimpleUploadedFile(name, text.encode())


def at(name, item, *more):
    return reverse(f"programs:{name}", args=[item.code, *more])


def test_nothing_of_another_groups_content_is_ever_seen(client, olga, alice, charlie, northgate):
    group = group_of(northgate, olga)
    page = content(olga, f"{MARKER} guide", groups=(group,), summary=MARKER, body=f"All about {MARKER}.")
    document = content(olga, f"{MARKER} prices", kind="file", groups=(group,), upload=upload())
    asked = content(olga, f"{MARKER} rules", kind="announcement", groups=(group,))
    items = (page, document, asked)

    client.force_login(charlie)
    for address in (
        LIBRARY,
        f"{LIBRARY}?q={MARKER}",
        f"{LIBRARY}?kind=file",
        reverse("registrations:overview"),
    ):
        text = client.get(address).content.decode()
        for echo in (f'value="{MARKER}"', f"q={MARKER}"):
            text = text.replace(echo, "")
        assert MARKER not in text, address
    for item in items:
        assert client.get(at("content", item)).status_code == 404
        assert client.post(at("content_opened", item)).status_code == 404
        assert client.post(at("content_file", item, 1)).status_code == 404
    assert client.post(at("acknowledge_content", asked), {"number": "1"}).status_code == 404
    assert not ContentReading.objects.exists()

    client.force_login(alice)
    text = client.get(f"{LIBRARY}?q={MARKER}").content.decode()
    assert [item.current.title in text for item in items] == [True, True, True]
    assert f"All about {MARKER}." in client.get(at("content", page)).content.decode()
    answer = client.post(at("content_file", document, 1))
    assert b"".join(answer.streaming_content) == MARKER.encode()
    assert answer["Content-Disposition"] == 'attachment; filename="prices.txt"'
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")

    # The group follows the firm: a firm that is in it no more sees nothing of it from that moment.
    Partner.objects.filter(pk=northgate.pk).update(name="Renamed")
    assert client.get(at("content", page)).status_code == 404
    assert MARKER not in client.get(LIBRARY).content.decode()


def test_what_is_not_published_not_any_more_or_not_for_ended_firms(client, olga, alice, northgate):
    draft = content(olga, "A draft", published=False)
    item = content(olga, "For everybody")
    client.force_login(alice)
    assert client.get(at("content", draft)).status_code == 404
    assert client.get(at("content", item)).status_code == 200
    withdraw(item, by=olga, version=item.version, clock=MONDAY_CLOCK)
    assert client.get(at("content", item)).status_code == 404
    item.refresh_from_db()
    put_back(item, by=olga, version=item.version)
    assert "For everybody" in client.get(LIBRARY).content.decode()
    Partner.objects.filter(pk=northgate.pk).update(status=PartnerStatus.ENDED)
    assert client.get(at("content", item)).status_code == 404
    assert list(ContentItem.objects.visible_to(olga).order_by("pk")) == [draft, item]


def test_readers_keep_the_version_they_have_until_the_next_is_published(client, olga, alice):
    item = content(olga, "Price list", kind="file", upload=upload(text="old prices"))
    said = Said("Price list 2027", changes="New prices.", upload=upload(text="new prices"))
    change_item(
        item, by=olga, version=item.version, said=said, audience=Audience(for_all=True), clock=MONDAY_CLOCK
    )
    client.force_login(alice)
    assert "2027" not in client.get(at("content", item)).content.decode()
    assert client.post(at("content_file", item, 2)).status_code == 404
    item.refresh_from_db()
    publish(item, by=olga, version=item.version, clock=MONDAY_CLOCK)

    page = client.get(at("content", item)).content.decode()
    assert "Price list 2027" in page and "New prices." in page and "Version 2" in page
    assert b"".join(client.post(at("content_file", item, 2)).streaming_content) == b"new prices"
    assert client.post(at("content_file", item, 1)).status_code == 404
    assert client.get(at("content_version", item, 1)).status_code == 403
    client.force_login(olga)
    assert "Price list" in client.get(at("content_version", item, 1)).content.decode()
    assert b"".join(client.post(at("content_file", item, 1)).streaming_content) == b"old prices"


def test_a_search_finds_by_title_first_in_word_forms_and_marks_what_it_found(client, olga, alice):
    content(olga, "Holiday calendar", body="Also says when gateways & more < 5 kg are delivered.")
    content(olga, "Delivering gateways", body="How it works.")
    content(olga, "Something else", body="Nothing.")
    client.force_login(alice)

    def titles(query):
        page = client.get(LIBRARY, {"q": query})
        return [row.title for row in page.context["rows"]], page.content.decode()

    found, page = titles("gateway deliver")
    assert found == ["Delivering gateways", "Holiday calendar"]
    assert "<mark>gateways</mark> &amp; more &lt; 5 kg are <mark>delivered</mark>" in page
    assert titles('"holiday calendar"')[0] == ["Holiday calendar"]
    assert titles("gateways -holiday")[0] == ["Delivering gateways"]
    assert titles("zzz")[0] == [] and "Nothing found" in titles("zzz")[1]
    assert titles("\x00 '\" & | ! ( :*")[0] == []


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("gateways -price", ["Gateways: installing"]),
        ("gateways -prices", ["Gateways: installing"]),  # in word forms, too
        ('gateways -"price lists"', ["Gateways: installing", "Gateways: each list has a price"]),
        ("-gateways", ["Händler"]),
        ("gatew -price", ["Gateways: installing"]),  # parts of words: where no whole word is found
        ("gatew -prices", ["Gateways: installing"]),
        ("gateways -installing -price", []),
        ("handler -gateways", ["Händler"]),
        ('"gateways: -price"', ["Gateways: price lists"]),  # no minus inside quotes
    ],
)
def test_what_a_minus_excludes_is_never_found(olga, alice, query, titles):
    for title in (
        "Gateways: price lists",
        "Gateways: installing",
        "Händler",
        "Gateways: each list has a price",
    ):
        content(olga, title, body="x")
    found = ContentItem.objects.visible_to(alice).searched(query)
    assert sorted(found.values_list("current__title", flat=True)) == sorted(titles)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("価格", "価格表について"),  # no spaces between words
        ("四月から", "価格表について"),
        ("muller", "Preisliste für Händler"),  # without the accents
        ("PREISL", "Preisliste für Händler"),  # half a word, while it is typed
        ("handler muller", "Preisliste für Händler"),
        ("demonstration cafe", "Café de référence"),
        ("أسعار", "قائمة الأسعار"),  # behind the article
        ("ЦЕНЫ", "Новые цены"),
        ("grossen", "Preisliste für Händler"),  # ß as two letters
        ("Groessen HAENDLER", "Preisliste für Händler"),  # as typed without a German keyboard
        ("smorrebrod", "Café de référence"),
        ("% _", None),
        ("-", None),
        ("muller café", None),
    ],
)
def test_a_search_finds_parts_of_words_other_scripts_and_words_without_accents(
    client, olga, alice, query, title
):
    content(olga, "価格表について", body="新しい価格表は四月から有効です。")
    content(olga, "Preisliste für Händler", body="Lieferung an MÜLLER & Söhne in allen Größen, 100 %.")
    content(olga, "Café de référence", body="Les démonstrations, avec smørrebrød.")
    content(olga, "قائمة الأسعار", body="الأسعار الجديدة")
    content(olga, "Новые цены", body="С апреля")
    client.force_login(alice)
    page = client.get(LIBRARY, {"q": query})
    assert [row.title for row in page.context["rows"]] == ([title] if title else [])


def test_as_many_questions_for_one_as_for_three(client, olga, alice, northgate):
    for person in (alice, olga):
        client.force_login(person)
        counts = []
        for number in range(3):
            group = group_of(Partner.objects.create(name=f"Northgate {person} {number}", country="DE"), olga)
            content(olga, f"Page {person} {number}", groups=(group,))
            content(
                olga,
                f"News {person} {number}",
                kind="announcement",
                due_on=MONDAY_CLOCK().date() + timedelta(3),
            )
            with CaptureQueriesContext(connection) as asked:
                assert client.get(LIBRARY).status_code == 200
            counts.append(len(asked))
        assert len(set(counts)) == 1, (str(person), counts)
