"""Versions as the pages list them: state, author, what each changed."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from policies.models import RegistrationPolicy
from policies.simulations import simulated_as_they_stand
from policies.words import Change, changes

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
    following: "Following | None" = None


@dataclass(frozen=True)
class Following:
    """The version that follows one that waits, if that is taken back: what it changes then against version `before`."""

    number: int
    begins: str
    before: int
    changes: list[Change]


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


def following_if_taken_back(rows: list[VersionRow], base: str) -> list[VersionRow]:
    """The versions in force and scheduled, the next one first, each with what follows if it is taken back."""
    standing = [row.policy for row in rows]
    found = []
    for place, row in enumerate(rows):
        if 0 < place < len(rows) - 1:
            before, later = standing[place - 1], standing[place + 1]
            told = changes(before, later, base)
            row = replace(
                row, following=Following(later.version, day(later.effective_from), before.version, told)
            )
        found.append(row)
    return found


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
