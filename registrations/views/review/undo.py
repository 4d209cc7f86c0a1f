"""The undo button of a decision, for as long as its mail is held back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.access import requires
from registrations.models import Decision
from registrations.services import undo as service
from registrations.views.access import noted
from registrations.views.review.address import address_of


@requires("registrations.decide")
@require_POST
def undo(request: HttpRequest, code: str) -> HttpResponse:
    """Takes the decision back and opens its registration again, in the view it was decided from; too late, the page says so
    with 409."""
    person: Any = request.user
    reach = Decision.objects.visible_to(person).select_related("registration")
    decision = get_object_or_404(reach, code=code)
    noted(request, decision.registration)
    registration = service.undo(decision, by=person)
    messages.success(request, f"Undone: {registration.code} is as it was before, and no mail has left.")
    return redirect(address_of(request).to("review_item", registration.code))
