"""Whatever a mail program writes over the mail that is answered is nobody's news; what the writer wrote is kept, whole."""

from datetime import timedelta

import pytest

from core.clock import fixed
from notifications.models import Message
from registrations.services import reminders
from registrations.services.mail_in import receiving
from registrations.services.mail_in.cutting import new_text
from registrations.services.mail_in.quotes import Sent
from registrations.services.mail_in.reading import read_letter
from tests.people import MONDAY
from tests.registrations.mail_in.letters import letter

SENT = Sent(
    ["Still active? Acme Pumps GmbH"],
    [
        "Hello Alice,\n\nare you still working on Acme Pumps GmbH? If nothing happens, its protection ends on 3 May.\n\n"
        "Open the registration: https://portal.example/x"
    ],
)
OUR = "Concord <no-reply@portal.example>"
HEADS = {
    "Outlook, German": f"-----Ursprüngliche Nachricht-----\nVon: {OUR}\nGesendet: Montag, 2. März 2026 10:00\nAn: Alice",
    "Outlook, French": f"-----Message d'origine-----\nDe : {OUR}\nEnvoyé : lundi 2 mars 2026 10:00\nÀ : Alice\nObjet : x",
    "Outlook, Spanish": f"-----Mensaje original-----\nDe: {OUR}\nEnviado el: lunes, 2 de marzo de 2026\nPara: Alice\nAsunto: x",
    "Outlook, Czech": f"-----Původní zpráva-----\nOd: {OUR}\nOdesláno: pondělí 2. března 2026 10:00\nKomu: Alice\nPředmět: x",
    "Outlook, Hungarian": f"-----Eredeti üzenet-----\nFeladó: {OUR}\nElküldve: 2026. március 2., hétfő 10:00\nCímzett: Alice",
    "broken, both with digits": "W dniu 02.03.2026 o\n10:00, Concord pisze:\n\n> Are you",
    "Outlook, without address": "Von: Concord\nGesendet: Montag, 2. März 2026 10:00\nAn: Alice",
    "by its subject": "Von: Deals\nBetreff: AW: Still active? Acme Pumps GmbH",
    "GMX": f"Gesendet: Montag, 02. März 2026 um 10:00 Uhr\nVon: {OUR}\nAn: alice@northgate.example\nBetreff: x",
    "GMX, lines apart": f"Gesendet: Montag um 10:00 Uhr\n\nVon: {OUR}\n\nAn: alice@northgate.example\n\nBetreff: x",
    "Samsung": f"-------- Ursprüngliche Nachricht --------\nVon: {OUR} \nDatum: 02.03.26  10:00 \nAn: Alice \nBetreff: x",
    "Thunderbird, Polish": "W dniu 02.03.2026 o 10:00, Concord pisze:\n> Are you still working on it?",
    "Thunderbird, Polish, broken": "W dniu 02.03.2026 o\n10:00, Concord pisze:\n\n> Are you still working on it?",
    "Finnish": "Concord kirjoitti 2.3.2026 klo 10.00:\n> Are you still working on it?",
    "Hungarian": f"{OUR} ezt írta (időpont: 2026. márc. 2., H, 10:00):\n\n> Are you",
    "Vietnamese": f"Vào Th 2, 2 thg 3, 2026 vào lúc 10:00 {OUR} đã viết:\n\nAre you",
    "Hebrew": "‫בתאריך יום ב׳, 2 במרץ 2026 ב-10:00 מאת ‪Concord‬‏ <‪no-reply@portal.example‬‏>:‬\n\nAre you",
    "without signs": "Concord schrieb am 02.03.2026 10:00:\n\nAre you still working on it?",
    "our words alone": "Hello Alice,\nare you still working on Acme Pumps GmbH? If nothing\nhappens, its protection ends",
    "dashes and our words": "--- earlier ---\nHello Alice,\nare you still working on Acme Pumps GmbH? If nothing",
    "dashes alone": "-------- Message d’origine --------",
}
WRITTEN = [
    "Hi,\nOn Monday John of Acme wrote:\nWe will sign in May.\nSo we go on.\n\nAlice",
    "News:\nFrom: Berlin\nTo: Hamburg\nThey move in May.",
    "The agenda of 02.03.2026, 10:00:\n- prices\n- dates",
    "Please write to no-reply@portal.example no more, but to me.\nThey sign in May.",
    "Subject: the offer\nWe sent it on Monday.",
    "---\nBudget: 40,000\nDate: May",
    "----- Plan -----\nA trial in May, an order in June.",
    "Acme Pumps GmbH\nThey sign in May.",
    "Are you still working on Acme Pumps GmbH? Yes!\nThey sign in May.",
    "What we agreed on 02.03.2026:",
    "Concord told me on 02.03.2026 that it ends.\nIt goes on.",
    "Joint visit with Concord on 12 May 2026:\n- the demo went well\n- they order in June",
    "Hi team,\n\nsummary of our call with Concord on 12.05.2026:\n- demo went well\n\nBest regards\nAlice",
    "Termin mit Concord und Acme am 12.05.2026:\nDie Demo lief gut, Bestellung im Juni.",
    "Concord price list 2026:\nthe customer accepts it and orders in June.",
    "The value is raised.\nFrom: 40,000\nTo: 60,000",
    "Kunde hat bestätigt.\nDatum: 12.05.2026\nBetreff: Angebot 4711",
    "Budget approved\n>100k EUR\nDecision in May",
    "Two things:\n\n> 100k EUR\n>= 3 sites\n\nDecision in May",
    "Open the registration: https://portal.example/x\nHello Alice,\nthey order in June.",
    "Still active? Acme Pumps GmbH\nYes, they order in June.",
]


