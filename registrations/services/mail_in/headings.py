"""What a mail program writes over the mail that is answered: 'On Monday, Concord wrote:', lines such as 'From: …', 'Sent: …',
and words between dashes. Each is told by its kind, in any language; whether a quote follows is for `quotes.py` to say."""

import re
import unicodedata
from collections.abc import Sequence

from mailparser_reply.constants import MAIL_LANGUAGES

from registrations.services.mail_in import heading_words
from registrations.services.mail_in.ourselves import names_portal

_KINDS = {
    "from": heading_words.SENDER,
    "sent": heading_words.SENT,
    "to": heading_words.RECEIVER,
    "cc": heading_words.COPY,
    "subject": heading_words.SUBJECT,
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split("|")}
_LABELLED = re.compile(r"[\s>*_]*([^\s\d:：*_>][^:：*_@\n]{0,24}?)[\s*_]*[:：][\s*_]*(.*)")
_DASHES = r"[-–—_=*]"
_AROUND_WORDS = re.compile(rf"[\s>]*{_DASHES}{{3,}}\s*([^\n]{{2,60}}?)\s*{_DASHES}{{3,}}\s*")
_RULE = re.compile(rf"[\s>]*{_DASHES}{{5,}}\s*")
_ORIGINAL = re.compile(heading_words.ORIGINAL_MESSAGE.replace("'", "['’]"), re.IGNORECASE)
# A day with its month or year in digits, and an hour.
_DAY = re.compile(r"\b\d{1,2}[./-] ?\d{1,2}[./-]|\b(?:19|20)\d\d\b|\d年|\d월|\d月")
_HOUR = re.compile(r"(?<![\d.])\d{1,2}(?:[:hH]\d\d\b|\.\d\d(?!\.?\d))")
_ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")
_WRITING = re.compile(rf"\b(?:{heading_words.WRITING})", re.IGNORECASE)
_WROTE = [
    re.compile(words["wrote_header"], re.DOTALL)
    for words in MAIL_LANGUAGES.values()
    if "wrote_header" in words
]
# An attribution is broken into so many lines at most, and no heading's line is longer: a stranger's could take all day.
_MOST_LINES = 4
_LONGEST = 300


def plain(line: str) -> str:
    """A line without the marks of writing from right to left, and without spaces around it."""
    return "".join(c for c in line if unicodedata.category(c) != "Cf").replace("\u00a0", " ").strip()


def _short(line: str) -> str:
    said = plain(line)
    return said if len(said) <= _LONGEST else ""


def kind_of(line: str) -> tuple[str, str] | None:
    """Which line of a mail's head it is ('from', 'sent', 'to', 'cc', 'subject'), and what it says; None for any other."""
    found = _LABELLED.fullmatch(plain(line)[:_LONGEST])
    kind = _KIND_OF.get(" ".join(found[1].casefold().split()).replace("’", "'")) if found else None
    return (kind, found[2]) if found and kind else None


def is_separator(line: str) -> bool:
    """A rule, or words between dashes."""
    return bool(_RULE.fullmatch(_short(line)) or _AROUND_WORDS.fullmatch(_short(line)))


def is_original_message(line: str) -> bool:
    """'Original message' between dashes: no one but a program writes that."""
    found = _AROUND_WORDS.fullmatch(_short(line))
    return bool(found and _ORIGINAL.search(found[1]))


def has_day(text: str) -> bool:
    """Whether a day is named in digits."""
    return bool(_DAY.search(text))


def is_in_words_of_writing(lines: Sequence[str]) -> bool:
    """Whether `lines` say that somebody wrote, when and at what hour: 'Concord schrieb am 02.03.2026 10:00:'. Minutes of a visit
    may name a day and the vendor; this no one but a program writes."""
    whole = " ".join(plain(line) for line in lines)
    says = any(words.match("\n".join(lines)) for words in _WROTE) or _WRITING.search(whole)
    return bool(says and _DAY.search(whole) and _HOUR.search(whole))


def attribution(lines: Sequence[str]) -> int:
    """How many of the last `lines`, none of them blank, are 'On …, somebody wrote:'; 0 for none. It ends with a colon and
    names an hour, an address, or the portal and a day, or it is one in the words that the library of quotes knows."""
    ends = [_short(line) for line in lines[-_MOST_LINES:]]
    if not ends or not ends[-1].endswith((":", "：")):
        return 0
    for count in range(1, len(ends) + 1):
        if any(words.match("\n".join(ends[-count:])) for words in _WROTE):
            return count
    said, count = ends[-1], 1
    while count < len(ends) and not _DAY.search(said) and _goes_on(ends[-count - 1]):
        count += 1
        said = f"{ends[-count]} {said}"
    names_somebody = _ADDRESS.search(said) or (_DAY.search(said) and names_portal(said))
    return count if names_somebody or _HOUR.search(said) else 0


def without_heading(lines: Sequence[str]) -> list[str]:
    """`lines` without what introduces the quote that follows them: one attribution or head, and the dashes around it."""
    above = _without_separators(lines)
    found = attribution(_last_paragraph(above))
    return _without_separators(above[: len(above) - found] if found else _without_head(above))


def _without_separators(lines: Sequence[str]) -> list[str]:
    kept = list(lines)
    while kept and (not plain(kept[-1]) or is_separator(kept[-1])):
        kept.pop()
    return kept


def _goes_on(line: str) -> bool:
    """Whether an attribution may begin in this line and go on in the next: it says when, and is no sentence."""
    return bool(_DAY.search(line) or _HOUR.search(line)) and not line.endswith((".", "!", "?", ":"))


def _last_paragraph(lines: Sequence[str]) -> list[str]:
    found: list[str] = []
    for line in reversed(lines):
        if not plain(line):
            break
        found.insert(0, line)
    return found[-_MOST_LINES:]


def _without_head(lines: list[str]) -> list[str]:
    """Without the lines 'From: …' and 'Sent: …' or 'Subject: …' at the end, which blank lines may part. 'From: 40,000' and
    'To: 60,000' are the writer's."""
    end, kinds = len(lines), set()
    for number in range(len(lines) - 1, -1, -1):
        found = kind_of(lines[number])
        if found:
            kinds.add(found[0])
            end = number
        elif plain(lines[number]):
            break
    return lines[:end] if "from" in kinds and kinds & {"sent", "subject"} else lines
