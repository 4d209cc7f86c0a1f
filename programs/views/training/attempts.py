"""Attempts at quizzes as they are listed: for the person on the module's page, for operations beside who is on a path."""

from collections.abc import Collection
from typing import Any

from accounts.models import User
from core import shown
from programs.models import Attempt, Module, Path

_MOST = 20


def attempts_of(person: User, module: Module) -> list[dict[str, Any]]:
    """A person's own attempts at the quiz of a module, the latest first."""
    rows = Attempt.objects.of(person).filter(module=module, submitted_at__isnull=False)
    return [_said(row) for row in rows.select_related("module").order_by("-submitted_at", "-pk")[:_MOST]]


def attempts_on(path: Path, user_ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """The attempts of people at the quizzes of a path's modules, by the person's id, the latest first: one query."""
    found: dict[int, list[dict[str, Any]]] = {}
    rows = Attempt.objects.filter(
        user__in=user_ids, module__path_modules__path=path, submitted_at__isnull=False
    )
    for row in rows.select_related("module").order_by("-submitted_at", "-pk"):
        found.setdefault(row.user_id, []).append(_said(row))
    return found


def _said(row: Attempt) -> dict[str, Any]:
    return {
        "code": row.code,
        "module": row.module.name,
        "when": shown.moment(row.submitted_at),
        "score": f"{row.score}%",
        "passed": row.passed,
    }
