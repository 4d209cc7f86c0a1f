"""Taking a group away, unless something uses it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from partners.groups.services import delete_group
from partners.groups.uses import uses_of
from partners.groups.views.access import EDIT, crumbs, in_reach


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def delete(request: HttpRequest, code: str) -> HttpResponse:
    """Says what would go and what stands against it; the button deletes."""
    group = in_reach(request, code)
    person: Any = request.user
    if request.method == "POST":
        delete_group(group, by=person)
        messages.success(request, f"The group {group.name} is deleted.")
        return redirect("partners:groups")
    uses = uses_of([group.pk])[group.pk]
    context = {
        "page_title": f"Delete {group.name}?",
        "breadcrumbs": crumbs(group, "Delete"),
        "group": group,
        "uses": uses,
        "kept": any(use.kept for use in uses),
        "picks": group.picks.count(),
    }
    return render(request, "partners/groups/delete.html", context)
