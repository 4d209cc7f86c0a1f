"""A row of a list of registrations, with everything formatted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from registrations import shown
from registrations.enums import Status
from registrations.models import Registration
from registrations.services import offers
from registrations.workflow import label_for


@dataclass(frozen=True)
class Row:
    """What a list shows of a registration. `days` are those of protection left, None without protection; `runs_on` says that
    it does not end before a request is answered, `due` whose answer is due and when."""

    code: str
    url: str
    company: str
    deal: str
    status: str
    label: str
    value: str
    days: int | None
    until: datetime | None
    runs_on: bool
    due: str
    partner: str
    owner: str
    changed: str


def rows_of(registrations: Iterable[Registration], now: datetime, *, vendor: bool) -> list[Row]:
    """The rows of registrations that came from `for_list()`: asks the database nothing."""
    return [_row(registration, now, vendor=vendor) for registration in registrations]


def _row(registration: Registration, now: datetime, *, vendor: bool) -> Row:
    status = registration.status
    held = status == Status.APPROVED
    page = "registrations:details" if status == Status.DRAFT else "registrations:registration"
    return Row(
        code=registration.code,
        url=reverse(page, args=[registration.code]),
        company=registration.company_name,
        deal=registration.deal_name,
        status=status,
        label=label_for(status, vendor=vendor),
        value=shown.money(registration.value, registration.currency),
        days=shown.days_until(registration.protected_until, now) if held else None,
        until=registration.protected_until if held else None,
        runs_on=registration.runs_on,  # type: ignore[attr-defined]
        due=_due(registration, now, vendor=vendor),
        partner=registration.partner.name,
        owner=registration.owner.name,
        changed=shown.day(registration.changed_at),
    )


def _due(registration: Registration, now: datetime, *, vendor: bool) -> str:
    if registration.status == Status.IN_REVIEW and registration.review_due_at:
        return f"Answer by {shown.day(registration.review_due_at)}"
    offer = next(iter(registration.open_offers), None)  # type: ignore[attr-defined]
    if registration.status != Status.OFFERED or offer is None:
        return ""
    return f"{'Their' if vendor else 'Your'} answer by {shown.day(offers.last_day(offer, now))}"
