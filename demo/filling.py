"""What a partner would have typed into the form: contact, dates, evidence, product lines."""

import unicodedata
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from catalog.models import Currency, Industry, ProductLine, Territory
from demo.files import lines, table
from demo.story import Story
from registrations.enums import ContactMade, Stage
from registrations.services.drafts import LineInput

CURRENCIES = {"US": "USD", "CA": "USD", "MX": "USD", "GB": "GBP", "CH": "CHF", "SE": "SEK", "JP": "JPY"}
_COMPETITORS = ("", "", "", "In-house build", "Ostrava Automation", "Cloudforge IoT", "Sensorium")
_CONTACT_NOTES = (
    "Walked the line with the maintenance team; they lose two shifts a month to unplanned stops.",
    "Showed the demo on a tablet in the control room; they asked for a trial on one line.",
    "Long call about their service contracts; remote access saves them three trips a week.",
    "Their archive runs out of support next spring; they want one system for all sites.",
    "Met at the trade fair, then on site; the energy auditor wants figures by machine.",
)


def form(story: Story, at: datetime) -> tuple[dict[str, Any], list[LineInput]]:
    """The fields of the registration form and its product lines, as of `at`."""
    chance = story.random("form")
    country, city, postcode = place_of(story.place)
    values: dict[str, Any] = {
        "company_name": story.company,
        "website": story.site,
        "country": country,
        "city": city,
        "postcode": postcode,
        "industry": Industry.objects.filter(code=story.industry).first(),
        "territory": Territory.objects.filter(countries__contains=[country]).first(),
        "currency": Currency.objects.get(code=CURRENCIES.get(country, "EUR")),
        "deal_name": story.deal or _deal_name(chance, city),
        "expected_close": (at + timedelta(days=chance.randrange(60, 210))).date(),
        "stage": chance.choice([Stage.PROSPECTING, Stage.QUALIFIED, Stage.QUALIFIED, Stage.PROPOSAL]),
        "competitors": chance.choice(_COMPETITORS),
        "next_step": chance.choice(lines("next_steps")),
        **_contact(chance, story.site),
        **_evidence(chance, at),
        **story.fields,
    }
    return values, _lines(story.lines)


def place_of(place: str) -> tuple[str, str, str]:
    """'DE Ulm, 89073' as country, city and postcode."""
    country, _, rest = place.partition(" ")
    city, _, postcode = rest.partition(", ")
    return country, city, postcode


def _deal_name(chance: Random, city: str) -> str:
    pattern = chance.choice(lines("deal_names"))
    return pattern.format(city=city, count=chance.randrange(12, 90), small=chance.randrange(2, 9))


def _contact(chance: Random, site: str) -> dict[str, str]:
    person = chance.choice(table("contacts"))
    ascii_name = unicodedata.normalize("NFKD", f"{person['first']}.{person['last']}").encode(
        "ascii", "ignore"
    )
    return {
        "contact_name": f"{person['first']} {person['last']}",
        "contact_title": chance.choice(lines("titles")),
        "contact_email": f"{ascii_name.decode().lower()}@{site.removeprefix('www.') or 'mail.example'}",
    }


def _evidence(chance: Random, at: datetime) -> dict[str, Any]:
    kinds = [ContactMade.CALL, ContactMade.MEETING, ContactMade.MEETING, ContactMade.DEMO, ContactMade.TRIAL]
    return {
        "contact_made": chance.choice(kinds),
        "contact_on": (at - timedelta(days=chance.randrange(1, 20))).date(),
        "contact_note": chance.choice(_CONTACT_NOTES),
    }


def _lines(text: str) -> list[LineInput]:
    """'edge-runtime*40=52000 fleet-manager*1=9000' as product lines."""
    found = []
    for part in text.split():
        code, _, rest = part.partition("*")
        quantity, _, value = rest.partition("=")
        line = ProductLine.objects.get(code=code)
        found.append(LineInput(line, int(quantity), Decimal(value) if value else None))
    return found
