"""Operations write a quiz: questions with answers, as many as there are. 'Add a question' shows more places and keeps what
was typed; nothing is saved until it is sent."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from core import shown
from core.errors import BadInput, StaleVersion
from programs.forms.quiz import MOST_ANSWERS, MOST_QUESTIONS, questions_in, too_long
from programs.models import Module
from programs.permissions import EDIT_TRAINING
from programs.services.training import keeping
from programs.views.access import crumbs, person_of, sent_version

_FEWEST_ANSWERS = 4


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT_TRAINING)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The quiz as it is asked now; saving makes the next version."""
    found = get_object_or_404(Module, code=code)
    quiz = keeping.latest_quiz(found)
    questions: list[dict[str, Any]] = quiz.questions if quiz else []
    mark, more, problems, stale, status = str(quiz.pass_mark if quiz else 80), 0, [], False, 200
    if request.method == "POST":
        questions, mark = questions_in(request.POST), request.POST.get("pass_mark", "").strip()
        if "more" in request.POST:
            more = 1
        else:
            status = 422
            problems = _problems(questions, mark)
            if not problems:
                try:
                    keeping.save_quiz(
                        found,
                        by=person_of(request),
                        questions=questions,
                        pass_mark=int(mark),
                        version=sent_version(request),
                    )
                except BadInput as error:
                    problems = [error.message]
                except StaleVersion:
                    stale, status = True, 409
                else:
                    messages.success(request, "The quiz is saved. New attempts are asked this version.")
                    return redirect("programs:change_module", code)
    page = reverse("programs:change_module", args=[code])
    context = {
        "page_title": "Quiz",
        "breadcrumbs": crumbs(
            request, ("Training", reverse("programs:training_desk")), (found.name, page), title="Quiz"
        ),
        "module": found,
        "quiz": quiz,
        "since": shown.day(quiz.created_at) if quiz else "",
        "attempts": quiz.attempts.count() if quiz else 0,
        "rows": _rows(questions, more),
        "pass_mark": mark,
        "problems": problems,
        "stale": stale,
        "may_add": len(questions) + 1 < MOST_QUESTIONS,
        "page": page,
    }
    return render(request, "programs/training/quiz_form.html", context, status=status)


def _problems(questions: list[dict[str, Any]], mark: str) -> list[str]:
    problems = too_long(questions)
    if not (mark.isascii() and mark.isdigit() and 1 <= int(mark) <= 100):
        problems.append("The pass mark is a percentage from 1 to 100.")
    return problems


def _rows(questions: list[dict[str, Any]], more: int) -> list[dict[str, Any]]:
    """The questions with empty places: one more answer than there are, one empty question at the end, or two."""
    empty: dict[str, Any] = {"text": "", "answers": []}
    places = [*questions, *[empty] * (1 + more)][:MOST_QUESTIONS]
    return [
        {
            "number": number,
            "place": number + 1,
            "text": question["text"],
            "answers": [
                {"number": place, "place": place + 1, **_answer(question, place)}
                for place in range(min(max(_FEWEST_ANSWERS, len(question["answers"]) + 1), MOST_ANSWERS))
            ],
        }
        for number, question in enumerate(places)
    ]


def _answer(question: dict[str, Any], place: int) -> dict[str, Any]:
    answers = question["answers"]
    return answers[place] if place < len(answers) else {"text": "", "right": False}
