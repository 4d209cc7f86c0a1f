"""HTML mail as plain lines, without what it quotes: mail programs mark the quote in their own ways."""

from html.parser import HTMLParser

_BREAKS = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "ul", "ol", "table", "hr"}
_UNSEEN = {"style", "script", "head", "title", "template"}
_VOID = {"br", "hr", "img", "input", "meta", "link", "col", "area", "base", "wbr", "source", "embed"}
_QUOTES = {
    "gmail_quote",
    "gmail_quote_container",
    "gmail_attr",
    "yahoo_quoted",
    "moz-cite-prefix",
    "protonmail_quote",
}
# From here on everything is the quote, to the end of the mail.
_ENDS = {"divrplyfwdmsg", "appendonsend", "mail-editor-reference-message-container", "olk_src_body_section"}


def text_of(html: str) -> str:
    """The lines that a reader would see as new."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.pieces).split("\n")]
    return "\n".join(lines).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden: list[str] = []  # open elements, from the first that is left out
        self._ended = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._ended = self._ended or values.get("id", "").lower().removeprefix("x_") in _ENDS
        if self._hidden:
            if tag not in _VOID:
                self._hidden.append(tag)
            return
        classes = {name.lower().removeprefix("x_") for name in values.get("class", "").split()}
        if tag not in _VOID and (tag in _UNSEEN or tag == "blockquote" or classes & _QUOTES):
            self._hidden.append(tag)
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
