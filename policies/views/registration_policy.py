"""The registration policy in words: what applies, what will, what did."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.models import User
from catalog.money import base_currency
from core.clock import database_clock
from policies.models import RegistrationPolicy
from policies.words import Change, Kind, Sentence, changes, sentences

_LISTED = 50  # versions; older ones keep their own address


@dataclass(frozen=True)
class VersionRow:
    """A version as the list tells it."""

    policy: RegistrationPolicy
    url: str
    state: str
    label: str
    tone: str
    begins: str
    author: str
    changes: list[Change]


@require_safe
@requires("policies.view")
def registration_policy(request: HttpRequest) -> HttpResponse:
    """The version in force, those announced, and for the vendor's people all versions."""
    user, now, base = request.user, database_clock(), base_currency()
    assert isinstance(user, User)
    current = RegistrationPolicy.objects.in_force(now)
    found = RegistrationPolicy.objects.visible_to(user).select_related("created_by", "withdrawn_by")
    rows = version_rows(list(found[: _LISTED + 1]), current, now, base)
    context = {
        "page_title": "Registration policy",
        "policy": current,
        "in_force_since": _day(current.effective_from),
        **_by_kind(sentences(current, base), vendor=user.is_vendor),
        "announced": [row for row in reversed(rows) if row.state == "scheduled"],
        "versions": rows[:_LISTED] if user.is_vendor else [],
        "may_edit": user.may("policies.edit"),
    }
    return render(request, "policies/registration_policy.html", context)


@require_safe
@requires("policies.view")
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version in full: the one that a receipt names."""
    user, now, base = request.user, database_clock(), base_currency()
    assert isinstance(user, User)
    policy = get_object_or_404(RegistrationPolicy.objects.visible_to(user), version=number)
    current = RegistrationPolicy.objects.in_force(now)
    address = reverse("policies:registration_policy")
    context = {
        "page_title": f"Registration policy, version {policy.version}",
        "breadcrumbs": [
            {"label": "Registration policy", "url": address},
            {"label": f"Version {policy.version}"},
        ],
        "row": version_rows([policy], current, now, base)[0],
        "policy": policy,
        **_by_kind(sentences(policy, base), vendor=user.is_vendor),
    }
    return render(request, "policies/version.html", context)


def version_rows(
    found: list[RegistrationPolicy], current: RegistrationPolicy, now: datetime, base: str
) -> list[VersionRow]:
    """Versions, newest first, each with what it changed against the one that applied before it."""
    rows = []
    for place, policy in enumerate(found):
        before = next((older for older in found[place + 1 :] if older.withdrawn_at is None), None)
        state, label, tone = _state(policy, current, now)
        rows.append(
            VersionRow(
                policy=policy,
                url=reverse("policies:version", args=[policy.version]),
                state=state,
                label=label,
                tone=tone,
                begins=_day(policy.effective_from),
                author=str(policy.created_by) if policy.created_by else "Concord",
                changes=changes(before, policy, base) if before else [],
            )
        )
    return rows


def _state(policy: RegistrationPolicy, current: RegistrationPolicy, now: datetime) -> tuple[str, str, str]:
    if policy.withdrawn_at is not None:
        return "withdrawn", "Taken back", "off"
    if policy.effective_from > now:
        return "scheduled", "Scheduled", "wait"
    return ("in_force", "In force", "ok") if policy.pk == current.pk else ("past", "Past", "off")


def _by_kind(found: list[Sentence], *, vendor: bool) -> dict[str, list[Sentence]]:
    """Sentences for the three columns. Partners are spared those that have no effect at present."""
    told = [sentence for sentence in found if vendor or sentence.has_effect]
    return {
        "dos": [sentence for sentence in told if sentence.kind == Kind.DO],
        "donts": [sentence for sentence in told if sentence.kind == Kind.DONT],
        "ours": [sentence for sentence in told if sentence.kind == Kind.WE],
    }


def _day(moment: datetime) -> str:
    local = timezone.localtime(moment)
    midnight = (local.hour, local.minute) == (0, 0)
    return f"{local:%-d %B %Y}" if midnight else f"{local:%-d %B %Y, %H:%M}"
