"""What a merge of two companies moves in this app, and the way back when the verdict is undone."""

from typing import Any

from companies.models import Company, Verdict
from companies.services.came_since import that_mean
from leads.models import Lead
from leads.services.keeping import query_of

_KEY = "leads"


def carry_over(*, verdict: Verdict, gone: Company | None, survivor: Company | None, **_: Any) -> None:
    """Listens to companies.signals.verdict_given: points the leads of `gone` at `survivor`; the verdict keeps which."""
    if gone is None or survivor is None:
        return
    verdict.refresh_from_db(fields=["moved"])  # another app may have added its own key
    rows = Lead.objects.filter(company=gone)
    verdict.moved[_KEY] = list(rows.values_list("pk", flat=True))
    rows.update(company=survivor)
    verdict.save(update_fields=["moved"])


def carry_back(*, verdict: Verdict, restored: Company | None, survivor: Company | None, **_: Any) -> None:
    """Listens to companies.signals.verdict_undone: the leads go back, and with them those that came in since by the restored
    company's very name."""
    if restored is None or survivor is None:
        return
    since = Lead.objects.filter(company=survivor, created_at__gte=verdict.at)
    came = that_mean(restored, survivor, {lead.pk: query_of(lead) for lead in since})
    came |= set(verdict.moved.get(_KEY, []))
    Lead.objects.filter(pk__in=came, company=survivor).update(company=restored)
