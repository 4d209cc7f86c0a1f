"""What this app knows about a company: shown on the company's page, and beside two companies that may be one."""

from collections.abc import Collection, Iterable
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from accounts.models import User
from companies import above
from companies.models import Company
from registrations.enums import OPEN, Status
from registrations.models import Registration
from registrations.services import kept
from registrations.services.merging import place_given_back, rows_of, two_holders
from registrations.shown import money
from registrations.workflow import label_for

_SHOWN = 25
_EXAMPLES = 6
_LABELS = {
    "registrations": "Registrations",
    "holdings": "Scopes held, now and before",
    "conflicts": "Noted conflicts",
}


def panels_of(company: Company, reader: User) -> Iterable[above.Panel]:
    """The company's registrations as `reader` may see them, newest first."""
    seen = Registration.objects.visible_to(reader).filter(company=company)
    rows = [_row(registration) for registration in seen.for_list().order_by("-pk")[:_SHOWN]]
    yield above.Panel(
        title="Registrations",
        empty="No partner has registered it.",
        rows=rows,
        total=len(rows) if len(rows) < _SHOWN else seen.count(),
        url=f"{reverse('registrations:list')}?{urlencode({'q': company.name})}"
        if len(rows) == _SHOWN
        else "",
    )


def counts_of(company_ids: Collection[int], reader: User) -> dict[int, str]:
    """'3 registrations, 1 open' for each company that has any: one statement."""
    seen = Registration.objects.visible_to(reader).filter(company__in=company_ids).order_by()
    counted = seen.values_list("company").annotate(
        all=Count("pk"), now=Count("pk", filter=Q(status__in=OPEN))
    )
    return {pk: f"{count} registration{'s' if count != 1 else ''}, {now} open" for pk, count, now in counted}


def share_of(gone: Company, survivor: Company) -> above.Share:
    """What a merge takes along, counted with the queries that the merge itself uses."""
    counts = {name: rows_of(name, gone).count() for name in _LABELS}
    firsts = rows_of("registrations", gone).select_related("partner").order_by("-pk")[:_EXAMPLES]
    examples = {"registrations": [f"{row.code}, {row.partner.name}" for row in firsts]}
    moves = [
        above.Moving(name, label, counts[name], examples.get(name, [])) for name, label in _LABELS.items()
    ]
    clashes, yielding = kept.collisions(gone, survivor)
    return above.Share(
        moves,
        [two_holders(gone, survivor, clash) for clash in clashes],
        [place_given_back(f"{review.partner} ({review.code})") for review in yielding],
    )


def _row(registration: Registration) -> above.Row:
    return above.Row(
        title=registration.deal_name or registration.company_name,
        url=reverse("registrations:registration", args=[registration.code]),
        code=registration.code,
        who=registration.partner.name,
        status=registration.status,
        status_label=label_for(Status(registration.status), vendor=True),
        value=money(registration.value, registration.currency.code),
        at=registration.submitted_at,
    )


PROVIDER = above.Provider(panels_of, counts_of, share_of)
