"""What each partner did with this company before: how many registered, won, lost, expired, and the latest with dates."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse

from registrations.comparison import day, money
from registrations.enums import Status
from registrations.models import Registration
from registrations.views.review.rivals import Rival
from registrations.workflow import label_for

_ROWS, _READ = 5, 40
_ORDER = [Status.WON, Status.LOST, Status.EXPIRED, Status.WITHDRAWN, Status.REFUSED, Status.REVOKED]


@dataclass(frozen=True)
class Record:
    """One partner's past with the company (or both companies, where they are two rows), besides the two compared."""

    partner: str
    total: int
    counts: list[str]
    rows: list[dict[str, Any]]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.rows)


def records(registration: Registration, rival: Rival | None) -> list[Record]:
    """The partner's own, then the rival's where it is another firm: two queries, however many registrations."""
    firms = {registration.partner_id: registration.partner.name}
    companies, compared = {registration.company_id}, [registration.pk]
    if rival is not None:
        companies.add(rival.conflict.company_id)
        other = rival.registration
        if other is not None:
            firms.setdefault(other.partner_id, other.partner.name)
            companies.add(other.company_id)
            compared.append(other.pk)
    past = (
        Registration.objects.filter(partner__in=firms, company__in=companies - {None}, discarded_at=None)
        .exclude(pk__in=compared)
        .exclude(status=Status.DRAFT)
    )
    counted: dict[int, dict[str, int]] = defaultdict(dict)
    by_status = past.order_by().values_list("partner", "status").annotate(n=Count("pk"))
    for firm, status, number in by_status:
        counted[firm][status] = number
    shown: dict[int, list[Registration]] = defaultdict(list)
    for row in past.select_related("currency").order_by("-submitted_at")[:_READ]:
        shown[row.partner_id].append(row)
    return [
        Record(
            name, sum(counted[pk].values()), _counts(counted[pk]), [_row(row) for row in shown[pk][:_ROWS]]
        )
        for pk, name in firms.items()
    ]


def _counts(found: dict[str, int]) -> list[str]:
    """'3 registered', '1 won', '2 open': what did not happen is not said."""
    if not found:
        return []
    ended = {status: found.get(status, 0) for status in _ORDER}
    still = sum(found.values()) - sum(ended.values())
    told = [f"{sum(found.values())} registered"]
    told += [
        f"{number} {label_for(status, vendor=True).lower()}" for status, number in ended.items() if number
    ]
    return told + ([f"{still} open"] if still else [])


def _row(row: Registration) -> dict[str, Any]:
    ended = row.closed_on or row.closed_at
    return {
        "code": row.code,
        "url": reverse("registrations:review_item", args=[row.code]),
        "deal": row.deal_name or row.company_name,
        "status": row.status,
        "label": label_for(row.status, vendor=True),
        "value": money(row.closed_value or row.value, row.currency.code),
        "registered": day(row.submitted_at),
        "ended": day(ended) if ended else "",
    }
