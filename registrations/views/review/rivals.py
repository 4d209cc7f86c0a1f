"""The candidates of a registration: rivals and named accounts, and the one that is compared."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.urls import reverse

from accounts.models import User
from companies.matching import Signal
from companies.models import NamedAccount
from companies.reasons import Reason, reasons, turn
from registrations.comparison import (
    Row,
    compare_account,
    compare_claim,
    compare_registrations,
    day,
)
from registrations.enums import KEEPS_OTHERS_OUT, OPEN, UNDER_REVIEW, ConflictState, Status
from registrations.models import Conflict, Line, Registration
from registrations.referee_words import likeness, percent
from registrations.services import answers_owed
from registrations.services.holdings import held_by_others, scope_now
from registrations.services.overlaps import by_family_only, overlapping
from registrations.workflow import label_for

_OLDER = Signal("older", "It holds this company, too: it began when the two were held together", 1.0)


@dataclass(frozen=True)
class Rival:
    """A candidate as the list of candidates shows it. `key` is its code in the address."""

    conflict: Conflict
    registration: Registration | None
    account: NamedAccount | None
    turned: bool
    overlaps: bool = True  # within what the registration would hold, as both stand now
    holds: bool = False  # what it holds keeps the registration out, whatever the check found

    @property
    def claimed(self) -> dict[str, Any]:
        """What a claim of another kind (a lead given out) said when the check saw it; empty for the other two."""
        return self.conflict.claim or {}

    @property
    def key(self) -> str:
        if self.registration:
            return self.registration.code
        return self.account.code if self.account else self.conflict.claim_code

    @property
    def title(self) -> str:
        if self.registration:
            return self.registration.company_name
        return str(self.account) if self.account else str(self.claimed.get("name", ""))

    @property
    def who(self) -> str:
        if self.registration:
            return self.registration.partner.name
        if self.account:
            return f"{self.account.owner_name}, direct sales"
        return str(self.claimed.get("partner", ""))

    @property
    def standing(self) -> str:
        """Where it stands, in words."""
        if self.registration:
            return label_for(self.registration.status, vendor=True)
        if self.account:
            return self.account.get_kind_display()
        kind = str(self.claimed.get("kind", ""))
        return kind if self.conflict.claim_ended_at is None else f"{kind}, ended"

    @property
    def is_open(self) -> bool:
        """Can still collide."""
        if self.registration is not None:
            return self.registration.status in OPEN
        return self.account is not None or self.conflict.claim_ended_at is None

    @property
    def unjudged(self) -> bool:
        return self.conflict.state == ConflictState.OPEN

    @property
    def percent(self) -> str:
        return percent(self.conflict.score)

    @property
    def can_hold_back(self) -> bool:
        """It holds the scope, so that one can wait behind it."""
        if self.registration is None or self.registration.status not in KEEPS_OTHERS_OUT:
            return False
        return self.holds or (self.overlaps and self.conflict.state != ConflictState.DIFFERENT)

    @property
    def judgement(self) -> str:
        """What is known of the two, once it is, in words."""
        beside = (
            self.conflict.pk is None and self.conflict.company_id != self.conflict.registration.company_id
        )
        if not beside:
            return self.conflict.get_state_display()
        return "Holds it, too" if self.conflict.signals else "Parent or subsidiary"


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
    """All candidates, those to be judged first, then by score. Found both ways; as many queries however many.

    Who keeps it out is one, too, where the check found nothing: companies were joined or got a parent since, or another
    version of the policy holds more together.
    """
    lines = Prefetch("lines", Line.objects.select_related("product_line"))
    rows = (
        Conflict.objects.filter(Q(registration=registration) | Q(rival=registration))
        .select_related(
            "judged_by", "named_account", "rival__partner", "rival__currency", "registration__partner"
        )
        .select_related("registration__currency", "rival__company", "registration__company", "company")
    )
    found: dict[str, Rival] = {}
    met = overlapping(registration, list(rows))
    holders = _holders(registration)
    shows_accounts = user.may("named_accounts.view")
    for conflict in rows:
        turned = conflict.registration_id != registration.pk
        account = None if turned else conflict.named_account
        other = conflict.registration if turned else conflict.rival
        if (account and not shows_accounts) or (turned and other and other.status not in OPEN):
            continue
        holds = holders.pop(other.pk, None) is not None if other else False
        rival = Rival(conflict, other, account, turned, conflict.pk in met, holds)
        found.setdefault(rival.key, rival)
    together = scope_now(registration).companies if holders else frozenset()
    for other in holders.values():
        beside = _beside(registration, other, is_relative=other.company_id in together)
        found.setdefault(other.code, Rival(beside, other, None, False, holds=True))
    rivals = sorted(found.values(), key=lambda rival: _order(rival, registration))
    others = [rival.registration for rival in rivals if rival.registration]
    if others:
        prefetch_related_objects(others, lines)
    return rivals


def _holders(registration: Registration) -> dict[int, Registration]:
    """Who holds, or has reserved, something of what it wants, by id; none where it has ended or holds it itself."""
    if registration.status not in (*UNDER_REVIEW, Status.WAITLISTED):
        return {}
    held = {holding.registration_id for holding in held_by_others(registration)}
    if not held:
        return {}
    rows = Registration.objects.filter(pk__in=held, status__in=KEEPS_OTHERS_OUT)
    return {row.pk: row for row in rows.select_related("partner", "currency", "company")}


def _beside(registration: Registration, holder: Registration, *, is_relative: bool) -> Conflict:
    """The two as if the check had found them; not stored. A holder elsewhere that is no relative (any more), or is not held
    together with it, took this company under an older version of the policy, or when it was one."""
    assert holder.company is not None
    signals = [] if is_relative else [_OLDER.as_json()]
    return Conflict(
        registration=registration,
        rival=holder,
        company=holder.company,
        score=1.0,
        signals=signals,
        state=ConflictState.SAME,
    )


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
    elif rival.account is None:
        rows = compare_claim(registration, rival.claimed, signals)
        url = str(rival.claimed.get("url", ""))
    else:
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


def _by_name(conflict: Conflict) -> Reason:
    words = f"Both were taken for {conflict.company.name}: the same name"
    if conflict.pk is None:
        words = f"Both stand at {conflict.company.name} now"
        if conflict.company_id != conflict.registration.company_id:
            words = f"{conflict.company.name} is a parent or subsidiary, and the policy holds them together"
    return Reason(words, "+", "speaks strongly for the same company", 3)


def _verdict(conflict: Conflict) -> str:
    if conflict.state == ConflictState.OPEN or conflict.judged_at is None:
        return ""
    words = "the same company" if conflict.state == ConflictState.SAME else "a different company"
    return f"{conflict.judged_by or 'The portal'} said on {day(conflict.judged_at)}: {words}."


def _and_on(holder: Registration) -> str:
    request = answers_owed.owed(holder)
    return f", and on until {request.code} is answered" if request else ""


def _notes(registration: Registration, rival: Rival) -> list[str]:
    notes = []
    other, account = rival.registration, rival.account
    if not rival.overlaps:
        notes.append(
            "It was compared as a parent or subsidiary. The two do not overlap now, so both can be protected."
            if by_family_only(rival.conflict)
            else "They work on other product lines, so both can be protected at the same time."
        )
    if other is None and account is None:
        notes.append(
            "It came before this registration and counts from that day."
            if rival.is_open
            else "It has ended, so it no longer stands in the way."
        )
    if other is not None and other.status == Status.APPROVED and other.protected_until is not None:
        notes.append(
            f"{other.partner} holds it since {day(other.protected_from)}; "
            f"protection runs until {day(other.protected_until)} unless they update it{_and_on(other)}."
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
