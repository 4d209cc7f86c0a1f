"""The notices behind the bell."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from core.http import render_page_or_partial
from core.paging import page_by_id
from notifications.models import Notice
from notifications.services import mark_all_read, mark_read
from notifications.views.requests import SignedInRequest


@require_safe
@login_required
def notices(request: SignedInRequest) -> HttpResponse:
    """One's own notices, newest first."""
    page = page_by_id(Notice.objects.visible_to(request.user), request.GET.get("after", ""))
    context = {"page_title": "Notices", "page": page, "first": "after" not in request.GET}
    return render_page_or_partial(
        request, "notifications/notices.html", "notifications/_notices.html", context
    )


@require_POST
@login_required
def open_notice(request: SignedInRequest, notice_id: int) -> HttpResponse:
    """Marks a notice as read and goes where it leads."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=notice_id)
    mark_read(notice)
    if not url_has_allowed_host_and_scheme(notice.link, allowed_hosts={request.get_host()}):
        return redirect("notifications:notices")
    return HttpResponseRedirect(notice.link)


@require_POST
@login_required
def read_all(request: SignedInRequest) -> HttpResponse:
    """Marks all of one's notices as read."""
    mark_all_read(request.user)
    return redirect("notifications:notices")