@pytest.mark.parametrize("said", ["", "We met the board.", "We met them on 1.3.2026:\n- prices\n- dates"])
@pytest.mark.parametrize("program", HEADS)
def test_what_programs_write_over_a_quote_is_left_out(program, said):
    text = f"{said}\n\n{HEADS[program]}\n\nAre you still working on it?"
    if program in ("dashes alone", "our words alone"):
        text = text.removesuffix("\n\nAre you still working on it?")
    assert new_text(text, SENT) == said
    assert new_text(text.replace("\n", "\r\n"), SENT) == said


@pytest.mark.parametrize("said", WRITTEN)
def test_the_writers_own_words_are_kept(said):
    assert new_text(said, SENT) == said
    assert new_text(f"{said}\n\nOn Wed, 1 Apr 2026 at 10:00, Concord wrote:\n\n> quoted", SENT) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Arc", "Plan for March 2026, 10:00, as they wrote:\ntrial, then order."),
        ("GE", "Agenda of 12.05.2026:\ntrial, then order."),
        ("Eta", "Details agreed on 12.05.2026:\ntrial, then order."),
    ],
)
def test_a_short_name_of_the_portal_is_found_as_a_word_only(settings, name, said):
    settings.PORTAL_NAME, settings.DEFAULT_FROM_EMAIL = name, f"{name} <no-reply@portal.example>"
    assert new_text(said) == said
    quoted = f"{said}\n\nOn 1 Apr 2026 at 10:00, {name} wrote:\n\nAre you still working on it?"
    assert new_text(quoted) == said


def test_what_introduces_the_writers_own_citation_stays():
    assert new_text("The board said:\n> We sign in May.") == "The board said:"
    assert new_text("Thanks.\n\nOn Monday Concord wrote:\n> quoted") == "Thanks."


HEAD = "Concord &lt;no-reply@portal.example&gt;"
OURS = "<p>Are you still working on it?</p>"
MARKUP = {
    "GMX": '<div>{said}</div><div>&nbsp;<div name="quote" style="border-left:2px solid #C3D9E5;"><div><b>Gesendet:</b>&nbsp;'
    f"Montag, 02. M&auml;rz 2026 um 10:00 Uhr<br/><b>Von:</b>&nbsp;{HEAD}<br/><b>An:</b>&nbsp;alice@northgate.example</div>"
    f'<div name="quoted-content">{OURS}</div></div></div>',
    "Samsung": '<div>{said}</div><div><br></div><div dir="auto"><div>-------- Urspr&uuml;ngliche Nachricht --------</div>'
    f"<div>Von: {HEAD} </div><div>Datum: 02.03.26  10:00  (GMT+01:00) </div><div>An: Alice </div></div>{OURS}",
    "Samsung, French": "<div>{said}</div><div>-------- Message d'origine --------</div>"
    f"<div>De : {HEAD} </div><div>Date : 02/03/2026  10:00 </div><div>Objet : x </div>{OURS}",
    "Outlook": '<p>{said}</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>Lähettäjä:</b> '
    f"{HEAD}<br><b>Lähetetty:</b> maanantai<br><b>Vastaanottaja:</b> Alice<br><b>Aihe:</b> x</p></div>{OURS}",
    "Thunderbird": '<p>{said}</p><div class="moz-cite-prefix">W dniu 2.03.2026, Concord pisze:</div>'
    f'<blockquote type="cite" cite="mid:1">{OURS}</blockquote>',
    "an attribution beside its quote": "<div>{said}</div><div>02.03.2026, 10:00, Concord:</div>"
    f"<blockquote>{OURS}</blockquote>",
}


