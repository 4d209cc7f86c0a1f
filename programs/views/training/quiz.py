"""A quiz: an attempt is begun by a POST, so that opening an address uses none up; its page never tells the answers."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from accounts.models import User
from core import shown
from core.clock import database_clock
from programs import quizzes
from programs.forms.quiz import chosen_in, unanswered
from programs.models import Attempt, Take
from programs.permissions import TRAIN
from programs.services.training import taking
from programs.views.access import person_of
from programs.views.training.reach import module_in_reach
from programs.views.training.taking import say_passed


@require_POST
@requires(TRAIN)
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Begins an attempt, or goes back to the one that is open."""
    found = taking.start_attempt(module_in_reach(request, code), by=person_of(request))
    return redirect("programs:attempt", found.code)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(TRAIN)
def attempt(request: HttpRequest, code: str) -> HttpResponse:
    """The questions; once sent, what it came to. Only the person who began it sees it."""
    person = person_of(request)
    mine = Attempt.objects.of(person).select_related("quiz", "module")
    found = get_object_or_404(mine, code=code)
    if found.submitted_at is not None:
        return (
            redirect(reverse("programs:attempt", args=[code]))
            if request.method == "POST"
            else _result(request, found)
        )
    chosen: quizzes.Chosen = []
    missing: list[int] = []
    if request.method == "POST":
        chosen = chosen_in(request.POST, found.quiz.questions)
        missing = unanswered(chosen)
        if not missing:
            outcome = taking.submit_attempt(found, chosen, by=person)
            say_passed(request, outcome.passed)
            return redirect("programs:attempt", code)
    context = {
        "page_title": found.module.name,
        "breadcrumbs": _crumbs(found),
        "attempt": found,
        "rows": _rows(found, chosen, missing),
        "missing": [number + 1 for number in missing],
    }
    return render(request, "programs/training/quiz.html", context, status=422 if missing else 200)


def _rows(found: Attempt, chosen: quizzes.Chosen, missing: list[int]) -> list[dict[str, Any]]:
    return [
        {
            "number": question.number,
            "place": question.number + 1,
            "text": question.text,
            "several": question.several,
            "missing": question.number in missing,
            "answers": [
                {"number": number, "text": text, "chosen": bool(chosen) and number in chosen[question.number]}
                for number, text in enumerate(question.answers)
            ],
        }
        for question in quizzes.asked(found.quiz.questions)
    ]


def _result(request: HttpRequest, found: Attempt) -> HttpResponse:
    """The score; which questions were wrong, without their solution, so that the next attempt is one; the way on."""
    person, now = person_of(request), database_clock()
    questions = found.quiz.questions
    wrong = quizzes.wrong_ones(questions, found.answers)
    failed = [] if found.passed else taking.failed_since_pass(person, found.module)
    again = quizzes.next_attempt_at(failed, found.module.attempts, found.module.pause_hours)
    context = {
        "page_title": found.module.name,
        "breadcrumbs": _crumbs(found),
        "attempt": found,
        "module": found.module,
        "right": len(questions) - len(wrong),
        "total": len(questions),
        "wrong": [{"number": number + 1, "text": questions[number]["text"]} for number in wrong],
        "again": shown.moment(again) if again and again > now else "",
        "left": quizzes.attempts_left(len(failed), found.module.attempts),
        "take": _counted_on(found, person),
        "at": shown.moment(found.submitted_at),
    }
    return render(request, "programs/training/result.html", context)


def _counted_on(found: Attempt, person: User) -> Take | None:
    """The take to go on with: of the open ones a renewal, which lacked the module where others may have brought it along."""
    earlier = Take.objects.of(person).filter(path=OuterRef("path"), started_at__lt=OuterRef("started_at"))
    counted = Take.objects.of(person).filter(done__attempt=found).select_related("path")
    going_on = counted.filter(passed_at=None).order_by(Exists(earlier).desc(), "-started_at", "-pk")
    return going_on.first() or counted.first()


def _crumbs(found: Attempt) -> list[dict[str, str]]:
    return [
        {"label": "Training", "url": reverse("programs:training")},
        {"label": found.module.name, "url": reverse("programs:module", args=[found.module.code])},
        {"label": "Quiz"},
    ]
