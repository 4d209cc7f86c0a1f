"""A reply to a reminder becomes an update, once; nothing else that comes in does anything but a line in the log."""

import mailbox
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.clock import fixed
from notifications.models import Message
from notifications.sending import as_mail
from policies.services import publish_version
from registrations.enums import Status
from registrations.models import IncomingMail, Registration
from registrations.services import attachments, expiry, partner_actions, reminders, timeline
from registrations.services.mail_in import address, receiving
from registrations.services.mail_in.cutting import MOST, new_text
from registrations.services.mail_in.fetching import fetch_mail
from tests.people import MONDAY
from tests.registrations.mail_in.letters import (
    GERMAN,
    OUTLOOK,
    QUOTE,
    letter,
    raw,
)

pytestmark = pytest.mark.django_db
THEN = MONDAY + timedelta(days=31)
NOW = fixed(THEN)


@pytest.fixture
def deal(alice, register):
    deal = register(alice, "Acme Pumps GmbH")
    reminders.send_reminders(clock=fixed(MONDAY + timedelta(days=30)))
    return deal


@pytest.fixture
def reply_to(deal):
    return Message.objects.get(event="registration.reminder").reply_to


def receive(mail, clock=NOW):
    rows = receiving.receive(mail if isinstance(mail, bytes) else mail.as_bytes(), clock=clock)
    return rows[0] if rows else None


def untouched(deal):
    before = (deal.version, deal.protected_until, deal.timeline.count())
    deal = Registration.objects.get(pk=deal.pk)
    return before == (deal.version, deal.protected_until, deal.timeline.count())


def test_a_reply_to_a_reminder_is_an_update_in_the_name_of_its_reader(deal, alice, reply_to):
    sent = as_mail(Message.objects.get(event="registration.reminder"))
    assert sent.message()["Reply-To"] == reply_to
    assert "You can reply to it" in sent.body and "replies to it are not read" not in sent.body

    row = receive(
        letter(f"Alice A. <{alice.email.upper()}>", reply_to, "We met the board.\n\nAlice\n" + QUOTE)
    )

    deal.refresh_from_db()
    entry = deal.timeline.last()
    assert (row.outcome, row.registration, row.person) == ("updated", deal, alice)
    assert (entry.kind, entry.actor, entry.data["via"]) == ("update", alice, "mail reply")
    assert entry.data["text"] == "We met the board.\n\nAlice"
    assert deal.protected_until == THEN + timedelta(days=60)
    assert timeline.first_broken(deal) is None
    thanks = Message.objects.get(event="registration.reply_taken")
    assert (thanks.address, thanks.reply_to) == (alice.email, "") and "We met the board." in thanks.text


def test_the_same_mail_twice_is_one_update_and_another_is_another(deal, alice, reply_to):
    mail = letter(alice.email, reply_to)
    assert receive(mail).outcome == "updated"
    assert receive(mail) is None
    assert receive(mail, fixed(THEN + timedelta(days=3))) is None
    assert receive(letter(alice.email, reply_to, "They sign in May.")).outcome == "updated"

    assert deal.timeline.filter(kind="update").count() == 2
    assert IncomingMail.objects.count() == 2


def with_files(sender, to, *files, text="See the minutes."):
    mail = letter(sender, to, text)
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail


PDF = b"%PDF-1.4 minutes"


