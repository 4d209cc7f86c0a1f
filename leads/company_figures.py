"""What this app knows about a company: shown on the company's page, and beside two companies that may be one."""

from collections.abc import Collection, Iterable

from django.db.models import Count, Q
from django.urls import reverse

from accounts.models import User
from companies import above
from companies.models import Company
from leads.enums import LeadStatus
from leads.models import Lead
from registrations.shown import money

_SHOWN = 25
_EXAMPLES = 6


def panels_of(company: Company, reader: User) -> Iterable[above.Panel]:
    """The company's leads as `reader` may see them, newest first; nothing where there is none."""
    seen = Lead.objects.visible_to(reader).filter(company=company)
    rows = [_row(lead) for lead in seen.for_list().order_by("-pk")[:_SHOWN]]
    if rows:
        total = len(rows) if len(rows) < _SHOWN else seen.count()
        yield above.Panel("Leads", "", rows, total, reverse("leads:list") if total > len(rows) else "")


def counts_of(company_ids: Collection[int], reader: User) -> dict[int, str]:
    """'2 leads, 1 with a partner' for each company that has any: one statement."""
    seen = Lead.objects.visible_to(reader).filter(company__in=company_ids).order_by()
    with_partner = Q(status=LeadStatus.GIVEN)
    counted = seen.values_list("company").annotate(all=Count("pk"), now=Count("pk", filter=with_partner))
    return {
        pk: f"{count} lead{'s' if count != 1 else ''}, {now} with a partner" for pk, count, now in counted
    }


def share_of(gone: Company, survivor: Company) -> above.Share:
    """What a merge takes along."""
    rows = Lead.objects.filter(company=gone).order_by("-pk")
    examples = [f"{lead.code}, {lead.get_status_display().lower()}" for lead in rows[:_EXAMPLES]]
    return above.Share([above.Moving("leads", "Leads", rows.count(), examples)])


def _row(lead: Lead) -> above.Row:
    gift = next(iter(lead.holding), None)  # type: ignore[attr-defined]
    return above.Row(
        title=lead.need[:120],
        url=reverse("leads:lead", args=[lead.code]),
        code=lead.code,
        who=gift.partner.name if gift else "",
        status="",
        status_label=lead.get_status_display(),
        value=money(lead.value, lead.currency),
        at=lead.created_at,
    )


PROVIDER = above.Provider(panels_of, counts_of, share_of)
