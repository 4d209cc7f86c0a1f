"""Every wording, read as a person and as a mail program reads it."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings

from notifications.colours import luminance, readable_on, softened
from notifications.rendering import Reader, absolute, one_line, render_mail
from tests.notifications.makers import LINK, words

FOLDER = Path(settings.BASE_DIR) / "templates" / "emails"
KNOWN = (
    *("registration.", "lead.", "partner.", "certificate.", "agreement.", "policy.", "content."),
    *("program.", "tier.", "training."),
)
EVENTS = sorted(path.parent.name for path in FOLDER.glob("*/subject.txt"))
ALICE = Reader("Alice Moore", "alice@firm.example", "en", "Europe/Berlin")

pytestmark = pytest.mark.django_db


class Page(HTMLParser):
    """The blocks of text, the links and the attributes of an HTML mail."""

    SILENT = {"style", "title"}
    BLOCKS = {"p", "h1", "td", "th", "div", "table", "tr", "li", "body"}

    def __init__(self, html):
        super().__init__()
        self.blocks, self.links, self.sources, self.attributes, self._skip = [""], [], [], {}, []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.attributes.setdefault(tag, found)
        self.links += [(found["href"], found.get("class", ""))] if tag == "a" else []
        self.sources += [found[name] for name in ("src", "background") if name in found]
        if tag in self.SILENT or found.get("class") == "preheader":
            self._skip.append(tag)
        if tag in self.BLOCKS or tag == "br":
            self.blocks.append("")

    def handle_endtag(self, tag):
        if self._skip and self._skip[-1] == tag:
            self._skip.pop()
        if tag in self.BLOCKS:
            self.blocks.append("")

    def handle_data(self, data):
        if not self._skip:
            self.blocks[-1] += data

    @property
    def texts(self):
        return [text for text in (" ".join(block.split()) for block in self.blocks) if text]


def mail_for(event, reader=ALICE, **changes):
    return render_mail(event, reader=reader, context=words(**changes), link=LINK)


def test_all_events_have_a_wording():
    assert [event for event in EVENTS if not event.startswith(KNOWN)] == ["invitation"]
    assert len(EVENTS) >= 19
    for event in EVENTS:
        assert sorted(path.name for path in (FOLDER / event).iterdir()) == [
            "body.html",
            "body.txt",
            "subject.txt",
        ]


@pytest.mark.parametrize("event", EVENTS)
def test_the_text_part_says_all_that_the_html_says(event):
    mail = mail_for(event)
    plain = " ".join(mail.text.split())
    tag = re.search(r'class="tag [a-z]+"[^>]*>([^<]*)<', mail.html).group(1)
    for text in Page(mail.html).texts:
        if text not in {tag, "Concord", "\xa0Concord"}:
            assert text in plain


@pytest.mark.parametrize("event", EVENTS)
def test_one_main_button_whose_address_stands_in_the_text(event):
    mail = mail_for(event)
    buttons = [address for address, css in Page(mail.html).links if css == "button"]
    assert len(buttons) == 1
    assert buttons[0] in mail.text.split()
    assert buttons[0].startswith("http://testserver/")


@pytest.mark.parametrize("event", EVENTS)
def test_readable_anywhere(event):
    mail = mail_for(event)
    page = Page(mail.html)
    assert (page.attributes["html"]["lang"], page.attributes["html"]["dir"]) == ("en", "ltr")
    assert "prefers-color-scheme: dark" in mail.html
    assert 'content="light dark"' in mail.html
    assert re.search(r'class="preheader"[^>]*>\w[^<&]{15,}', mail.html)
    assert page.sources == []
    assert "<script" not in mail.html
    assert "@import" not in mail.html
    assert "You get this" in mail.text
    assert "You get this" in mail.html
    assert len(mail.html) < 100_000  # Gmail cuts a mail at 102 kB


@pytest.mark.parametrize("event", EVENTS)
def test_nothing_is_missing_or_doubled(event):
    mail = mail_for(event)
    for part in (mail.subject, mail.text, mail.html):
        assert not re.search(r"\{[{%]|%\}|None|  ,| \.|\.\.|undefined", part.split("</style>")[-1])
    assert 10 < len(mail.subject) < 120
    assert "\n\n\n" not in mail.text
    assert not mail.text.startswith("\n")


@pytest.mark.parametrize("event", EVENTS)
def test_a_bare_context_still_gives_a_sound_mail(event):
    bare = {
        "registration": {"code": "R-2", "company_name": "Acme"},
        "days_left": 1,
        "accept_url": "http://testserver/a/",
    }
    mail = render_mail(event, reader=Reader("", "x@firm.example"), context=bare, link=LINK)
    assert "Hello,\n" in mail.text
    assert "None" not in mail.text + mail.html
    assert mail.subject


@pytest.mark.parametrize("event", EVENTS)
def test_names_are_text_and_never_markup(event):
    attack = '<img src=x onerror=alert(1)>"&'
    mail = mail_for(event, company_name=attack, deal_name=attack, partner_name=attack)
    assert "<img" not in mail.html
    if event != "invitation":
        assert attack in mail.text
        assert attack in mail.subject


def test_times_are_the_readers_own():
    berlin = mail_for("registration.refused").text
    tokyo = mail_for("registration.refused", reader=Reader("Yuki", "y@firm.example", "en", "Asia/Tokyo")).text
    assert "(Europe/Berlin)" in berlin
    assert "(Asia/Tokyo)" in tokyo
    assert "(UTC)" not in berlin


def test_an_unknown_zone_is_utc_rather_than_no_mail():
    assert mail_for("registration.won", reader=Reader("A", "a@firm.example", "en", "Mars/Olympus")).subject


def test_a_wording_in_the_readers_language_is_taken_where_there_is_one(settings, tmp_path):
    folder = tmp_path / "emails" / "registration.won" / "ar"
    folder.mkdir(parents=True)
    (folder / "subject.txt").write_text("فوز")
    (folder / "body.txt").write_text('{{ registration.protected_until|date:"F" }}')
    (folder / "body.html").write_text('{% extends "emails/base.html" %}')
    options = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**options, "DIRS": [tmp_path, *options["DIRS"]]}]
    reader = Reader("Amal", "amal@firm.example", "ar", "Asia/Riyadh")

    arabic = mail_for("registration.won", reader=reader)
    assert (arabic.subject, arabic.language) == ("فوز", "ar")
    assert Page(arabic.html).attributes["html"] == {"lang": "ar", "dir": "rtl"}
    assert not arabic.text.isascii()
    english = mail_for("registration.lost", reader=reader)
    assert english.language == "en"
    assert 'lang="en"' in english.html


def test_a_logo_has_the_name_beside_it_for_when_images_are_off(settings):
    settings.PORTAL_LOGO, settings.PORTAL_NAME = "/static/logo.png", "Meridian"
    page = Page(mail_for("registration.won").html)
    assert page.sources == ["http://testserver/static/logo.png"]
    assert page.attributes["img"]["alt"] == "Meridian"


@pytest.mark.parametrize("colour", ["#0b5cad", "#ffffff", "#000000", "#ffcc00", "#767676", "#d6006c"])
def test_any_colour_of_a_vendor_is_readable(colour):
    def contrast(one, two):
        light, dark = sorted((luminance(one), luminance(two)), reverse=True)
        return (light + 0.05) / (dark + 0.05)

    assert contrast(colour, readable_on(colour)) >= 4.5
    assert contrast(softened(colour), "#1b2129") >= 4.5
    assert contrast(softened(colour), "#10141a") >= 4.5


@pytest.mark.parametrize(
    ("days", "left", "when"),
    [(7, "7 days left", "in 7 days"), (1, "1 day left", "tomorrow"), (0, "Last day", "today")],
)
def test_a_final_notice_counts_the_days_as_its_reader_does(days, left, when):
    context = words() | {"days_left": days}
    mail = render_mail("registration.final_notice", reader=ALICE, context=context, link=LINK)
    assert mail.subject.startswith(f"{left}: protection for ") and f">{left}<" in mail.html
    assert f"That is {when}." in mail.text and f"That is {when}." in mail.html


def test_a_link_of_the_portal_becomes_an_address_and_an_address_stays():
    assert absolute("/registrations/R-2/") == "http://testserver/registrations/R-2/"
    assert absolute("https://elsewhere.example/x") == "https://elsewhere.example/x"


def test_one_line_keeps_ordinary_text_as_it_is():
    assert one_line("  Müller & Söhne  \n") == "Müller & Söhne"
    assert one_line("a" * 300) == "a" * 249 + "…"
