"""One selector that no browser knows takes its whole rule with it, without a word."""

from pathlib import Path

import pytest
from django.conf import settings

SHEETS = sorted((Path(settings.BASE_DIR) / "static" / "css").glob("*.css"))


def _inside_has(text):
    """What stands within each ':has(…)'."""
    for found in range(len(text)):
        if not text.startswith(":has(", found):
            continue
        depth, start = 1, found + len(":has(")
        for place in range(start, len(text)):
            depth += {"(": 1, ")": -1}.get(text[place], 0)
            if not depth:
                yield text[start:place]
                break


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_has_holds_no_other_has(sheet):
    assert [inner for inner in _inside_has(sheet.read_text()) if ":has(" in inner] == []
