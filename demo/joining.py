"""Firms that want to become partners, and one that is on its way in."""

from datetime import datetime, timedelta

from accounts.models import User
from core.clock import Clock
from demo.history import Past
from partners.enums import PartnerStatus
from partners.models import Application, OnboardingStep, Partner
from partners.services import change_member, vetting
from partners.services.applications import apply, confirm, link_for
from partners.services.onboarding import give_plan
from partners.services.step_reminders import remind_of_steps
from partners.services.steps import complete_step
from partners.services.vetting import Terms

_FIRMS = {
    "tarn": {
        "name": "Tarn Valley Controls Ltd",
        "kind": "integrator",
        "country": "GB",
        "city": "Kendal",
        "website": "tarnvalley.example",
        "about": "We wire and program bottling lines in the north of England, eleven engineers, twenty years.\n"
        "Our customers ask for remote access more and more.",
        "contact_name": "Hazel Dixon",
        "contact_title": "Managing director",
        "contact_email": "hazel@tarnvalley.example",
        "contact_phone": "+44 1539 555 014",
    },
    "north": {
        "name": "Northgate Automation GmbH",
        "kind": "integrator",
        "country": "DE",
        "city": "Bremen",
        "website": "northgate.example",
        "about": "We are the new branch in Bremen and would like an access of our own.",
        "contact_name": "Jens Okkers",
        "contact_email": "okkers@northgate.example",
    },
    "andes": {
        "name": "Andes Telemetría SpA",
        "kind": "distributor",
        "country": "CL",
        "city": "Antofagasta",
        "website": "andestelemetria.example",
        "about": "Distribution for mines: sensors, gateways, radio. Warehouse in Antofagasta, service in four countries.",
        "contact_name": "Rosario Fuentes",
        "contact_title": "Gerente comercial",
        "contact_email": "rfuentes@andestelemetria.example",
    },
    "quick": {
        "name": "Quick Leads 24",
        "kind": "consultant",
        "country": "NL",
        "website": "quickleads24.example",
        "about": "We sell address lists.",
        "contact_name": "P. Jansen",
        "contact_email": "info@quickleads24.example",
    },
    "baltic": {
        "name": "Baltic Edge OÜ",
        "kind": "msp",
        "country": "EE",
        "city": "Tallinn",
        "website": "balticedge.example",
        "about": "We run the machine networks of six food producers around the Baltic Sea.",
        "contact_name": "Liis Tamm",
        "contact_title": "Head of operations",
        "contact_email": "liis@balticedge.example",
    },
}
# Whose functions are known, by short name.
_FUNCTIONS = {
    "bob": ["sales", "marketing"],
    "alice": ["sales"],
    "dan": ["technical"],
    "grace": ["sales"],
    "owen": ["technical"],
    "femke": ["sales", "technical"],
}


def load_applications(past: Past, today: datetime, people: dict[str, User]) -> None:
    """Three that wait, of which one is nearly looked at and one is a double; one declined, one taken in."""
    olga = people["olga"]
    for key, days, hours in (
        ("quick", 40, 8),
        ("baltic", 13, 14),
        ("andes", 6, 9),
        ("north", 3, 12),
        ("tarn", 1, 10),
    ):
        with past.at(today - timedelta(days=days) + timedelta(hours=hours)) as clock:
            _apply(key, clock)
    with past.at(today - timedelta(days=39)) as clock:
        text = "We work with firms that install and look after our products; lists of addresses don't fit."
        vetting.decline(_application("quick"), by=olga, reason="fit", text=text, clock=clock)
    with past.at(today - timedelta(days=10) + timedelta(hours=11)) as clock:
        _tick("baltic", 9, olga, clock)
        terms = Terms("Baltic Edge OÜ", "msp", "liis@balticedge.example", "Liis Tamm", people["mara"])
        text = "Mara calls you this week to get to know you."
        vetting.accept(_application("baltic"), by=olga, terms=terms, text=text, clock=clock)
    with past.at(today - timedelta(days=4) + timedelta(hours=15)) as clock:
        _tick("andes", 3, olga, clock)
        note = "Asked the chamber of commerce in Antofagasta for an extract; they answer within the week."
        vetting.add_note(_application("andes"), text=note, by=olga, clock=clock)


def load_onboarding(past: Past, today: datetime, people: dict[str, User]) -> None:
    """A firm in its second stage, and what people do for their firms."""
    firm = Partner.objects.get(status=PartnerStatus.ONBOARDING, members__user=people["femke"])
    begun = today - timedelta(days=23)
    with past.at(begun) as clock:
        give_plan(firm, by=people["olga"], at=clock())
    for days, title, who in (
        (21, "Complete your profile", "femke"),
        (20, "Welcome call", "mara"),
        (12, "Invite your colleagues", "femke"),
        (9, "Set up territories and product lines", "olga"),
    ):
        with past.at(today - timedelta(days=days) + timedelta(hours=10)) as clock:
            step = OnboardingStep.objects.get(partner=firm, title=title)
            complete_step(step, by=people[who], clock=clock)
    with past.at(today - timedelta(days=1)) as clock:
        remind_of_steps(clock=clock)
    for name, functions in _FUNCTIONS.items():
        with past.at(today - timedelta(days=100)) as clock:
            change_member(people[name].member, by=people[name], functions=functions, clock=clock)


def _apply(key: str, clock: Clock) -> None:
    made = apply(_FIRMS[key], clock=clock)
    assert made is not None
    confirm(link_for(made).rstrip("/").rsplit("/", 1)[-1], clock=clock)


def _application(key: str) -> Application:
    return Application.objects.get(name=_FIRMS[key]["name"])


def _tick(key: str, most: int, by: User, clock: Clock) -> None:
    for check in _application(key).checks.all()[:most]:
        vetting.tick(check, done=True, by=by, clock=clock)
