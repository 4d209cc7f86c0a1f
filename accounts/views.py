"""A person's own page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts import absences
from accounts.access import requires
from accounts.forms import AbsenceForm, Profile
from accounts.models import Absence, User
from accounts.zones import local_day
from core.clock import database_clock
from core.errors import BadInput


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Name and time zone of whoever is signed in."""
    assert isinstance(request.user, User)
    # A copy of its own: a refused form must not show its values in the page's frame.
    person = User.objects.get(pk=request.user.pk)
    form = Profile(request.POST if request.method == "POST" else None, instance=person)
    if request.method == "POST" and form.is_valid():
        person.save(update_fields=form.Meta.fields)
        messages.success(request, "Saved.")
        return redirect("accounts:profile")
    context = {"page_title": "Your profile", "form": form}
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("registrations.view_all")
def away(request: HttpRequest) -> HttpResponse:
    """Out of office: the reader's days away and who stands in."""
    assert isinstance(request.user, User)
    person = request.user
    form = AbsenceForm(
        request.POST if request.method == "POST" else None, delegates=absences.delegates_for(person)
    )
    if request.method == "POST" and form.is_valid():
        try:
            planned = absences.plan_absence(person, by=person, **form.cleaned_data)
        except BadInput as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, f"Noted. {planned.delegate} stands in for you.")
            return redirect("accounts:away")
    now = database_clock()
    today = local_day(person, now)
    planned_ones = person.absences.planned().filter(ends_on__gte=today).select_related("delegate")
    context = {
        "page_title": "Out of office",
        "form": form,
        "planned": [
            {
                "pk": absence.pk,
                "days": _days(absence),
                "delegate": str(absence.delegate),
                "now": absence.starts_on <= today,
            }
            for absence in planned_ones
        ],
        "stands_in_for": absences.roster(now).represented_by(person),
    }
    return render(request, "accounts/away.html", context, status=422 if form.errors else 200)


@require_POST
@requires("registrations.view_all")
def cancel_absence(request: HttpRequest, absence_id: int) -> HttpResponse:
    """Takes one of the reader's absences back."""
    assert isinstance(request.user, User)
    absence = get_object_or_404(Absence, pk=absence_id, user=request.user)
    absences.cancel_absence(absence, by=request.user)
    messages.success(request, "Taken back. Your work comes to you again.")
    return redirect("accounts:away")


@require_POST
@login_required
def single_keys(request: HttpRequest) -> HttpResponse:
    """Whether shortcuts of one key act for the reader; answers nothing."""
    assert isinstance(request.user, User)
    absences.set_single_keys(request.user, on=request.POST.get("on") == "yes")
    return HttpResponse(status=204)


def _days(absence: Absence) -> str:
    first, last = absence.starts_on, absence.ends_on
    return f"{first:%-d %b %Y}" if first == last else f"{first:%-d %b %Y} to {last:%-d %b %Y}"
