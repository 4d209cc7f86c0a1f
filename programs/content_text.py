"""The text of a page: what people type, made readable. No HTML goes in, so none comes out that is not ours.

An empty line ends a paragraph; a line that begins with '# ' is a heading, lines that begin with '- ' are a list; web and mail
addresses become links.
"""

import re
from collections.abc import Iterator

from django.utils.html import format_html, format_html_join, urlize
from django.utils.safestring import SafeString, mark_safe

_HEADING, _ITEM = "# ", "- "
_GAP = re.compile(r"\n[ \t]*\n")


def as_html(text: str) -> SafeString:
    """The text as HTML: h2, p and ul, everything else escaped. Links don't pass on where the reader came from."""
    blocks = _GAP.split(text.replace("\r\n", "\n").replace("\r", "\n").strip())
    return format_html_join("\n", "{}", ((part,) for block in blocks for part in _parts(block)))


def _parts(block: str) -> Iterator[SafeString]:
    """Headings, lists and paragraphs of a block, in order."""
    kind, waiting = "", list[str]()
    for line in block.split("\n"):
        now = _HEADING if line.startswith(_HEADING) else _ITEM if line.startswith(_ITEM) else "p"
        if waiting and (now != kind or now == _HEADING):
            yield _part(kind, waiting)
            waiting = []
        kind = now
        waiting.append(line if now == "p" else line[2:])
    if any(line.strip() for line in waiting):
        yield _part(kind, waiting)


def _part(kind: str, lines: list[str]) -> SafeString:
    if kind == _ITEM:
        items = format_html_join("", '<li dir="auto">{}</li>', ((_line(line),) for line in lines))
        return format_html("<ul>{}</ul>", items)
    if kind == _HEADING:
        return format_html('<h2 dir="auto">{}</h2>', lines[0].strip())
    return format_html(
        '<p dir="auto">{}</p>', format_html_join(mark_safe("<br>"), "{}", ((_line(line),) for line in lines))
    )


def _line(line: str) -> SafeString:
    return mark_safe(urlize(line.strip(), nofollow=True, autoescape=True))
