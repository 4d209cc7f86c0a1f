"""The facts of a registration as labelled text, section by section, for the pages that show them."""

from dataclasses import dataclass

from registrations import shown
from registrations.models import Registration


@dataclass(frozen=True)
class Fact:
    """A label and its text; `own` marks what somebody typed, in whichever script."""

    label: str
    text: str
    own: bool = True
    link: str = ""


@dataclass(frozen=True)
class Section:
    """Facts that belong together; `anchor` is the section's place on the details page."""

    title: str
    anchor: str
    facts: list[Fact]

    @property
    def is_told(self) -> bool:
        """Whether anything was entered here."""
        return any(fact.text for fact in self.facts)


@dataclass(frozen=True)
class LineShown:
    """A product line with its figures formatted."""

    name: str
    quantity: str
    value: str


def facts_of(registration: Registration) -> list[Section]:
    """Everything a partner entered; empty answers have an empty text."""
    r = registration
    place = " ".join(part for part in (r.postcode, r.city) if part)
    return [
        Section(
            "Company",
            "company",
            [
                Fact("Legal name", r.company_name),
                Fact("Website", r.website, link=f"https://{r.website}" if _is_host(r.website) else ""),
                Fact("Country", str(getattr(r.country, "name", "")), own=False),
                Fact("City", place),
                Fact("Industry", str(r.industry or ""), own=False),
            ],
        ),
        Section(
            "Contact",
            "contact",
            [
                Fact("Name", r.contact_name),
                Fact("Role", r.contact_title),
                Fact("E-mail", r.contact_email),
                Fact("Telephone", r.contact_phone),
            ],
        ),
        Section(
            "Deal",
            "deal",
            [
                Fact("Name of the deal", r.deal_name),
                Fact("Value", shown.money(r.value, r.currency), own=False),
                Fact("Expected to close", shown.day(r.expected_close), own=False),
                Fact("Stage", r.get_stage_display(), own=False),
                Fact("Next step", r.next_step),
                Fact("Competitors", r.competitors),
                Fact("Public tender", "Yes" if r.tender else "No", own=False),
                Fact("Territory", str(r.territory or ""), own=False),
            ],
        ),
        Section(
            "Evidence",
            "evidence",
            [
                Fact("Contact", r.get_contact_made_display(), own=False),
                Fact("When", shown.day(r.contact_on), own=False),
                Fact("What was agreed", r.contact_note),
            ],
        ),
    ]


def lines_of(registration: Registration) -> list[LineShown]:
    """The product lines, in the order they were entered."""
    return [
        LineShown(
            line.product_line.name,
            shown.number(line.quantity),
            shown.money(line.value, registration.currency),
        )
        for line in registration.lines.select_related("product_line")
    ]


def _is_host(website: str) -> bool:
    """Whether it is safe to make a link of: a plain host, as our forms store it; imports may hold anything."""
    return bool(website) and "." in website and all(c.isalnum() or c in ".-" for c in website)
