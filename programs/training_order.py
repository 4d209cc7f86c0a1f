"""Paths whose modules open one after another: what comes before a module that is not open yet."""

from datetime import date
from typing import TYPE_CHECKING

from programs.models import Module, PathModule, Take
from programs.training_terms import done_of

if TYPE_CHECKING:
    from accounts.models import User


def first_before(user: "User", module: Module, today: date) -> tuple[Module, Take] | None:
    """The module to do first, and on which path; None where `module` is open. It is open as soon as it is on one of the
    paths that the person is on, was done, or all that they began with it are passed."""
    takes = Take.objects.of(user).filter(passed_at=None, path__path_modules__module=module)
    waits = None
    for take in takes.select_related("path__grants").order_by("pk"):
        before = _undone_before(take, module, today)
        if before is None:
            return None
        waits = waits or (before, take)
    return waits


def _undone_before(take: Take, module: Module, today: date) -> Module | None:
    if not take.path.in_order:
        return None
    done = done_of([take], today)[take.pk].counts
    if module.pk in done:
        return None
    rows = PathModule.objects.filter(path=take.path_id).select_related("module").order_by("number")
    first = next((row.module for row in rows if row.module_id not in done), None)
    return first if first != module else None
