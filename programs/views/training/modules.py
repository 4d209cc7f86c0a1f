"""Operations write, publish and retire modules."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from core import shown
from programs.enums import Publishing
from programs.forms.training import ModuleForm
from programs.models import Module
from programs.permissions import EDIT_TRAINING
from programs.services.training import keeping
from programs.views.access import crumbs, person_of, sent_version
from programs.views.acting import act
from programs.views.training.desk import TONES


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT_TRAINING)
def new(request: HttpRequest) -> HttpResponse:
    """A new module, as a draft."""
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT_TRAINING)
def change(request: HttpRequest, code: str) -> HttpResponse:
    """The module's text, video, file and limits; its quiz and its status beside them."""
    return _form(request, get_object_or_404(Module, code=code))


@require_POST
@requires(EDIT_TRAINING)
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Publishes the module or, with `retire`, takes it out of use."""
    found = get_object_or_404(Module, code=code)
    status = Publishing.RETIRED if request.POST.get("to") == "retire" else Publishing.PUBLISHED
    keeping.publish_module(found, status, by=person_of(request), version=sent_version(request))
    messages.success(request, f"{found.name}: {status.label.lower()}.")
    return redirect("programs:change_module", code)


def _form(request: HttpRequest, found: Module | None) -> HttpResponse:
    form = ModuleForm(request.POST or None, request.FILES or None, module=found)

    def post() -> Module:
        return keeping.save_module(
            found,
            by=person_of(request),
            fields=form.values,
            version=sent_version(request),
            upload=form.cleaned_data.get("file"),
            drop_file=bool(form.cleaned_data.get("drop_file")),
        )

    quiz = keeping.latest_quiz(found) if found else None
    title = found.name if found else "New module"
    return act(
        request,
        form,
        post,
        title=title,
        done="The module is saved.",
        go=lambda row: reverse("programs:change_module", args=[row.code]),
        breadcrumbs=crumbs(request, ("Training", reverse("programs:training_desk")), title=title),
        submit="Save the module",
        cancel_url=reverse("programs:training_desk"),
        version=found.version if found else None,
        template="programs/training/module_form.html",
        module=found,
        quiz=quiz,
        questions=len(quiz.questions) if quiz else 0,
        quiz_from=shown.day(quiz.created_at) if quiz else "",
        label=found.get_status_display() if found else "",
        tone=TONES[Publishing(found.status)] if found else "",
        multipart=True,
    )
