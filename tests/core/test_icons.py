"""The icon tag draws what is there and says so when it is not."""

import re
from pathlib import Path

import pytest

from core.templatetags.icons import ICON_DIRECTORY, drawing, icon

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


def test_an_icon_is_decoration_of_the_size_asked_for():
    drawn = icon("home", 16, "extra")
    assert drawn.startswith('<svg class="icon icon-16 extra" width="16" height="16"')
    assert 'aria-hidden="true"' in drawn
    assert "<path" in drawn


@pytest.mark.parametrize("name", ["no-such-icon", "../icons/home", "", "Home"])
def test_an_unknown_name_is_an_error(name):
    with pytest.raises(LookupError):
        drawing(name)


def test_every_stored_drawing_can_be_drawn():
    names = [path.stem for path in ICON_DIRECTORY.glob("*.svg")]
    assert len(names) > 50
    assert [name for name in names if "<" not in drawing(name)] == []


def test_every_icon_named_in_a_template_exists():
    asked = {
        (path.name, name)
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r"""\{% icon ["']([^"']+)["']""", path.read_text(encoding="utf-8"))
    }
    assert {(file, name) for file, name in asked if not (ICON_DIRECTORY / f"{name}.svg").is_file()} == set()
