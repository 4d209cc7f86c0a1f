"""Trying a change of a right or a requirement on past registrations: which period, then the simulation."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from accounts.models import User
from catalog.models import ProductLine
from core.clock import database_clock
from core.errors import BadInput, WrongStatus
from policies.forms.typed import typed_requirement, typed_right
from policies.models import ExclusiveRight, ProductAuthorisation, RegistrationPolicy
from policies.planned import Change, change_of_requirement, change_of_right
from registrations.forms.simulations import TrialForm
from registrations.models import Simulation
from registrations.services.simulations import start_simulation, start_trial
from registrations.views.simulations.about import about_change
from registrations.views.simulations.access import EDIT, name_of
from registrations.views.simulations.rows import earlier

_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(_METHODS)
@requires(EDIT)
def try_right(request: HttpRequest) -> HttpResponse:
    """A right that is being written, as the address has it; what can't be given is told at its form."""
    _, change = typed_right(request.GET, database_clock())
    if change is None:
        return redirect(f"{reverse('policies:new_right')}?{request.GET.urlencode()}")
    return _trial(request, change)


@require_http_methods(_METHODS)
@requires(EDIT)
def try_given_right(request: HttpRequest, code: str) -> HttpResponse:
    """A right that is announced or runs, as if it had run all along."""
    return _trial(request, change_of_right(_right(request, code)))


@require_http_methods(_METHODS)
@requires(EDIT)
def try_end(request: HttpRequest, code: str) -> HttpResponse:
    """The period without a right."""
    return _trial(request, change_of_right(_right(request, code), ended=True))


@require_http_methods(_METHODS)
@requires(EDIT)
def try_requirement(request: HttpRequest, code: str) -> HttpResponse:
    """What a product line shall require, as the address has it."""
    line = get_object_or_404(ProductLine, code=code, is_active=True)
    _, change = typed_requirement(line, request.GET, database_clock())
    if change is None:
        return redirect(f"{reverse('policies:change_requirement', args=[code])}?{request.GET.urlencode()}")
    return _trial(request, change)


@require_http_methods(_METHODS)
@requires(EDIT)
def try_written_requirement(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """What a product line requires, or will, as if it had all along."""
    rows = ProductAuthorisation.objects.standing().select_related("product_line")
    row = get_object_or_404(rows.prefetch_related("territories", "groups"), pk=pk, product_line__code=code)
    return _trial(request, change_of_requirement(row))


def _right(request: HttpRequest, code: str) -> ExclusiveRight:
    assert isinstance(request.user, User)
    seen = ExclusiveRight.objects.visible_to(request.user).standing()
    found = seen.select_related("partner", "product_line", "territory", "industry").filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _written(user: User) -> list[RegistrationPolicy]:
    """Versions that do not apply yet: drafts, then those that wait to begin."""
    seen = RegistrationPolicy.objects.visible_to(user)
    return [*seen.drafts(), *seen.scheduled(database_clock())]


def _label(policy: RegistrationPolicy) -> str:
    name = name_of(policy).capitalize()
    return f"{name}: {policy.note}" if policy.note else name


def _trial(request: HttpRequest, change: Change) -> HttpResponse:
    """The period; POST begins."""
    user = request.user
    assert isinstance(user, User)
    posted = request.method == "POST"
    versions = {str(one.version): one for one in _written(user)}
    choices = [(number, _label(one)) for number, one in versions.items()]
    form = (
        TrialForm(request.POST, versions=choices)
        if posted
        else TrialForm.starting_today(
            timezone.localdate(), chosen={"under": request.GET.get("under", "")}, versions=choices
        )
    )
    if posted and form.is_valid():
        since, until = form.period()
        under = versions.get(form.cleaned_data.get("under", ""))
        try:
            if under is not None:
                simulation = start_simulation(under, by=user, since=since, until=until, beside=[change])
            else:
                simulation = start_trial(change, by=user, since=since, until=until)
        except (BadInput, WrongStatus) as refused:
            form.add_error(getattr(refused, "field", None), refused.message)
        else:
            return redirect("registrations:simulation", simulation.code)
    about = about_change(change, user)
    context = {
        "page_title": "Try on past registrations",
        "breadcrumbs": about.crumbs,
        "form": form,
        "about": about,
        "left_out": about.left_out,
        "cancel_url": about.url,
        "earlier": earlier(Simulation.objects.filter(policy=None, subject=change.subject)),
    }
    return render(
        request, "registrations/simulations/simulate.html", context, status=422 if form.errors else 200
    )
