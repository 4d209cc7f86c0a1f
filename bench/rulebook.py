"""What binds in the measurement of simulations: as much as a vendor with some thousand partners has in a year.

Exclusive rights by product line, territory and often industry, that begin and end; requirements of each product line by tier,
groups, certificates and territories, each replaced twice; four versions of the policy. Facts by chance out of all that.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

LINES, TERRITORIES, INDUSTRIES, CERTIFICATES, GROUPS = 24, 12, 10, 8, 30
RIGHTS = 200
_VERSIONS: tuple[dict[str, Any], ...] = (
    {"auto_approve_below": Decimal(80_000)},
    {"auto_approve_below": Decimal(80_000), "cooling_off_days": 60, "open_most_registered": 40},
    {"auto_approve_below": Decimal(100_000), "outside_territory": "review", "waitlist_same": True},
)


@dataclass(frozen=True)
class Ground:
    """Ids and codes to choose from. `countries` has for each the territories that it lies in; `versions` are those of the
    policy, each with the moment from which it decides."""

    lines: list[int]
    territories: list[int]
    countries: dict[str, tuple[int, ...]]
    industries: list[int]
    certificates: list[str]
    groups: list[str]
    partners: list[int]
    versions: list[tuple[datetime, Any]]


def make_ground(by: Any, now: datetime, days: int, chance: random.Random) -> Ground:
    """Writes all of it for the `days` before `now`."""
    from django.db import transaction

    from catalog.models import Industry, ProductLine, Territory
    from partners.models import CertificateType, Group, Partner

    lines = [ProductLine(code=f"line-{n}", name=f"Line {n}") for n in range(LINES)]
    places = [
        Territory(
            code=f"area-{n}", name=f"Area {n}", countries=[f"{chr(65 + n)}{letter}" for letter in "ABCDE"]
        )
        for n in range(TERRITORIES)
    ]
    industries = [Industry(code=f"industry-{n}", name=f"Industry {n}") for n in range(INDUSTRIES)]
    kinds = [
        CertificateType(code=f"paper-{n}", name=f"Paper {n}", kind="certification", issuer="Us")
        for n in range(CERTIFICATES)
    ]
    groups = [Group(name=f"Group {n}", created_at=now, changed_at=now, changed_by=by) for n in range(GROUPS)]
    ProductLine.objects.bulk_create(lines)
    Territory.objects.bulk_create(places)
    Industry.objects.bulk_create(industries)
    CertificateType.objects.bulk_create(kinds)
    Group.objects.bulk_create(groups)
    partners = list(Partner.objects.order_by("pk"))
    _rights(by, now, days, chance, partners, lines, places, industries)
    with transaction.atomic():  # groups and territories are written together with what names them
        _requirements(by, now, days, chance, lines, places, kinds, groups)
    return Ground(
        lines=[row.pk for row in lines],
        territories=[row.pk for row in places],
        countries={country: (row.pk,) for row in places for country in row.countries},
        industries=[row.pk for row in industries],
        certificates=[row.code for row in kinds],
        groups=[row.code for row in groups],
        partners=[row.pk for row in partners],
        versions=_versions(now, days),
    )


def _versions(now: datetime, days: int) -> list[tuple[datetime, Any]]:
    from policies.models import RegistrationPolicy

    found = [(now - timedelta(days=days + 1), RegistrationPolicy.objects.get(version=1))]
    for number, settings in enumerate(_VERSIONS, start=1):
        begins = now - timedelta(days=days - number * days // 4)
        row = RegistrationPolicy.objects.create(
            version=number + 1, created_at=begins, published_at=begins, effective_from=begins, **settings
        )
        found.append((begins, row))
    return found


def _rights(
    by: Any,
    now: datetime,
    days: int,
    chance: random.Random,
    partners: list[Any],
    lines: list[Any],
    places: list[Any],
    industries: list[Any],
) -> None:
    """Four of five are about an industry; no two of a product line and territory meet. Each runs for half the time."""
    from policies.models import ExclusiveRight

    pairs = chance.sample([(line, place) for line in lines for place in places], RIGHTS)
    rows = []
    for number, (line, place) in enumerate(pairs):
        begins = now - timedelta(days=chance.randrange(days))
        row = ExclusiveRight(
            partner=chance.choice(partners),
            product_line=line,
            territory=place,
            countries=place.countries,
            industry=chance.choice(industries) if number % 5 else None,
            begins_at=begins,
            ends_at=begins + timedelta(days=days / 2),
            effect=chance.choice(["refused", "refused", "review"]),
            note="Bench",
            created_by=by,
            created_at=begins,
        )
        rows.append(row)
    ExclusiveRight.objects.bulk_create(rows)


def _requirements(
    by: Any,
    now: datetime,
    days: int,
    chance: random.Random,
    lines: list[Any],
    places: list[Any],
    kinds: list[Any],
    groups: list[Any],
) -> None:
    from policies.models import ProductAuthorisation

    for line in lines:
        for third in range(3):
            begins = now - timedelta(days=days - third * days // 3 + 1)
            row = ProductAuthorisation.objects.create(
                product_line=line,
                effective_from=begins,
                kinds=chance.choice([[], [], [], ["reseller", "integrator"]]),
                least_tier=chance.choice([""] * 7 + ["silver"]),
                certificates=sorted(
                    kind.code for kind in chance.sample(kinds, chance.choice([0, 0, 0, 1, 2]))
                ),
                effect=chance.choice(["refused", "review"]),
                note="Bench",
                created_by=by,
                created_at=begins,
            )
            row.territories.set(chance.sample(places, 11) if chance.random() < 0.2 else [])
            row.groups.set(chance.sample(groups, 12) if chance.random() < 0.1 else [])


def facts_of(partner: int, at: datetime, ground: Ground, chance: random.Random) -> Any:
    """A deal of a firm with most of the papers, in five groups, anywhere."""
    from policies.facts import Facts, Firm

    country = chance.choice(sorted(ground.countries))
    return Facts(
        at=at,
        firm=Firm(
            id=partner,
            kind=chance.choice(["reseller", "reseller", "integrator", "distributor"]),
            tier=chance.choice(["registered", "registered", "silver", "gold"]),
            country=country,
            territories=tuple(sorted(chance.sample(ground.territories, 8))),
            certificates=tuple(
                sorted(chance.sample(ground.certificates, chance.randrange(5, CERTIFICATES + 1)))
            ),
            groups=tuple(sorted(chance.sample(ground.groups, 5))),
        ),
        product_lines=tuple(sorted(chance.sample(ground.lines, chance.choice([1, 1, 2, 3])))),
        territory=chance.choice([None, *ground.countries[country]]),
        areas=ground.countries[country],
        industry=chance.choice([None, *ground.industries]),
        country=country,
        value_in_base=Decimal(round(chance.lognormvariate(10.8, 1.0), 2)).quantize(Decimal("0.01")),
        tender=chance.random() < 0.05,
        contact_stated=chance.random() < 0.8,
        open_registrations=chance.randrange(60),
        let_expire_at=at - timedelta(days=chance.randrange(90)) if chance.random() < 0.02 else None,
        rivals=tuple(_rival(ground, chance) for _ in range(chance.choice([0, 0, 0, 1, 1, 2, 4]))),
        crowd=chance.random() < 0.01,
    )


def _rival(ground: Ground, chance: random.Random) -> Any:
    from policies.facts import Rival

    return Rival(
        score=round(chance.betavariate(0.6, 1.2), 4),
        holds=chance.random() < 0.5,
        product_lines=(chance.choice(ground.lines),),
        same_company=chance.random() < 0.3,
    )
