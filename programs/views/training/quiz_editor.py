"""Operations write a quiz: questions with answers, as many as there are. 'Add a question' shows more places and keeps what
was typed; nothing is saved until it is sent."""

import re
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from core import shown
from core.errors import BadInput, StaleVersion
from programs import quizzes
from programs.forms.quiz import MOST_ANSWERS, MOST_QUESTIONS, mark_in, questions_in, too_long
from programs.models import Module
from programs.permissions import EDIT_TRAINING
from programs.services.training import keeping
from programs.views.access import crumbs, person_of, sent_version

_FEWEST_ANSWERS = 4
_MARK = "pass_mark"
_NUMBER = re.compile(r"^Question (\d+)\b")


class Problem(NamedTuple):
    """What is wrong, in words, and the id of the field it is about; '' for none."""

    at: str
    words: str


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT_TRAINING)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The quiz as it is asked now; saving makes the next version."""
    found = get_object_or_404(Module, code=code)
    quiz = keeping.latest_quiz(found)
    questions: list[dict[str, Any]] = quiz.questions if quiz else []
    mark, more, stale, status = str(quiz.pass_mark if quiz else 80), 0, False, 200
    problems: list[Problem] = []
    if request.method == "POST":
        questions, mark = questions_in(request.POST), request.POST.get("pass_mark", "").strip()
        if "more" in request.POST:
            # Places that are empty still stay: each press shows one more.
            shown_before = sum(f"q{number}" in request.POST for number in range(MOST_QUESTIONS))
            more = max(1, shown_before - len(questions))
        else:
            status = 422
            problems = _problems(questions, mark)
            if not problems:
                try:
                    keeping.save_quiz(
                        found,
                        by=person_of(request),
                        questions=questions,
                        pass_mark=mark_in(mark) or 0,
                        version=sent_version(request),
                    )
                except BadInput as error:
                    problems = [Problem("", error.message)]
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
        "rows": _rows(questions, more, problems),
        "pass_mark": mark,
        "problems": problems,
        "mark_problem": next((one.words for one in problems if one.at == _MARK), ""),
        "stale": stale,
        "may_add": len(questions) + 1 < MOST_QUESTIONS,
        "page": page,
    }
    return render(request, "programs/training/quiz_form.html", context, status=status)


def _problems(questions: list[dict[str, Any]], mark: str) -> list[Problem]:
    wrong = [*too_long(questions), *(quizzes.problems(questions) if questions else [])]
    found = [
        Problem(f"q{int(one[0]) - 1}" if (one := _NUMBER.findall(words)) else "", words) for words in wrong
    ]
    if mark_in(mark) is None:
        found.append(Problem(_MARK, "The pass mark is a percentage from 1 to 100."))
    return found


def _rows(questions: list[dict[str, Any]], more: int, problems: list[Problem]) -> list[dict[str, Any]]:
    """The questions with empty places: one more answer than there are, one empty question at the end, or two."""
    empty: dict[str, Any] = {"text": "", "answers": []}
    places = [*questions, *[empty] * (1 + more)][:MOST_QUESTIONS]
    return [
        {
            "number": number,
            "place": number + 1,
            "text": question["text"],
            "problem": " ".join(one.words for one in problems if one.at == f"q{number}"),
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