def test_files_of_a_reply_are_kept_after_the_checks_of_an_upload(
    deal, alice, olga, reply_to, settings, tmp_path
):
    """And the first good one is the evidence that the policy may ask for."""
    settings.MEDIA_ROOT = tmp_path
    strict = publish_version(by=olga, settings={"update_evidence_required": True}, note="With evidence.")
    Registration.objects.filter(pk=deal.pk).update(policy=strict)
    assert receive(letter(alice.email, reply_to)).outcome == "refused"
    mail = with_files(
        alice.email,
        reply_to,
        ("../../minutes.pdf", PDF),
        ("plan.svg", b"<svg/>"),
        ("photo.png", b"no picture"),
        ("letter.txt", "Größe".encode()),
        ("..", b"x"),
    )
    logo = letter("x@y.example", "z@y.example", "Look")
    logo["X-Forwarded"] = "yes"
    mail.add_attachment(logo)
    mail.get_payload()[0].add_related(b"\x89PNG\r\n\x1a\n", maintype="image", subtype="png", cid="<logo>")

    row = receive(mail)

    assert (row.outcome, row.person) == ("updated", alice)
    kept = list(deal.attachments.order_by("id").values_list("name", flat=True))
    assert kept == ["minutes.pdf", "letter.txt", "mail.eml"]
    first = deal.attachments.earliest("id")
    assert (first.content_type, first.added_by, first.file.read()) == ("application/pdf", alice, PDF)
    assert all(tmp_path in Path(one.file.path).parents for one in deal.attachments.all())
    assert timeline.first_broken(deal) is None
    assert row.detail.startswith(
        "with minutes.pdf, letter.txt, mail.eml; without plan.svg: Files of this kind"
    )
    thanks = Message.objects.get(event="registration.reply_taken").text
    assert "Kept with it: minutes.pdf, letter.txt, mail.eml." in thanks
    for name in ("plan.svg", "photo.png", "file"):
        assert f"Not kept: {name}." in thanks


