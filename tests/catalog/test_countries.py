"""A country is found by its code or by the name that somebody has for it; what could be two is none."""

import pytest
from django_countries import countries

from catalog.countries import country_of

MEANT = {
    "DE": "DE de Germany germany Deutschland  deutschland Allemagne Duitsland Германия",
    "AT": "Österreich Osterreich Austria Oostenrijk",
    "GB": "Großbritannien England Scotland Wales UK U.K. u.k.",
    "NL": "Niederlande Netherlands Nederland",
    "AE": "UAE U.A.E.",
    "TR": "Türkei Turkey",
    "ES": "España Espana Spanien",
    "JP": "日本 Japan",
    "US": "USA U.S.A. U.S.A",
}


@pytest.mark.parametrize(
    ("name", "code"), [(name, code) for code, names in MEANT.items() for name in names.split()]
)
def test_names_of_many_languages(name, code):
    assert country_of(name) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Vereinigtes Königreich", "GB"),
        ("United Kingdom", "GB"),
        ("  The  United   Kingdom ", "GB"),
        ("Northern Ireland", "GB"),
        ("The Netherlands", "NL"),
        ("Republic of Ireland", "IE"),
        ("Slovak Republic", "SK"),
        ("Ivory Coast", "CI"),
        ("Cote d'Ivoire", "CI"),
        ("Republic of Korea", "KR"),
        ("Korea, South", "KR"),
    ],
)
def test_names_of_several_words(name, code):
    assert country_of(name) == code


def test_no_name_on_the_list_leads_to_another_country():
    assert [name for code, name in countries if country_of(str(name)) != code] == []


@pytest.mark.parametrize("name", ["", " ", "Atlantis", "Korea", "Europe", "D", ".", "the"])
def test_what_is_none_or_may_be_two(name):
    assert country_of(name) == ""
