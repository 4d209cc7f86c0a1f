"""Groups, certificates and territories that a requirement names and that nobody could be in, have or work in yet when a deal was
submitted.

For deals of before, those who are in them or have them when the simulation is asked for count, and a territory's countries of
then: else a requirement for a group made today would shut out everybody, which says nothing of what it will do."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from django.db.models import Min

from catalog.models import Territory
from core.vendor_days import midnight
from partners.groups.membership import members_of
from partners.models import Certificate, Group, Partner
from policies.binding import Authorisation
from policies.facts import Facts


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
    """Those that `asked` names and that came after `since`, with their firms at `now`. A query for each, and three more."""
    codes = [code for code, _ in asked.groups]
    groups = [
        Latecomer(
            "groups",
            group.code,
            group.created_at,
            frozenset(members_of(group, now).values_list("pk", flat=True)),
        )
        for group in Group.objects.filter(code__in=codes, created_at__gt=since).order_by("pk")
    ]
    papers = Certificate.objects.filter(type__code__in=[code for code, _ in asked.certificates])
    firsts = papers.order_by().values_list("type__code").annotate(first=Min("valid_from"))
    begun = [(code, midnight(first)) for code, first in firsts]
    return (
        *groups,
        *(
            Latecomer("certificates", code, first, _holders(code, now))
            for code, first in begun
            if first > since
        ),
        *_places(asked, since),
    )


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
