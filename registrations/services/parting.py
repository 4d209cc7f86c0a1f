"""Taking back what a decision said about two companies, by the way or as its purpose."""

from datetime import datetime
from typing import Any

from django.db.models import Q

import companies.services as company_services
from accounts.models import User
from companies.models import Company, Verdict
from core.clock import fixed
from registrations.enums import ConflictState
from registrations.models import Conflict, Decision, Holding, Registration


def answers_about(registration: Registration) -> dict[str, dict[str, Any]]:
    """What people have said about its conflicts, by the id of each: what a judgement may say anew."""
    said = Conflict.objects.filter(Q(registration=registration) | Q(rival=registration))
    rows = said.exclude(state=ConflictState.OPEN)
    return {
        str(row.pk): {
            "state": row.state,
            "judged_by": row.judged_by_id,
            "judged_at": row.judged_at.isoformat(),
        }
        for row in rows
        if row.judged_at is not None
    }


def part_again(decision: Decision, company: int | None, *, by: User, at: datetime) -> None:
    """The verdict is undone, the conflicts that it answered say what they said before, and the registration stands at
    `company` again, where that is told. The caller holds the registry, the companies and the registration."""
    answered = Conflict.objects.filter(judged_by=by, judged_at=decision.at)
    for pk, said in (decision.undo or {}).get("answers", {}).items():
        answered.filter(pk=pk).update(**said)
    for verdict in Verdict.objects.active().filter(by=by, at=decision.at):
        company_services.undo_verdict(verdict, by=by, clock=fixed(at))
    answered.update(state=ConflictState.OPEN, judged_by=None, judged_at=None)
    row = Registration.objects.select_related("company").get(pk=decision.registration_id)
    if row.company is not None and company is not None and row.company_id != company:
        _leave(row, row.company, company)


def _leave(row: Registration, made: Company, company: int) -> None:
    """Leaves the company that 'different' has made for it, which goes where nobody else has come to stand at it."""
    Conflict.objects.filter(rival=row, company=made).update(company=company)
    Registration.objects.filter(pk=row.pk).update(company=company)
    # What it was given there was taken back, or this could not be; the row about it would keep the company.
    Holding.objects.filter(registration=row, company=made).update(company=company)
    company_services.discard(made)
