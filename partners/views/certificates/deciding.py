"""Operations verify, reject and revoke; after a decision the next in the queue opens."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.models import User
from core.clock import database_clock
from core.errors import BadInput
from core.shown import day
from partners.forms.certificates import ReasonForm
from partners.models import Certificate
from partners.services.certificates import reject_certificate, revoke_certificate, verify_certificate
from partners.services.certificates.types import VERIFY
from partners.views.certificates.one import context_of, found, page, sent_version, with_paper

_SHOWN = 50


@require_safe
@with_paper
@requires(VERIFY)
def queue(request: HttpRequest) -> HttpResponse:
    """Those to verify, the longest wait first, and the one that is open with its paper beside it."""
    user = request.user
    assert isinstance(user, User)
    waiting = Certificate.objects.visible_to(user).to_verify()
    rows, now = list(waiting.with_names()[:_SHOWN]), database_clock()
    wanted = request.GET.get("open", "")
    opened = next((row for row in rows if row.code == wanted), rows[0] if rows else None)
    context = {
        "page_title": "Certificates to verify",
        "breadcrumbs": [
            {"label": "Certificates", "url": reverse("partners:certificates")},
            {"label": "To verify"},
        ],
        "rows": [_row(row, opened, now) for row in rows],
        "total": waiting.count(),
        "form": ReasonForm(),
        **(context_of(found(request, opened.code), user) if opened else {}),
    }
    return render(request, "partners/certificates/queue.html", context)


@require_POST
@requires(VERIFY)
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """It is genuine."""
    one = found(request, code)
    verify_certificate(one, by=request.user, version=sent_version(request))  # type: ignore[arg-type]
    messages.success(request, f"{one.type.name} of {one.partner.name} is verified. The firm is told.")
    return _onward()


@require_POST
@with_paper
@requires(VERIFY)
def reject(request: HttpRequest, code: str) -> HttpResponse:
    """It can't be accepted, and why."""
    return _with_reason(request, code, reject_certificate, "Rejected. The firm reads why.")


@require_POST
@with_paper
@requires(VERIFY)
def revoke(request: HttpRequest, code: str) -> HttpResponse:
    """The verification is taken back."""
    return _with_reason(
        request, code, revoke_certificate, "Revoked. It no longer counts, and the firm reads why."
    )


def _with_reason(
    request: HttpRequest, code: str, decide: Callable[..., Certificate], done: str
) -> HttpResponse:
    one, form = found(request, code), ReasonForm(request.POST)
    if form.is_valid():
        try:
            decide(one, by=request.user, version=sent_version(request), reason=form.cleaned_data["reason"])
        except BadInput as refused:
            form.add_error("reason", refused.message)
        else:
            messages.success(request, done)
            return _onward() if decide is reject_certificate else redirect("partners:certificate", code)
    return page(request, one, form=form, status=422)


def _onward() -> HttpResponse:
    return redirect("partners:certificate_queue")


def _row(row: Certificate, opened: Certificate | None, now: datetime) -> dict[str, object]:
    waits = (now - row.submitted_at).days
    return {
        "title": row.type.name,
        "firm": row.partner.name,
        "holder": (row.member.user.name or row.member.user.email) if row.member else "",
        "url": f"{reverse('partners:certificate_queue')}?open={row.code}",
        "since": day(row.submitted_at),
        "waits": "today" if waits < 1 else "since yesterday" if waits == 1 else f"for {waits} days",
        "is_open": opened is not None and row.pk == opened.pk,
    }
