"""Groups of the demo's partners: by tier, by region, by what they do, by how long they are here, and one by hand."""

from datetime import datetime, timedelta

from accounts.models import User
from demo.history import Past
from partners.groups.operators import Operator
from partners.groups.rules import Block, Condition, Rule
from partners.groups.services import change_group, create_group, pick_firm
from partners.models import Group, Partner


def _is(field: str, *values: str) -> Condition:
    return Condition(field, Operator.ANY_OF, values)


_NEW = Rule("any", (Condition("since", Operator.WITHIN_DAYS, ("180",)), _is("status", "onboarding")))
_FIRST_BUILDERS = Rule("all", (_is("kind", "integrator"), _is("industry", "energy")))
_BUILDERS = Rule(
    "all",
    (
        _is("kind", "integrator", "consultant"),
        Block("any", (_is("industry", "energy"), _is("industry", "machinery"))),
    ),
)
GROUPS: tuple[tuple[str, str, Rule], ...] = (
    ("Active partners", "Everybody who may register.", Rule("all", (_is("status", "active"),))),
    ("Gold and platinum", "Invited to the partner council.", Rule("all", (_is("tier", "gold", "platinum"),))),
    ("DACH and Nordics", "", Rule("all", (_is("territory", "dach", "nordics"),))),
    ("Plant builders", "Integrators and consultants for energy and machinery.", _FIRST_BUILDERS),
    ("New partners", "For the first half year: training and a contact who calls.", _NEW),
    ("Advisory circle", "Talks to product management twice a year. Chosen by hand.", Rule()),
)
_PICKS = (
    ("Gold and platinum", "Tamarind Systems", "excluded", "Distributor: has a council of its own."),
    ("Advisory circle", "Northgate Automation", "added", "Nominated by Mara."),
    ("Advisory circle", "Lombarda Automazione", "added", "Knows metals like nobody else."),
    ("Advisory circle", "Kitamura Solutions KK", "added", "The voice from Asia."),
)


def load_groups(past: Past, today: datetime, *, by: User) -> None:
    """Six groups, written half a year ago, and what was said by hand since."""
    with past.at(today - timedelta(days=180)) as clock:
        for name, note, rule in GROUPS:
            create_group(by=by, name=name, note=note, rule=rule, clock=clock)
    with past.at(today - timedelta(days=100)) as clock:
        builders = Group.objects.get(name="Plant builders")
        change_group(
            builders,
            by=by,
            version=builders.version,
            name=builders.name,
            note=builders.note,
            rule=_BUILDERS,
            clock=clock,
        )
    with past.at(today - timedelta(days=95)) as clock:
        for group, firm, kind, reason in _PICKS:
            pick_firm(
                Group.objects.get(name=group),
                Partner.objects.get(name=firm),
                by=by,
                kind=kind,
                reason=reason,
                clock=clock,
            )
