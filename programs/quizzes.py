"""Quizzes as a calculation: what a quiz asks without telling the answers, what an attempt scores, when the next one may be
made. Nothing here asks the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.shown import share

Questions = Sequence[Mapping[str, Any]]
Chosen = list[list[int]]  # by question: the numbers of the chosen answers


@dataclass(frozen=True)
class Asked:
    """A question as the page may show it before the attempt is sent: nothing in it says which answers are right.
    `several`: more than one is."""

    number: int
    text: str
    answers: list[str]
    several: bool


@dataclass(frozen=True)
class Result:
    """`right` of `total` questions, `score` in percent, whether that reaches the mark; a score that does not is never rounded
    up to it."""

    right: int
    total: int
    score: int
    passed: bool


def asked(questions: Questions) -> list[Asked]:
    """The questions without their solution."""
    return [
        Asked(
            number=number,
            text=question["text"],
            answers=[answer["text"] for answer in question["answers"]],
            several=len(_right(question)) > 1,
        )
        for number, question in enumerate(questions)
    ]


def score(questions: Questions, chosen: Chosen, pass_mark: int) -> Result:
    """A question counts when exactly its right answers were chosen. The mark is compared without rounding."""
    given = [set(one) for one in chosen] + [set()] * len(questions)
    right = sum(_right(question) == given[number] for number, question in enumerate(questions))
    total = len(questions)
    passed = total > 0 and 100 * right >= pass_mark * total
    percent = share(right, total)
    return Result(right, total, percent if passed else min(percent, pass_mark - 1), passed)


def wrong_ones(questions: Questions, chosen: Chosen) -> list[int]:
    """The numbers of the questions that were not answered rightly."""
    given = [set(one) for one in chosen] + [set()] * len(questions)
    return [number for number, question in enumerate(questions) if _right(question) != given[number]]


def next_attempt_at(failed: Sequence[datetime], limit: int, pause_hours: int) -> datetime | None:
    """From when on the next attempt may be made, after failures (their moments in order) since the last success: None for
    at once. After every `limit` of them comes a pause; a limit of 0 is none."""
    if not limit or not failed or len(failed) % limit:
        return None
    return failed[-1] + timedelta(hours=pause_hours)


def attempts_left(failed: int, limit: int) -> int | None:
    """How many attempts there are before the next pause; None without a limit."""
    return limit - failed % limit if limit else None


def problems(questions: Questions) -> list[str]:
    """What is wrong with a quiz, in words; nothing for one that can be asked."""
    found = []
    if not questions:
        return ["A quiz has at least one question."]
    for number, question in enumerate(questions, start=1):
        texts = [answer["text"] for answer in question["answers"]]
        if not question["text"]:
            found.append(f"Question {number} has no text.")
        if len(texts) < 2:
            found.append(f"Question {number} needs at least two answers.")
        if len(set(texts)) < len(texts):
            found.append(f"Question {number} has the same answer twice.")
        if not _right(question):
            found.append(f"Question {number} has no right answer.")
    return found


def _right(question: Mapping[str, Any]) -> set[int]:
    return {number for number, answer in enumerate(question["answers"]) if answer["right"]}
