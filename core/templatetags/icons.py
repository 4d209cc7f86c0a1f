"""`{% icon "name" %}`: an outline icon as inline SVG."""

import re
from functools import cache
from pathlib import Path

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

ICON_DIRECTORY = Path(__file__).resolve().parent.parent / "icons"
NAME = re.compile(r"[a-z0-9-]+")
DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


@cache
def drawing(name: str) -> str:
    """Return the shapes inside `core/icons/<name>.svg`.

    Raises LookupError for a name without a file: a missing icon is a mistake to see at once, not to hide.
    """
    path = ICON_DIRECTORY / f"{name}.svg"
    if not NAME.fullmatch(name) or not path.is_file():
        raise LookupError(f"There is no icon called {name!r} in core/icons.")
    found = DRAWING.search(path.read_text(encoding="utf-8"))
    if found is None:
        raise LookupError(f"core/icons/{name}.svg holds no <svg> element.")
    return found.group(1)


@register.simple_tag
def icon(name: str, size: int = 20, css: str = "") -> SafeString:
    """Return the icon as decoration: hidden from screen readers, `size` one of 14, 16, 18, 20, 22, 28 CSS pixels.

    `css` adds classes. A control with nothing but an icon needs its own name (`aria-label` or `.visually-hidden`).
    """
    shapes = mark_safe(drawing(str(name)))  # our own files, their names checked
    return format_html(
        '<svg class="icon icon-{size}{css}" width="{size}" height="{size}" viewBox="0 0 24 24" fill="none" '
        'stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" '
        'aria-hidden="true" focusable="false">{shapes}</svg>',
        size=size,
        css=f" {css}" if css else "",
        shapes=shapes,
    )
