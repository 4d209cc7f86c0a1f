"""Which parts of a mail are its files, in the ways of Apple Mail, Outlook and of those who sign what they write."""

import base64

import pytest

from registrations.services.mail_in.reading import read_letter

TEXT = "Content-Type: text/plain; charset=utf-8\n\nWe met the board, see the minutes.\n\n> Are you still\n"
PDF = b"%PDF-1.4 minutes"
PNG = b"\x89PNG\r\n\x1a\n"


def part(kind, name, content, *more):
    """One part: `more` are further lines of its head."""
    head = "\n".join((f'Content-Type: {kind}; name="{name}"', "Content-Transfer-Encoding: base64", *more))
    return f"{head}\n\n{base64.b64encode(content).decode()}\n"


def shown(how, name):
    return f'Content-Disposition: {how}; filename="{name}"'


def nested(kind, *parts, boundary="AA"):
    inner = "".join(f"--{boundary}\n{one}\n" for one in parts)
    return f'Content-Type: {kind}; boundary="{boundary}"\n\n{inner}--{boundary}--\n'


def html(words):
    return f"Content-Type: text/html; charset=utf-8\n\n<html><body>{words}</body></html>\n"


def files(body):
    mail = f"From: a@b.example\nTo: c@d.example\nSubject: Re: x\nMIME-Version: 1.0\n{body}"
    letter = read_letter(mail.encode())
    return [(file.name, file.size) for file in letter.files()]


@pytest.mark.parametrize("how", ["attachment", "inline"])
def test_apple_mail_puts_a_file_between_two_halves_of_the_html(how):
    minutes = part("application/pdf", "minutes.pdf", PDF, shown(how, "minutes.pdf"))
    page = nested(
        "multipart/mixed", html("We met."), minutes, html("<blockquote>x</blockquote>"), boundary="BB"
    )
    assert files(nested("multipart/alternative", TEXT, page)) == [("minutes.pdf", len(PDF))]
    assert files(nested("multipart/mixed", TEXT, minutes)) == [("minutes.pdf", len(PDF))]


def test_the_words_in_two_forms_are_no_files():
    assert files(nested("multipart/alternative", TEXT, html("We met."))) == []
    assert files(TEXT) == []


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("application/pkcs7-signature", "smime.p7s"),
        ("application/x-pkcs7-signature", "smime.p7s"),
        ("application/octet-stream", "smime.p7s"),
        ("application/pgp-signature", "signature.asc"),
    ],
)
def test_what_signs_a_mail_is_no_file(kind, name):
    signature = part(kind, name, b"x", shown("attachment", name))
    assert files(nested("multipart/signed", TEXT, signature)) == []


def test_logos_stay_out_and_a_photo_inside_the_text_counts():
    def related(content, how):
        logo = part("image/png", "image001.png", content, "Content-ID: <i@1>", shown(how, "image001.png"))
        return nested("multipart/related", html('We met.<img src="cid:i@1">'), logo, boundary="BB")

    minutes = part("application/pdf", "minutes.pdf", PDF, shown("attachment", "minutes.pdf"))
    for how in ("attachment", "inline"):
        assert files(nested("multipart/mixed", related(PNG, how), minutes)) == [("minutes.pdf", len(PDF))]
    photo = PNG + bytes(200_000)
    assert files(nested("multipart/mixed", related(photo, "inline"))) == [("image001.png", len(photo))]
    alone = part("image/png", "IMG_0012.png", PNG, shown("inline", "IMG_0012.png"))
    assert files(nested("multipart/mixed", TEXT, alone)) == [("IMG_0012.png", len(PNG))]
