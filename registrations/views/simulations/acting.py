"""Asking for a simulation, and calling it off."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from accounts.models import User
from core.clock import database_clock
from core.errors import BadInput, WrongStatus
from policies.announced import announced
from registrations.forms.simulations import VersionForm
from registrations.models import Simulation
from registrations.services.simulations import cancel_simulation, start_simulation
from registrations.simulation.telling import LEFT_OUT
from registrations.views.simulations.about import not_shown_of
from registrations.views.simulations.access import (
    EDIT,
    address_of,
    crumbs,
    name_of,
    simulation_in_reach,
    version_in_reach,
)
from registrations.views.simulations.rows import earlier


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def simulate(request: HttpRequest, number: int) -> HttpResponse:
    """The period to simulate a version on; POST begins."""
    user = request.user
    assert isinstance(user, User)
    policy = version_in_reach(request, number)
    ahead = announced(database_clock())
    choices = [(key, words) for key, (_, words) in ahead.items()]
    form = (
        VersionForm(request.POST, ahead=choices)
        if request.method == "POST"
        else VersionForm.starting_today(
            timezone.localdate(), chosen={"beside": request.GET.getlist("beside")}, ahead=choices
        )
    )
    if request.method == "POST" and form.is_valid():
        since, until = form.period()
        beside = [ahead[key][0] for key in form.cleaned_data.get("beside", [])]
        try:
            simulation = start_simulation(policy, by=user, since=since, until=until, beside=beside)
        except (BadInput, WrongStatus) as refused:
            form.add_error(getattr(refused, "field", None), refused.message)
        else:
            return redirect("registrations:simulation", simulation.code)
    context = {
        "page_title": f"Simulate {name_of(policy)}",
        "breadcrumbs": crumbs(policy, user, "Simulate"),
        "form": form,
        "left_out": LEFT_OUT,
        "not_shown": not_shown_of(policy),
        "cancel_url": address_of(policy, user),
        "earlier": earlier(Simulation.objects.filter(policy=policy)),
    }
    return render(
        request, "registrations/simulations/simulate.html", context, status=422 if form.errors else 200
    )


@require_POST
@requires(EDIT)
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Calls off one that has not finished."""
    assert isinstance(request.user, User)
    simulation = simulation_in_reach(code)
    cancel_simulation(simulation, by=request.user)
    messages.success(request, "The simulation is cancelled. What it had found so far is still listed.")
    return redirect("registrations:simulation", simulation.code)
