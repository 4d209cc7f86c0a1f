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
    kept = Lead.objects.filter(program=program).select_related("currency").order_by("-pk")
    rows = [_row(lead, "Waiting for your answer") for lead in kept.given_to(firm)[:_SHOWN]]
    rows += [_row(lead, "In the pool") for lead in kept.claimable_by(firm)[:_SHOWN]]
    return Section(
        "leads", "Leads for you", tuple(rows[:_SHOWN]), reverse("leads:ours"), "Your leads", order=20
    )


def _row(lead: Lead, label: str) -> Row:
    value = shown.money(lead.value, lead.currency)
    note = " · ".join(part for part in (lead.need, value) if part)
    return Row(lead.company_name, reverse("leads:lead", args=[lead.code]), note, label, tone_of(lead.status))
