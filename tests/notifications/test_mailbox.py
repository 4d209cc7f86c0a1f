"""The mailbox of a portal in development, and that it is nowhere else."""

import importlib
from email import message_from_bytes, policy

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.urls import clear_url_caches

import notifications.urls
import prm.urls
from notifications import mailbox
from notifications.sending import as_mail, send_outbox
from tests.notifications.makers import person, row, tell, words

pytestmark = pytest.mark.django_db


def reload_addresses():
    importlib.reload(notifications.urls)
    importlib.reload(prm.urls)
    clear_url_caches()


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND, settings.MAILBOX_DIR = mailbox.BACKEND, tmp_path / "mailbox"
    return settings.MAILBOX_DIR


@pytest.fixture
def development(folder, settings):
    reload_addresses()
    yield folder
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    reload_addresses()


def put(subject="Hello", to="alice@firm.example", body="Text", html=""):
    mail = EmailMessage(subject, body, "Portal <no-reply@portal.example>", [to])
    if html:
        mail = EmailMultiAlternatives(subject, body, "Portal <no-reply@portal.example>", [to])
        mail.attach_alternative(html, "text/html")
    assert get_connection().send_messages([mail]) == 1
    return mailbox.letters()[0].name


def test_the_outbox_is_sent_into_the_folder_whole(folder):
    message = tell(person("Alice"), context=words(company_name="Żółć"))
    assert send_outbox().sent == 1
    (path,) = folder.iterdir()
    written = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert written["Message-ID"] == row(message).message_id
    assert written["Subject"] == as_mail(row(message)).subject
    letter = mailbox.letter(path.stem)
    assert letter.to == "alice@firm.example"
    assert "Żółć" in letter.text
    assert "Żółć" in letter.html


@pytest.mark.parametrize(
    "company",
    [
        "Überlandwerk Großräschen Verlängerung GmbH & Co. KG",
        "株式会社日立製作所の登録について保護期間は終了します東京",
    ],
)
def test_a_long_subject_is_read_by_any_mail_program_as_it_was_written(folder, company):
    message = tell(person("Alice"), context=words(company_name=company))
    send_outbox()
    (path,) = folder.iterdir()
    raw = path.read_bytes()
    parsed = message_from_bytes(raw, policy=policy.default)
    assert parsed["Subject"] == row(message).subject and company in parsed["Subject"]
    assert parsed.get_all("Subject") == [parsed["Subject"]] and b"Subject: =?utf-8?" in raw
    assert all(len(line) <= 78 for line in raw.split(b"Subject: ")[1].split(b"\n")[:2])


def test_newest_first_and_by_address(folder):
    put("First"), put("Second", to="bob@firm.example"), put("Third")
    assert [letter.subject for letter in mailbox.letters()] == ["Third", "Second", "First"]
    assert [letter.subject for letter in mailbox.letters(to="BOB@")] == ["Second"]
    assert [letter.subject for letter in mailbox.letters(most=2)] == ["Third", "Second"]


@pytest.mark.parametrize(
    "name", ["../secret", "..%2fsecret", "", "x" * 28, "0" * 19 + "-zzzzzzzz", "unfinished"]
)
def test_no_other_file_is_read(folder, name):
    folder.mkdir()
    (folder.parent / "secret.eml").write_text("Subject: secret\n\n")
    (folder / "unfinished.eml").write_text("Subject: half\n\n")
    assert mailbox.letter(name) is None
    assert mailbox.letters() == []


def test_an_empty_or_missing_folder_is_an_empty_mailbox(folder):
    assert mailbox.letters() == []


def test_pages_without_sign_in(development, client):
    name = put(
        "Hello <b>you</b>",
        body="See http://testserver/x/?a=1&b=2",
        html="<html><head></head><body>Hi</body></html>",
    )
    inbox = client.get("/mailbox/").content.decode()
    assert "Hello &lt;b&gt;you&lt;/b&gt;" in inbox
    assert f"/mailbox/{name}/" in inbox
    page = client.get(f"/mailbox/{name}/")
    assert '<a href="http://testserver/x/?a=1&amp;b=2"' in page.content.decode()
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert "allow-scripts" not in page.content.decode()
    assert "allow-same-origin" not in page.content.decode()


def test_the_html_of_a_mail_can_do_nothing_but_be_read(development, client):
    name = put(html="<html><head></head><body><script>alert(1)</script></body></html>")
    response = client.get(f"/mailbox/{name}/html/")
    directives = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["style-src"] == "'unsafe-inline'"
    assert directives["frame-ancestors"] == "'self'"
    assert "allow-scripts" not in directives["sandbox"]
    assert "script-src" not in directives
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert '<base target="_top">' in response.content.decode()


def test_filter_and_empty_states(development, client):
    assert "No mail yet" in client.get("/mailbox/").content.decode()
    put("For Alice")
    assert "For Alice" in client.get("/mailbox/", {"to": "alice"}).content.decode()
    assert "No mail to this address" in client.get("/mailbox/", {"to": "nobody@"}).content.decode()
    assert client.get("/mailbox/0000000000000000000-00000000/").status_code == 404


@pytest.mark.parametrize("address", ["/mailbox/", "/mailbox/x/", "/mailbox/x/html/"])
def test_where_mail_is_really_sent_there_is_no_mailbox(client, address):
    assert client.get(address).status_code == 404


def test_even_addresses_left_over_answer_not_found(development, client, settings):
    name = put("Hello")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    for address in ("/mailbox/", f"/mailbox/{name}/", f"/mailbox/{name}/html/"):
        assert client.get(address).status_code == 404
