"""Words of a mail: templates/emails/<event>/ rendered for one reader, in their language and time zone."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import css_inline
from django.conf import settings
from django.template import Context
from django.template.loader import select_template
from django.utils import timezone, translation

from accounts.models import User
from notifications.colours import readable_on, softened

SUBJECT_LIMIT = 250
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPACES = re.compile(r"\s+")
_BLANK_LINES = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")


@dataclass(frozen=True)
class Reader:
    """Whom a mail is written for. `language` is a code such as 'en', `time_zone` an IANA name."""

    name: str
    email: str
    language: str = "en"
    time_zone: str = "UTC"

    @property
    def first_name(self) -> str:
        """How a mail greets them; empty when the name is not known."""
        return self.name.split(" ")[0]

    @classmethod
    def of(cls, user: User) -> "Reader":
        """The reader that a person with an account is."""
        return cls(name=user.name, email=user.email, language=user.language, time_zone=user.time_zone)


@dataclass(frozen=True)
class Mail:
    """A finished mail. `language` is the one it is really written in, which is said in its header and markup."""

    subject: str
    text: str
    html: str
    language: str


def render_mail(event: str, *, reader: Reader, context: dict[str, Any], link: str) -> Mail:
    """The mail for `event`. `link` is a path of the portal or a whole address.

    A wording in the reader's language is taken from templates/emails/<event>/<language>/ where there is one, else the
    standard wording, and dates follow the language of the wording: one mail never mixes two languages.
    Raises TemplateDoesNotExist for an event without wording.
    """
    language = _language_of(event, reader.language)
    values = {
        **context,
        "portal": portal(),
        "recipient": reader,
        "link": absolute(link),
        "language": language,
    }
    with translation.override(language), timezone.override(_zone(reader.time_zone)):
        values["subject"] = one_line(_render(event, "subject.txt", values, escape=False))
        return Mail(
            subject=values["subject"],
            text=_tidy(_render(event, "body.txt", values, escape=False)),
            html=_inliner().inline(_render(event, "body.html", values, escape=True)),
            language=language,
        )


def one_line(text: str, limit: int = SUBJECT_LIMIT) -> str:
    """`text` without line ends and control characters, so that a name in a subject cannot become a header."""
    line = _SPACES.sub(" ", _CONTROL.sub(" ", text)).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def absolute(link: str) -> str:
    """`link` as an address that works outside the portal."""
    return urljoin(f"{settings.PORTAL_URL}/", link)


def portal() -> dict[str, str]:
    """What every mail knows of the portal: name, address, logo, colour, text on it, and the colour on dark."""
    colour = settings.PORTAL_COLOUR
    return {
        "name": settings.PORTAL_NAME,
        "url": settings.PORTAL_URL,
        "logo": absolute(settings.PORTAL_LOGO) if settings.PORTAL_LOGO else "",
        "colour": colour,
        "on_colour": readable_on(colour),
        "colour_in_dark": softened(colour),
    }


def _language_of(event: str, wanted: str) -> str:
    default = settings.LANGUAGE_CODE
    if wanted == default:
        return default
    names = [f"emails/{event}/{wanted}/subject.txt", f"emails/{event}/subject.txt"]
    found = select_template(names).template.name
    return wanted if found == names[0] else default


def _render(event: str, part: str, values: dict[str, Any], *, escape: bool) -> str:
    names = [f"emails/{event}/{values['language']}/{part}", f"emails/{event}/{part}"]
    template = select_template(names).template
    return _UNPRINTABLE.sub("", template.render(Context(dict(values), autoescape=escape)))


def _tidy(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return _BLANK_LINES.sub("\n\n", lines).strip() + "\n"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
