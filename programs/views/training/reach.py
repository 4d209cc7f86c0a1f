"""The path or module that somebody may look at; else 404, as if it did not exist."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User
from core.clock import database_clock
from core.vendor_days import vendor_day
from programs.models import Module, Path, Take
from programs.training import reach_of
from programs.training_terms import done_of
from programs.views.access import person_of


def path_in_reach(request: HttpRequest, code: str) -> Path:
    """A path that is open for the reader, or that they began when it was."""
    return get_object_or_404(
        reach_of(person_of(request), database_clock()).select_related("grants"), code=code
    )


def module_in_reach(request: HttpRequest, code: str) -> Module:
    """A module of a path that the reader began: one path after the other, so nothing is read ahead of its path."""
    begun = Take.objects.of(person_of(request)).values("path")
    return get_object_or_404(Module.objects.filter(path_modules__path__in=begun).distinct(), code=code)


def take_of(person: User, module: Module) -> Take | None:
    """The take through which a person looks at a module: of the open ones one that lacks it, else any; else the last."""
    mine = Take.objects.of(person).filter(path__path_modules__module=module).select_related("path__grants")
    going_on = list(mine.filter(passed_at=None))
    done = done_of(going_on, vendor_day(database_clock()))
    lacking = (take for take in going_on if module.pk not in done[take.pk].counts)
    return next(lacking, None) or next(iter(going_on), None) or mine.first()
