"""What binds beside the registration policy: distribution rights, what product lines require, routes of reviews, and operations'
own sentences. Loaded after the deals, none of which lies inside them."""

from datetime import datetime, timedelta
from decimal import Decimal

from accounts.models import Role, User
from catalog.models import Industry, ProductLine, Territory
from core.vendor_days import vendor_day
from demo.history import Past
from partners.models import CertificateType, Group, Partner
from policies.enums import Advice, Barred
from policies.services.guidance import write_text
from policies.services.requirements import Asked, set_requirement
from policies.services.rights import Wanted, give_right
from policies.services.routes import Leads, add_route

_TEXTS = (
    (Advice.DO, "Bring one of our engineers to the first visit of a plant: we come within a week."),
    (Advice.DO, "Tell the customer's own words in the next step; it is what a channel manager reads first."),
    (Advice.DONT, "Don't name a discount before a special price is approved."),
)
_LICENCE = "cyber-resilience"


def load_binding(past: Past, today: datetime, *, by: User, manager: User) -> None:
    """As of `today`: an exclusive right that runs and one that is announced, two firms beside one another in one scope, three
    requirements, two routes, three sentences."""
    _rights(past, today, by)
    _requirements(past, today, by)
    with past.at(today - timedelta(days=30)) as clock:
        remote = [ProductLine.objects.get(code="remote-access")]
        add_route(
            Leads(product_lines=remote, value_from=Decimal(150_000), person=manager), by=by, clock=clock
        )
        add_route(
            Leads(value_from=Decimal(500_000), role=Role.objects.get(code="administrator")),
            by=by,
            clock=clock,
        )
        for kind, text in _TEXTS:
            write_text(by=by, kind=kind, text=text, begins_on=vendor_day(clock()), clock=clock)


def _rights(past: Past, today: datetime, by: User) -> None:
    with past.at(today - timedelta(days=75)) as clock:
        wanted = Wanted(
            partner=Partner.objects.get(name="Tamarind Systems"),
            product_line=_known("vision-inspect"),
            territory=Territory.objects.get(code="asia-pacific"),
            industry=Industry.objects.get(code="pharma"),
            begins_on=vendor_day(today) - timedelta(days=40),
            ends_on=vendor_day(today) + timedelta(days=140),
            note="They carry the validation for the pharmaceutical inspectors themselves.",
        )
        give_right(wanted, by=by, clock=clock)
    for name in ("Northgate Automation", "Alpenblick IT-Dienste"):
        with past.at(today - timedelta(days=70)) as clock:
            wanted = Wanted(
                partner=Partner.objects.get(name=name),
                product_line=_known("fleet-manager"),
                territory=Territory.objects.get(code="dach"),
                industry=Industry.objects.get(code="automotive"),
                begins_on=vendor_day(today) - timedelta(days=35),
                ends_on=vendor_day(today) + timedelta(days=330),
                is_exclusive=False,
                note="The two who have passed the carmakers' audit.",
            )
            give_right(wanted, by=by, clock=clock)
    with past.at(today - timedelta(days=12)) as clock:
        wanted = Wanted(
            partner=Partner.objects.get(name="Lombarda Automazione"),
            product_line=_known("signal-historian"),
            territory=Territory.objects.get(code="west-south"),
            industry=None,
            begins_on=vendor_day(today) + timedelta(days=20),
            ends_on=None,
            effect=Barred.REVIEW,
            note="Pilot of a single distributor; to be looked at after a year.",
        )
        give_right(wanted, by=by, clock=clock)


def _requirements(past: Past, today: datetime, by: User) -> None:
    """Since today, so that what was decided before stays as it was decided."""
    licences = list(CertificateType.objects.filter(code=_LICENCE).values_list("code", flat=True)) or list(
        CertificateType.objects.order_by("code").values_list("code", flat=True)[:1]
    )
    with past.at(today) as clock:
        begins = vendor_day(clock())
        if licences:
            set_requirement(
                _known("remote-access"),
                Asked(certificates=licences),
                by=by,
                begins_on=begins,
                note="Remote access into plants is sold by firms with the licence alone.",
                clock=clock,
            )
        set_requirement(
            _known("vision-inspect"),
            Asked(least_tier="silver", effect=Barred.REVIEW),
            by=by,
            begins_on=begins,
            note="New partners are accompanied on their first cameras.",
            clock=clock,
        )
        set_requirement(
            _known("energy-insight"),
            Asked(least_tier="silver", groups=Group.objects.filter(name="Plant builders")),
            by=by,
            begins_on=begins + timedelta(days=45),
            note="Energy reports are part of a larger project.",
            clock=clock,
        )


def _known(code: str) -> ProductLine:
    return ProductLine.objects.get(code=code)
