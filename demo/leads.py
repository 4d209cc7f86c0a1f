"""Leads of the demo: some in each state, told through the services like the deals."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from accounts.models import User
from catalog.models import Currency, ProductLine
from core.clock import Clock
from demo.filling import CURRENCIES, place_of
from demo.story import Step, Story
from leads.models import Lead
from leads.services import answering, giving, keeping, rotation
from partners.models import Partner


@dataclass(frozen=True)
class LeadStory(Story):
    """A lead. `owner` writes it down; `lines` are codes of product lines; `deal` is where it comes from."""

    need: str = ""
    contact: str = ""
    value: int = 0
    note: str = ""


@dataclass
class LeadScene:
    """A lead's story while it is told."""

    story: LeadStory
    people: dict[str, User]
    code: str = ""

    @property
    def lead(self) -> Lead:
        return Lead.objects.get(code=self.code)

    @property
    def owner(self) -> User:
        return self.people[self.story.owner]

    def firm_of(self, person: str) -> Partner:
        """The firm of somebody by short name."""
        return self.people[person].member.partner

    def look_again(self) -> None:
        """Nothing is kept between steps."""


LeadVerb = Callable[[LeadScene, Step, Clock], None]


def create(scene: LeadScene, step: Step, clock: Clock) -> None:
    story = scene.story
    country, city, postcode = place_of(story.place)
    name, _, title = story.contact.partition(", ")
    fields = {
        "company_name": story.company,
        "website": story.site,
        "country": country,
        "city": city,
        "postcode": postcode,
        "contact_name": name,
        "contact_title": title,
        "contact_email": f"{name.split(' ')[-1].lower()}@{story.site}" if name and name.isascii() else "",
        "need": story.need,
        "value": Decimal(story.value) or None,
        "currency": Currency.objects.get(code=CURRENCIES.get(country, "EUR")),
        "source": story.deal,
        "note": story.note,
    }
    lines = ProductLine.objects.filter(code__in=story.lines.split())
    scene.code = keeping.create_lead(by=scene.owner, fields=fields, product_lines=lines, clock=clock).code


def give(scene: LeadScene, step: Step, clock: Clock) -> None:
    """'give <somebody of the firm> <onward>[: message]'."""
    head, _, message = step.words.partition(": ")
    person, _, onward = head.partition(" ")
    giving.give(
        scene.lead,
        way="hand",
        by=scene.owner,
        partner=scene.firm_of(person),
        onward=onward or "back",
        message=message,
        clock=clock,
    )


def territory(scene: LeadScene, step: Step, clock: Clock) -> None:
    giving.give(scene.lead, way="territory", by=scene.owner, onward=step.words or "territory", clock=clock)


def turn(scene: LeadScene, step: Step, clock: Clock) -> None:
    giving.give(scene.lead, way="rotation", by=scene.owner, onward="rotation", clock=clock)


def pool(scene: LeadScene, step: Step, clock: Clock) -> None:
    giving.put_into_pool(scene.lead, by=scene.owner, clock=clock)


def claim(scene: LeadScene, step: Step, clock: Clock) -> None:
    giving.claim(scene.lead, by=scene.people[step.words], clock=clock)


def accept(scene: LeadScene, step: Step, clock: Clock) -> None:
    """'accept <person> <days until it should close>'."""
    person, _, days = step.words.partition(" ")
    fields = {"expected_close": (step.at + timedelta(days=int(days))).date()}
    answering.accept(scene.lead, by=scene.people[person], fields=fields, clock=clock)


def decline(scene: LeadScene, step: Step, clock: Clock) -> None:
    """'decline <person> <reason>: <text>'."""
    head, _, text = step.words.partition(": ")
    person, _, reason = head.partition(" ")
    answering.decline(scene.lead, by=scene.people[person], reason=reason, text=text, clock=clock)


def close(scene: LeadScene, step: Step, clock: Clock) -> None:
    reason, _, text = step.words.partition(": ")
    keeping.close_lead(scene.lead, by=scene.owner, reason=reason, text=text, clock=clock)


LEAD_VERBS: dict[str, LeadVerb] = {
    verb.__name__: verb for verb in (create, give, territory, turn, pool, claim, accept, decline, close)
}


def load_weights(people: dict[str, User]) -> None:
    """Two firms get more leads in turn than the others; one sits out."""
    weights = {"alice": 3, "charlie": 3, "sigrid": 2, "giulia": 0}
    named = {people[key].member.partner: weight for key, weight in weights.items()}
    rotation.set_weights(named, by=people["olga"])
