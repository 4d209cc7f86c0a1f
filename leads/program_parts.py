"""What a program's page shows of the leads that are kept for its firms."""

from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from accounts.models import User
from leads.enums import LeadStatus
from leads.models import Lead
from leads.querysets import firm_of
from leads.workflow import tone_of
from partners.models import Partner
from programs.contents import Row, Section
from programs.models import Program
from registrations import shown

_SHOWN = 6


def leads_in(program: Program, reader: User) -> list[Section]:
    """For the vendor how many stand where: one query. For a firm what waits for its answer, then what it can claim: a
    constant number, nothing that other firms have."""
    if reader.may("leads.view_all"):
        return [_for_vendor(program)]
    firm = firm_of(reader)
    return [_for_firm(program, firm)] if firm is not None else []


def _for_vendor(program: Program) -> Section:
    counts = dict(
        Lead.objects.filter(program=program).order_by().values_list("status").annotate(n=Count("pk"))
    )
    where = f"{reverse('leads:list')}?{urlencode({'program': program.code})}"
    rows = tuple(
        Row(LeadStatus(status).label, f"{where}&{urlencode({'status': status})}", label=str(counts[status]))
        for status in LeadStatus.values
        if counts.get(status)
    )
    return Section("leads", "Leads for its firms", rows, where, "All of them", order=20)


def _for_firm(program: Program, firm: Partner) -> Section:
    asked = list(_rows_of(Lead.objects.given_to(firm).filter(program=program)))
    pool = list(_rows_of(Lead.objects.claimable_by(firm).filter(program=program)))
    rows = [_row(lead, "Waiting for your answer") for lead in asked]
    rows += [_row(lead, "In the pool") for lead in pool]
    return Section(
        "leads", "Leads for you", tuple(rows[:_SHOWN]), reverse("leads:ours"), "Your leads", order=20
    )


def _rows_of(leads: object) -> list[Lead]:
    found: list[Lead] = list(leads.select_related("currency").order_by("-pk")[:_SHOWN])  # type: ignore[attr-defined]
    return found


def _row(lead: Lead, label: str) -> Row:
    value = shown.money(lead.value, lead.currency)
    note = " · ".join(part for part in (lead.need, value) if part)
    return Row(lead.company_name, reverse("leads:lead", args=[lead.code]), note, label, tone_of(lead.status))
