"""A module: read, watch, fetch its file, say that it is done; and the beginning of a path."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.models import User
from core import shown
from core.clock import database_clock
from core.downloads import as_download
from core.vendor_days import vendor_day
from partners.enums import PartnerStatus
from programs.content_text import as_html
from programs.models import Attempt, Module, ModuleDone, Path, PathModule, Take
from programs.permissions import TRAIN, firm_of
from programs.quizzes import attempts_left, next_attempt_at
from programs.services.training import taking
from programs.services.training.keeping import latest_quiz
from programs.training import RESTS
from programs.training_order import first_before
from programs.training_terms import done_of
from programs.views.access import person_of
from programs.views.training.attempts import attempts_of
from programs.views.training.reach import module_in_reach, path_in_reach, take_of


@require_POST
@requires(TRAIN)
def begin_path(request: HttpRequest, code: str) -> HttpResponse:
    """Begins a path, or renews it, and goes to its first module."""
    found = path_in_reach(request, code)
    take = taking.begin(found, by=person_of(request))
    return redirect(_onward(take))


@require_safe
@requires(TRAIN)
def module(request: HttpRequest, code: str) -> HttpResponse:
    """What there is to learn, then the quiz or the button that says it is done; before its turn what comes first."""
    found, person, now = module_in_reach(request, code), person_of(request), database_clock()
    if before := first_before(person, found, vendor_day(now)):
        return _not_open(request, found, *before)
    take = take_of(person, found)
    quiz = latest_quiz(found)
    done = _done(take, found) if take else None
    failed = taking.failed_since_pass(person, found) if quiz else []
    again = next_attempt_at(failed, found.attempts, found.pause_hours)
    place = _place(take, found) if take else {}
    context = {
        "page_title": found.name,
        "breadcrumbs": _crumbs(take, found),
        "module": found,
        "text": as_html(found.text) if found.text else "",
        "quiz": quiz,
        "questions": len(quiz.questions) if quiz else 0,
        "done": shown.day(done.at) if done else "",
        "begun": take is not None and take.passed_at is None and goes_on(person),
        "rests": rests(person) if take is not None and take.passed_at is None else "",
        "attempt": Attempt.objects.of(person).open().filter(module=found).first(),
        "failed": len(failed),
        "attempts": attempts_of(person, found),
        "left": attempts_left(len(failed), found.attempts),
        "again": shown.moment(again) if again and again > now else "",
        "take": take,
        **place,
    }
    return render(request, "programs/training/module.html", context)


def goes_on(person: User) -> bool:
    """Whether what the person does counts now: not while their firm is suspended, nor once the partnership has ended."""
    return firm_of(person) is not None and not rests(person)


def rests(person: User) -> str:
    """Why nothing that the person does counts now, in a sentence; '' where it does."""
    firm = firm_of(person)
    return RESTS.get(PartnerStatus(firm.status), "") if firm is not None else ""


def _not_open(request: HttpRequest, found: Module, first: Module, take: Take) -> HttpResponse:
    context = {
        "page_title": found.name,
        "breadcrumbs": _crumbs(take, found),
        "module": found,
        "first": first,
        "path": take.path,
    }
    return render(request, "programs/training/not_open.html", context, status=409)


@require_POST
@requires(TRAIN)
def done(request: HttpRequest, code: str) -> HttpResponse:
    """The person says that a module without a quiz is done."""
    found, person = module_in_reach(request, code), person_of(request)
    take = take_of(person, found)
    passed = taking.finish_module(found, by=person)
    say_passed(request, passed)
    return redirect(_onward(take) if take else reverse("programs:training"))


@require_safe
@requires(TRAIN)
def file(request: HttpRequest, code: str) -> FileResponse:
    """The module's file, as a download."""
    found = module_in_reach(request, code)
    taking.check_open(found, by=person_of(request))
    if not found.file:
        raise Http404("This module has no file.")
    return as_download(found.file, name=found.file_name, content_type=found.file_type)


def say_passed(request: HttpRequest, passed: list[Path] | tuple[Path, ...]) -> None:
    """Says which paths were passed just now."""
    for path in passed:
        granted = f" You hold “{path.grants}” now." if path.grants else ""
        messages.success(request, f"You passed “{path.name}”.{granted}")


def _onward(take: Take) -> str:
    """The next module of the path, or the path's page when all are done."""
    finished = done_of([take], vendor_day(database_clock()))[take.pk].counts
    row = take.path.path_modules.exclude(module__in=finished).select_related("module").first()
    if row is None or take.passed_at:
        return reverse("programs:path", args=[take.path.code])
    return reverse("programs:module", args=[row.module.code])


def _done(take: Take, found: Module) -> ModuleDone | None:
    """The module as it was done on the take, None where it was not or does not count any more."""
    counts = done_of([take], vendor_day(database_clock()))[take.pk].counts
    return take.done.filter(module=found).first() if found.pk in counts else None


def _place(take: Take, found: Module) -> dict[str, Any]:
    rows = list(PathModule.objects.filter(path=take.path_id).select_related("module").order_by("number"))
    codes = [row.module.code for row in rows]
    at = codes.index(found.code)
    return {
        "number": at + 1,
        "total": len(rows),
        "following": rows[at + 1].module if at + 1 < len(rows) else None,
    }


def _crumbs(take: Take | None, found: Module) -> list[dict[str, str]]:
    crumbs = [{"label": "Training", "url": reverse("programs:training")}]
    if take is not None:
        crumbs.append({"label": take.path.name, "url": reverse("programs:path", args=[take.path.code])})
    return [*crumbs, {"label": found.name}]
