"""A firm's steps: the page for both sides, ticking and taking a tick back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.models import User
from core.clock import database_clock
from partners.enums import PartnerStatus
from partners.models import OnboardingStep, Partner
from partners.services.steps import complete_step, reopen_step
from partners.views.firm_frame import found_firm, frame
from partners.views.onboarding_rows import ladders_of


@require_safe
@requires("partners.view_all", "partners.view_own")
def onboarding(request: HttpRequest, code: str) -> HttpResponse:
    """What is to be done, one stage at a time. 404 for a firm that is not the reader's."""
    assert isinstance(request.user, User)
    found = found_firm(request.user, code)
    context = frame(request.user, found, "onboarding") | _context(request.user, found)
    return render(request, "partners/firm/onboarding.html", context)


@require_POST
@requires("partners.view_all", "partners.view_own")
def tick_step(request: HttpRequest, code: str, step_id: int) -> HttpResponse:
    """Ticks a step, or takes the tick back; answers with the steps."""
    assert isinstance(request.user, User)
    found = found_firm(request.user, code)
    step = get_object_or_404(OnboardingStep, pk=step_id, partner=found)
    act = complete_step if request.POST.get("done") == "yes" else reopen_step
    act(step, by=request.user)
    if getattr(request, "htmx", False):
        found.refresh_from_db()
        steps = frame(request.user, found, "onboarding") | _context(request.user, found) | {"follows": True}
        return render(request, "partners/firm/_ticked.html", steps)
    return redirect(f"{reverse('partners:onboarding', args=[code])}#step-{step_id}")


def _context(reader: User, partner: Partner) -> dict[str, object]:
    ladders = ladders_of(partner, reader, database_clock())
    own = next((ladder for ladder in ladders if ladder.key == "onboarding"), None)
    required_left = own is not None and any(
        stage.state == "next" or any(step.required and not step.done for step in stage.steps)
        for stage in own.stages
    )
    return {
        "ladders": ladders,
        "ready": partner.status == PartnerStatus.ONBOARDING
        and not required_left
        and reader.may("partners.edit"),
    }
