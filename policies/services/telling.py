"""Telling partners of versions that come, or do not come after all: by mail and in the portal, once for each version.

A sweep: what a worker left undone is found again, and the outbox knows what it was told already.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.models import User
from catalog.money import base_currency
from core.clock import Clock, database_clock, fixed
from notifications.services import notify
from partners.models import Partner
from partners.querysets import PartnerQuerySet
from policies.enums import NewsKind
from policies.firms import selling_firms
from policies.models import RegistrationPolicy, VersionNews
from policies.services.readers import firms_told, readers_of
from policies.words import Change, changes, for_tier

_AT_ONCE = 50  # firms a transaction
_EVENTS = {NewsKind.ANNOUNCED: "policy.announced", NewsKind.TAKEN_BACK: "policy.taken_back"}


def tell_of_versions(*, clock: Clock = database_clock) -> int:
    """Tells what has not been told. Returns how many messages there are by now about it. Safe to run any number of times."""
    return sum(_tell(policy, kind, clock()) for policy, kind in _untold())


def firms_concerned(found: list[Change]) -> PartnerQuerySet:
    """The firms that one of the changes is about: where only limits of tiers change, those of the tiers; else all that
    register deals."""
    limits = {change.setting.removeprefix("open_most_") for change in found}
    if found and all(change.setting.startswith("open_most_") for change in found):
        return selling_firms().filter(tier__in=limits)
    return selling_firms()


def changes_of(policy: RegistrationPolicy) -> list[Change]:
    """What a published version changes against the one that applies before it."""
    before = _before(policy)
    return changes(before, policy, base_currency()) if before else []


def _before(policy: RegistrationPolicy) -> RegistrationPolicy | None:
    """The version that applies until it begins."""
    assert policy.effective_from is not None
    earlier = RegistrationPolicy.objects.filter(withdrawn_at=None).exclude(pk=policy.pk)
    same_time = Q(effective_from=policy.effective_from, version__lt=policy.version)
    found = earlier.filter(Q(effective_from__lt=policy.effective_from) | same_time)
    return found.order_by("-effective_from", "-version").first()


def _instead_of(policy: RegistrationPolicy, now: datetime) -> dict[str, Any] | None:
    """The version that applies by then in the place of one that was taken back; None where it does already."""
    found = _before(policy)
    if found is None or found.effective_from is None or found.effective_from <= now:
        return None
    return {"version": found.version, "begins": found.effective_from}


def _next_after(policy: RegistrationPolicy) -> dict[str, Any] | None:
    """The version that takes its place as a whole, where one waits to begin already, and from when."""
    rows = RegistrationPolicy.objects.published().filter(withdrawn_at=None)
    later = (
        rows.filter(effective_from__gt=policy.effective_from).order_by("effective_from", "version").first()
    )
    return {"version": later.version, "begins": later.effective_from} if later is not None else None


def _untold() -> Iterator[tuple[RegistrationPolicy, NewsKind]]:
    """Versions published, and those taken back that partners had heard of."""
    told = VersionNews.objects.filter(policy=OuterRef("pk"))
    announced = Exists(told.filter(kind=NewsKind.ANNOUNCED))
    taken_back = Exists(told.filter(kind=NewsKind.TAKEN_BACK))
    published = RegistrationPolicy.objects.published().filter(published_at__isnull=False)
    for policy in published.filter(~announced, withdrawn_at=None).order_by("version"):
        yield policy, NewsKind.ANNOUNCED
    for policy in published.filter(announced, ~taken_back, withdrawn_at__isnull=False).order_by("version"):
        yield policy, NewsKind.TAKEN_BACK


def _tell(policy: RegistrationPolicy, kind: NewsKind, now: datetime) -> int:
    found = changes_of(policy)
    firms = list(firms_concerned(found))
    if kind is NewsKind.TAKEN_BACK:
        known = {firm.pk for firm in firms}
        heard = firms_told(f"{_EVENTS[NewsKind.ANNOUNCED]}:{policy.pk}")
        firms += [firm for firm in heard if firm.pk not in known]
    messages = 0
    for place in range(0, len(firms), _AT_ONCE):
        portion = firms[place : place + _AT_ONCE]
        with transaction.atomic():
            readers = readers_of([firm.pk for firm in portion])
            for firm in portion:
                for person in readers[firm.pk]:
                    _notify(person, firm, policy, kind, found, now)
                    messages += 1
    VersionNews.objects.get_or_create(
        policy=policy, kind=kind, defaults={"firms": len(firms), "told_at": now}
    )
    return messages


def _notify(
    person: User,
    firm: Partner,
    policy: RegistrationPolicy,
    kind: NewsKind,
    found: list[Change],
    now: datetime,
) -> None:
    context: dict[str, Any] = {
        "partner_name": firm.name,
        "version": policy.version,
        "begins": policy.effective_from,
        "applies_already": policy.effective_from is not None and policy.effective_from <= now,
        "note": policy.note,
        "followed_by": _next_after(policy),
        "instead": _instead_of(policy, now) if kind is NewsKind.TAKEN_BACK else None,
        "changes": [
            {"label": change.label, "text": change.said_after} for change in for_tier(found, firm.tier)
        ],
    }
    address = reverse("policies:version", args=[policy.version])
    notify(
        event=_EVENTS[kind],
        recipient=person,
        context=context,
        occasion=f"{_EVENTS[kind]}:{policy.pk}",
        link=address if kind is NewsKind.ANNOUNCED else reverse("policies:registration_policy"),
        clock=fixed(now),
    )
