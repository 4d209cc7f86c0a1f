"""Firms that differ in everything a rule can ask, what is true of them, and a slow, plain evaluation of rules over that."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from accounts import enums
from catalog.models import Industry, ProductLine, Territory
from core.clock import fixed
from partners.certificates.enums import CertificateKind, CertificateStatus
from partners.groups.rules import Block, Condition, Rule
from partners.models import Certificate, CertificateType, Member, Partner
from programs.models import Enrolment
from tests.people import draft_for, make_user, submitted
from tests.programs.makers import make_program

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Truth:
    """What is true of a firm, by field."""

    partner: Partner
    values: dict[str, set[str]]
    texts: dict[str, str]
    since: datetime
    picked: str = ""


# name, kind, tier, status, country, city, territories, industries, days since it was taken in, manager, functions, certificates
_ROWS = (
    ("Northgate", "integrator", "gold", "active", "DE", "Hamburg", "dach nordics", "food", 10, "mara", "sales", "safety"),
    ("Southridge", "reseller", "platinum", "active", "US", "Denver", "", "food metals", 90, "mara", "sales technical", ""),
    ("Fjordtech", "integrator", "gold", "suspended", "NO", "Bergen", "nordics", "", 91, "", "technical", "safety export"),
    ("Albion", "reseller", "silver", "active", "GB", "", "dach", "metals", 365, "", "", "lapsed"),
    ("Kestrel North", "consultant", "registered", "onboarding", "DE", "Kiel", "", "", 0, "mara", "marketing", "waiting"),
    ("Ended & Sons", "msp", "registered", "ended", "FR", "Lyon", "nordics", "food", 4000, "", "", "export"),
)  # fmt: skip


def make_firms() -> list[Truth]:
    """The firms of the table with people, certificates and dates counted from AT."""
    territories = {
        code: Territory.objects.create(code=code, name=code.upper()) for code in ("dach", "nordics", "unused")
    }
    industries = {code: Industry.objects.create(code=code, name=code.title()) for code in ("food", "metals")}
    types = {
        code: CertificateType.objects.create(
            code=code, name=code.title(), kind=CertificateKind.LICENCE, issuer="Office"
        )
        for code in ("safety", "export", "lapsed", "waiting")
    }
    mara = make_user("Mara", enums.CHANNEL_MANAGER)
    return [_make(row, territories, industries, types, mara) for row in _ROWS]


def _make(row, territories, industries, types, mara) -> Truth:
    name, kind, tier, status, country, city, where, whom, days, manager, functions, papers = row
    firm = Partner.objects.create(
        name=name,
        kind=kind,
        tier=tier,
        status=status,
        country=country,
        city=city,
        manager=mara if manager else None,
    )
    since = AT - timedelta(days=days)
    Partner.objects.filter(pk=firm.pk).update(created_at=since)
    firm.refresh_from_db()
    firm.territories.set([territories[code] for code in where.split()])
    firm.industries.set([industries[code] for code in whom.split()])
    for number, function in enumerate(functions.split()):
        person = make_user(f"p{number}-{firm.pk}", enums.PARTNER_REP, firm)
        Member.objects.filter(user=person).update(functions=[function])
    for code in papers.split():
        Certificate.objects.create(
            partner=firm,
            type=types[code],
            number="1",
            valid_from=date(2025, 1, 1),
            valid_to=AT.date() - timedelta(days=1) if code == "lapsed" else AT.date(),
            status=CertificateStatus.SUBMITTED if code == "waiting" else CertificateStatus.VERIFIED,
            submitted_at=AT,
            decided_at=AT,
        )
    values = {
        "kind": {kind},
        "tier": {tier},
        "status": {status},
        "country": {country},
        "manager": {str(mara.pk)} if manager else set(),
        "territory": set(where.split()),
        "industry": set(whom.split()),
        "function": set(functions.split()),
        "certificate": set(papers.split()) & {"safety", "export"},
    }
    return Truth(firm, values, {"name": name, "city": city}, since)


def add_deals_and_programs(truths: list[Truth]) -> None:
    """What the fields of apps further up ask for: product lines of submitted registrations, programs that firms are in."""
    lines = {
        code: ProductLine.objects.get_or_create(code=code, defaults={"name": code.title()})[0]
        for code in ("gateways", "sensors")
    }
    for truth in truths:
        truth.values |= {"product_line": set(), "program": set()}
    northgate, southridge, fjordtech = truths[:3]
    for truth, code, days in (
        (northgate, "gateways", 1),
        (southridge, "sensors", 0),
        (southridge, "gateways", -1),
    ):
        person = truth.partner.members.get(functions__contains=["sales"]).user
        submitted(person, f"Acme {code} {truth.partner}", lines[code], clock=fixed(AT - timedelta(days=days)))
        if days >= 0:
            truth.values["product_line"] |= {code}
    draft_for(northgate.partner.members.get(functions__contains=["sales"]).user, "Blohm", lines["sensors"])
    olga = make_user("Olga of programs", enums.CHANNEL_OPERATIONS)
    for name, inside in (("Rising", [northgate, fjordtech]), ("Council", [northgate])):
        program = make_program(olga, name)
        for truth in truths:
            status = "enrolled" if truth in inside else "invited" if truth is southridge else "ended"
            Enrolment.objects.create(
                program=program, partner=truth.partner, way="invitation", asked_at=AT, status=status
            )
        for truth in inside:
            truth.values["program"] |= {program.code}


def holds(rule: Rule, truth: Truth) -> bool:
    """Whether a rule takes a firm in, without the database: what somebody would do with paper and pencil."""
    results = [
        _joined(item.match, [_condition(one, truth) for one in item.items])
        if isinstance(item, Block)
        else _condition(item, truth)
        for item in rule.items
    ]
    return bool(results) and _joined(rule.match, results)


def _joined(match: str, results: list[bool]) -> bool:
    return all(results) if match == "all" else any(results)


def _condition(condition: Condition, truth: Truth) -> bool:
    wanted = condition.values
    if condition.field in truth.values:
        has = truth.values[condition.field]
        return {
            "any_of": bool(has & set(wanted)),
            "none_of": not has & set(wanted),
            "all_of": set(wanted) <= has,
            "is_set": bool(has),
            "is_empty": not has,
        }[condition.operator.value]
    if condition.field in truth.texts:
        text, sought = truth.texts[condition.field].lower(), wanted[0].lower()
        return {
            "contains": sought in text,
            "not_contains": sought not in text,
            "starts_with": text.startswith(sought),
        }[condition.operator.value]
    if condition.operator.value in ("within_days", "older_than_days"):
        bound = AT - timedelta(days=int(wanted[0]))
    else:
        day = date.fromisoformat(wanted[0])
        bound = datetime(day.year, day.month, day.day, tzinfo=UTC)
    later = truth.since >= bound
    return later if condition.operator.value in ("within_days", "from") else not later
