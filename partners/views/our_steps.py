"""The vendor's own open steps with all firms, the first due first: those of the reader, or everybody's."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.models import User
from core.clock import database_clock
from core.http import render_page_or_partial
from partners.enums import StepSide
from partners.keepers import steps_waiting_for
from partners.models import OnboardingStep

_ON_A_PAGE = 25


@dataclass(frozen=True)
class Row:
    """A step of an open stage. `days` until it is due, None without a day."""

    title: str
    url: str
    firm: str
    firm_url: str
    source: str
    manager: str
    days: int | None
    due_at: datetime | None


@require_safe
@requires("partners.view_all")
def our_steps(request: HttpRequest) -> HttpResponse:
    """One's own, unless the address asks for everybody's."""
    user, now = request.user, database_clock()
    assert isinstance(user, User)
    mine, everybodys = steps_waiting_for(user, now), OnboardingStep.objects.waiting(StepSide.VENDOR)
    shows_all = request.GET.get("view") == "all"
    listed = (everybodys if shows_all else mine).select_related("partner__manager")
    page = Paginator(listed, _ON_A_PAGE).get_page(request.GET.get("page"))
    address = reverse("partners:our_steps")
    context = {
        "page_title": "Steps for us",
        "breadcrumbs": [{"label": "Partners", "url": reverse("partners:list")}, {"label": "Steps for us"}],
        "views": [
            {"label": "Yours", "url": address, "count": mine.count(), "active": not shows_all},
            {"label": "All", "url": f"{address}?view=all", "count": everybodys.count(), "active": shows_all},
        ],
        "page": page,
        "rows": [_row(step, now) for step in page.object_list],
        "shows_all": shows_all,
    }
    return render_page_or_partial(request, "partners/our_steps.html", "partners/_our_steps.html", context)


def _row(step: OnboardingStep, now: datetime) -> Row:
    steps = reverse("partners:onboarding", args=[step.partner.code])
    days = (timezone.localdate(step.due_at) - timezone.localdate(now)).days if step.due_at else None
    return Row(
        title=step.title,
        url=f"{steps}#step-{step.pk}",
        firm=step.partner.name,
        firm_url=reverse("partners:partner", args=[step.partner.code]),
        source=step.source_label,
        manager=str(step.partner.manager) if step.partner.manager else "",
        days=days,
        due_at=step.due_at,
    )
