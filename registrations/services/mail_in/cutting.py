"""What is new in a reply: the text above the quote, without signature.

`quotes.py` finds where the quote begins, `headings.py` what a program wrote over it. Only the standard's own line of two hyphens
is a signature here (RFC 3676), and what a telephone writes under every mail of its owner ('Sent from my …') is nobody's news.
"""

import re

from registrations.services.mail_in.banners import without_banner
from registrations.services.mail_in.devices import by_a_device
from registrations.services.mail_in.headings import is_separator
from registrations.services.mail_in.quotes import Sent, quote_at

# The longest reply that is looked at; more than a note on a timeline can hold is cut.
_MOST_LOOKED_AT = 20_000
MOST = 2_000
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n\s*\n+")
# A program breaks what it writes below a mail as any other line.
_MOST_LINES = 3
_NOTHING = Sent()


def new_text(text: str, sent: Sent = _NOTHING) -> str:
    """The reply itself, at most MOST characters; '' when nothing stands above the quote. `sent` are the mails of ours that it
    may answer: their words are no news, however a program quotes them."""
    looked_at = text[:_MOST_LOOKED_AT].replace("\r\n", "\n").replace("\r", "\n")
    lines = without_banner(looked_at).split("\n")
    quote = quote_at(lines, sent)
    lines = _SIGNATURE.split("\n".join(lines[:quote]), maxsplit=1)[0].split("\n")
    while lines and (last := _lines_of_a_program(lines)):
        del lines[-last:]
    said = _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
    return said if len(said) <= MOST else said[: MOST - 1].rstrip() + "…"


def _lines_of_a_program(lines: list[str]) -> int:
    """How many lines at the end nobody wrote: blank, a separator, or what a program adds below every mail."""
    if not lines[-1].strip() or is_separator(lines[-1]):
        return 1
    for last in range(1, min(_MOST_LINES, len(lines)) + 1):
        if not lines[-last].strip():
            break
        if by_a_device(" ".join(lines[-last:])):
            return last
    return 0
