"""Types of certificates, for operations."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import requires
from accounts.models import User
from core.clock import database_clock
from core.errors import BadInput, StaleVersion
from core.vendor_days import vendor_day
from partners.certificates.enums import CertificateStatus
from partners.certificates.gates import opened_by
from partners.forms.certificates import TypeForm
from partners.models import CertificateType
from partners.services.certificates import create_type, update_type
from partners.services.certificates.types import FIELDS, VERIFY


@require_safe
@requires("partners.view_all")
def types(request: HttpRequest) -> HttpResponse:
    """What can be held, how many firms hold it now, and what it opens."""
    today = vendor_day(database_clock())
    valid = Q(certificates__status=CertificateStatus.VERIFIED, certificates__valid_from__lte=today) & (
        Q(certificates__valid_to=None) | Q(certificates__valid_to__gte=today)
    )
    found = list(
        CertificateType.objects.annotate(
            firms=Count("certificates__partner", filter=valid, distinct=True)
        ).order_by("-offered", "name")
    )
    opens = opened_by([kind.code for kind in found])
    context = {
        "page_title": "Types of certificates",
        "breadcrumbs": [
            {"label": "Certificates", "url": reverse("partners:certificates")},
            {"label": "Types"},
        ],
        "rows": [{"type": kind, "opens": opens[kind.code]} for kind in found],
        "may_edit": request.user.may(VERIFY),  # type: ignore[union-attr]
    }
    return render(request, "partners/certificates/types.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(VERIFY)
def new_type(request: HttpRequest) -> HttpResponse:
    """A new type."""
    form = TypeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)
        try:
            made = create_type(by=request.user, fields=form.given())
        except BadInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, f"{made.name} can be handed in now.")
            return redirect("partners:certificate_types")
    return _form_page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(VERIFY)
def edit_type(request: HttpRequest, code: str) -> HttpResponse:
    """Changes a type; its code stays."""
    known = get_object_or_404(CertificateType, code=code)
    initial = {name: getattr(known, name) for name in FIELDS} | {"version": known.version}
    form = TypeForm(request.POST if request.method == "POST" else None, initial=initial)
    status = None
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)
        try:
            update_type(
                known, by=request.user, version=form.cleaned_data["version"] or 0, fields=form.given()
            )
        except BadInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        except StaleVersion as stale:
            form.add_error(None, stale.message)
            status = stale.status
        else:
            messages.success(request, "Saved.")
            return redirect("partners:certificate_types")
    return _form_page(request, form, known, status)


def _form_page(
    request: HttpRequest, form: TypeForm, known: CertificateType | None, status: int | None = None
) -> HttpResponse:
    home = reverse("partners:certificate_types")
    title = f"Change {known.name}" if known else "New type"
    context = {
        "page_title": title,
        "breadcrumbs": [
            {"label": "Certificates", "url": reverse("partners:certificates")},
            {"label": "Types", "url": home},
            {"label": known.name if known else title},
        ],
        "form": form,
        "known": known,
        "cancel_url": home,
    }
    return render(
        request, "partners/certificates/type.html", context, status=status or (422 if form.errors else 200)
    )
