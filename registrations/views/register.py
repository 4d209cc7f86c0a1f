"""The short form, and the answer that appears while it is filled in."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from core.errors import BadInput, DomainError
from core.pacing import paced
from partners.standing_page import not_any_more, not_now
from partners.standing_words import standing_word
from registrations.enums import Status
from registrations.forms.register import PrecheckForm, QuickForm
from registrations.models import Registration
from registrations.services import drafts
from registrations.services.precheck import precheck as ask
from registrations.views.access import REGISTER


@require_http_methods(["GET", "HEAD", "POST"])
@requires(REGISTER)
def new(request: HttpRequest) -> HttpResponse:
    """Company, website, country, value; a good POST begins the draft and goes on to the details. A firm that is suspended
    or ended reads so in place of the form; what somebody wrote while that happened is kept as a draft of a suspended one."""
    stopped = not_any_more if request.method == "POST" else not_now
    if page := stopped(request, "Register a deal", back=(reverse("registrations:list"), "Registrations")):
        return page
    person: Any = request.user
    form = QuickForm(request.POST or None, person=person, initial=QuickForm.answered(request.GET))
    if request.method == "POST" and form.is_valid():
        try:
            draft = _begin(person, form)
        except BadInput as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return redirect("registrations:details", draft.code)
    context = {
        "page_title": "Register a deal",
        "standing": standing_word(person),
        "breadcrumbs": [{"label": "Registrations", "url": "../"}, {"label": "Register a deal"}],
        "form": form,
    }
    return render(request, "registrations/new.html", context, status=422 if form.errors else 200)


def _begin(person: Any, form: QuickForm) -> Registration:
    """The draft of this form. Sent again with other answers (the back button), the draft takes them."""
    draft = drafts.start_draft(by=person, fields=form.answers, form_key=form.cleaned_data["form_key"])
    if draft.discarded_at is not None:
        return drafts.start_draft(by=person, fields=form.answers, form_key=uuid4())
    differs = any(getattr(draft, name) != value for name, value in form.answers.items())
    if draft.status == Status.DRAFT and differs:
        return drafts.save_draft(draft, by=person, fields=form.answers)
    return draft


@require_POST
@requires(REGISTER)
@paced(lambda: settings.PRECHECK_SECONDS)
def precheck(request: HttpRequest) -> HttpResponse:
    """'Clear' or 'Needs review', in the same words whatever the reason; or why there is no answer now."""
    form = PrecheckForm(request.POST)
    form.is_valid()
    context: dict[str, Any] = {"error": "", "clear": False}
    status = 200
    if "company_name" in form.errors:
        context["error"] = " ".join(map(str, form.errors["company_name"]))
    else:
        try:
            person: Any = request.user
            context["clear"] = ask(form.query(), by=person, value_in_base=form.value_in_base())
        except DomainError as error:
            context["error"], status = error.message, error.status
    response = render(request, "registrations/_precheck.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
