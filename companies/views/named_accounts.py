"""The claims of direct sales: list and detail."""

from __future__ import annotations

from datetime import UTC, datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from companies.forms import NamedAccountFilter
from companies.models import NamedAccount
from core.http import render_page_or_partial

_PAGE = 25


@require_safe
@requires("named_accounts.view")
def named_accounts(request: HttpRequest) -> HttpResponse:
    """All claims by name, narrowed by the filters in the address."""
    form = NamedAccountFilter(request.GET)
    form.is_valid()
    wanted, today = form.cleaned_data, datetime.now(UTC).date()
    rows = NamedAccount.objects.visible_to(request.user).select_related("company")
    rows = rows.mentioning(wanted.get("q", "")).of_kind(wanted.get("kind", ""))
    rows = rows.in_force(wanted.get("force", ""), today)
    page = Paginator(rows.order_by("name", "pk"), _PAGE).get_page(request.GET.get("page"))
    context = {
        "page_title": "Named accounts",
        "form": form,
        "page": page,
        "rows": [(account, account.force_on(today)) for account in page],
        "filtered": any(wanted.values()),
        "may_import": request.user.may("named_accounts.import"),  # type: ignore[union-attr]
    }
    return render_page_or_partial(
        request, "companies/named_accounts.html", "companies/_named_accounts.html", context
    )


@require_safe
@requires("named_accounts.view")
def named_account(request: HttpRequest, code: str) -> HttpResponse:
    """One claim: whose, since when, on which company."""
    rows = NamedAccount.objects.visible_to(request.user).select_related("company", "created_by")
    account = get_object_or_404(rows, code=code)
    context = {
        "page_title": account.name,
        "breadcrumbs": [
            {"label": "Named accounts", "url": reverse("companies:named_accounts")},
            {"label": account.name},
        ],
        "account": account,
        "force": account.force_on(datetime.now(UTC).date()),
    }
    return render_page_or_partial(
        request, "companies/named_account.html", "companies/_named_account.html", context
    )
