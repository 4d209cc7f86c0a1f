"""Operations' training desk: paths with who passed, modules with how hard their quizzes are."""

from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from core import shown
from core.clock import database_clock
from core.vendor_days import vendor_day
from programs.enums import Publishing
from programs.models import Module, Path, Quiz, Take
from programs.permissions import EDIT_TRAINING, VIEW_ALL
from programs.querysets.training import still_good
from programs.views.access import person_of
from programs.views.tabs import tabs

TONES = {Publishing.DRAFT: "off", Publishing.PUBLISHED: "ok", Publishing.RETIRED: "off"}


@require_safe
@requires(VIEW_ALL)
def desk(request: HttpRequest) -> HttpResponse:
    """All paths and modules: a constant number of queries."""
    person, today = person_of(request), vendor_day(database_clock())
    paths = Path.objects.select_related("grants").annotate(
        modules=Count("path_modules", distinct=True),
        passed=Count("takes__user", filter=still_good(today, "takes__"), distinct=True),
        going=Count("takes", filter=Q(takes__passed_at=None, takes__isnull=False), distinct=True),
    )
    latest = Quiz.objects.filter(module=OuterRef("pk")).order_by("-number")
    sent = Q(attempts_made__submitted_at__isnull=False)
    modules = Module.objects.annotate(
        paths=Count("path_modules", distinct=True),
        sent=Count("attempts_made", filter=sent, distinct=True),
        right=Count("attempts_made", filter=Q(attempts_made__passed=True), distinct=True),
        quiz=Max("quizzes__number"),
        asks=Exists(latest.exclude(questions=[])),
    )
    people = Take.objects.filter(user__is_active=True).valid(today).values("user").distinct().count()
    context = {
        "page_title": "Training",
        "tabs": tabs(request, "training"),
        "paths": [_path(row) for row in paths.order_by("name", "pk")],
        "modules": [_module(row) for row in modules.order_by("name", "pk")],
        "people": people,
        "may_edit": person.may(EDIT_TRAINING),
    }
    return render(request, "programs/training/desk.html", context)


def _path(row: Any) -> dict[str, Any]:
    return {
        "name": row.name,
        "url": reverse("programs:path_people", args=[row.code]),
        "edit_url": reverse("programs:change_path", args=[row.code]),
        "label": row.get_status_display(),
        "tone": TONES[Publishing(row.status)],
        "modules": row.modules,
        "grants": str(row.grants or ""),
        "passed": row.passed,
        "going": row.going,
        "who": "Every partner" if row.for_everybody else "Through programs",
    }


def _module(row: Any) -> dict[str, Any]:
    return {
        "name": row.name,
        "url": reverse("programs:change_module", args=[row.code]),
        "label": row.get_status_display(),
        "tone": TONES[Publishing(row.status)],
        "minutes": row.minutes,
        "quiz": f"Version {row.quiz}" if row.asks else "",
        "sent": row.sent,
        "share": shown.percent(shown.share(row.right, row.sent)) if row.sent else "",
        "paths": row.paths,
        "created": shown.day(row.created_at),
    }
