"""What is new in a reply: the text above the quote, without signature.

`quotes.py` finds where the quote begins, `headings.py` what a program wrote over it. Only the standard's own line of two hyphens
is a signature here (RFC 3676), and what a telephone writes under every mail of its owner ('Sent from my …') is nobody's news.
"""

import re

from mailparser_reply.constants import MAIL_LANGUAGES

from registrations.services.mail_in.banners import without_banner
from registrations.services.mail_in.devices import by_a_device
from registrations.services.mail_in.headings import is_separator
from registrations.services.mail_in.quotes import Sent, quote_at

# The longest reply that is looked at; more than a note on a timeline can hold is cut.
_MOST_LOOKED_AT = 20_000
MOST = 2_000
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n\s*\n+")
_DEVICES = [words for language in MAIL_LANGUAGES.values() if (words := language.get("sent_from"))]
# A line of its own, short as these are: whoever writes more than that has something to say.
_BY_A_DEVICE = re.compile(
    rf"\s*(?:(?:{'|'.join(_DEVICES)}|Von mein\w* .*gesendet|Envoyé de mon).{{0,60}})?\s*",
    re.IGNORECASE,
)
_NOTHING = Sent()


def new_text(text: str, sent: Sent = _NOTHING) -> str:
    """The reply itself, at most MOST characters; '' when nothing stands above the quote. `sent` are the mails of ours that it
    may answer: their words are no news, however a program quotes them."""
    looked_at = text[:_MOST_LOOKED_AT].replace("\r\n", "\n").replace("\r", "\n")
    lines = without_banner(looked_at).split("\n")
    quote = quote_at(lines, sent)
    lines = _SIGNATURE.split("\n".join(lines[:quote]), maxsplit=1)[0].split("\n")
    while lines and (_BY_A_DEVICE.fullmatch(lines[-1]) or by_a_device(lines[-1]) or is_separator(lines[-1])):
        lines.pop()
    said = _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
    return said if len(said) <= MOST else said[: MOST - 1].rstrip() + "…"
