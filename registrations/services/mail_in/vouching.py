"""What our own mail server found about a mail's sender (RFC 8601): asked where MAIL_IN_TRUSTED_SERVER names that server."""

import re
from collections.abc import Iterator

from django.conf import settings

from registrations.services.mail_in.reading import Letter

_PASSED = re.compile(r"\s*dmarc\s*(?:/\s*\d+\s*)?=\s*pass(?![\w-])", re.IGNORECASE)
_WHOSE = re.compile(r"\bheader\.from\s*=\s*@?([^\s]+)", re.IGNORECASE)


def is_authentic(letter: Letter) -> bool:
    """Whether our own mail server found the sender's domain to be true (DMARC). Its header stands above all others, so
    the first one counts; what it says of another domain than the one that we read in the From line counts for nothing."""
    if not settings.MAIL_IN_TRUSTED_SERVER:
        return True
    domain = letter.sender.rpartition("@")[2]
    for value in letter.parsed.get_all("Authentication-Results", []):
        server, *results = _parts(str(value))
        if server.split()[:1] and server.split()[0].lower() == settings.MAIL_IN_TRUSTED_SERVER.lower():
            passed = [part for part in results if _PASSED.match(part)]
            return any(_is_about(part, domain) for part in passed)
    return False


def _is_about(result: str, domain: str) -> bool:
    named = _WHOSE.search(result)
    return named is None or named[1].lower().rstrip(".") == domain


def _parts(value: str) -> Iterator[str]:
    """What stands between semicolons, without remarks in brackets and without what is quoted: a stranger chooses some of
    those words (the address in smtp.mailfrom is one), and must not be able to say 'dmarc=pass' there."""
    part, depth, quoted, escaped = "", 0, False, False
    for character in value:
        if escaped or (character == "\\" and (depth or quoted)):
            escaped = not escaped
        elif quoted:
            quoted = character != '"'
        elif character == "(" or (character == ")" and depth):
            depth += 1 if character == "(" else -1
        elif depth:
            continue
        elif character == '"':
            quoted = True
        elif character == ";":
            yield part
            part = ""
        else:
            part += character
    yield part
