"""Where the quote begins in a reply. The writer's own words are never cut for a heading alone: 'On Monday John wrote:' counts
only over a quote, which is told by its '>', by our address, or by the words and the subject of the mail that we sent. Without
any of these it must name the portal, and say in a program's words that it wrote, with day and hour."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from registrations.services.mail_in.headings import (
    attribution,
    has_day,
    is_in_words_of_writing,
    is_original_message,
    kind_of,
    plain,
    without_heading,
)
from registrations.services.mail_in.ourselves import names_our_address, names_portal

# So many characters of ours, one line after the other, are no accident; a line that begins them is one of ours as it is, or long.
_OURS_ENOUGH = 40
_LONG_LINE = 20
# '>100k EUR' is an amount. So many of them in a row are a quote.
_MORE_THAN = re.compile(r"\s*>(?:=?\s?[€$£]?\s?\d|[^\s>])")
_MOST_AMOUNTS = 3
_ANSWER = re.compile(r"(?:\w{1,5}\s?[:：]\s*)+")
_AROUND = " \t>*_|"


@dataclass(frozen=True)
class Sent:
    """The mails of ours that a reply may answer: their subjects and their words, as they were written."""

    subjects: Sequence[str] = ()
    texts: Sequence[str] = ()
    lines: frozenset[str] = field(init=False)
    whole: str = field(init=False)
    half: int = field(init=False)  # of the shortest of the texts, in characters

    def __post_init__(self) -> None:
        lines = [_folded(line) for text in self.texts for line in text.split("\n")]
        object.__setattr__(self, "lines", frozenset(filter(None, lines)))
        object.__setattr__(self, "whole", " ".join(filter(None, lines)))
        object.__setattr__(self, "half", min((len(text) for text in self.texts if text), default=0) // 2)

    def has_subject(self, text: str) -> bool:
        """Whether `text` is one of the subjects, with or without 'Re:'."""
        said = _folded(_ANSWER.sub("", text, count=1))
        return any(len(said) > 5 and said in _folded(subject) for subject in self.subjects)


def quote_at(lines: Sequence[str], sent: Sent) -> int | None:
    """The number of the line with which the quote begins, what introduces it included; None where there is none."""
    for number, line in enumerate(lines):
        if is_original_message(line) or _is_head(lines, number, sent):
            return number
        if _is_marked(lines, number, sent) or _is_ours(lines, number, sent):
            return len(without_heading(lines[:number]))
        if _names_us(lines, number):
            return _begin_of_attribution(lines, number)
    return None


def _is_marked(lines: Sequence[str], number: int, sent: Sent) -> bool:
    """Whether the line begins with the mark of a quote, and not with the 'more than' of an amount: that one has nothing over it
    that introduces a quote, and is none of our words."""
    run = list(takewhile(_begins_with_mark, lines[number : number + _MOST_AMOUNTS + 1]))
    if not run:
        return False
    amounts = len(run) <= _MOST_AMOUNTS and all(_MORE_THAN.match(line) for line in run)
    if not amounts or any(_folded(line) in sent.lines for line in run):
        return True
    return _is_introduced(lines, number)


def _begins_with_mark(line: str) -> bool:
    return line.lstrip().startswith(">")


def _is_introduced(lines: Sequence[str], number: int) -> bool:
    """Whether a heading or dashes stand right above the line."""
    above = list(lines[:number])
    while above and not plain(above[-1]):
        above.pop()
    return len(without_heading(above)) < len(above)


def _is_head(lines: Sequence[str], number: int, sent: Sent) -> bool:
    """Two lines of a mail's head of which one is about our mail, or three of anybody's mail with an address in them."""
    if kind_of(lines[number]) is None:
        return False
    head = list(_head(lines, number))
    kinds = {kind for kind, _ in head}
    ours = any(
        names_our_address(said)
        or (kind == "subject" and sent.has_subject(said))
        or (kind == "from" and names_portal(said))
        for kind, said in head
    )
    of_a_mail = "from" in kinds and len(kinds) >= 3 and any("@" in said for _, said in head)
    return of_a_mail or (ours and len(kinds) >= 2)


def _head(lines: Sequence[str], number: int) -> Iterator[tuple[str, str]]:
    """The lines of the head that begins here. One line between two of them may be blank, or the rest of a long one."""
    strange = False
    for index in range(number, len(lines)):
        found = kind_of(lines[index])
        if found:
            yield found
        elif strange:
            return
        strange = found is None


def _names_us(lines: Sequence[str], number: int) -> bool:
    """Whether the line is, or ends, an attribution of our mail: it names our address, or says that the portal wrote. An address
    of ours in the middle of what somebody writes is none."""
    said = plain(lines[number])
    if names_our_address(said):
        alone = " " not in said.strip("<>[](): ")
        return alone or said.endswith((":", "：", ">")) or has_day(said)
    if not said.endswith((":", "：")):
        return False
    count = attribution(lines[max(0, number - 1) : number + 1])
    found = lines[number + 1 - count : number + 1]
    return bool(count) and names_portal(" ".join(found)) and is_in_words_of_writing(found)


def _begin_of_attribution(lines: Sequence[str], number: int) -> int:
    """Where an attribution begins that names us in line `number`: a line may be broken in front of an address."""
    paragraph = list(takewhile(plain, reversed(lines[max(0, number - 3) : number + 1])))[::-1]
    above = attribution(paragraph) - 1
    if above < 1 and len(paragraph) > 1 and _begins_with_address(lines[number]):
        above = 1
    return number - max(above, 0)


def _is_ours(lines: Sequence[str], number: int, sent: Sent) -> bool:
    """Whether our mail begins here: nothing else follows, or half of it does, or a heading stands above. A few facts that the
    writer copied from it, and goes on, are the writer's."""
    first = _folded(lines[number])
    if not first or not (first in sent.lines or (len(first) >= _LONG_LINE and first in sent.whole)):
        return False
    found = 0
    for line in lines[number:]:
        said = _folded(line)
        if said and said not in sent.whole and "://" not in said:  # a mail server may have changed our links
            return found >= _OURS_ENOUGH and (found >= sent.half or _is_introduced(lines, number))
        found += len(said)
    return found >= _LONG_LINE


def _folded(line: str) -> str:
    return " ".join(plain(line).strip(_AROUND).casefold().split())


def _begins_with_address(line: str) -> bool:
    return "@" in plain(line).lstrip("<[( ").partition(" ")[0]
