"""What the programs of the demo hold: pieces of the library, two leads in a pool for one program's firms, incentives to come."""

from datetime import datetime, timedelta
from decimal import Decimal

from accounts.models import User
from catalog.models import Currency, ProductLine
from core.clock import Clock
from demo.history import Past
from leads.services.giving import put_into_pool
from leads.services.keeping import create_lead
from programs.models import ContentItem, Program
from programs.services.contents import put_in, save_incentive

_SPECIALISTS = "Edge Specialists"
_HELD = {
    "Partner basics": ("Selling into plants: a short guide",),
    _SPECIALISTS: ("Energy projects: what customers ask", "Selling into plants: a short guide"),
}
_LEADS = (
    (
        "Molkerei Alpsee eG",
        "DE",
        "Kempten",
        "Runtime at the edge for six filling lines.",
        64_000,
        "Uwe Brandl",
    ),
    (
        "Tuileries du Rhône SAS",
        "FR",
        "Valence",
        "Wants to see a kiln run by an edge device before the summer.",
        41_000,
        "Anne Perrot",
    ),
)


def load_contents(past: Past, today: datetime, people: dict[str, User]) -> None:
    """As of four days ago; the dates of what is planned lie ahead of `today`."""
    olga = people["olga"]
    with past.at(today - timedelta(days=4)) as clock:
        for name, titles in _HELD.items():
            program = Program.objects.get(name=name)
            for title in titles:
                put_in(program, ContentItem.objects.get(current__title=title), by=olga, clock=clock)
        specialists = Program.objects.get(name=_SPECIALISTS)
        _plan(specialists, today, olga)
        for company in _LEADS:
            _pool(specialists, company, olga, clock)


def _plan(program: Program, today: datetime, olga: User) -> None:
    first = today.date() + timedelta(days=40)
    save_incentive(
        program,
        by=olga,
        version=program.version,
        name="Bonus for the first edge rollout",
        text="For each plant that goes live with Edge Runtime: one day of our engineers, free of charge.",
        starts_on=first,
        ends_on=first + timedelta(days=180),
    )
    program.refresh_from_db()
    save_incentive(
        program,
        by=olga,
        version=program.version,
        name="Shared booth at the autumn fair",
        text="Two specialists show their plant with us; we carry the stand.",
        starts_on=None,
        ends_on=None,
    )


def _pool(program: Program, told: tuple[str, str, str, str, int, str], olga: User, clock: Clock) -> None:
    company, country, city, need, value, contact = told
    fields = {
        "company_name": company,
        "country": country,
        "city": city,
        "need": need,
        "value": Decimal(value),
        "currency": Currency.objects.get(code="EUR"),
        "contact_name": contact,
        "source": "Web seminar on edge devices",
        "program": program,
    }
    lines = ProductLine.objects.filter(code="edge-runtime")
    put_into_pool(create_lead(by=olga, fields=fields, product_lines=lines, clock=clock), by=olga, clock=clock)
