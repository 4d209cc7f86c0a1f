"""Operations write, publish and retire paths."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from programs.enums import Publishing
from programs.forms.training import PathForm
from programs.models import Path
from programs.permissions import EDIT_TRAINING
from programs.services.training import keeping
from programs.views.access import crumbs, person_of, sent_version
from programs.views.acting import act
from programs.views.training.desk import TONES


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT_TRAINING)
def new(request: HttpRequest) -> HttpResponse:
    """A new path, as a draft."""
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT_TRAINING)
def change(request: HttpRequest, code: str) -> HttpResponse:
    """The path's words, what it grants, its modules."""
    return _form(request, get_object_or_404(Path, code=code))


@require_POST
@requires(EDIT_TRAINING)
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Publishes the path or, with `retire`, takes it out of use: who is on it may finish it."""
    found = get_object_or_404(Path, code=code)
    status = Publishing.RETIRED if request.POST.get("to") == "retire" else Publishing.PUBLISHED
    keeping.publish_path(found, status, by=person_of(request), version=sent_version(request))
    messages.success(request, f"{found.name}: {status.label.lower()}.")
    return redirect("programs:change_path", code)


def _form(request: HttpRequest, found: Path | None) -> HttpResponse:
    form = PathForm(request.POST or None, path=found)

    def post() -> Path:
        return keeping.save_path(
            found,
            by=person_of(request),
            fields=form.values,
            modules=form.chosen,
            version=sent_version(request),
        )

    title = found.name if found else "New path"
    return act(
        request,
        form,
        post,
        title=title,
        done="The path is saved.",
        go=lambda row: reverse("programs:change_path", args=[row.code]),
        breadcrumbs=crumbs(request, ("Training", reverse("programs:training_desk")), title=title),
        submit="Save the path",
        cancel_url=reverse("programs:training_desk"),
        version=found.version if found else None,
        template="programs/training/path_form.html",
        path=found,
        label=found.get_status_display() if found else "",
        tone=TONES[Publishing(found.status)] if found else "",
    )
