"""Firms in a group or out of it by hand."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from core.errors import BadInput
from partners.enums import PickKind
from partners.groups.forms import PickForm
from partners.groups.services import drop_pick, pick_firm
from partners.groups.views.access import EDIT, crumbs, in_reach
from partners.models import Partner

_SUGGESTED = 200


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def pick(request: HttpRequest, code: str) -> HttpResponse:
    """Adds or excludes a firm, with a reason. `?firm=` and `?kind=` fill the form in."""
    group, person = in_reach(request, code), _person(request)
    given = {"firm": request.GET.get("firm", "")[:200], "kind": PickKind.ADDED.value}
    if request.GET.get("kind") == PickKind.EXCLUDED:
        given["kind"] = PickKind.EXCLUDED.value
    form = PickForm(request.POST) if request.method == "POST" else PickForm(initial=given)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            pick_firm(group, said["firm"], by=person, kind=said["kind"], reason=said["reason"])
        except BadInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            verb = "in" if said["kind"] == PickKind.ADDED else "out of"
            messages.success(request, f"{said['firm'].name} is {verb} the group by hand.")
            return redirect("partners:group", group.code)
    context = {
        "page_title": "Add or exclude a firm by hand",
        "breadcrumbs": crumbs(group, "By hand"),
        "group": group,
        "form": form,
        "firms": Partner.objects.visible_to(person)
        .order_by("name")
        .values_list("name", flat=True)[:_SUGGESTED],
        "cancel_url": reverse("partners:group", args=[group.code]),
    }
    return render(request, "partners/groups/pick.html", context, status=422 if form.errors else 200)


@require_POST
@requires(EDIT)
def drop(request: HttpRequest, code: str, firm: str) -> HttpResponse:
    """Leaves a firm to the rule again."""
    group, person = in_reach(request, code), _person(request)
    partner = get_object_or_404(Partner.objects.visible_to(person), code=firm)
    if drop_pick(group, partner, by=person):
        messages.success(request, f"The rule decides about {partner.name} again.")
    return redirect("partners:group", group.code)


def _person(request: HttpRequest) -> Any:
    return request.user
