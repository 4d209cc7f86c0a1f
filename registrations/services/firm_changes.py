"""What a change of a firm's status does to its registrations: said beforehand, done with the change.

Ended: protection is taken back, what is under review or in line is refused, the next in line have their turn. Suspended:
nothing changes, and that is said. Each registration's line moves after the firm's status is written, so that none of the
firm's own registrations is offered what another one gave back.
"""

import logging
from datetime import datetime
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Count
from django.urls import reverse

from accounts.models import User
from companies.services import lock_companies
from core.clock import Clock
from partners.consequences import Consequence, Ended, Entry
from partners.enums import StandingChange
from partners.models import Partner
from registrations.enums import OPEN, UNDER_REVIEW, Action, Status
from registrations.models import Decision, Registration
from registrations.services import notices, receipts, waitlist
from registrations.services.transitions import Step, held_together, move, opened

log = logging.getLogger(__name__)
_RULE = "The partnership with your firm ended."
# What ends together, by the words that the firm's history uses.
HELD, REVIEWED, WAITING = (
    "protected registrations revoked",
    "registrations under review closed",
    "registrations in line closed",
)
_GROUPS = {
    Status.APPROVED: HELD,
    **dict.fromkeys(UNDER_REVIEW, REVIEWED),
    **dict.fromkeys((Status.WAITLISTED, Status.OFFERED, Status.SHARED), WAITING),
}
_END = {
    HELD: (
        "Protection ends: {0}",
        "The next in line get their turn, each is told by mail.",
    ),
    REVIEWED: ("Closed under review: {0}", "Their owners get one mail with the list."),
    WAITING: ("Closed in line, offered or co-sold: {0}", "Those behind them move up."),
}
_SUSPEND = {
    HELD: (
        "Stay protected: {0}",
        "Reminders and expiry go on; the firm's people can keep them alive, win or release them.",
    ),
    REVIEWED: ("Go on being looked at: {0}", "Channel managers decide them as before."),
    WAITING: (
        "Keep their place in line: {0}",
        "They are passed over until the firm is reinstated; an open offer can't be accepted meanwhile.",
    ),
}
_REINSTATE = {
    WAITING: (
        "Get their turn again where a place is free: {0}",
        "Each is offered by mail when its turn comes.",
    )
}
_SAID = {
    StandingChange.SUSPEND: _SUSPEND,
    StandingChange.END: _END,
    StandingChange.REINSTATE: _REINSTATE,
}


def foresee(partner: Partner, change: StandingChange) -> list[Consequence]:
    """What would follow now: one query."""
    said = _SAID.get(change, {})
    counts: dict[str, int] = dict.fromkeys(_END, 0)
    rows = Registration.objects.filter(partner=partner, status__in=OPEN).order_by()
    for status, number in rows.values_list("status").annotate(Count("pk")):
        counts[_GROUPS[Status(status)]] += number
    return [
        Consequence(
            key=group,
            label=words.format(_number(counts[group])),
            count=counts[group],
            url=f"{reverse('registrations:list')}?{urlencode({'partner': partner.code, 'status': 'open'})}",
            note=note,
            changes=change == StandingChange.END,
        )
        for group, (words, note) in said.items()
    ]


def _number(count: int) -> str:
    return "1 registration" if count == 1 else f"{count} registrations"


def carry_out(
    partner: Partner,
    change: StandingChange,
    *,
    by: User | None,
    reason: str,
    clock: Clock,
    most: int | None = None,
) -> dict[str, int]:
    """Ends the firm's open registrations where the partnership ends, at most `most` of them; nothing otherwise. One that
    fails is logged and stays open; the others go on."""
    if change != StandingChange.END:
        return {}
    rows = Registration.objects.filter(partner=partner, status__in=OPEN).order_by("rank")
    found = list(rows.values_list("pk", "company_id")[:most])
    # All companies first, by id: a line that moves up on the way locks some of them, too.
    companies = {company for _, company in found if company is not None}
    lock_companies(held_together(*companies))
    done: dict[str, int] = {}
    for pk, _ in found:
        registration = Registration.objects.select_related("partner", "company").get(pk=pk)
        if registration.status in OPEN:
            group = _GROUPS[Status(registration.status)]
            try:
                with transaction.atomic():
                    _end(registration, by=by, at=clock(), reason=reason)
            except Exception:
                log.exception("%s could not be ended with its firm; the others go on", registration.code)
            else:
                done[group] = done.get(group, 0) + 1
    return done


def _end(registration: Registration, *, by: User | None, at: datetime, reason: str) -> None:
    if registration.status == Status.SHARED:
        locked = opened(registration, Action.UNSHARE, by=None)
        move(locked, Action.UNSHARE, Status.WAITLISTED, by=None, at=at, step=Step({}))
    held = registration.status == Status.APPROVED
    action, target = (Action.REVOKE, Status.REVOKED) if held else (Action.REFUSE, Status.REFUSED)
    locked = opened(registration, action, by=None)
    before = locked.status
    locked.closed_at, locked.waits_for = at, None
    said = Step({"text": reason} if reason else {}, ("closed_at", "waits_for"))
    move(locked, action, target, by=by, at=at, step=said)
    receipts.write(locked, action, before=before, by=by, at=at, rule=_RULE, text=reason)
    waitlist.move_up(locked, at=at)


def ended(partner: Partner, since: datetime) -> list[tuple[User, Ended]]:
    """Who looks after which of the registrations that ended with the partnership from `since` on: two queries, and one for
    each owner who left."""
    rows = (
        Decision.objects.filter(registration__partner=partner, rule=_RULE, at__gte=since)
        .select_related("registration__owner__member", "registration__partner__manager")
        .order_by("pk")
    )
    people: dict[int, list[User]] = {}
    found: list[tuple[User, Ended]] = []
    for decision in rows:
        deal = decision.registration
        if deal.owner_id not in people:
            people[deal.owner_id] = notices.people_of(deal, since)
        row = Ended("Registrations", _title(deal), _became(decision))
        found += [(person, row) for person in people[deal.owner_id]]
    return found


def _title(deal: Registration) -> str:
    name = ": ".join(part for part in (deal.company_name, deal.deal_name) if part)
    return f"{name} ({deal.code})"


def _became(decision: Decision) -> str:
    if decision.action == Action.REVOKE:
        return "protection ended"
    return "closed under review" if decision.status_before in UNDER_REVIEW else "closed in line"


ENTRY = Entry("registrations", foresee, carry_out, order=20, bounded=True, ended=ended)
