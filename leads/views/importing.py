"""Import leads: upload, look at what would happen, confirm."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from catalog.models import ProductLine, Territory
from companies.forms import ImportForm
from core.errors import BadInput
from core.sealed import SealBroken, seal, unseal
from leads.enums import LeadStatus
from leads.services.import_rows import COLUMNS, REQUIRED
from leads.services.importing import import_leads
from leads.services.too_small import Smallest
from leads.views.access import MANAGE, crumbs
from programs.enums import ProgramStatus
from programs.models import Program

_PURPOSE = "leads.import"
_SHOWN = 100
_EXAMPLE = """company,country,need,product_lines,website,city,contact_name,contact_email,value,currency,source
Blohm Presswerk GmbH,DE,Remote access to twelve presses,{lines},blohm.example,Kiel,Ines Blohm,ines@blohm.example,40000,EUR,Fair
Nakamura Foods KK,JP,Energy figures by line,{line},,Osaka,,,,,Web form
"""


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def import_file(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST: what the file would do, with every error, and a button that does it; nothing is written."""
    if request.method != "POST":
        return _upload(request, ImportForm(), status=200)
    form, person = ImportForm(request.POST, request.FILES), _person(request)
    if not form.is_valid():
        return _upload(request, form, status=422)
    content = form.cleaned_data["file"].read()
    try:
        report = import_leads(content, by=person, dry_run=True)
    except BadInput as error:
        form.add_error("file", error.message)
        return _upload(request, form, status=422)
    context = {
        "page_title": "Check the import",
        "breadcrumbs": crumbs(request, None, "Import"),
        "report": report,
        "errors": report.errors[:_SHOWN],
        "rows": report.rows[:_SHOWN],
        "shown": _SHOWN,
        "doubles": _doubles(report.doubles),
        "too_small": _too_small(report.too_small),
        "file_name": form.cleaned_data["file"].name,
        "token": "" if report.errors else seal(content, user_id=person.pk, purpose=_PURPOSE),
    }
    return render(request, "leads/import_check.html", context, status=422 if report.errors else 200)


@require_POST
@requires(MANAGE)
def confirm_import(request: HttpRequest) -> HttpResponse:
    """Writes the file that was looked at: all of it or, when something changed since, nothing."""
    person = _person(request)
    try:
        content = unseal(request.POST.get("token", ""), user_id=person.pk, purpose=_PURPOSE)
    except SealBroken:
        messages.error(request, "The upload is too old. Choose the file again.")
        return redirect("leads:import")
    report = import_leads(content, by=person)
    if not report.written:
        messages.error(request, f"Nothing was imported: {report.errors[0].message}. Upload the file again.")
        return redirect("leads:import")
    messages.success(request, f"Imported: {report.created} new, {report.known} known already. Now give them.")
    return redirect(f"{reverse('leads:list')}?status={LeadStatus.NEW}")


@require_safe
@requires(MANAGE)
def import_example(request: HttpRequest) -> HttpResponse:
    """A small file to start from, with product lines that exist here."""
    names = list(ProductLine.objects.filter(is_active=True).values_list("code", flat=True)[:2]) or [
        "gateways"
    ]
    text = _EXAMPLE.format(lines=" | ".join(names), line=names[0])
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="leads-example.csv"'
    return response


def _doubles(number: int) -> str:
    if not number:
        return ""
    which = "1 new lead is" if number == 1 else f"{number} new leads are"
    return (
        f"{which} for a company and products that another open lead is for, too. While a firm has one of them, no other firm "
        "can get the other."
    )


def _too_small(number: int) -> str:
    if not number:
        return ""
    which = "1 new lead is" if number == 1 else f"{number} new leads are"
    return (
        f"{which} worth less than {Smallest().amount}, the smallest deal that the policy in force lets anybody register. No firm "
        "could claim such a lead."
    )


def _upload(request: HttpRequest, form: ImportForm, *, status: int) -> HttpResponse:
    context = {
        "page_title": "Import leads",
        "breadcrumbs": crumbs(request, None, "Import"),
        "form": form,
        "required": REQUIRED,
        "optional": [column for column in COLUMNS if column not in REQUIRED],
        "lines": ProductLine.objects.filter(is_active=True),
        "territories": Territory.objects.all(),
        "programs": Program.objects.filter(status=ProgramStatus.OPEN),
    }
    return render(request, "leads/import.html", context, status=status)


def _person(request: HttpRequest) -> Any:
    return request.user
