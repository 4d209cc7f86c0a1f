"""Telling partners of versions that come, or do not come after all: by mail and in the portal.

A version is told as what it changes against the one before it. Where that becomes another one, as one is taken back or
comes between, those for whom it changes something else by that are told anew.

A sweep: what a worker left undone is found again, and the outbox knows what it was told already.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
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
from policies.words import Change, for_tier, told_changes

_AT_ONCE = 50  # firms a transaction
_EVENTS = {NewsKind.ANNOUNCED: "policy.announced", NewsKind.TAKEN_BACK: "policy.taken_back"}


def tell_of_versions(*, clock: Clock = database_clock) -> int:
    """Tells what has not been told, and anew what is not true any more. Returns how many messages there are by now about it.
    Safe to run any number of times."""
    told = sum(_tell(policy, kind, clock()) for policy, kind in _untold())
    return told + sum(_tell_anew(news, before, clock()) for news, before in _overtaken())


def firms_concerned(found: list[Change]) -> PartnerQuerySet:
    """The firms that one of the changes, as they are told, is about: where only limits of tiers change, those of the tiers;
    else all that register deals. Nobody where nothing is told."""
    if not found:
        return selling_firms().none()
    limits = {change.setting.removeprefix("open_most_") for change in found}
    if all(change.setting.startswith("open_most_") for change in found):
        return selling_firms().filter(tier__in=limits)
    return selling_firms()


def changes_of(policy: RegistrationPolicy) -> list[Change]:
    """What a published version changes for partners against the one that applies before it."""
    before = _before(policy)
    return told_changes(before, policy, base_currency()) if before else []


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


def _overtaken() -> list[tuple[VersionNews, RegistrationPolicy]]:
    """What was announced against a version that does not apply before it any more, with the one that does by now."""
    standing = RegistrationPolicy.objects.published().filter(withdrawn_at=None)
    before = {later.pk: one for one, later in pairwise(standing.order_by("effective_from", "version"))}
    announced = VersionNews.objects.filter(kind=NewsKind.ANNOUNCED, policy__in=before, against__isnull=False)
    told = announced.select_related("policy", "against").order_by("policy__effective_from", "policy__version")
    return [(news, before[news.policy_id]) for news in told if before[news.policy_id].pk != news.against_id]


def _tell(policy: RegistrationPolicy, kind: NewsKind, now: datetime) -> int:
    before, found = _before(policy), changes_of(policy)
    firms = _heard_of(policy) if kind is NewsKind.TAKEN_BACK else list(firms_concerned(found))
    messages = _tell_all(firms, _News(policy, kind, found, f"{policy.pk}"), now)
    told = {"firms": len(firms), "told_at": now, "against": before}
    VersionNews.objects.get_or_create(policy=policy, kind=kind, defaults=told)
    return messages


def _tell_anew(news: VersionNews, before: RegistrationPolicy, now: datetime) -> int:
    """Tells what the version changes against `before` to the firms for whom that is not what was told last."""
    policy, base = news.policy, base_currency()
    assert news.against is not None
    was, found = told_changes(news.against, policy, base), told_changes(before, policy, base)
    firms = {firm.pk: firm for firm in [*firms_concerned(was), *firms_concerned(found), *_heard_of(policy)]}
    misled = [firm for firm in firms.values() if _values(was, firm) != _values(found, firm)]
    occasion = f"{policy.pk}:{news.times + 1}:{before.pk}"
    messages = _tell_all(misled, _News(policy, NewsKind.ANNOUNCED, found, occasion, anew=True), now)
    same = VersionNews.objects.filter(pk=news.pk, times=news.times)
    same.update(against=before, times=F("times") + 1)
    return messages


def _heard_of(policy: RegistrationPolicy) -> list[Partner]:
    return firms_told(f"{_EVENTS[NewsKind.ANNOUNCED]}:{policy.pk}")


def _values(found: list[Change], firm: Partner) -> list[tuple[str, str]]:
    """The settings of which the firm reads, and what they are."""
    return [(change.setting, change.after) for change in for_tier(found, firm.tier)]


@dataclass(frozen=True)
class _News:
    """What is told of a version; `occasion` is that of this telling among all of the same kind."""

    policy: RegistrationPolicy
    kind: NewsKind
    found: list[Change]
    occasion: str
    anew: bool = False


def _tell_all(firms: list[Partner], news: _News, now: datetime) -> int:
    messages = 0
    for place in range(0, len(firms), _AT_ONCE):
        portion = firms[place : place + _AT_ONCE]
        with transaction.atomic():
            readers = readers_of([firm.pk for firm in portion])
            for firm in portion:
                for person in readers[firm.pk]:
                    _notify(person, firm, news, now)
                    messages += 1
    return messages


def _notify(person: User, firm: Partner, news: _News, now: datetime) -> None:
    policy, kind = news.policy, news.kind
    context: dict[str, Any] = {
        "partner_name": firm.name,
        "version": policy.version,
        "begins": policy.effective_from,
        "applies_already": policy.effective_from is not None and policy.effective_from <= now,
        "note": policy.note,
        "anew": news.anew,
        "followed_by": _next_after(policy),
        "instead": _instead_of(policy, now) if kind is NewsKind.TAKEN_BACK else None,
        "changes": [
            {"label": change.label, "text": change.said_after} for change in for_tier(news.found, firm.tier)
        ],
    }
    address = reverse("policies:version", args=[policy.version])
    notify(
        event=_EVENTS[kind],
        recipient=person,
        context=context,
        occasion=f"{_EVENTS[kind]}:{news.occasion}",
        link=address if kind is NewsKind.ANNOUNCED else reverse("policies:registration_policy"),
        clock=fixed(now),
    )
