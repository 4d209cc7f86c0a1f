"""The one door of `Lead.status`, and the locks before it.

The order of locks is always: registry, companies by id, leads by id, turns, registrations. The registry is taken where a
rank is drawn or a registration comes into being, so that a submission of the same company in another spelling sees the
gift or comes before it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import User
from companies.services import lock_companies, lock_registry
from core.errors import StaleVersion
from leads import workflow
from leads.enums import LeadAction
from leads.models import Gift, Lead
from leads.services import timeline
from leads.workflow import TRANSITIONS
from partners.models import Partner


def opened(
    lead: Lead, action: LeadAction, *, by: User | None, version: int | None = None
) -> tuple[Lead, Gift | None]:
    """The lead, locked behind its company and fit for `action`, with its open gift. Call inside a transaction.

    `version` is what the person's form was made from. Raises StaleVersion, WrongStatus, NotAllowed.
    """
    lock_registry()
    company_id = Lead.objects.values_list("company_id", flat=True).get(pk=lead.pk)
    lock_companies([company_id])
    locked = locked_row(lead.pk)
    gift = locked.gifts.open().select_related("partner__manager").first()
    workflow.check(by, action, locked, gift)
    if version is not None and version != locked.version:
        raise StaleVersion("Somebody changed this lead after you opened it. Look at it again, then decide.")
    return locked, gift


def locked_row(pk: int) -> Lead:
    """The lead's row, locked FOR UPDATE."""
    return (
        Lead.objects.select_for_update(of=("self",))
        .select_related("company", "territory", "currency")
        .get(pk=pk)
    )


def move(
    lead: Lead,
    action: LeadAction,
    *,
    by: User | None,
    at: datetime,
    partner: Partner | None = None,
    data: dict[str, Any] | None = None,
    fields: Iterable[str] = (),
) -> Lead:
    """Writes the status that `action` leads to, `fields` with it, and the history. The lead must come from `opened`."""
    source = lead.status
    target = TRANSITIONS[action].target
    if target is not None:
        lead.status = target
    lead.version += 1
    lead.changed_at = at
    lead.save(update_fields=["status", "version", "changed_at", *fields])
    told = {"from": source, "to": lead.status, **(data or {})}
    timeline.record(lead, action.value, actor=by, at=at, partner=partner, data=told)
    return lead
