"""The candidates of a registration: rivals and named accounts, and the one that is compared."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.urls import reverse

from accounts.models import User
from companies.models import NamedAccount
from registrations.comparison import (
    Reason,
    Row,
    compare_account,
    compare_registrations,
    day,
    money,
    reasons,
    turn,
)
from registrations.enums import OPEN, ConflictState, Status
from registrations.models import Conflict, Line, Registration
from registrations.referee_words import likeness, percent
from registrations.workflow import label_for

_HISTORY = 12


@dataclass(frozen=True)
class Rival:
    """A candidate as the list of candidates shows it. `key` is its code in the address."""

    conflict: Conflict
    registration: Registration | None
    account: NamedAccount | None
    turned: bool

    @property
    def key(self) -> str:
        return self.registration.code if self.registration else self.account.code if self.account else ""

    @property
    def title(self) -> str:
        return self.registration.company_name if self.registration else str(self.account)

    @property
    def who(self) -> str:
        if self.registration:
            return self.registration.partner.name
        return f"{self.account.owner_name}, direct sales" if self.account else ""

    @property
    def standing(self) -> str:
        """Where it stands, in words."""
        if self.registration:
            return label_for(self.registration.status, vendor=True)
        return self.account.get_kind_display() if self.account else ""

    @property
    def is_open(self) -> bool:
        """Can still collide."""
        return self.account is not None or (
            self.registration is not None and self.registration.status in OPEN
        )

    @property
    def unjudged(self) -> bool:
        return self.conflict.state == ConflictState.OPEN

    @property
    def percent(self) -> str:
        return percent(self.conflict.score)

    @property
    def can_hold_back(self) -> bool:
        """It holds the scope, so that one can wait behind it."""
        return (
            self.registration is not None
            and self.registration.status == Status.APPROVED
            and self.conflict.same_product_line
            and self.conflict.state != ConflictState.DIFFERENT
        )


@dataclass(frozen=True)
class Comparison:
    """The selected candidate, laid out."""

    rival: Rival
    likeness: str
    meter: int
    rows: list[Row]
    reasons: list[Reason]
    notes: list[str] = field(default_factory=list)
    verdict: str = ""
    url: str = ""


def rivals_of(registration: Registration, user: User) -> list[Rival]:
    """All candidates, those to be judged first, then by score. Found both ways; three queries however many."""
    lines = Prefetch("lines", Line.objects.select_related("product_line"))
    rows = (
        Conflict.objects.filter(Q(registration=registration) | Q(rival=registration))
        .select_related(
            "judged_by", "named_account", "rival__partner", "rival__currency", "registration__partner"
        )
        .select_related("registration__currency", "rival__company", "registration__company", "company")
    )
    found: dict[str, Rival] = {}
    shows_accounts = user.may("named_accounts.view")
    for conflict in rows:
        turned = conflict.registration_id != registration.pk
        account = None if turned else conflict.named_account
        other = conflict.registration if turned else conflict.rival
        if (account and not shows_accounts) or (turned and other and other.status not in OPEN):
            continue
        rival = Rival(conflict, other, account, turned)
        found.setdefault(rival.key, rival)
    rivals = sorted(found.values(), key=lambda rival: _order(rival, registration))
    others = [rival.registration for rival in rivals if rival.registration]
    if others:
        prefetch_related_objects(others, lines)
    return rivals


def _order(rival: Rival, registration: Registration) -> tuple[bool, bool, float, bool]:
    """Whom it waits for, then those to be judged, then the likest; of two alike the one that holds the scope."""
    awaited = rival.registration is not None and rival.registration.pk == registration.waits_for_id
    return (
        not awaited,
        not (rival.unjudged and rival.is_open),
        -round(rival.conflict.score, 2),
        not rival.can_hold_back,
    )


def selected(rivals: list[Rival], key: str) -> Rival | None:
    """The candidate with `key`, else the first."""
    return next((rival for rival in rivals if rival.key == key), rivals[0] if rivals else None)


def compared(registration: Registration, rival: Rival) -> Comparison:
    """Everything the page shows of one candidate."""
    conflict = rival.conflict
    signals: list[dict[str, Any]] = turn(conflict.signals) if rival.turned else list(conflict.signals)
    if rival.registration is not None:
        rows = compare_registrations(registration, rival.registration, signals)
        url = reverse("registrations:review_item", args=[rival.registration.code])
    else:
        assert rival.account is not None
        rows = compare_account(registration, rival.account, signals)
        url = rival.account.get_absolute_url()
    return Comparison(
        rival=rival,
        likeness=likeness(conflict.score),
        meter=round(conflict.score * 100),
        rows=rows,
        reasons=reasons(signals, turned=rival.turned) or [_by_name(conflict)],
        notes=_notes(registration, rival),
        verdict=_verdict(conflict),
        url=url,
    )


def history(registration: Registration, rival: Rival | None) -> list[dict[str, Any]]:
    """Earlier and other registrations of both partners with this company (or both, where they are two), newest first."""
    partners, companies = {registration.partner_id}, {registration.company_id}
    shown = [registration.pk]
    if rival is not None:
        companies.add(rival.conflict.company_id)
        if rival.registration is not None:
            partners.add(rival.registration.partner_id)
            companies.add(rival.registration.company_id)
            shown.append(rival.registration.pk)
    rows = (
        Registration.objects.filter(partner__in=partners, company__in=companies - {None})
        .exclude(pk__in=shown)
        .exclude(status=Status.DRAFT)
        .select_related("partner", "currency")
        .order_by("-submitted_at")[:_HISTORY]
    )
    return [
        {
            "code": row.code,
            "url": reverse("registrations:review_item", args=[row.code]),
            "partner": row.partner.name,
            "deal": row.deal_name or row.company_name,
            "status": row.status,
            "label": label_for(row.status, vendor=True),
            "value": money(row.closed_value or row.value, row.currency.code),
            "day": day(row.closed_at or row.submitted_at),
        }
        for row in rows
    ]


def _by_name(conflict: Conflict) -> Reason:
    return Reason(
        f"Both were taken for {conflict.company.name}: the same name",
        "+",
        "speaks strongly for the same company",
        3,
    )


def _verdict(conflict: Conflict) -> str:
    if conflict.state == ConflictState.OPEN or conflict.judged_at is None:
        return ""
    words = "the same company" if conflict.state == ConflictState.SAME else "a different company"
    return f"{conflict.judged_by or 'The portal'} said on {day(conflict.judged_at)}: {words}."


def _notes(registration: Registration, rival: Rival) -> list[str]:
    notes = []
    if not rival.conflict.same_product_line:
        notes.append("They work on other product lines, so both can be protected at the same time.")
    other, account = rival.registration, rival.account
    if other is not None and other.status == Status.APPROVED and other.protected_until is not None:
        notes.append(
            f"{other.partner} holds it since {day(other.protected_from)}; "
            f"protection runs until {day(other.protected_until)} unless they update it."
        )
    elif other is not None and not rival.is_open:
        notes.append("It has ended, so it no longer stands in the way.")
    if account is not None and registration.submitted_at is not None:
        begun = day(account.effective_from)
        if max(account.effective_from, account.created_at.date()) <= registration.submitted_at.date():
            notes.append(f"Direct sales claimed it on {begun}, before this registration: the claim counts.")
        else:
            notes.append(
                f"The claim of direct sales ({begun}) came after this registration, so it cannot override it."
            )
    return notes
