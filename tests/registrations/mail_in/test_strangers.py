"""What somebody may send who means no good, or whose program is broken: nothing is done in another's name, nothing stops
the others' mail, and no mail is dealt with twice."""

import random
from datetime import timedelta

import pytest

from core.clock import fixed
from notifications.models import Message
from partners.models import Member
from registrations.models import IncomingMail
from registrations.services import partner_actions, reminders
from registrations.services.mail_in import receiving
from registrations.services.mail_in.cutting import new_text
from registrations.services.mail_in.fetching import fetch_mail
from registrations.services.mail_in.reading import read_letter
from tests.people import MONDAY
from tests.registrations.mail_in.letters import letter

pytestmark = pytest.mark.django_db
REMINDED = fixed(MONDAY + timedelta(days=30))
NOW = fixed(MONDAY + timedelta(days=31))


def reply_to_of(deal):
    return Message.objects.get(event="registration.reminder", about=deal.code).reply_to


@pytest.fixture
def deal(alice, register):
    deal = register(alice, "Acme Pumps GmbH")
    reminders.send_reminders(clock=REMINDED)
    return deal


def receive(content):
    return receiving.receive(content if isinstance(content, bytes) else content.encode(), clock=NOW)


def mail(deal, sender="alice@northgate.example", head="", text="We met the board.", to=None):
    return f"{head}From: {sender}\r\nTo: {to or reply_to_of(deal)}\r\nMessage-ID: <1@x>\r\n\r\n{text}"


@pytest.mark.parametrize(
    "sender",
    [
        '"alice@northgate.example" <evil@x.example>',
        "alice@northgate.example <evil@x.example>",
        "=?utf-8?q?alice=40northgate=2Eexample?= <evil@x.example>",
        "alice@northgate.example, evil@x.example",
        "evil@x.example, alice@northgate.example",
        "alice@northgate.example\r\nFrom: evil@x.example",
        "alice@northgate.example.evil.example",
        '"alice@northgate.example"@evil.example',
        "alice@northgate.example\x00.evil.example",
        "alic\u0435@northgate.example",  # a Cyrillic е
    ],
)
def test_a_from_line_that_programs_read_differently_is_nobodys(sender, deal):
    (row,) = receive(mail(deal, sender))
    assert row.outcome == "wrong_sender"
    assert not deal.timeline.filter(kind="update").exists()


@pytest.mark.parametrize(
    "sender",
    ["Alice (at Northgate) <alice@northgate.example>", "alice@northgate.example <ALICE@northgate.example>"],
)
def test_a_name_around_the_address_does_not_matter(sender, deal):
    assert [row.outcome for row in receive(mail(deal, sender))] == ["updated"]


@pytest.mark.parametrize(
    ("results", "outcome"),
    [
        ("mx.portal.example; spf=pass smtp.mailfrom=dmarc=pass@evil.example; dmarc=fail", "wrong_sender"),
        ("mx.portal.example; dmarc=fail (p=none; dmarc=pass)", "wrong_sender"),
        ('mx.portal.example; spf=fail (a " b); dmarc=fail (c "; dmarc=pass)', "wrong_sender"),
        ('mx.portal.example; auth=pass smtp.auth="x; dmarc=pass"; dmarc=fail', "wrong_sender"),
        ('mx.portal.example; auth=pass smtp.auth="x\\"; dmarc=pass"; dmarc=fail', "wrong_sender"),
        ("mx.portal.example; dmarc=pass header.from=evil.example", "wrong_sender"),
        ("mx.portal.example; dmarc=passed", "wrong_sender"),
        ("MX.portal.example 1; dkim=pass; DMARC/1 = pass (p=none) header.from=northgate.example", "updated"),
    ],
)
def test_the_servers_word_is_read_without_what_a_stranger_put_into_it(results, outcome, deal, settings):
    settings.MAIL_IN_TRUSTED_SERVER = "mx.portal.example"
    (row,) = receive(mail(deal, head=f"Authentication-Results: {results}\r\n"))
    assert row.outcome == outcome


def test_a_copy_that_took_another_way_is_the_same_mail(deal):
    to, written = reply_to_of(deal), mail(deal)
    assert [row.outcome for row in receive(f"Delivered-To: {to}\r\n{written}")] == ["updated"]
    for way in ("", "Delivered-To: deals@portal.example\r\n", "X-Original-To: archive@portal.example\r\n"):
        assert receive(way + written) == []
    assert Message.objects.filter(event__startswith="registration.reply_").count() == 1


def test_a_reply_to_two_reminders_is_an_update_of_both_and_a_broken_address_stops_none(deal, alice, register):
    other = register(alice, "Zephyr Glass")
    reminders.send_reminders(clock=REMINDED)
    to = f"deals+nonsense@portal.example, {reply_to_of(deal)}, {reply_to_of(other)}"
    rows = receive(mail(deal, to=to))
    assert [(row.outcome, row.registration) for row in rows] == [
        ("bad_token", None),
        ("updated", deal),
        ("updated", other),
    ]
    assert receive(mail(deal, to=to)) == []


def test_whoever_left_the_firm_learns_nothing_by_replying(deal, alice, bob, southridge):
    to = reply_to_of(deal)
    Member.objects.filter(user=alice).update(partner=southridge)
    (row,) = receive(mail(deal, to=to))
    assert (row.outcome, row.detail) == ("wrong_sender", "does not look after this registration any more")
    partner_actions.withdraw(deal, by=bob, clock=NOW)
    mails = Message.objects.count()
    again = mail(deal, to=to).replace("<1@x>", "<2@x>")
    assert [row.outcome for row in receive(again)] == ["wrong_sender"]
    assert Message.objects.count() == mails and not deal.timeline.filter(kind="update").exists()


