"""Applications: the queue, one of them, its checklist and notes, and the decision."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from accounts.models import User
from core.clock import database_clock
from core.errors import BadInput, DomainError
from core.http import note_place, render_page_or_partial
from partners.enums import ApplicationState
from partners.forms.vetting import AcceptApplicationForm, DeclineApplicationForm, NoteForm
from partners.models import Application, ApplicationCheck
from partners.services import vetting
from partners.views.application_rows import checklist, doubles_of, facts_of, notes_of, row_of

_ON_A_PAGE = 25
_VIEWS = (
    ("", "To be decided", ApplicationState.RECEIVED),
    ("accepted", "Accepted", ApplicationState.ACCEPTED),
    ("declined", "Declined", ApplicationState.DECLINED),
)


@require_safe
@requires("partners.view_all")
def applications(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, the first to be answered first; the decided ones by the newest."""
    assert isinstance(request.user, User)
    seen = Application.objects.visible_to(request.user)
    chosen = next((view for view in _VIEWS if view[0] == request.GET.get("view", "")), _VIEWS[0])
    order = ("answer_by", "id") if chosen[2] == ApplicationState.RECEIVED else ("-decided_at", "-id")
    counts = dict(seen.order_by().values_list("state").annotate(Count("pk")))
    found = (
        seen.filter(state=chosen[2])
        .annotate(ticked=Count("checks", filter=Q(checks__done_at__isnull=False)), items=Count("checks"))
        .select_related("decided_by", "partner")
        .order_by(*order)
    )
    page = Paginator(found, _ON_A_PAGE).get_page(request.GET.get("page"))
    now = database_clock()
    context = {
        "page_title": "Applications",
        "breadcrumbs": [{"label": "Partners", "url": reverse("partners:list")}, {"label": "Applications"}],
        "page": page,
        "rows": [row_of(row, now) for row in page.object_list],
        "waiting": chosen[2] == ApplicationState.RECEIVED,
        "views": [
            {
                "label": label,
                "url": f"{reverse('partners:applications')}{f'?view={key}' if key else ''}",
                "count": counts.get(state, 0),
                "active": key == chosen[0],
            }
            for key, label, state in _VIEWS
        ],
        "apply_url": request.build_absolute_uri(reverse("partners:apply")),
    }
    return render_page_or_partial(
        request, "partners/applications/list.html", "partners/applications/_list.html", context
    )


@require_safe
@requires("partners.view_all")
def application(request: HttpRequest, code: str) -> HttpResponse:
    """One application with its evidence."""
    assert isinstance(request.user, User)
    return _page(request, _found(request, code))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("partners.vet")
def accept_application(request: HttpRequest, code: str) -> HttpResponse:
    """Takes the firm in and invites its first admin."""
    assert isinstance(request.user, User)
    found = _found(request, code)
    form = AcceptApplicationForm(request.POST if request.method == "POST" else None, application=found)
    if request.method == "POST" and form.is_valid():
        try:
            given = form.cleaned_data
            partner = vetting.accept(
                found, by=request.user, terms=form.terms(), text=given["text"], version=given["version"]
            )
        except BadInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, f"{partner.name} is taken in. The invitation is on its way.")
            return redirect("partners:partner", partner.code)
    return _form_page(request, found, form, "accept")


@require_http_methods(["GET", "HEAD", "POST"])
@requires("partners.vet")
def decline_application(request: HttpRequest, code: str) -> HttpResponse:
    """Declines, with what the applicant reads."""
    assert isinstance(request.user, User)
    found = _found(request, code)
    form = DeclineApplicationForm(request.POST if request.method == "POST" else None, application=found)
    if request.method == "POST" and form.is_valid():
        vetting.decline(found, by=request.user, **form.cleaned_data)
        messages.success(request, f"{found.name} gets your answer by mail.")
        return redirect("partners:applications")
    return _form_page(request, found, form, "decline")


@require_POST
@requires("partners.vet")
def tick_check(request: HttpRequest, code: str, check_id: int) -> HttpResponse:
    """Ticks an item of the checklist or takes the tick back; answers with the checklist."""
    assert isinstance(request.user, User)
    found = _found(request, code)
    check = get_object_or_404(
        ApplicationCheck.objects.select_related("application"), pk=check_id, application=found
    )
    vetting.tick(check, done=request.POST.get("done") == "yes", by=request.user)
    if getattr(request, "htmx", False):
        context = {"application": found, "checklist": checklist(found), "may_vet": True}
        return render(request, "partners/applications/_checklist.html", context)
    return redirect(f"{reverse('partners:application', args=[code])}#checklist")


@require_POST
@requires("partners.vet")
def note_application(request: HttpRequest, code: str) -> HttpResponse:
    """Keeps a note."""
    assert isinstance(request.user, User)
    found = _found(request, code)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    vetting.add_note(found, by=request.user, text=form.cleaned_data["text"])
    return redirect(f"{reverse('partners:application', args=[code])}#notes")


def _found(request: HttpRequest, code: str) -> Application:
    assert isinstance(request.user, User)
    note_place(request, reverse("partners:application", args=[code]))
    seen = Application.objects.visible_to(request.user).select_related("decided_by", "partner")
    return get_object_or_404(seen, code=code)


def _page(
    request: HttpRequest, found: Application, form: Form | None = None, status: int = 200
) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    waits = found.state == ApplicationState.RECEIVED
    items = checklist(found)
    context = {
        "page_title": found.name,
        "breadcrumbs": _trail(found),
        "application": found,
        "row": row_of(found, database_clock()),
        "facts": facts_of(found),
        "doubles": doubles_of(found, user),
        "checklist": items,
        "ready": not any(item.required and not item.done for item in items),
        "notes": notes_of(found),
        "note_form": form or NoteForm(),
        "may_vet": user.may("partners.vet") and waits,
        "may_note": user.may("partners.vet"),
    }
    return render(request, "partners/applications/application.html", context, status=status)


def _form_page(request: HttpRequest, found: Application, form: Form, action: str) -> HttpResponse:
    if found.state != ApplicationState.RECEIVED and request.method != "POST":
        raise DomainError(f"This application is “{found.get_state_display().lower()}” already.")
    own = reverse("partners:application", args=[found.code])
    words = {"accept": "Take in", "decline": "Decline"}[action]
    context = {
        "page_title": f"{words} {found.name}",
        "breadcrumbs": [*_trail(found)[:-1], {"label": found.name, "url": own}, {"label": words}],
        "application": found,
        "form": form,
        "action": action,
        "cancel_url": own,
        "ready": not found.checks.filter(required=True, done_at=None).exists(),
    }
    status = 422 if form.errors else 200
    return render(request, f"partners/applications/{action}.html", context, status=status)


def _trail(found: Application) -> list[dict[str, str]]:
    return [
        {"label": "Partners", "url": reverse("partners:list")},
        {"label": "Applications", "url": reverse("partners:applications")},
        {"label": found.name},
    ]
