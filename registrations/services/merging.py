"""What a merge of two companies moves in this app, and the way back when the verdict is undone."""

from typing import Any

from companies.models import Company, Verdict
from core.errors import WrongStatus
from registrations.enums import Status
from registrations.models import Conflict, Holding, Registration

_TABLES = {"registrations": Registration, "holdings": Holding, "conflicts": Conflict}


def carry_over(gone: Company, survivor: Company) -> None:
    """Points this app's rows of `gone` at `survivor`; the verdict between the two keeps which ones, for the way back.

    Both companies are locked by the caller, and just declared the same.
    """
    verdict = Verdict.objects.active().between(gone.pk, survivor.pk).get()
    for name, model in _TABLES.items():
        rows = model._default_manager.filter(company=gone)
        verdict.moved[name] = list(rows.values_list("pk", flat=True))
        rows.update(company=survivor)
    verdict.save(update_fields=["moved"])


def carry_back(*, verdict: Verdict, restored: Company | None, survivor: Company | None, **_: Any) -> None:
    """Listens to companies.signals.verdict_undone, inside its transaction and under its locks.

    Raises WrongStatus while a registration that came over waits in line at the survivor: its place rests on the verdict.
    """
    if restored is None or survivor is None:
        return
    moved = Registration.objects.filter(pk__in=verdict.moved.get("registrations", []), company=survivor)
    waiting = moved.filter(status=Status.WAITLISTED).order_by("rank").first()
    if waiting is not None:
        raise WrongStatus(
            f"{waiting.code} waits in line because the two are one company. Decide about it first."
        )
    for name, model in _TABLES.items():
        rows = model._default_manager.filter(pk__in=verdict.moved.get(name, []), company=survivor)
        rows.update(company=restored)
