"""The deadline of a proposal (a split or a transfer): after it nobody can agree any more, and everything stays as it was."""

import logging
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from companies.services import lock_companies
from core.clock import Clock, database_clock
from core.errors import DomainError
from notifications.holding import by_calendar
from policies.models import RegistrationPolicy
from registrations.enums import AgreementState
from registrations.models import Agreement, Registration
from registrations.services import notices, proposal_ends, timeline
from registrations.services.expiry import Sweep
from registrations.services.transitions import held_together
from registrations.services.turns import answer_by

log = logging.getLogger(__name__)


def deadline(holder: Registration, other: Registration, policy: RegistrationPolicy, at: datetime) -> datetime:
    """When a proposal made at `at` lapses: each side has the policy's business days of an offer, where it works."""
    return max(answer_by(at, policy, deal) for deal in (holder, other))


def is_past(agreement: Agreement, now: datetime) -> bool:
    """Whether it waited for an answer too long. One made before there were deadlines waits on."""
    waits = agreement.state == AgreementState.PROPOSED
    return waits and agreement.answer_by is not None and now > agreement.answer_by


def last_day(agreement: Agreement, deal: Registration) -> date | None:
    """The last whole day on which the partner of `deal` can answer, as its own calendar has it."""
    if agreement.answer_by is None:
        return None
    end = agreement.answer_by.astimezone(ZoneInfo(deal.partner.time_zone)) + timedelta(seconds=1)
    return (end - timedelta(days=1)).date()


def lapse_proposals(*, clock: Clock = database_clock, dry_run: bool = False) -> Sweep:
    """A sweep: ends proposals that were not answered by both in time, and tells both and the manager who proposed.
    `done` has the codes of the proposals. Safe to run never, once or a hundred times."""
    now = clock()
    sweep = Sweep()
    due = Agreement.objects.filter(state=AgreementState.PROPOSED, ended_at=None, answer_by__lt=now)
    if not due.exists():
        return sweep
    for agreement in due.select_related("holder", "other").order_by("answer_by", "id"):
        try:
            if dry_run or _lapse(agreement, now):
                sweep.done.append(agreement.code)
        except DomainError as reason:
            log.info("the proposal %s does not lapse: %s", agreement.code, reason)
        except Exception:
            log.exception("ending the proposal %s failed; the others go on", agreement.code)
            sweep.failed.append(agreement.code)
    return sweep


def _lapse(agreement: Agreement, now: datetime) -> bool:
    """Ends one behind the locks, if it still waits there: the second consent may have come first."""
    with transaction.atomic(), by_calendar(now):
        companies = {deal.company_id for deal in (agreement.holder, agreement.other) if deal.company_id}
        lock_companies(held_together(*companies))
        deals = list(
            Registration.objects.select_for_update(of=("self",))
            .select_related("partner__manager", "owner__member")
            .filter(pk__in=[agreement.holder_id, agreement.other_id])
            .order_by("rank")
        )
        fresh = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
        if not is_past(fresh, now):
            return False
        proposal_ends.end(fresh, AgreementState.LAPSED, at=now)
        for deal in deals:
            _tell(fresh, deal, now)
        _tell_manager(fresh, next(deal for deal in deals if deal.pk == fresh.other_id), now)
    return True


def _tell(agreement: Agreement, deal: Registration, now: datetime) -> None:
    timeline.record(deal, "agreement_lapsed", actor=None, at=now, data={"agreement": agreement.code})
    is_holder = deal.pk == agreement.holder_id
    answered = agreement.holder_agreed_at if is_holder else agreement.other_agreed_at
    notices.tell_partner(
        deal,
        "registration.agreement_lapsed",
        occasion=agreement.code,
        agreement={"kind": agreement.kind, "answered": bool(answered), "until": last_day(agreement, deal)},
    )


def _tell_manager(agreement: Agreement, newcomer: Registration, now: datetime) -> None:
    """The manager who proposed it learns which of the two did not answer."""
    silent = [
        deal.partner.name
        for deal, answered in (
            (agreement.holder, agreement.holder_agreed_at),
            (agreement.other, agreement.other_agreed_at),
        )
        if answered is None
    ]
    proposal_ends.tell_proposer(agreement, newcomer, "registration.proposal_lapsed", at=now, silent=silent)