def test_no_room_too_large_or_nothing_said(deal, alice, reply_to, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT, settings.UPLOAD_LIMIT_BYTES = tmp_path, 100
    monkeypatch.setattr(attachments, "_MOST", 1)
    full = with_files(alice.email, reply_to, ("a.pdf", PDF), ("b.pdf", PDF), ("c.pdf", PDF + b"x" * 100))
    row = receive(full)
    assert row.outcome == "updated"
    assert (
        "without c.pdf: The file is larger" in row.detail
        and "b.pdf: A registration has room for 1" in row.detail
    )
    assert [one.name for one in deal.attachments.all()] == ["a.pdf"]

    again = with_files(alice.email, reply_to, ("d.pdf", PDF)).as_bytes()
    (cut,) = receiving.receive(again, cut=True, clock=NOW)
    assert (cut.outcome, deal.attachments.count()) == ("refused", 1)  # the same words again
    silent = receive(with_files(alice.email, reply_to, ("e.pdf", PDF), text=QUOTE))
    assert (silent.outcome, deal.attachments.count()) == ("empty", 1)
    mail = Message.objects.filter(event="registration.reply_refused").latest("id")
    assert "The attached files were not kept." in mail.text
    receiving.receive(
        with_files(alice.email, reply_to, ("f.pdf", PDF), text="They sign in May.").as_bytes(),
        cut=True,
        clock=NOW,
    )
    assert deal.attachments.count() == 1
    assert (
        "too large to be read" in Message.objects.filter(event="registration.reply_taken").latest("id").text
    )


def wrong_person(deal, alice, reply_to):
    return letter("charlie@southridge.example", reply_to)


def colleague(deal, alice, reply_to):
    return letter("bob@northgate.example", reply_to)


def forged(deal, alice, reply_to):
    local, host = reply_to.split("@")
    return letter(alice.email, f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{host}")


def of_another_deal(deal, alice, reply_to):
    """The token of one registration under the code of another."""
    return letter(alice.email, reply_to.replace(deal.code.lower(), "r-2222222"))


def nonsense(deal, alice, reply_to):
    return letter(alice.email, "deals+..@portal.example")


def to_nobody(deal, alice, reply_to):
    return letter(alice.email, "deals@portal.example")


def to_another_host(deal, alice, reply_to):
    return letter(alice.email, reply_to.replace("@portal.example", "@evil.example"))


def away(deal, alice, reply_to):
    return letter(alice.email, reply_to, Auto_Submitted="auto-replied (vacation)")


def away_in_words(deal, alice, reply_to):
    return letter(alice.email, reply_to, subject="Out of Office: Re: Still active?")


def abwesend(deal, alice, reply_to):
    return letter(alice.email, reply_to, subject="Automatische Antwort: Still active?")


def from_a_list(deal, alice, reply_to):
    return letter(alice.email, reply_to, Precedence="bulk")


def bounced(deal, alice, reply_to):
    return letter("MAILER-DAEMON@mx.example", reply_to)


def null_sender(deal, alice, reply_to):
    return letter(alice.email, reply_to, Return_Path="<>")


def report(deal, alice, reply_to):
    return raw(alice.email, reply_to, b"--x\r\n\r\nfailed\r\n--x--\r\n", "multipart/report; boundary=x")


def only_the_quote(deal, alice, reply_to):
    return letter(alice.email, reply_to, QUOTE)


def empty(deal, alice, reply_to):
    return letter(alice.email, reply_to, "\n\n")


@pytest.mark.parametrize(
    ("write", "outcome"),
    [
        (wrong_person, "wrong_sender"),
        (colleague, "wrong_sender"),
        (forged, "bad_token"),
        (of_another_deal, "bad_token"),
        (nonsense, "bad_token"),
        (to_nobody, "no_token"),
        (to_another_host, "no_token"),
        (away, "machine"),
        (away_in_words, "machine"),
        (abwesend, "machine"),
        (from_a_list, "machine"),
        (bounced, "machine"),
        (null_sender, "machine"),
        (report, "machine"),
        (only_the_quote, "empty"),
        (empty, "empty"),
    ],
)
def test_anything_else_does_nothing_and_is_logged(write, outcome, deal, alice, bob, charlie, reply_to):
    mails = Message.objects.exclude(event="registration.reply_refused").count()
    row = receive(write(deal, alice, reply_to))

    assert row.outcome == outcome
    assert IncomingMail.objects.get().outcome == outcome
    assert untouched(deal)
    assert Message.objects.exclude(event="registration.reply_refused").count() == mails
    # Only whoever has proven who they are gets an answer: nobody else, and no machine.
    assert Message.objects.filter(event="registration.reply_refused").exists() == (outcome == "empty")


def test_a_reply_to_a_mail_that_is_too_old_is_answered_and_changes_nothing(deal, alice, bob, reply_to):
    last, late = (fixed(MONDAY + timedelta(days=days)) for days in (89, 91))
    assert receive(letter(bob.email, reply_to), late).outcome == "wrong_sender"
    assert receive(letter(alice.email, reply_to, Auto_Submitted="auto-replied"), late).outcome == "machine"
    assert not Message.objects.filter(event="registration.reply_refused").exists()

    row = receive(letter(alice.email, reply_to), late)

    assert (row.outcome, row.person, row.registration) == ("refused", alice, deal)
    assert row.detail == "to an address older than 60 days"
    answer = Message.objects.get(event="registration.reply_refused")
    assert answer.address == alice.email
    assert "more than 60 days old" in answer.text and "Write your update on the page" in answer.text
    assert f"/registrations/{deal.code}" in answer.text
    assert untouched(deal)
    assert receive(letter(alice.email, reply_to, "\n\n"), last).outcome == "empty"


def test_a_person_who_left_is_nobody(deal, alice, reply_to):
    alice.is_active = False
    alice.save()
    assert receive(letter(alice.email, reply_to)).outcome == "bad_token"
    assert untouched(deal)


@pytest.mark.parametrize(
    ("results", "outcome"),
    [
        (["mx.portal.example; dmarc=pass header.from=northgate.example"], "updated"),
        (["mx.portal.example; spf=pass; dmarc=fail"], "wrong_sender"),
        # What stands below our own server's line was written by the sender.
        (["mx.portal.example; dmarc=fail", "mx.portal.example; dmarc=pass"], "wrong_sender"),
        (["mx.evil.example; dmarc=pass"], "wrong_sender"),
        ([], "wrong_sender"),
    ],
)
def test_where_a_server_vouches_for_senders_its_word_is_asked_for(
    results, outcome, deal, alice, reply_to, settings
):
    settings.MAIL_IN_TRUSTED_SERVER = "mx.portal.example"
    mail = letter(alice.email, reply_to)
    for value in results:
        mail["Authentication-Results"] = value
    assert receive(mail).outcome == outcome


def test_a_reply_about_a_deal_that_has_ended_is_answered_and_changes_nothing(deal, alice, reply_to):
    partner_actions.withdraw(deal, by=alice, clock=NOW)
    deal.refresh_from_db()

    row = receive(letter(alice.email, reply_to))

    assert (row.outcome, row.detail) == (
        "refused",
        Message.objects.get(event="registration.reply_refused").text.split("\n\n")[2],
    )
    assert "is now “Withdrawn”" in row.detail and untouched(deal)


def test_where_no_mail_is_read_a_reminder_says_so(alice, register, settings):
    settings.MAIL_IN_ADDRESS = ""
    register(alice, "Acme Pumps GmbH")
    reminders.send_reminders(clock=fixed(MONDAY + timedelta(days=30)))

    mail = Message.objects.get(event="registration.reminder")
    assert mail.reply_to == "" and "replies to it are not read" in mail.text
    assert "Reply-To" not in as_mail(mail).message()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("We met the board." + QUOTE, "We met the board."),
        ("Wir haben uns getroffen.\n" + GERMAN, "Wir haben uns getroffen."),
        ("Yes.\n" + OUTLOOK, "Yes."),
        ("Above.\n> quoted\nIn between.\n> quoted", "Above."),
        ("> quoted first\n\nBelow the quote.", ""),
        ("Next:\n- a trial\n- an offer", "Next:\n- a trial\n- an offer"),
        ("Yes, still on it.\n\n-- \nAlice\nNorthgate", "Yes, still on it."),
        ("Yes\r\n\r\nThey sign in May\r\n", "Yes\n\nThey sign in May"),
        ("x" * 5_000, "x" * (MOST - 1) + "…"),
        (QUOTE, ""),
        ("", ""),
    ],
)
def test_what_is_new_in_a_reply(text, said):
    assert new_text(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n\nSent from my iPhone\n\n> quoted", ""),
        ("\nVon meinem iPhone gesendet\n" + GERMAN, ""),
        ("Met them.\n\nGet Outlook for Android<https://aka.ms/x>\n________________________________", "Met them."),
        ("Sent from my desk to theirs: the offer, on Monday, with the new prices they had asked for.", None),
        ("التقينا بهم\n\nفي الاثنين تمت كتابة ما يلي بواسطة Concord <no-reply@portal.example>:\n\n> quoted", "التقينا بهم"),
        ("我们见面了\nConcord <deals+r-1.2.3.abc@portal.example> 于2026年12月28日周一 10:00写道：\n> quoted", "我们见面了"),
        ("Vus.\n\nLe lun. 28 déc. 2026 à 10:00, Concord\n<no-reply@portal.example> a écrit :\n> quoted", "Vus."),
    ],
)  # fmt: skip
def test_a_telephones_signature_and_our_own_address_are_no_news(text, said, settings):
    settings.DEFAULT_FROM_EMAIL = "Concord <no-reply@portal.example>"
    assert new_text(text) == (text if said is None else said)


