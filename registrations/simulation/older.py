"""Registrations that were submitted before the policy's runs were kept: their facts put together from the records.

It is done when a simulation asks, not by a migration: it is a guess at what was known (a value that was amended, a tier
that rose since), so it must not stand beside what was really kept, and gets better with the code. A guess that does not
lead to where the registration landed then is told as one that can't be compared (comparing.py).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from catalog.models import Territory
from catalog.territories import meetings
from core.vendor_days import midnight, vendor_day
from partners.models import Partner
from policies.facts import Facts, Firm, Rival
from policies.firms import firms_of
from policies.models import RegistrationPolicy
from policies.outcome import Landing
from registrations.enums import OPEN, Action, Occasion
from registrations.facts import left_empty
from registrations.models import Conflict, Holding, Line, PolicyRun, Registration, TimelineEntry
from registrations.simulation.case import Case


def submitted(since: datetime, until: datetime) -> QuerySet[Registration]:
    """Those submitted from `since` until before `until`, as their timeline says, whose run was not kept."""
    run = PolicyRun.objects.filter(registration=OuterRef("pk"), occasion=Occasion.SUBMISSION)
    return Registration.objects.filter(
        ~Exists(run), Exists(_entries().filter(registration=OuterRef("pk"), at__gte=since, at__lt=until))
    )


def reconstructed(rows: Sequence[Registration]) -> list[Case]:
    """A case for each, in order. The number of queries grows with the days that the rows lie on, not with the rows."""
    entries = {entry.registration_id: entry for entry in _entries().filter(registration__in=rows)}
    deals = _with_past(rows)
    lines = _lines([row.pk for row in rows])
    rivals = _rivals({pk: entry.at for pk, entry in entries.items()})
    firms = _firms({(vendor_day(entry.at), deals[pk].partner) for pk, entry in entries.items()})
    areas, met = _areas(), meetings()
    versions = {
        version: (pk, review_score)
        for version, pk, review_score in RegistrationPolicy.objects.values_list(
            "version", "pk", "review_score"
        )
    }
    return [
        Case(
            registration=row.pk,
            occasion=Occasion.SUBMISSION,
            at=entry.at,
            policy=versions[entry.data["policy"]][0],
            landing=Landing(entry.data["to"]),
            facts=_facts(
                deals[row.pk],
                entry.at,
                firm=firms[vendor_day(entry.at), row.partner_id],
                product_lines=tuple(sorted(lines[row.pk])),
                rivals=tuple(rivals[row.pk]),
                areas=areas,
                met=met,
                gathered_from=versions[entry.data["policy"]][1],
            ),
            reconstructed=True,
        )
        for row in rows
        for entry in [entries[row.pk]]
    ]


def _entries() -> QuerySet[TimelineEntry]:
    """What the timeline says of submitting: the moment, where it landed, the version that decided."""
    known = {"data__to__in": sorted(landing.value for landing in Landing), "data__policy__isnull": False}
    return TimelineEntry.objects.filter(kind=Action.SUBMIT, **known)


def _with_past(rows: Iterable[Registration]) -> dict[int, Any]:
    """The registrations with what can be counted of their firms' past: `open_then` and `let_expire_then`."""
    then = OuterRef("submitted_at")
    others = Registration.objects.filter(partner=OuterRef("partner"), submitted_at__lt=then)
    open_then = others.filter(Q(status__in=OPEN) | Q(closed_at__gt=then)).exclude(pk=OuterRef("pk"))
    expired = Registration.objects.let_expire().filter(
        partner=OuterRef("partner"), company=OuterRef("company"), closed_at__lt=then
    )
    found = (
        Registration.objects.filter(pk__in=[row.pk for row in rows])
        .select_related("partner", "currency")
        .annotate(
            open_then=Coalesce(_one(open_then, Count("pk")), 0),
            let_expire_then=_one(expired, Max("closed_at")),
        )
    )
    return {row.pk: row for row in found}


