"""A person's training: the next module as the one thing to do, the paths they are on, those they could begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from core import shown
from core.clock import database_clock
from core.vendor_days import vendor_day
from partners.standing_words import standing_word
from programs.permissions import TRAIN, firm_of
from programs.training import Progress, may_take, paths_for, progress_of, reach_of
from programs.views.access import person_of
from programs.views.training.reach import path_in_reach
from programs.views.training.taking import goes_on, rests


@dataclass(frozen=True)
class Card:
    """A path in a list."""

    name: str
    url: str
    summary: str
    grants: str
    done: int
    total: int
    minutes: int
    until: str
    may_renew: bool
    grants_else: bool
    revoked: bool


@require_safe
@requires(TRAIN)
def training(request: HttpRequest) -> HttpResponse:
    """Five queries, however many paths there are."""
    person, now = person_of(request), database_clock()
    reach = reach_of(person, now).select_related("grants").order_by("name")
    open_ids = set(paths_for(person, now).values_list("pk", flat=True))
    found = progress_of(person, reach, vendor_day(now))
    begun = [one for one in found if one.take and not one.take.passed_at]
    going = min(begun, key=_nearest) if begun and goes_on(person) else None
    context = {
        "page_title": "Training",
        "standing": standing_word(person),
        "firmless": firm_of(person) is None,
        "next": _next(going) if going else None,
        "begun": [_card(one) for one in begun],
        "fresh": [_card(one) for one in found if one.path.pk in open_ids and one.take is None],
        "passed": [_card(one) for one in found if one.take and one.take.passed_at],
    }
    return render(request, "programs/training/ours.html", context)


@require_safe
@requires(TRAIN)
def path(request: HttpRequest, code: str) -> HttpResponse:
    """The modules in their order: done, next, later."""
    found, person, now = path_in_reach(request, code), person_of(request), database_clock()
    progress = progress_of(person, [found], vendor_day(now))[0]
    take = progress.take
    context = {
        "page_title": found.name,
        "breadcrumbs": [{"label": "Training", "url": reverse("programs:training")}, {"label": found.name}],
        "path": found,
        "progress": progress,
        "begun": take is not None and take.passed_at is None and goes_on(person),
        "rests": rests(person) if take is not None and take.passed_at is None else "",
        "passed_on": shown.day(take.passed_at) if take else "",
        "until": shown.day(take.valid_until) if take else "",
        "certificate": take.certificate if take else None,
        "may_begin": take is None and may_take(person, found, now),
        "may_renew": progress.may_renew and may_take(person, found, now),
        "minutes": sum(lesson.module.minutes for lesson in progress.lessons),
    }
    return render(request, "programs/training/path.html", context)


def _nearest(progress: Progress) -> tuple[int, str]:
    return progress.total - progress.done, progress.path.name


def _next(progress: Progress) -> dict[str, Any] | None:
    lesson = progress.next_lesson
    if lesson is None:
        return None
    return {
        "module": lesson.module,
        "url": reverse("programs:module", args=[lesson.module.code]),
        "path": progress.path,
        "number": progress.done + 1,
        "total": progress.total,
        "done": progress.done,
    }


def _card(progress: Progress) -> Card:
    path_, take = progress.path, progress.take
    # What was passed earned what its path granted then.
    earned = take.certificate if take is not None and take.passed_at is not None else None
    grants = earned.type if earned is not None else path_.grants
    left: Sequence[Any] = [lesson.module for lesson in progress.lessons if not lesson.is_done]
    return Card(
        name=path_.name,
        url=reverse("programs:path", args=[path_.code]),
        summary=path_.summary,
        grants=str(grants) if grants else "",
        done=progress.done,
        total=progress.total,
        minutes=sum(module.minutes for module in left),
        until=shown.day(take.valid_until) if take else "",
        may_renew=progress.may_renew,
        grants_else=progress.grants_else,
        revoked=take is not None and take.is_revoked,
    )
