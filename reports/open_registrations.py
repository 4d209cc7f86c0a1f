"""The first report (R12): open registrations by company, spelling variants standing together.

A filter picks the companies with at least one open registration that fits. The figures, and with them the order, are of
everything open for the company; registrations outside the filter are listed too, marked as such. That is what lets a page
come from an index instead of a sum over all registrations, and it never hides a rival from the one who looks for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Sum, Value, When, Window
from django.db.models.functions import Coalesce, Round, RowNumber

from accounts.models import User
from catalog.models import ProductLine, Territory
from partners.groups.membership import members_of
from partners.models import Group
from registrations.enums import OPEN, ConflictState, Status
from registrations.models import Conflict, Line, Registration
from reports.models import OpenPosition
from reports.querysets import COLUMNS, key_of, read_key

PAGE = 25
LISTED = 8  # registrations shown of one company; the number of the others is told


@dataclass(frozen=True)
class Filter:
    """What the reader wants to see; empty means everything. `age` is a code of enums.Age."""

    partner: str = ""
    territory: Territory | None = None
    product_line: ProductLine | None = None
    age: str = ""
    status: str = ""
    group: Group | None = None

    def __bool__(self) -> bool:
        return any((self.partner, self.territory, self.product_line, self.age, self.status, self.group))

    def fitting(self, now: datetime) -> Q:
        """What holds for a registration inside the filter; ages are counted from `now`."""
        q = Q(status=self.status) if self.status else Q(status__in=OPEN)
        if self.partner:
            q &= Q(partner__code=self.partner) | Q(partner__name__icontains=self.partner)
        if self.group:
            q &= Q(partner__in=members_of(self.group, now).order_by().values("pk"))
        if self.territory:
            q &= Q(territory=self.territory)
        if self.product_line:
            q &= Q(Exists(Line.objects.filter(registration=OuterRef("pk"), product_line=self.product_line)))
        if self.age:
            least, most = self.age_range()
            q &= Q(submitted_at__lte=now - timedelta(days=least))
            if most is not None:
                q &= Q(submitted_at__gt=now - timedelta(days=most + 1))
        return q

    def age_range(self) -> tuple[int, int | None]:
        """The least and the most whole days of `age`; None for no limit."""
        least, _, most = self.age.partition("-")
        return int(least), int(most) if most else None


@dataclass(frozen=True)
class Mark:
    """A possible or confirmed conflict of a company: with which other company (None: within it), or a named account."""

    other: str | None
    other_code: str
    named_account: bool
    judged: bool


@dataclass
class CompanyRow:
    """One company with everything its row and its unfolded part show. `originals` are sums by currency code."""

    position: OpenPosition
    variants: list[str] = field(default_factory=list)
    originals: dict[str, Decimal] = field(default_factory=dict)
    registrations: list[Registration] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


def page(
    user: User, wanted: Filter, *, sort: str, after: str, now: datetime, size: int = PAGE
) -> tuple[list[CompanyRow], str]:
    """The companies after the key `after`, and the key of the next page ('' on the last). Seven queries, always."""
    found = list(_positions(user, wanted, sort, after, now)[: size + 1])
    shown = found[:size]
    rows = {position.pk: CompanyRow(position) for position in shown}
    _add_names_and_sums(user, rows)
    _add_registrations(user, rows, wanted.fitting(now))
    _add_marks(rows)
    return list(rows.values()), key_of(shown[-1], sort) if len(found) > size else ""


def _positions(
    user: User, wanted: Filter, sort: str, after: str, now: datetime
) -> models.QuerySet[OpenPosition]:
    positions = OpenPosition.objects.visible_to(user).current()
    if wanted:
        positions = positions.holding(wanted.fitting(now))
    if wanted.age:
        # Follows from the filter, and lets a walk by age begin where something can fit.
        positions = positions.filter(oldest__lte=now - timedelta(days=wanted.age_range()[0]))
    key = read_key(after, sort) if after else None
    if key is not None:
        positions = positions.beyond(sort, key)
    return positions.in_order(sort).select_related("company")


def _open_of(user: User, rows: dict[int, CompanyRow]) -> Any:
    return Registration.objects.visible_to(user).open().filter(company__in=list(rows))


def _add_names_and_sums(user: User, rows: dict[int, CompanyRow]) -> None:
    """Each name as partners wrote it, most frequent first, and what it is worth in each currency."""
    groups = (
        _open_of(user, rows)
        .values("company_id", "company_name", "currency__code")
        .annotate(number=Count("pk"), worth=Sum("value"))
        .order_by("company_id", "-number", "company_name")
    )
    for group in groups:
        row = rows[group["company_id"]]
        if group["company_name"] not in row.variants:
            row.variants.append(group["company_name"])
        if group["worth"] is not None:
            code = group["currency__code"]
            row.originals[code] = row.originals.get(code, Decimal(0)) + group["worth"]


def _add_registrations(user: User, rows: dict[int, CompanyRow], fitting: Q) -> None:
    """The first LISTED of each company: those that fit, then the others, each by time of submission."""
    fits = Case(When(fitting, then=Value(True)), default=Value(False), output_field=models.BooleanField())
    place = Window(RowNumber(), partition_by="company_id", order_by=[F("fits").desc(), F("rank").asc()])
    listed = (
        _open_of(user, rows)
        .annotate(fits=fits)
        .annotate(place=place)
        .filter(place__lte=LISTED)
        .select_related("partner", "currency", "territory")
        .prefetch_related("lines__product_line")
        .order_by("company_id", "place")
    )
    for registration in listed:
        rows[registration.company_id].registrations.append(registration)


def _add_marks(rows: dict[int, CompanyRow]) -> None:
    """Standing conflicts seen from both sides, told once for each other company; what is not judged yet comes first."""
    standing = Conflict.objects.standing().filter(registration__status__in=OPEN, claim_code="")
    account = Case(When(named_account__isnull=False, then=Value(True)), default=Value(False))
    fields = ("mine", "theirs", "name", "code", "account", "state")
    forward = standing.filter(registration__company__in=list(rows)).annotate(
        mine=F("registration__company_id"),
        theirs=Coalesce("rival__company_id", "company_id"),
        name=Coalesce("rival__company__name", "company__name"),
        code=Coalesce("rival__company__code", "company__code"),
        account=account,
    )
    back = standing.filter(rival__company__in=list(rows)).annotate(
        mine=F("rival__company_id"),
        theirs=F("registration__company_id"),
        name=F("registration__company__name"),
        code=F("registration__company__code"),
        account=account,
    )
    marks: dict[int, dict[tuple[int, bool], Mark]] = {}
    for found in [
        *forward.order_by().values(*fields).distinct(),
        *back.order_by().values(*fields).distinct(),
    ]:
        inside = found["mine"] == found["theirs"]
        judged = found["state"] != ConflictState.OPEN
        known = marks.setdefault(found["mine"], {})
        key = (found["theirs"], found["account"])
        if key in known and not known[key].judged:
            continue
        known[key] = Mark(None if inside else found["name"], found["code"], found["account"], judged)
    for company_id, found_marks in marks.items():
        rows[company_id].marks = sorted(
            found_marks.values(), key=lambda mark: (mark.judged, mark.other or "")
        )


EXPORTED = (
    *(
        "company__name",
        "company_name",
        "country",
        "code",
        "deal_name",
        "partner__name",
        "owner__name",
        "status",
    ),
    *(
        "territory__name",
        "product_lines",
        "value",
        "currency__code",
        "in_base",
        "submitted_at",
        "protected_until",
    ),
    "to_judge",
)


def for_export(
    user: User, wanted: Filter, *, sort: str, now: datetime
) -> models.QuerySet[Any, dict[str, Any]]:
    """The open registrations that fit the filter, in the order of the report: EXPORTED as dicts, since a hundred
    thousand rows as objects take minutes."""
    column, sign = COLUMNS[sort.lstrip("-")], "-" if sort.startswith("-") else ""
    unjudged = Conflict.objects.standing().filter(registration=OuterRef("pk"), state=ConflictState.OPEN)
    lines = (
        Line.objects.filter(registration=OuterRef("pk"))
        .values("registration")
        .annotate(names=_Joined("product_line__name"))
        .order_by()
        .values("names")
    )
    return (
        Registration.objects.visible_to(user)
        .open()
        .filter(wanted.fitting(now), company__open_position__registrations__gt=0)
        .annotate(
            to_judge=Exists(unjudged),
            product_lines=models.Subquery(lines),
            in_base=Round(F("value") * F("currency__rate_to_base"), 2, output_field=models.DecimalField()),
        )
        .order_by(f"{sign}company__open_position__{column}", f"{sign}company_id", "rank")
        .values(*EXPORTED)
    )


class _Joined(models.Aggregate):
    """Names in one cell, in order."""

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, ', ' ORDER BY %(expressions)s)"
    output_field = models.TextField()


def is_protected(registration: Registration) -> bool:
    """Whether the end of its protection means anything now."""
    return registration.status == Status.APPROVED and registration.protected_until is not None
