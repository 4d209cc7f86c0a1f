"""Who passed a path, and who is on the way."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from core import shown
from core.clock import database_clock
from core.vendor_days import vendor_day
from programs.models import Path, Take
from programs.permissions import EDIT_TRAINING, VIEW_ALL
from programs.training_terms import done_of
from programs.views.access import crumbs, person_of
from programs.views.training.attempts import attempts_on

_ON_A_PAGE = 50


@require_safe
@requires(VIEW_ALL)
def people(request: HttpRequest, code: str) -> HttpResponse:
    """The takes of a path, the latest first: a constant number of queries."""
    found = get_object_or_404(Path.objects.select_related("grants"), code=code)
    today = vendor_day(database_clock())
    rows = Take.objects.filter(path=found).select_related("user", "partner", "path__grants")
    page = Paginator(rows.order_by("-started_at", "-pk"), _ON_A_PAGE).get_page(request.GET.get("page"))
    modules = set(found.path_modules.values_list("module", flat=True))
    takes = list(page.object_list)
    done = done_of(takes, today)
    attempts = attempts_on(found, {take.user_id for take in takes})
    valid = Take.objects.filter(path=found).valid(today)
    context = {
        "page_title": found.name,
        "breadcrumbs": crumbs(request, ("Training", reverse("programs:training_desk")), title=found.name),
        "path": found,
        "page": page,
        "rows": [_row(take, len(done[take.pk].counts & modules), len(modules), attempts) for take in takes],
        "figures": [
            {"label": "Passed and valid", "value": valid.values("user").distinct().count()},
            {"label": "Firms", "value": valid.values("partner").distinct().count()},
            {"label": "On the way", "value": Take.objects.filter(path=found, passed_at=None).count()},
        ],
        "may_edit": person_of(request).may(EDIT_TRAINING),
    }
    return render(request, "programs/training/people.html", context)


def _row(take: Take, done: int, total: int, attempts: dict[int, list[dict[str, Any]]]) -> dict[str, Any]:
    return {
        "attempts": attempts.get(take.user_id, []),
        "name": take.user.name or take.user.email,
        "firm": take.partner.name,
        "firm_url": reverse("partners:partner", args=[take.partner.code]),
        "done": done,
        "total": total,
        "passed": shown.day(take.passed_at),
        "until": shown.day(take.valid_until),
        "begun": shown.day(take.started_at),
    }
