"""HTML mail as plain lines, without what it quotes: mail programs mark the quote in their own ways."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from registrations.services.mail_in.headings import without_heading

_BREAKS = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "ul", "ol", "table", "hr"}
_UNSEEN = {"style", "script", "head", "title", "template"}
_VOID = {"br", "hr", "img", "input", "meta", "link", "col", "area", "base", "wbr", "source", "embed"}
_QUOTES = {
    "gmail_quote",
    "gmail_quote_container",
    "gmail_attr",
    "yahoo_quoted",
    "moz-cite-prefix",
    "moz-forward-container",
    "protonmail_quote",
    "tutanota_quote",
    "zmail_extra",
    "quoted-content",
}
# Of webmail such as GMX and mail.com, which gives the quote a name.
_NAMES = {"quote", "quoted-content"}
# From here on everything is the quote, to the end of the mail.
_ENDS = {
    "divrplyfwdmsg",
    "appendonsend",
    "mail-editor-reference-message-container",
    "ms-outlook-mobile-reference-message",
    "olk_src_body_section",
    "replysplit",
    "isforwardcontent",
}
# A blockquote that is only moved to the right, as 'indent' does in some programs, is the writer's own.
_INDENTED = re.compile(r"border(-left)?\s*:\s*(none|0)", re.IGNORECASE)
# Nobody answers between so many quotes: a mail that has more is not read for what introduces each.
_MOST_QUOTES = 50


@dataclass(frozen=True)
class Read:
    """The lines that a reader would see as new; `marked` says whether the mail's structure told what it quotes."""

    text: str
    marked: bool


def read_markup(html: str) -> Read:
    """What is new in a mail of HTML. What introduces a quote goes with it, wherever it stands."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Read("\n".join(reader.lines()).strip(), reader.quotes > 0)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.quotes = 0
        self._hidden: list[str] = []  # open elements, from the first that is left out
        self._ended = False

    def lines(self) -> list[str]:
        """What was kept so far."""
        return [" ".join(line.split()) for line in "".join(self.pieces).split("\n")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if not self._hidden and not self._ended and values.get("id", "").lower().removeprefix("x_") in _ENDS:
            self._ended = True
            self._begin_quote()
        if self._hidden:
            if tag not in _VOID:
                self._hidden.append(tag)
            return
        if tag not in _VOID and (tag in _UNSEEN or _is_quote(tag, values)):
            self._hidden.append(tag)
            if tag not in _UNSEEN and not self._ended:
                self._begin_quote()
            return
        if tag in _BREAKS and not self._ended:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            if tag in self._hidden:
                while self._hidden.pop() != tag:
                    pass
            return
        if tag in _BREAKS and not self._ended:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden and not self._ended:
            self.pieces.append(data.replace("\n", " "))

    def _begin_quote(self) -> None:
        self.quotes += 1
        if self.quotes <= _MOST_QUOTES:
            self.pieces = ["\n".join(without_heading(self.lines())), "\n"]


def _is_quote(tag: str, values: dict[str, str]) -> bool:
    if tag == "blockquote":
        cited = values.get("type", "").lower() == "cite" or "cite" in values
        return cited or not _INDENTED.search(values.get("style", ""))
    classes = {name.lower().removeprefix("x_") for name in values.get("class", "").split()}
    return bool(classes & _QUOTES) or values.get("name", "").lower() in _NAMES