def _one(rows: QuerySet[Registration], aggregate: Aggregate) -> Subquery:
    return Subquery(rows.order_by().values(of=F("partner")).annotate(found=aggregate).values("found"))


def _facts(
    deal: Any,
    at: datetime,
    *,
    firm: Firm,
    product_lines: tuple[int, ...],
    rivals: tuple[Rival, ...],
    areas: Mapping[str, list[int]],
    met: Mapping[int, Collection[int]],
    gathered_from: float,
) -> Facts:
    country = str(deal.country or "")
    return Facts(
        at=at,
        firm=firm,
        product_lines=product_lines,
        territory=deal.territory_id,
        territories_met=tuple(sorted(met.get(deal.territory_id, ()))),
        areas=tuple(areas.get(country, ())),
        industry=deal.industry_id,
        country=country,
        value_in_base=None if deal.value is None else deal.value * deal.currency.rate_to_base,
        tender=deal.tender,
        contact_stated=bool(deal.contact_made),
        open_registrations=deal.open_then,
        let_expire_at=deal.let_expire_then,
        rivals=rivals,
        crowd="crowd" in deal.review_reasons,
        gathered_from=gathered_from,
        check_failed="check_failed" in deal.review_reasons,
        left_empty=left_empty(deal, bool(product_lines)),
    )


def _lines(registrations: Iterable[int]) -> dict[int, list[int]]:
    """The ids of the product lines by registration."""
    found = defaultdict(list)
    rows = Line.objects.filter(registration__in=list(registrations))
    for registration, line in rows.values_list("registration_id", "product_line_id"):
        found[registration].append(line)
    return found


def _rivals(moments: Mapping[int, datetime]) -> dict[int, list[Rival]]:
    """The rivals that were kept as evidence, by registration. A rival that scored too low for the version of its day was
    not."""
    rows = list(
        Conflict.objects.filter(registration__in=moments)
        .select_related("rival", "registration")
        .order_by("pk")
    )
    theirs = _lines({row.rival_id for row in rows if row.rival_id})
    held = defaultdict(list)
    holdings = Holding.objects.filter(registration__in={row.rival_id for row in rows if row.rival_id})
    for registration, start, end in holdings.values_list("registration_id", "since", "ended_at"):
        held[registration].append((start, end))
    found = defaultdict(list)
    for row in rows:
        at = moments[row.registration_id]
        holds = any(start < at and (end is None or at < end) for start, end in held[row.rival_id or 0])
        found[row.registration_id].append(_rival(row, holds, theirs))
    return found


def _rival(row: Conflict, holds: bool, lines: Mapping[int, list[int]]) -> Rival:
    family = any(signal.get("code") == "family" for signal in row.signals)
    by_name = [signal for signal in row.signals if signal.get("code") != "family"]
    rival = row.rival
    # A claim keeps its product lines in words only; the row says whether it met this deal.
    unknown = None if row.same_product_line else ()
    return Rival(
        score=row.score if by_name or not family else 0.0,
        holds=holds,
        product_lines=tuple(sorted(lines.get(rival.pk, ()))) if rival else unknown,
        territory=rival.territory_id if rival else None,
        industry=rival.industry_id if rival else None,
        family=family,
        same_company=row.company_id == row.registration.company_id,
        kind="registration" if rival else "named_account" if row.named_account_id else "claim",
    )


def _firms(wanted: Iterable[tuple[date, Partner]]) -> dict[tuple[date, int], Firm]:
    """The firms on each day of the vendor's."""
    by_day = defaultdict(set)
    for day, partner in wanted:
        by_day[day].add(partner)
    found = {}
    for day, partners in by_day.items():
        at = midnight(day) + timedelta(hours=12)
        for pk, firm in firms_of(sorted(partners, key=lambda partner: partner.pk), at).items():
            found[day, pk] = firm
    return found


def _areas() -> dict[str, list[int]]:
    """The ids of the territories that have a country."""
    found = defaultdict(list)
    for pk, countries in Territory.objects.order_by("pk").values_list("pk", "countries"):
        for country in countries:
            found[country].append(pk)
    return found
