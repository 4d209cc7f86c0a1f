"""Versions as the pages list them: state, author, what each changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.urls import reverse
from django.utils import timezone

from policies.models import RegistrationPolicy
from policies.simulations import simulated_as_they_stand
from policies.words import Change, changes, told_changes

_STATES = {
    "draft": ("Draft", "ask"),
    "withdrawn": ("Taken back", "off"),
    "scheduled": ("Scheduled", "wait"),
    "in_force": ("In force", "ok"),
    "retired": ("Retired", "off"),
}


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


@dataclass(frozen=True)
class Following:
    """The version that follows one that waits, if that is taken back: what partners are told that it changes then against version
    `before`."""

    number: int
    begins: str
    before: int
    changes: list[Change]


@dataclass(frozen=True)
class AnnouncedRow:
    """A version that waits, with what partners are told that it changes, and what follows if it is taken back (None where no
    other one waits behind it)."""

    policy: RegistrationPolicy
    url: str
    begins: str
    changes: list[Change]
    following: Following | None


@dataclass(frozen=True)
class DraftRow:
    """A draft as the lists tell it: who wrote at it and what it would change against the version in force."""

    policy: RegistrationPolicy
    url: str
    edit_url: str
    authors: str
    changed: str
    changes: list[Change]
    label: str
    tone: str


def version_rows(
    found: list[RegistrationPolicy], current: RegistrationPolicy, now: datetime, base: str
) -> list[VersionRow]:
    """Published versions, the latest begin first, each with what it changed against the one that applied before it."""
    rows = []
    for place, policy in enumerate(found):
        before = next((one for one in found[place + 1 :] if _counts_before(policy, one)), None)
        rows.append(version_row(policy, before, current, now, base))
    return rows


def announced_rows(standing: Sequence[RegistrationPolicy], base: str) -> list[AnnouncedRow]:
    """Those of `standing` that wait, the next one first, each against the one before it, as the mail tells it; the first of
    them is in force."""
    rows = []
    for place, (before, policy) in enumerate(pairwise(standing), start=1):
        later = standing[place + 1] if place + 1 < len(standing) else None
        rows.append(
            AnnouncedRow(
                policy,
                reverse("policies:version", args=[policy.version]),
                day(policy.effective_from),
                told_changes(before, policy, base),
                _following(before, later, base) if later is not None else None,
            )
        )
    return rows


def _following(before: RegistrationPolicy, later: RegistrationPolicy, base: str) -> Following:
    told = told_changes(before, later, base)
    return Following(later.version, day(later.effective_from), before.version, told)


def _counts_before(policy: RegistrationPolicy, earlier: RegistrationPolicy) -> bool:
    """Whether `earlier` applied before; for one that was taken back, of those that were published by then."""
    if earlier.withdrawn_at is not None:
        return False
    return policy.withdrawn_at is None or (earlier.published_at or earlier.created_at) < policy.withdrawn_at


def version_row(
    policy: RegistrationPolicy,
    before: RegistrationPolicy | None,
    current: RegistrationPolicy,
    now: datetime,
    base: str,
) -> VersionRow:
    """One version; `before` is the one that applied before it."""
    state = state_of(policy, current, now)
    label, tone = _STATES[state]
    return VersionRow(
        policy=policy,
        url=reverse("policies:version", args=[policy.version]),
        state=state,
        label=label,
        tone=tone,
        begins=day(policy.effective_from),
        author=str(policy.created_by) if policy.created_by else "Concord",
        changes=changes(before, policy, base) if before else [],
    )


def draft_rows(drafts: list[RegistrationPolicy], current: RegistrationPolicy, base: str) -> list[DraftRow]:
    """Drafts, with their authors fetched beforehand, and whether they were simulated as they stand."""
    simulated = simulated_as_they_stand(drafts)
    return [
        DraftRow(
            policy=draft,
            url=reverse("policies:version", args=[draft.version]),
            edit_url=reverse("policies:edit_draft", args=[draft.version]),
            authors=", ".join(str(author) for author in draft.authors.all()),
            changed=day(draft.changed_at),
            changes=changes(current, draft, base),
            label="Simulated" if draft.pk in simulated else "Draft",
            tone="info" if draft.pk in simulated else "ask",
        )
        for draft in drafts
    ]


def state_of(policy: RegistrationPolicy, current: RegistrationPolicy, now: datetime) -> str:
    """draft, withdrawn, scheduled, in_force or retired."""
    if policy.withdrawn_at is not None:
        return "withdrawn"
    if policy.effective_from is None:
        return "draft"
    if policy.effective_from > now:
        return "scheduled"
    return "in_force" if policy.pk == current.pk else "retired"


def day(moment: datetime | None) -> str:
    """'3 Dec 2027', with the time where it is not midnight for the reader; '' for none."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    midnight = (local.hour, local.minute) == (0, 0)
    return f"{local:%-d %b %Y}" if midnight else f"{local:%-d %b %Y, %H:%M}"