def test_a_reply_with_a_telephones_signature_alone_keeps_nothing_alive(deal, alice, reply_to):
    row = receive(letter(alice.email, reply_to, "\n\nSent from my iPhone\n" + QUOTE))
    assert row.outcome == "empty" and untouched(deal)


@pytest.fixture
def maildir(tmp_path):
    return mailbox.Maildir(tmp_path / "in", create=True)


def url_of(maildir):
    return f"maildir://{maildir._path}"


def test_a_maildir_is_read_once_and_a_poison_mail_stops_nobody(deal, alice, reply_to, maildir, monkeypatch):
    maildir.add(letter(alice.email, reply_to, "We met the board."))
    maildir.add(letter(alice.email, reply_to, "poison"))
    maildir.add(letter("stranger@x.example", "deals@portal.example"))
    healthy = receiving.new_text

    def poisoned(text, *sent):
        if "poison" in text:
            raise RuntimeError("a mail that nobody can read")
        return healthy(text, *sent)

    monkeypatch.setattr(receiving, "new_text", poisoned)

    assert fetch_mail(url_of(maildir), clock=NOW) == {"updated": 1, "failed": 1, "no_token": 1}
    assert fetch_mail(url_of(maildir), clock=NOW) == {}
    assert sorted(mail.get_flags() for mail in maildir) == ["FS", "S", "S"]
    assert IncomingMail.objects.get(outcome="failed").detail == "RuntimeError: a mail that nobody can read"
    assert deal.timeline.filter(kind="update").count() == 1


