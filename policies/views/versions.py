"""All versions with their states, and what any two of them have differently."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.models import User
from catalog.money import base_currency
from core.clock import database_clock
from policies.models import RegistrationPolicy
from policies.querysets import RegistrationPolicyQuerySet
from policies.views.partner_page import for_reader
from policies.views.sections import READ
from policies.views.version_rows import day, draft_rows, state_of, version_rows
from policies.words import changes

_LISTED = 50  # versions; older ones keep their own address


@require_safe
@requires(READ)
def versions(request: HttpRequest) -> HttpResponse:
    """Every version, the latest begin first, and above them the drafts."""
    user, now, base = request.user, database_clock(), base_currency()
    assert isinstance(user, User)
    current = RegistrationPolicy.objects.in_force(now)
    visible = RegistrationPolicy.objects.visible_to(user)
    found = list(visible.published().select_related("created_by")[: _LISTED + 1])
    context = {
        "page_title": "Versions of the registration policy",
        "breadcrumbs": _crumbs("Versions"),
        "drafts": draft_rows(list(visible.drafts().prefetch_related("authors")), current, base),
        "versions": version_rows(found, current, now, base)[:_LISTED],
        "more": len(found) > _LISTED,
        "numbers": visible.order_by("-version").values_list("version", flat=True)[: 4 * _LISTED],
        "current": current,
        "may_edit": user.may("policies.edit"),
    }
    return render(request, "policies/versions.html", context)


@require_safe
@requires("policies.view")
def compare(request: HttpRequest) -> HttpResponse:
    """Two versions in words; without numbers the version in force and the one before it."""
    user, now, base = request.user, database_clock(), base_currency()
    assert isinstance(user, User)
    visible = RegistrationPolicy.objects.visible_to(user)
    current = RegistrationPolicy.objects.in_force(now)
    assert current.effective_from is not None
    new = _wanted(visible, request.GET.get("to"), current) or current
    old = _wanted(visible, request.GET.get("from"), None)
    if old is None:
        earlier = visible.before(new.effective_from).first() if new.effective_from else current
        old = earlier or new
    found = changes(old, new, base)
    listed = list(visible.order_by("-version")[: 4 * _LISTED])
    context = {
        "page_title": f"Version {new.version} against version {old.version}",
        "breadcrumbs": _crumbs("Compare"),
        "old": old,
        "new": new,
        "changes": for_reader(found, user),
        "others_only": bool(found),
        "choices": [(policy.version, _state(policy, current, now)) for policy in listed],
    }
    return render(request, "policies/compare.html", context)


def _wanted(
    visible: RegistrationPolicyQuerySet, number: str | None, otherwise: RegistrationPolicy | None
) -> RegistrationPolicy | None:
    """The version with this number; 404 for one that this person does not see."""
    if not number:
        return otherwise
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        raise Http404("no such version")
    return get_object_or_404(visible, version=int(number))


def _state(policy: RegistrationPolicy, current: RegistrationPolicy, now: datetime) -> str:
    """'from 3 May 2027', 'in force', 'draft'."""
    begins = day(policy.effective_from)
    match state_of(policy, current, now):
        case "draft":
            return "draft"
        case "withdrawn":
            return "taken back"
        case "scheduled":
            return f"from {begins}"
        case "in_force":
            return "in force"
        case _:
            return "retired"


def _crumbs(last: str) -> list[dict[str, str]]:
    return [
        {"label": "Registration policy", "url": reverse("policies:registration_policy")},
        {"label": last},
    ]
