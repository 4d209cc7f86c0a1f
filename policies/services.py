"""Publishing and taking back versions of the registration policy. A version that applies is never changed."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from policies.models import RegistrationPolicy
from policies.rules import SETTINGS, Values, contradictions, settings_of

_FURTHEST = timedelta(days=2 * 365)
_NOTE_LENGTH = 200


def publish_version(
    *,
    by: User,
    settings: Values,
    effective_from: datetime | None = None,
    note: str,
    based_on: int | None = None,
    clock: Clock = database_clock,
) -> RegistrationPolicy:
    """Publishes the next version: the one in force with `settings` changed, from `effective_from` on (None: now).

    `note` says what changed and why. `based_on` is the number of the version in force that the author saw. Raises
    NotAllowed without 'policies.edit'; StaleVersion when another version came into force since; BadInput, naming the
    field, for unknown or contradictory settings, a past or far date, no note, or nothing changed.
    """
    _check_permission(by)
    with transaction.atomic():
        _one_at_a_time()
        now = clock()
        current = RegistrationPolicy.objects.in_force(now)
        if based_on is not None and based_on != current.version:
            raise StaleVersion(
                f"Version {current.version} came into force while you were writing. Look at it, then begin again."
            )
        values = _checked({**settings_of(current), **settings}, unknown=set(settings) - set(SETTINGS))
        if values == settings_of(current):
            raise BadInput(f"Nothing differs from version {current.version}, which is in force.")
        last = RegistrationPolicy.objects.order_by("-version").values_list("version", flat=True)[0]
        return RegistrationPolicy.objects.create(
            version=last + 1,
            effective_from=_checked_start(effective_from, now),
            note=_checked_note(note),
            created_by=by,
            created_at=now,
            **values,
        )


def withdraw_version(policy: RegistrationPolicy, *, by: User, clock: Clock = database_clock) -> None:
    """Takes back a version that is not in force yet. Its row stays, so that its number is never used again.

    Raises NotAllowed without 'policies.edit', WrongStatus for a version that applies or was taken back already.
    """
    _check_permission(by)
    with transaction.atomic():
        _one_at_a_time()
        now = clock()
        taken = RegistrationPolicy.objects.scheduled(now).filter(pk=policy.pk)
        if not taken.update(withdrawn_at=now, withdrawn_by=by):
            raise WrongStatus(
                f"Version {policy.version} is not waiting to begin any more. "
                "What is in force is changed by publishing a new version."
            )


def _check_permission(by: User) -> None:
    if not by.may("policies.edit"):
        raise NotAllowed("Your role does not include changing the policy.")


def _one_at_a_time() -> None:
    """The first version's row is the lock: two that publish at once must not take one number."""
    RegistrationPolicy.objects.select_for_update().get(version=1)


def _checked(values: dict[str, Any], *, unknown: set[str]) -> dict[str, Any]:
    if unknown:
        raise BadInput(f"There is no setting called {', '.join(sorted(unknown))}.", field=min(unknown))
    values["final_notice_days"] = sorted(set(values["final_notice_days"] or []), reverse=True)
    draft = RegistrationPolicy(**values)
    try:
        draft.clean_fields(
            exclude={field.name for field in draft._meta.fields} - set(SETTINGS) | {"final_notice_days"}
        )
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise BadInput(" ".join(messages), field=field) from error
    for field, words in contradictions(values).items():
        raise BadInput(words, field=field)
    return {name: getattr(draft, name) for name in SETTINGS}


def _checked_start(wanted: datetime | None, now: datetime) -> datetime:
    if wanted is None:
        return now
    if wanted < now:
        raise BadInput(
            "A version can't begin in the past: decisions were made by another one then.", "effective_from"
        )
    if wanted > now + _FURTHEST:
        raise BadInput("Choose a day within the next two years.", "effective_from")
    return wanted


def _checked_note(note: str) -> str:
    text = " ".join(note.split())
    if not text:
        raise BadInput("Say what changes and why, for those who read it later.", "note")
    if len(text) > _NOTE_LENGTH:
        raise BadInput(f"Please keep this to {_NOTE_LENGTH} characters.", "note")
    return text