@pytest.mark.parametrize("said", ["", "We met the board."])
@pytest.mark.parametrize("program", MARKUP)
@pytest.mark.parametrize(
    "beside", [None, "{said}\n\n02.03.2026 10:00 Uhr, kein Mensch weiß was\n\nAre you still"]
)
def test_the_structure_of_markup_tells_the_quote(program, said, beside):
    """Beside a plain part, too, where the structure is known."""
    html = f"<html><body>{MARKUP[program].replace('{said}', said)}</body></html>"
    plain = beside and beside.replace("{said}", said)
    if plain and ("Samsung" in program or program == "Outlook"):
        plain = said or None  # nothing marks their quote: the plain part counts
    mail = letter("a@b.example", "c@d.example", plain, html=html)
    assert new_text(read_letter(mail.as_bytes()).text()) == said


def test_an_indented_paragraph_is_the_writers_own():
    html = (
        '<p>They say:</p><blockquote style="margin:0 0 0 40px;border:none;padding:0px">We sign.</blockquote>'
    )
    mail = letter("a@b.example", "c@d.example", None, html=html)
    assert new_text(read_letter(mail.as_bytes()).text()).split() == ["They", "say:", "We", "sign."]


@pytest.mark.django_db
def test_replies_without_a_word_keep_no_deal_alive(alice, register):
    """However a program quotes: the words of the mail that was sent are known. What it wrote over them has another date each
    time, which would be news."""
    deal = register(alice, "Acme Pumps GmbH")
    for number, days in enumerate((31, 53), 1):
        at = MONDAY + timedelta(days=days)
        reminders.send_reminders(clock=fixed(at))
        mail = Message.objects.exclude(reply_to="").latest("pk")
        for text in (mail.text, mail.text.replace("\n\n", "\n")):
            body = f"\n\n0{number}.03.2026 kl. 10:00 skrev somebody:\n\n{text}"
            (row,) = receiving.receive(letter(alice.email, mail.reply_to, body).as_bytes(), clock=fixed(at))
            assert row.outcome == "empty"
    assert not deal.timeline.filter(kind="update").exists()


@pytest.mark.django_db
def test_facts_copied_from_our_mail_do_not_swallow_the_news_below_them(alice, register):
    deal = register(alice, "Acme Pumps GmbH")
    reminders.send_reminders(clock=fixed(MONDAY + timedelta(days=30)))
    mail = Message.objects.exclude(reply_to="").get()
    facts = [
        line for line in mail.text.split("\n") if line.startswith(("Registration:", "Company:", "Deal:"))
    ]
    assert len(facts) == 3
    said = "\n".join(facts) + "\nThey order in June."
    for number, quote in enumerate((mail.text, mail.text.replace("\n", "\n> "))):
        body = f"{said[: len(said) - number]}\n\nOn Wed, 1 Apr 2026 at 10:00, Concord wrote:\n\n{quote}"
        at = fixed(MONDAY + timedelta(days=31, hours=number))
        (row,) = receiving.receive(letter(alice.email, mail.reply_to, body).as_bytes(), clock=at)
        assert row.outcome == ("updated" if not number else "refused")  # the same words again
    assert deal.timeline.get(kind="update").data["text"] == said


@pytest.mark.django_db
def test_what_the_writer_says_beside_our_words_is_the_update(alice, register):
    deal = register(alice, "Acme Pumps GmbH")
    reminders.send_reminders(clock=fixed(MONDAY + timedelta(days=30)))
    mail = Message.objects.exclude(reply_to="").get()
    said = "Hi,\nOn Monday John of Acme wrote:\nWe will sign in May.\nSo we go on.\n\nAlice"
    body = f"{said}\n\n-----Original Message-----\nFrom: Concord\nSent: Monday\n\n{mail.text}"
    receiving.receive(
        letter(alice.email, mail.reply_to, body).as_bytes(), clock=fixed(MONDAY + timedelta(days=31))
    )
    assert deal.timeline.last().data["text"] == said
