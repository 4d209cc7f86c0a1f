"""What is new in a reply: the text above the quote, without signature.

The library knows how mail programs in fourteen languages introduce a quote. Its idea of a signature is left aside: it takes
lists with hyphens for one. Only the standard's own line of two hyphens ends the text here (RFC 3676).
"""

import re

from mailparser_reply import EmailReplyParser
from mailparser_reply.constants import MAIL_LANGUAGES

# The longest reply that is looked at; more than a note on a timeline can hold is cut.
_MOST_LOOKED_AT = 20_000
MOST = 2_000
_QUOTE_OR_SIGNATURE = re.compile(r"^(?:\s*>.*|-- ?)$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n\s*\n+")
_PARSER = EmailReplyParser(languages=sorted(MAIL_LANGUAGES))


def new_text(text: str) -> str:
    """The reply itself, at most MOST characters; '' when nothing stands above the quote."""
    looked_at = text[:_MOST_LOOKED_AT].replace("\r\n", "\n").replace("\r", "\n")
    first = _PARSER.read(_QUOTE_OR_SIGNATURE.split(looked_at, maxsplit=1)[0]).replies[0]
    if first.headers:
        return ""
    said = _BLANK_LINES.sub("\n\n", first.content).strip()
    return said if len(said) <= MOST else said[: MOST - 1].rstrip() + "…"
