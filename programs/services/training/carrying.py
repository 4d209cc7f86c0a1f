"""What somebody did of a path's modules on other paths: how much of it counts."""

from datetime import datetime

from django.db.models import Max

from core.vendor_days import vendor_day
from programs.models import ModuleDone, Quiz, Take
from programs.training import may_be_taken_again


def carry_over(take: Take, *, at: datetime) -> None:
    """What the person did on other paths counts on this one, of a quiz what its latest version asked. Who takes a path again
    does it anew: there only what they did since counts. So does who takes another path to a certification that could be taken
    again: what they did for the one that was revoked, lapsed or lapses soon does not bring it back. Call inside a
    transaction."""
    used = drop_used_up(take, at=at)
    own = take.done.values("module")
    missing = list(take.path.path_modules.exclude(module__in=own).values_list("module", flat=True))
    rows = ModuleDone.objects.filter(take__user=take.user_id, module__in=missing).exclude(take=take)
    if Take.objects.filter(user=take.user_id, path=take.path_id).exclude(pk=take.pk).exists():
        rows = rows.filter(at__gt=take.started_at)
    found = list(rows.select_related("attempt").order_by("at")) if missing else []
    if not found:
        return
    asked = _latest_quizzes(missing)
    for row in found:
        if row.module_id in used and row.at <= used[row.module_id]:
            continue
        quiz = asked.get(row.module_id)
        if quiz is None or (row.attempt is not None and row.attempt.quiz_id == quiz.pk):
            values = {"at": row.at, "attempt": row.attempt}
            ModuleDone.objects.get_or_create(take=take, module_id=row.module_id, defaults=values)


def drop_used_up(take: Take, *, at: datetime) -> dict[int, datetime]:
    """Takes out of an open take what it was given while the certification was good, as it would not be given now; until when
    modules are used up, by module."""
    used = _used_up(take, at)
    for module, until in used.items():
        take.done.filter(module=module, at__lte=until).delete()
    return used


def _used_up(take: Take, at: datetime) -> dict[int, datetime]:
    """By module until when it was done for certificates of the type that the path grants, where these have to be earned
    anew."""
    if take.path.grants_id is None:
        return {}
    earned = Take.objects.filter(user=take.user_id, certificate__type=take.path.grants_id)
    today = vendor_day(at)
    over = [one for one in earned.select_related("certificate", "path") if may_be_taken_again(one, today)]
    done = ModuleDone.objects.filter(take__in=over).order_by()
    return dict(done.values_list("module").annotate(until=Max("at")))


def _latest_quizzes(modules: list[int]) -> dict[int, Quiz]:
    """By module the quiz that a new attempt is asked, where there is one."""
    latest = Quiz.objects.filter(module__in=modules).order_by("module_id", "-number").distinct("module_id")
    return {quiz.module_id: quiz for quiz in latest if quiz.questions}
