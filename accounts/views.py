"""A person's own page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.forms import Profile
from accounts.models import User


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
