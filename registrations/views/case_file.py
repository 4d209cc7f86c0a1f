"""The case file as a download. A POST: that somebody took it is written on the timelines."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.models import User
from registrations.services.case_file.exporting import PERMISSION, export_case
from registrations.views.access import in_reach


@require_POST
@requires(PERMISSION)
def case_file(request: HttpRequest, code: str) -> HttpResponse:
    """Everything about the dispute that this registration is part of, in one zip."""
    assert isinstance(request.user, User)
    exported = export_case(in_reach(request, code), by=request.user)
    return HttpResponse(
        exported.content,
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{exported.name}"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
