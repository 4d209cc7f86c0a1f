"""Which country somebody means who wrote its name: by code, by its English name, or as other languages call it."""

import gettext
import unicodedata
from functools import cache
from pathlib import Path

import django_countries
from django_countries import countries

_CATALOGS = Path(django_countries.__file__).parent / "locale"
# What people write and the lists lack, as `_folded` has it: short names, parts of a country, and names that changed officially.
_ALSO = {
    "england": "GB",
    "great britain": "GB",
    "grossbritannien": "GB",
    "holland": "NL",
    "ivory coast": "CI",
    "korea, south": "KR",
    "netherlands": "NL",
    "niederlande": "NL",
    "northern ireland": "GB",
    "republic of ireland": "IE",
    "republic of korea": "KR",
    "scotland": "GB",
    "slovak republic": "SK",
    "south korea": "KR",
    "sudkorea": "KR",
    "turkei": "TR",
    "turkey": "TR",
    "uae": "AE",
    "uk": "GB",
    "united kingdom": "GB",
    "united states": "US",
    "usa": "US",
    "vereinigte staaten": "US",
    "vereinigtes konigreich": "GB",
    "wales": "GB",
}


def country_of(text: str) -> str:
    """The two letters of the country that `text` means ('DE', 'Germany', 'Deutschland'); '' for none, or for a name that more
    than one country has."""
    name = " ".join(text.split())
    if not name:
        return ""
    known = countries.alpha2(name.upper()) or countries.by_name(name)
    return str(known or _ALSO.get(_folded(name)) or _names().get(_folded(name), ""))


@cache
def _names() -> dict[str, str]:
    """Names in all languages that the list of countries is translated to, read once. One that two countries share is left out."""
    english = {str(name): code for code, name in countries}
    found: dict[str, set[str]] = {}
    for path in sorted(_CATALOGS.glob("*/LC_MESSAGES/django.mo")):
        with path.open("rb") as file:
            translated = gettext.GNUTranslations(file).gettext
        for name, code in english.items():
            found.setdefault(_folded(translated(name)), set()).add(code)
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}


def _folded(name: str) -> str:
    """As names are compared: without case, accents, full stops and a leading 'the', as few people write them."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(letter for letter in letters if letter != "." and not unicodedata.combining(letter))
    return " ".join(bare.split()).removeprefix("the ")
