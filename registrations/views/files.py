"""Files as evidence: attached by the partner, downloaded by those who may see the registration."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import requires
from accounts.models import User
from core.downloads import as_download
from core.errors import BadInput, TooMany
from registrations import shown
from registrations.forms.actions import AttachForm
from registrations.models import Attachment, Registration
from registrations.services import attachments
from registrations.views.access import REGISTER, VIEW, crumbs, in_reach


@dataclass(frozen=True)
class FileShown:
    """A file in a list."""

    name: str
    url: str
    detail: str


def files_of(registration: Registration, person: Any) -> list[FileShown]:
    """The registration's files that `person` may fetch."""
    return [
        FileShown(
            attachment.name,
            reverse("registrations:attachment", args=[attachment.code]),
            f"{shown.size(attachment.size)}, added by {attachment.added_by} on {shown.day(attachment.added_at)}",
        )
        for attachment in Attachment.objects.visible_to(person)
        .filter(registration=registration)
        .select_related("added_by")
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(REGISTER)
def attach(request: HttpRequest, code: str) -> HttpResponse:
    """Adds a file to a registration that has not ended; to one that has, the page says so instead of asking for a file."""
    registration = in_reach(request, code)
    attachments.check_open(registration)
    form = AttachForm(request.POST, request.FILES) if request.method == "POST" else AttachForm()
    if request.method == "POST" and form.is_valid():
        try:
            attachments.attach(registration, form.cleaned_data["file"], by=request.user)  # type: ignore[arg-type]
        except (BadInput, TooMany) as error:
            form.add_error("file", error.message)
        else:
            messages.success(request, "File attached.")
            return redirect("registrations:registration", code)
    context = {
        "page_title": "Attach a file",
        "breadcrumbs": crumbs(registration, "Attach a file"),
        "registration": registration,
        "form": form,
        "submit": "Attach the file",
        "busy": "Sending",
        "multipart": True,
        "lead": "A file that shows your work with the company: an offer, minutes, an exchange of mails.",
    }
    return render(request, "registrations/action.html", context, status=422 if form.errors else 200)


@require_safe
@requires(*VIEW)
def download(request: HttpRequest, code: str) -> FileResponse:
    """The file, as a download that no browser runs or guesses about; 404 outside the reader's reach."""
    assert isinstance(request.user, User)
    reach = Attachment.objects.visible_to(request.user).filter(registration__discarded_at=None)
    attachment = get_object_or_404(reach, code=code)
    return as_download(attachment.file, name=attachment.name, content_type=attachment.content_type)
