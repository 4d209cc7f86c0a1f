"""Groups, certificates and territories that a requirement names and that nobody could be in, have or work in yet when a deal was
submitted.

For deals of before, those who are in them or have them when the simulation is asked for count, and a territory's countries of
then: else a requirement for a group made today would shut out everybody, which says nothing of what it will do. Deals of a
record that has been merged since are those of the firm that it became."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from django.db.models import Min

from catalog.models import Territory
from partners.certificates.enums import CertificateStatus
from partners.groups.membership import members_of
from partners.models import Certificate, Group, Partner
from policies.binding import Authorisation
from policies.facts import Facts
from policies.models import ProductAuthorisation
from registrations.simulation.merged import with_merged


@dataclass(frozen=True)
class Latecomer:
    """A group or a type of certificate by its code, or a territory by its id; since when there is such, and the ids of the
    firms in it or with it. `countries` are a territory's."""

    field: Literal["groups", "certificates", "territories"]
    key: Any
    since: datetime
    firms: frozenset[int]
    countries: frozenset[str] = frozenset()


def latecomers_of(asked: Authorisation, since: datetime, now: datetime) -> tuple[Latecomer, ...]:
    """Those that `asked` names and that came after `since`, with their firms at `now`."""
    found = [*_circles(asked, since, now), *_papers(asked, since, now), *_places(asked, since)]
    return tuple(replace(late, firms=with_merged(late.firms)) for late in found)


def with_latecomers(facts: Facts, latecomers: Iterable[Latecomer]) -> Facts:
    """The facts with what the firm is in, or has, of what came later than they."""
    begun = [late for late in latecomers if facts.at < late.since]
    found = [late for late in begun if facts.firm.id in late.firms]
    areas = {late.key for late in begun if facts.country in late.countries}
    if not found and not areas:
        return facts
    if facts.firm.works_everywhere:  # a territory more would narrow it
        found = [late for late in found if late.field != "territories"]
    firm: dict[str, Any] = {
        field: tuple(
            sorted({*getattr(facts.firm, field), *(late.key for late in found if late.field == field)})
        )
        for field in ("groups", "certificates", "territories")
    }
    if facts.firm.countries is not None:
        firm["countries"] = tuple(
            sorted({*facts.firm.countries, *(one for late in found for one in late.countries)})
        )
    return replace(facts, firm=replace(facts.firm, **firm), areas=tuple(sorted({*facts.areas, *areas})))


def _circles(asked: Authorisation, since: datetime, now: datetime) -> list[Latecomer]:
    groups = Group.objects.filter(code__in=[code for code, _ in asked.groups], created_at__gt=since)
    return [
        Latecomer(
            "groups",
            group.code,
            group.created_at,
            frozenset(members_of(group, now).values_list("pk", flat=True)),
        )
        for group in groups.order_by("pk")
    ]


def _papers(asked: Authorisation, since: datetime, now: datetime) -> list[Latecomer]:
    """A type of certificate is there since one was first verified, whatever day the paper itself begins on: facts of before
    say of nobody that it has one. Or since a product line first required it: what a firm lacked then has been decided. Of one
    that has been revoked nobody keeps when it was verified: it counts from the day on which it was handed in."""
    found = []
    for code, _ in asked.certificates:
        papers = Certificate.objects.filter(type__code=code)
        verified = papers.filter(status=CertificateStatus.VERIFIED).aggregate(first=Min("decided_at"))
        revoked = papers.filter(status=CertificateStatus.REVOKED).aggregate(first=Min("submitted_at"))
        begun = min(filter(None, (verified["first"], revoked["first"])), default=None)
        if begun is None or begun <= since:
            continue
        required = ProductAuthorisation.objects.standing().filter(certificates__contains=[code])
        first = min(begun, required.aggregate(first=Min("effective_from"))["first"] or begun)
        if first > since:
            found.append(Latecomer("certificates", code, first, _holders(code, now)))
    return found


def _places(asked: Authorisation, since: datetime) -> list[Latecomer]:
    """The firms of a territory are those of now, whenever the simulation was asked for: nobody keeps since when they are."""
    rows = Territory.objects.filter(pk__in=[area.id for area in asked.areas], created_at__gt=since)
    return [
        Latecomer(
            "territories",
            row.pk,
            row.created_at,
            frozenset(Partner.objects.filter(territories=row).values_list("pk", flat=True)),
            frozenset(row.countries),
        )
        for row in rows.order_by("pk")
        if row.created_at is not None
    ]


def _holders(code: str, now: datetime) -> frozenset[int]:
    return frozenset(
        Certificate.objects.holding(now).filter(type__code=code).values_list("partner_id", flat=True)
    )
