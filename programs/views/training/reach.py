"""The path or module that somebody may look at; else 404, as if it did not exist."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User
from core.clock import database_clock
from programs.models import Module, Path, Take
from programs.training import reach_of
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
    mine = Take.objects.of(person).filter(path__path_modules__module=module).select_related("path")
    going_on = mine.filter(passed_at=None)
    return going_on.exclude(done__module=module).first() or going_on.first() or mine.first()
