"""Rights, requirements, certificates and books for the tests of what binds."""

from contextlib import nullcontext
from datetime import date, timedelta
from unittest import mock

from catalog.models import Territory
from core.clock import database_clock
from core.vendor_days import vendor_day
from notifications.enums import MessageStatus
from notifications.models import Message
from partners.certificates.enums import CertificateKind, CertificateStatus
from partners.enums import PickKind
from partners.groups.rules import Rule
from partners.groups.services import create_group, pick_firm
from partners.models import Certificate, CertificateType
from policies.binding import Area, Authorisation, Right
from policies.facts import Facts, Firm
from policies.findings import Effect
from policies.models import RegistrationPolicy
from policies.rulebook import Rulebook
from policies.services.requirements import Asked, set_requirement
from policies.services.rights import Wanted, give_right
from tests.people import MONDAY

DACH = Area(7, "DACH", frozenset({"DE", "AT", "CH"}))
NORDICS = Area(8, "Nordics", frozenset({"SE", "NO"}))
EARLIER = MONDAY - timedelta(days=30)
GATEWAYS, SENSORS = 1, 2


def today() -> date:
    return vendor_day(database_clock())


def in_days(number: int) -> date:
    return today() + timedelta(days=number)


def mail_leaves():
    """All that waits is sent and can be read, as when its minutes have passed."""
    waiting = Message.objects.filter(status=MessageStatus.PENDING)
    waiting.update(status=MessageStatus.SENT, sent_at=database_clock())


def facts(**changes):
    """A deal on gateways in Germany by firm 1, in a trade that is known."""
    firm = changes.pop("firm", Firm(id=1, kind="reseller", tier="silver", territories=(DACH.id,)))
    values = {"at": MONDAY, "product_lines": (GATEWAYS,), "country": "DE", "industry": 3} | changes
    values.setdefault(
        "areas", tuple(area.id for area in (DACH, NORDICS) if values["country"] in area.countries)
    )
    return Facts(firm=firm, **values)


def asking(**changes):
    """What gateways ask for."""
    values = {"code": "authorisation:1", "product_line": GATEWAYS, "product_line_name": "Gateways"}
    return Authorisation(**values | {"from_at": EARLIER} | changes)


def right_to(**changes):
    """Firm 2's right to gateways in DACH."""
    values = {"code": "right:X-1", "partner": 2, "from_at": EARLIER, "product_line": GATEWAYS, "area": DACH}
    return Right(**values | {"product_line_name": "Gateways", "effect": Effect.REFUSED} | changes)


def book(*, authorisations=(), rights=(), routes=()):
    """A rulebook whose policy stands against nothing."""
    policy = RegistrationPolicy(version=1)
    return Rulebook(policy=policy, authorisations=authorisations, rights=rights, routes=routes)


def give(
    partner,
    olga,
    *,
    product_line=None,
    territory=None,
    industry=None,
    begins=0,
    ends=None,
    clock=database_clock,
    **more,
):
    """A right given through the service, at once unless told otherwise; days are counted from the clock's. Where nothing is
    said of `nobody_concerned`, nobody is found to be, so that it may begin sooner than others are promised."""
    said = more.pop("nobody_concerned", None)
    day = vendor_day(clock())
    wanted = Wanted(
        partner=partner,
        product_line=product_line,
        territory=territory,
        industry=industry,
        begins_on=day + timedelta(days=begins),
        ends_on=None if ends is None else day + timedelta(days=ends),
        note=more.pop("note", "By contract."),
        nobody_concerned=said is not False,
        **more,
    )
    found = (
        mock.patch("policies.services.rights.firms_concerned", return_value=[])
        if said is None
        else nullcontext()
    )
    with found:
        return give_right(wanted, by=olga, clock=clock)


def give_by_form(client, sent, **more):
    """Through the form: whom it concerns, then giving it to what was shown. The first page where that refuses."""
    shown = client.post("/policies/rights/new/", {**sent, "step": "show"})
    if shown.status_code != 200:
        return shown
    seen = shown.context["form"]["seen"].value()
    return client.post("/policies/rights/new/", {**sent, "step": "give", "seen": seen}, **more)


def require(line, olga, *, begins=0, note="From now on.", clock=database_clock, **asked):
    """A requirement written through the service; the day is counted from the clock's."""
    day = vendor_day(clock()) + timedelta(days=begins)
    return set_requirement(line, Asked(**asked), by=olga, begins_on=day, note=note, clock=clock)


def licence(code="export", name="Export Licence"):
    """A type of certificate."""
    return CertificateType.objects.get_or_create(
        code=code,
        defaults={"name": name, "kind": CertificateKind.LICENCE, "issuer": "The state", "needs_file": False},
    )[0]


def hold(partner, kind, *, days=365, number=""):
    """A verified certificate of the firm."""
    now = database_clock()
    return Certificate.objects.create(
        partner=partner,
        type=kind,
        number=number or f"N-{partner.pk}",
        valid_from=now.date() - timedelta(days=10),
        valid_to=now.date() + timedelta(days=days),
        status=CertificateStatus.VERIFIED,
        submitted_at=now,
        decided_at=now,
    )


def circle(olga, name, rule=None, *firms):
    """A group: what `rule` takes in, and `firms` by hand."""
    group = create_group(by=olga, name=name, rule=rule or Rule())
    for firm in firms:
        pick_firm(group, firm, by=olga, kind=PickKind.ADDED, reason="Asked for it.")
    return group


def territory(code, *countries, since=None):
    """A territory that was always there, unless told otherwise."""
    return Territory.objects.create(code=code, name=code.title(), countries=list(countries), created_at=since)
