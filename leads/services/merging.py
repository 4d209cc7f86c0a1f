"""What a merge of two companies moves in this app, and the way back when the verdict is undone."""

from typing import Any

from companies.models import Company, Verdict
from leads.models import Lead

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
    """Listens to companies.signals.verdict_undone."""
    if restored is None or survivor is None:
        return
    Lead.objects.filter(pk__in=verdict.moved.get(_KEY, []), company=survivor).update(company=restored)
