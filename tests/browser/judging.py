"""axe judges pages in a real window: wide and narrow, light and dark."""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

WIDE, NARROW = 1280, 320
_JUDGE = Path(__file__).with_name("judging.js").read_text(encoding="utf-8")
_KNOWN = set[str]()


class Judge:
    """Goes through pages in a window with axe, which stays as wide as it was last. `known` are the looks that were judged: by
    default all that this process has seen, so that each is judged once a run."""

    def __init__(self, page: Page, known: set[str] | None = None) -> None:
        self.page, self.known = page, _KNOWN if known is None else known
        self.widths = (WIDE, NARROW)

    def complaints(self, address: str, status: int = 200) -> Iterator[str]:
        """What is wrong with the page at `address`: a line for each element."""
        answer = self.page.goto(address)
        assert answer and answer.status == status, f"{address} answered {answer and answer.status}"
        return self.complaints_here()

    def complaints_here(self) -> Iterator[str]:
        """The same of the page that is open. From page to page the window gets narrow, then wide again."""
        for width in self.widths:
            for complaint in self.look(width):
                yield f"{self.page.url} {width} {complaint}"
        self.widths = self.widths[::-1]

    def look(self, width: int) -> list[str]:
        """What is wrong in a window of `width`."""
        size = self.page.viewport_size
        if size and size["width"] != width:
            self.page.set_viewport_size({"width": width, "height": size["height"]})
        seen = self.page.evaluate(_JUDGE, {"width": width, "known": " ".join(self.known)})
        self.known.update(seen["looks"].split())
        return seen["found"]


def nothing_at(judge: Judge, addresses: list[str], status: int = 200) -> None:
    """Nothing is wrong with any of these pages."""
    faults = [line for address in addresses for line in judge.complaints(address, status)]
    assert not faults, "\n".join(faults)
