"""What somebody did of a path's modules on other paths: which of it is put down on a take. How long it counts there, and what
end it brings along, `programs/training_terms.py` says."""

from datetime import datetime

from core.vendor_days import vendor_day
from programs.models import ModuleDone, Quiz, Take
from programs.training_terms import done_of, spent_on


def carry_over(take: Take, *, at: datetime) -> None:
    """What the person did on other paths counts on this one, of a quiz what its latest version asked, with the day when they
    last did it. Who takes a path again does it anew: there only what they did since counts. What is spent does not count.
    Call inside a transaction."""
    drop_spent(take, at=at)
    own = take.done.values("module")
    missing = list(take.path.path_modules.exclude(module__in=own).values_list("module", flat=True))
    rows = ModuleDone.objects.filter(take__user=take.user_id, module__in=missing).exclude(take=take)
    if Take.objects.filter(user=take.user_id, path=take.path_id).exclude(pk=take.pk).exists():
        rows = rows.filter(at__gt=take.started_at)
    found = list(rows.select_related("attempt").order_by("-at")) if missing else []
    if not found:
        return
    asked, is_spent = _latest_quizzes(missing), spent_on([take], vendor_day(at))
    for row in found:
        if is_spent(take, row.module_id, row.at):
            continue
        quiz = asked.get(row.module_id)
        if quiz is None or (row.attempt is not None and row.attempt.quiz_id == quiz.pk):
            values = {"at": row.at, "attempt": row.attempt}
            ModuleDone.objects.get_or_create(take=take, module_id=row.module_id, defaults=values)


def drop_spent(take: Take, *, at: datetime) -> None:
    """Takes out of an open take what counted on it once and does not any more."""
    take.done.filter(module__in=done_of([take], vendor_day(at))[take.pk].anew).delete()


def _latest_quizzes(modules: list[int]) -> dict[int, Quiz]:
    """By module the quiz that a new attempt is asked, where there is one."""
    latest = Quiz.objects.filter(module__in=modules).order_by("module_id", "-number").distinct("module_id")
    return {quiz.module_id: quiz for quiz in latest if quiz.questions}