def broken_mails(to):
    nested = "".join(
        f"--b{i}\r\nContent-Type: multipart/mixed; boundary=b{i + 1}\r\n\r\n" for i in range(3000)
    )
    many = ", ".join(f"x{number} <a{number}@b.example>" for number in range(50_000))
    return [
        b"From: alic\xd0\xb5@northgate.example\r\nTo: deals+\xff@portal.example\r\n\r\nx",
        b"From: a\x00b@northgate.example\r\nSubject: \xff\xed\xa0\x80\r\nMessage-ID: <\xff>\r\n\r\nx",
        f"From: a@b.example\r\nTo: {to}\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n{nested}".encode(),
        f"From: a@b.example\r\nTo: {many}\r\nSubject: {'=?utf-8?q?a?= ' * 50_000}\r\n\r\nx".encode(),
        f"From: alice@northgate.example\r\nTo: {to}\r\nContent-Type: text/plain; charset=unicode-escape\r\n\r\n"
        "News \\ud800 here".encode(),
    ]


def test_a_mail_that_no_program_should_have_written_stops_nobody(deal, tmp_path):
    to = reply_to_of(deal)
    (tmp_path / "new").mkdir()
    for number, content in enumerate([*broken_mails(to), mail(deal).encode()]):
        (tmp_path / "new" / f"{number}").write_bytes(content)
    assert fetch_mail(f"maildir://{tmp_path}", clock=NOW) == {
        "bad_token": 1,
        "no_token": 2,
        "wrong_sender": 1,
        "updated": 2,
    }
    assert fetch_mail(f"maildir://{tmp_path}", clock=NOW) == {}
    texts = deal.timeline.filter(kind="update").order_by("number").values_list("data__text", flat=True)
    assert list(texts) == ["News ? here", "We met the board."]


def test_whatever_is_changed_in_a_mail_it_is_read_to_an_end(deal, alice):
    good = letter(alice.email, reply_to_of(deal), html="<p>We met <b>the</b> board.</p>")
    good.add_attachment(b"%PDF-1.4 x", maintype="application", subtype="pdf", filename="ü.pdf")
    bits = [
        b"\x00",
        b"\xed\xa0\x80",
        b"<",
        b"@",
        b'"',
        b"(",
        b"\r\nFrom: ",
        b"=?utf-16?b?2AA=?=",
        b"\xff" * 4,
    ]
    dice = random.Random(20261122)
    for _ in range(150):
        content = bytearray(good.as_bytes())
        for _ in range(dice.randrange(1, 10)):
            place = dice.randrange(len(content))
            content[place : place + dice.choice((0, 0, 9))] = dice.choice(bits)
        for row in receive(bytes(content)):
            assert row.outcome != IncomingMail.Outcome.FAILED


@pytest.mark.parametrize(
    "head",
    [
        *("Precedence: auto-reply", "X-Autogenerated: Reply", "List-Post: <mailto:all@northgate.example>"),
        *(
            "X-POST-MessageClass: 9; Autoresponder",
            "Subject: Auto: away",
            "Subject: Odpowiedź automatyczna: x",
        ),
        *(
            "Subject: Resposta automática: x",
            "Subject: 自動返信: x",
            "Subject: Автоответ: x",
            "Subject: رد تلقائي: x",
        ),
        *(
            "Subject: Automatiskt svar: x",
            "Subject: Automatisk svar: x",
            "Subject: 自动答复: x",
            "Subject: Afwezig: x",
        ),
        *("Subject: Automatyczna odpowiedź: x",),
        *("Subject: I am out of the office Re: Still active?", "Subject: Absence du bureau"),
    ],
)
def test_more_ways_in_which_machines_answer(head, deal):
    assert [row.outcome for row in receive(mail(deal, head=f"{head}\r\n"))] == ["machine"]


@pytest.mark.parametrize(
    "subject", ["Re: Out of office", "AW: Abwesend", "Automation for Acme", "Autonomous pumps"]
)
def test_what_a_person_writes_about_is_not_a_machines(subject, deal):
    assert read_letter(mail(deal, head=f"Subject: {subject}\r\n").encode()).machine == ""


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("De: Eve <e@x.example>\nEnviada: quarta-feira 10:00\nPara: Alice\nAssunto: x", "Vimos."),
        ("Kimden: Eve <e@x.example>\nGönderildi: 1 Nisan 2026 10:00\nKime: Alice\nKonu: x", "Gördük."),
        ("От: Eve <e@x.example>\nОтправлено: 1 апреля 2026 г. 10:00\nКому: Alice\nТема: x", "Да."),
        ("差出人: Eve <e@x.example>\n送信日時: 2026年4月1日 10:00\n宛先: Alice\n件名: x", "会いました。"),
        ("من: Eve <e@x.example>\nتاريخ الإرسال: 1 أبريل 2026\nإلى: Alice\nالموضوع: x", "التقينا."),
        ("*Von:* Eve <e@x.example>\n*Gesendet:* Mittwoch\n*An:* Alice\n*Betreff:* x", "Getroffen."),
    ],
)
def test_a_thread_below_the_reply_is_left_out_in_any_language(head, said):
    assert new_text(f"{said}\n\n{head}\n\nWhat somebody else wrote.\n") == said


def test_a_list_of_contacts_is_not_the_head_of_a_mail():
    said = "New people:\nContact: Eve <e@x.example>\nPhone: 123\nRole: buyer"
    assert new_text(said) == said