def test_killed_between_commit_and_mark_a_mail_is_not_dealt_with_again(
    deal, alice, reply_to, maildir, monkeypatch
):
    """Its mark is lost: the next run finds it unread, knows it, and marks it."""
    maildir.add(letter(alice.email, reply_to))
    with monkeypatch.context() as killed:
        killed.setattr("os.replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            fetch_mail(url_of(maildir), clock=NOW)

    assert fetch_mail(url_of(maildir), clock=NOW) == {"known": 1}
    assert [mail.get_flags() for mail in maildir] == ["S"]
    assert deal.timeline.filter(kind="update").count() == 1


def test_killed_before_the_commit_a_mail_comes_again(deal, alice, reply_to, maildir, monkeypatch):
    maildir.add(letter(alice.email, reply_to))
    with monkeypatch.context() as killed:
        killed.setattr(
            receiving.notices, "tell_partner", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt)
        )
        with pytest.raises(KeyboardInterrupt):
            fetch_mail(url_of(maildir), clock=NOW)
    assert not IncomingMail.objects.exists() and untouched(deal)

    assert fetch_mail(url_of(maildir), clock=NOW) == {"updated": 1}


def test_a_huge_attachment_is_not_read_and_the_words_before_it_are(
    deal, alice, reply_to, maildir, monkeypatch
):
    monkeypatch.setattr("registrations.services.mail_in.mailboxes.MOST_BYTES", 50_000)
    mail = letter(alice.email, reply_to, "See the minutes.")
    mail.add_attachment(b"x" * 400_000, maintype="application", subtype="pdf", filename="minutes.pdf")
    maildir.add(mail)

    assert fetch_mail(url_of(maildir), clock=NOW) == {"updated": 1}
    assert deal.timeline.last().data["text"] == "See the minutes."


def test_the_command_reads_and_says_what_became_of_it(
    deal, alice, reply_to, maildir, settings, capsys, tmp_path
):
    settings.MAIL_IN_URL = url_of(maildir)
    maildir.add(letter(alice.email, reply_to))
    with pytest.raises(CommandError, match="must look like"):
        call_command("receive_mail", url="pop3://x")
    with pytest.raises(CommandError, match="could not be read"):
        call_command("receive_mail", url="imap://a:b@127.0.0.1:9/INBOX")
    folder = tmp_path / "box"
    with pytest.raises(CommandError, match="could not be read"):
        call_command("receive_mail", url=f"maildir://{folder}")
    assert not folder.exists()  # a typing mistake in the address reads like one, and is not made true
    folder.mkdir()
    assert fetch_mail(f"maildir://{folder}") == {}
    assert sorted(path.name for path in folder.iterdir()) == ["cur", "new", "tmp"]

    # Written on a day of the past, the token is read today.
    token = address.reply_address(deal, alice, at=receiving.database_clock())
    maildir.add(letter(alice.email, token, "They sign in May."))
    call_command("receive_mail")

    out = capsys.readouterr().out
    assert "1 Became an update" in out and "1 Could not become an update" in out and "2 read" in out
    settings.MAIL_IN_URL = ""
    with pytest.raises(CommandError, match="Set MAIL_IN_URL"):
        call_command("receive_mail")


def test_a_reply_saves_a_deal_in_the_last_hour(deal, alice, reply_to):
    """Against the sweep: what came first wins, and the sweep looks again."""
    for number in (53, 59):
        at = MONDAY + timedelta(days=number)
        reminders.send_reminders(clock=fixed(at))
        Message.objects.filter(sent_at=None).update(status="sent", sent_at=at)
    last = Message.objects.filter(event="registration.final_notice").latest("pk")

    receive(letter(alice.email, last.reply_to), fixed(MONDAY + timedelta(days=59, hours=23)))
    expiry.expire_registrations(clock=fixed(MONDAY + timedelta(days=61)))

    deal.refresh_from_db()
    assert deal.status == Status.APPROVED
