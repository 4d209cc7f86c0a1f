"""What is new in a reply: the text above the quote, without signature.

The library knows how mail programs in fourteen languages introduce a quote. Its idea of a signature is left aside: it takes
lists with hyphens for one. Only the standard's own line of two hyphens ends the text here (RFC 3676), and what a telephone
writes under every mail of its owner ('Sent from my …') is nobody's news. In any other language the quote begins with the
line that names one of our addresses, or with lines such as 'От: …, Отправлено: …, Кому: …' that head a mail.
"""

import re
from email.utils import parseaddr

from django.conf import settings
from mailparser_reply import EmailReplyParser
from mailparser_reply.constants import MAIL_LANGUAGES

from registrations.services.mail_in.devices import by_a_device

# The longest reply that is looked at; more than a note on a timeline can hold is cut.
_MOST_LOOKED_AT = 20_000
MOST = 2_000
_QUOTE_OR_SIGNATURE = re.compile(r"^(?:\s*>.*|-- ?)$", re.MULTILINE)
# What Outlook and its like write above the mail that is answered or forwarded: 'From' in their language, then two such lines.
_FROM = (
    "From|Von|De|Da|Van|Från|Fra|Lähettäjä|Od|От|От кого|Від|Kimden|Gönderen|Από|Feladó|De la|Expéditeur|Mittente|Remitente|"
    "Remetente|差出人|发件人|寄件者|寄件人|보낸 사람|من|מאת"
)
_HEAD = re.compile(
    rf"^[ \t>*]*(?:{_FROM})[ \t*]*[:：][^\n]*@[^\n]*(?:\n[ \t>*]*[^\W\d][^:：\n]{{0,30}}[:：][^\n]*){{2}}",
    re.MULTILINE | re.IGNORECASE,
)
_BLANK_LINES = re.compile(r"\n\s*\n+")
_PARSER = EmailReplyParser(languages=sorted(MAIL_LANGUAGES))
_DEVICES = [words for language in MAIL_LANGUAGES.values() if (words := language.get("sent_from"))]
# A line of its own, short as these are: whoever writes more than that has something to say.
_BY_A_DEVICE = re.compile(
    rf"\s*(?:(?:{'|'.join(_DEVICES)}|Von mein\w* .*gesendet|Envoyé de mon).{{0,60}}|[_-]{{8,}})?\s*",
    re.IGNORECASE,
)


def new_text(text: str) -> str:
    """The reply itself, at most MOST characters; '' when nothing stands above the quote."""
    looked_at = text[:_MOST_LOOKED_AT].replace("\r\n", "\n").replace("\r", "\n")
    above = _HEAD.split(_QUOTE_OR_SIGNATURE.split(looked_at, maxsplit=1)[0], maxsplit=1)[0]
    first = _PARSER.read(above).replies[0]
    if first.headers:
        return ""
    lines = _above_our_address(first.content).split("\n")
    while lines and (_BY_A_DEVICE.fullmatch(lines[-1]) or by_a_device(lines[-1])):
        lines.pop()
    said = _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
    return said if len(said) <= MOST else said[: MOST - 1].rstrip() + "…"


def _above_our_address(text: str) -> str:
    """What stands above the line that names the sender of our mail, or where a reply to it goes. A line that was broken
    in front of the address goes with it."""
    name, _, host = settings.MAIL_IN_ADDRESS.partition("@")
    ours = [re.escape(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])]
    ours += [rf"{re.escape(name)}\+[a-z0-9.-]+@{re.escape(host)}"] if host else []
    found = re.search("|".join(filter(None, ours)), text, re.IGNORECASE)
    if found is None:
        return text
    above, _, line = text[: found.start()].rpartition("\n")
    return above if line.strip(" <[(") else above.rpartition("\n")[0]
