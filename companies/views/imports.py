"""Import named accounts: upload, look at what would happen, confirm."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from companies.forms import ImportForm
from companies.services import import_named_accounts
from companies.services.account_rows import COLUMNS, REQUIRED
from core.errors import BadInput
from core.sealed import SealBroken, seal, unseal

_SALT = "companies.named-account-import"
_SHOWN = 100
_EXAMPLE = """reference,name,website,country,kind,owner_name,owner_email,effective_from,ends_on
CRM-1001,Nordwind Logistik GmbH,nordwind.example,DE,named_account,Dana Direct,dana@vendor.example,2026-01-01,
CRM-1002,Acme Tools Ltd,acme-tools.example,GB,open_opportunity,Eli Early,,2026-03-15,2026-12-31
"""


@require_http_methods(["GET", "HEAD", "POST"])
@requires("named_accounts.import")
def import_accounts(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST: what the file would do, with every error, and a button that does it; nothing is written."""
    if request.method != "POST":
        return _upload(request, ImportForm(), status=200)
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload(request, form, status=422)
    content = form.cleaned_data["file"].read()
    try:
        report = import_named_accounts(content, by=request.user, dry_run=True)  # type: ignore[arg-type]
    except BadInput as error:
        form.add_error("file", error.message)
        return _upload(request, form, status=422)
    context = {
        "page_title": "Check the import",
        "breadcrumbs": _crumbs("Check"),
        "report": report,
        "errors": report.errors[:_SHOWN],
        "rows": report.rows[:_SHOWN],
        "shown": _SHOWN,
        "file_name": form.cleaned_data["file"].name,
        "token": "" if report.errors else seal(content, user_id=request.user.pk, purpose=_SALT),
    }
    return render(request, "companies/import_check.html", context, status=422 if report.errors else 200)


@require_POST
@requires("named_accounts.import")
def confirm_import(request: HttpRequest) -> HttpResponse:
    """Write the file that was looked at: all of it or, when something changed since, nothing."""
    try:
        content = unseal(request.POST.get("token", ""), user_id=request.user.pk, purpose=_SALT)
    except SealBroken:
        messages.error(request, "The upload is too old. Choose the file again.")
        return redirect("companies:import_named_accounts")
    report = import_named_accounts(content, by=request.user)  # type: ignore[arg-type]
    if not report.written:
        messages.error(request, f"Nothing was imported: {report.errors[0].message}. Upload the file again.")
        return redirect("companies:import_named_accounts")
    done = f"Imported: {report.created} new, {report.changed} changed, {report.unchanged} as they were."
    messages.success(request, done)
    return redirect("companies:named_accounts")


@require_safe
@requires("named_accounts.import")
def example(request: HttpRequest) -> HttpResponse:
    """A small file to start from."""
    response = HttpResponse(_EXAMPLE, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="named-accounts-example.csv"'
    return response


def _upload(request: HttpRequest, form: ImportForm, *, status: int) -> HttpResponse:
    context = {
        "page_title": "Import named accounts",
        "breadcrumbs": _crumbs("Import"),
        "form": form,
        "required": REQUIRED,
        "optional": [column for column in COLUMNS if column not in REQUIRED],
    }
    return render(request, "companies/import.html", context, status=status)


def _crumbs(last: str) -> list[dict[str, str]]:
    return [{"label": "Named accounts", "url": reverse("companies:named_accounts")}, {"label": last}]
