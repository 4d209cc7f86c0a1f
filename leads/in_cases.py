"""What case files hold of leads: those of a disputed company, with their histories, who had them, and the mails."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django.db.models import Q

from companies.relatives import merged_down
from leads import words
from leads.models import Gift, Lead, LeadEntry
from leads.services import timeline
from registrations.chains import Headline, Provider
from registrations.models import Conflict, Registration
from registrations.services.case_file.records import chain_of, fields_of, mails_about


def in_case(registrations: Sequence[Registration]) -> list[dict[str, Any]]:
    """The leads of the registrations' companies, those that became one of them, and those that a conflict check found."""
    found = list(_leads_of(registrations))
    entries = timeline.with_ends(LeadEntry.objects.filter(lead__in=found))
    entries = entries.select_related("actor__role", "partner")
    by_lead = {pk: list(group) for pk, group in groupby(entries, key=lambda entry: entry.lead_id)}
    return [_lead(lead, by_lead.get(lead.pk, [])) for lead in found]


def _leads_of(registrations: Sequence[Registration]) -> Iterable[Lead]:
    companies = {row.company_id for row in registrations if row.company_id is not None}
    merged = [pk for each in merged_down(companies).values() for pk in each]
    claims = Conflict.objects.filter(registration__in=registrations).exclude(claim_code="")
    theirs = (
        Q(company__in=merged) | Q(registration__in=registrations) | Q(code__in=claims.values("claim_code"))
    )
    pointers = ("company", "territory", "currency", "program", "created_by", "registration")
    return Lead.objects.filter(theirs).select_related(*pointers).order_by("pk")


def _lead(lead: Lead, entries: list[LeadEntry]) -> dict[str, Any]:
    told = reversed(words.tell(entries, vendor=True))
    gifts = lead.gifts.select_related("partner", "by", "ended_by").order_by("rank")
    return {
        "code": lead.code,
        "fields": {
            **fields_of(lead),
            "product_lines": [line.name for line in lead.product_lines.order_by("name")],
        },
        "timeline": [
            {
                "content": timeline.sealed_content(entry, lead.code),
                "hash": entry.hash,
                "words": said.title,
                "more": said.body,
                "who": said.who,
            }
            for entry, said in zip(entries, told, strict=True)
        ],
        "chain": chain_of(entries, timeline.broken_in(entries)),
        "gifts": [fields_of(gift) for gift in gifts],
        "mails": mails_about(lead.code, [gift.partner.code for gift in gifts]),
    }


def _headline(row: dict[str, Any]) -> Headline:
    """Of a lead in a case file; the firm is the one that has or had it last."""
    fields = row["fields"]
    partner = row["gifts"][-1]["partner"]["name"] if row["gifts"] else ""
    return Headline(fields["company_name"], partner, words.status_label(fields["status"]))


PROVIDER = Provider(
    name="leads",
    title="Lead",
    subject="lead",
    verify=timeline.chains,
    in_case=in_case,
    headline=_headline,
    models={"fields": Lead, "gifts": Gift},
)
