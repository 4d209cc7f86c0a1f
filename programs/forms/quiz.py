"""Answers to a quiz, and the editor of its questions. Both are read by hand: how many fields there are is data."""

from collections.abc import Mapping
from typing import Any

from core.fields import narrow, without_controls
from programs.quizzes import Chosen, Questions

MOST_QUESTIONS = 30
MOST_ANSWERS = 6
_LONGEST = 500


def chosen_in(sent: Any, questions: Questions) -> Chosen:
    """The numbers of the chosen answers by question; what is no number of an answer is left out."""
    found: Chosen = []
    for number, question in enumerate(questions):
        values = {
            value
            for value in sent.getlist(f"q{number}")
            if value.isascii() and value.isdigit() and len(value) < 4
        }
        found.append(sorted(one for one in map(int, values) if one < len(question["answers"])))
    return found


def unanswered(chosen: Chosen) -> list[int]:
    """The numbers of the questions without an answer."""
    return [number for number, one in enumerate(chosen) if not one]


def questions_in(sent: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The questions as an editor's form has them, empty ones and empty answers left out."""
    questions = []
    for number in range(MOST_QUESTIONS):
        text = _line(sent.get(f"q{number}"))
        answers = [
            {"text": words, "right": f"q{number}r{place}" in sent}
            for place in range(MOST_ANSWERS)
            if (words := _line(sent.get(f"q{number}a{place}")))
        ]
        if text or answers:
            questions.append({"text": text, "answers": answers})
    return questions


def mark_in(text: str) -> int | None:
    """The pass mark as people type it, '80', '80 %', '٨٠'; None for what is no percentage from 1 to 100."""
    typed = narrow(without_controls(text)).replace("%", "").replace("٪", "").strip()
    mark = int(typed) if typed.isdecimal() and len(typed) <= 3 else 0
    return mark if 1 <= mark <= 100 else None


def too_long(questions: Questions) -> list[str]:
    """Which texts are too long, in words."""
    found = []
    for number, question in enumerate(questions, start=1):
        texts = [question["text"], *(answer["text"] for answer in question["answers"])]
        if any(len(text) > _LONGEST for text in texts):
            found.append(f"Question {number}: use at most {_LONGEST} characters for a text.")
    return found


def _line(value: Any) -> str:
    return " ".join(without_controls(str(value or "")).split())
