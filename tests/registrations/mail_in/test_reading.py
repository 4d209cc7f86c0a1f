"""The words of a letter, in any charset and from HTML alone."""

import base64

import pytest

from registrations.services.mail_in.cutting import new_text
from registrations.services.mail_in.reading import read_letter
from tests.registrations.mail_in.letters import GMAIL_HTML, OUTLOOK_HTML, letter, raw


def encoded(text, charset):
    return base64.encodebytes(text.encode(charset))


@pytest.mark.parametrize(
    ("mail", "said"),
    [
        (letter("a@b.example", "c@d.example", None, html=GMAIL_HTML).as_bytes(), "We met the board.\nThey sign in May."),
        (
            letter("a@b.example", "c@d.example", None, html=OUTLOOK_HTML).as_bytes(),
            "We met the board.\n\nThey sign in May.",
        ),
        (letter("a@b.example", "c@d.example", " \n", html="<p>Only <b>here</b></p>").as_bytes(), "Only here"),
        (raw("a@b.example", "c@d.example", "Größe".encode("latin-1"), "text/plain; charset=iso-8859-1"), "Größe"),
        (raw("a@b.example", "c@d.example", encoded("契約", "iso-2022-jp"), "text/plain; charset=iso-2022-jp", "base64"), "契約"),
        (raw("a@b.example", "c@d.example", encoded("Да", "koi8-r"), "text/plain; charset=koi8-r", "base64"), "Да"),
        (raw("a@b.example", "c@d.example", "Größe".encode(), "text/plain; charset=no-such"), "Größe"),
        (raw("a@b.example", "c@d.example", "Größe".encode("cp1252"), "text/plain"), "Größe"),
        (raw("a@b.example", "c@d.example", b"Yes\x00\x07"), "Yes"),
        (b"From: a@b.example\r\n\r\nYes", "Yes"),
        (b"not a mail at all", "not a mail at all"),
        (b"", ""),
        (b"\xff\xfe\x00" * 3, "ÿþÿþÿþ"),
    ],
    ids=lambda value: "mail" if isinstance(value, bytes) else None,  # each run makes other Message-IDs
)  # fmt: skip
def test_text_in_any_charset_and_from_html_alone(mail, said):
    assert new_text(read_letter(mail).text()) == said
