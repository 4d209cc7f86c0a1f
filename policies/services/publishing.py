"""Publishing and taking back versions of the registration policy. A version that applies is never changed."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, StaleVersion, WrongStatus
from notifications.announcing import wake_on_commit
from policies.models import RegistrationPolicy
from policies.services import checking
from policies.services.drafts import locked_draft
from policies.settings import Values, settings_of

# Tells the firms concerned: a sweep, so that what a worker left undone is found again.
TELL = "policies.tell_of_versions"


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
    checking.check_may_edit(by)
    with transaction.atomic():
        checking.one_at_a_time()
        now = clock()
        current = RegistrationPolicy.objects.in_force(now)
        if based_on is not None and based_on != current.version:
            raise StaleVersion(
                f"Version {current.version} came into force while you were writing. Look at it, then begin again."
            )
        values = checking.all_together({**settings_of(current), **settings})
        if values == settings_of(current):
            raise BadInput(f"Nothing differs from version {current.version}, which is in force.")
        start = checking.start_of(effective_from, now)
        checking.check_free(start, now)
        made = RegistrationPolicy.objects.create(
            version=checking.next_number(),
            effective_from=start,
            note=checking.note_of(note),
            created_by=by,
            created_at=now,
            published_by=by,
            published_at=now,
            **values,
        )
        wake_on_commit(TELL)
    return made


def publish_draft(
    draft: RegistrationPolicy,
    *,
    by: User,
    revision: int,
    effective_from: datetime | None = None,
    clock: Clock = database_clock,
) -> RegistrationPolicy:
    """Publishes a draft, from `effective_from` on (None: now); firms concerned are told soon after.

    It keeps its number, unless a later one was published meanwhile: numbers follow one another as versions do. Raises as
    `publish_version` does; StaleVersion when somebody changed the draft since `revision`, WrongStatus for no draft, BadInput
    also for something entered that is no value yet.
    """
    checking.check_may_edit(by)
    with transaction.atomic():
        checking.one_at_a_time()
        now = clock()
        locked = locked_draft(draft, revision)
        if locked.unfinished:
            field = min(locked.unfinished)
            raise BadInput("Something that was entered is no value yet. Go back and look at it.", field)
        note, start = checking.note_of(locked.note), checking.start_of(effective_from, now)
        checking.check_free(start, now)
        values = checking.all_together(settings_of(locked))
        before = RegistrationPolicy.objects.before(start).first()
        if before is not None and values == settings_of(before):
            raise BadInput(f"Nothing differs from version {before.version}, which applies before it.")
        if RegistrationPolicy.objects.published().filter(version__gt=locked.version).exists():
            locked.version = checking.next_number()
        for name, value in {**values, "note": note, "effective_from": start}.items():
            setattr(locked, name, value)
        locked.published_by, locked.published_at = by, now
        locked.save()
        wake_on_commit(TELL)
    return locked


def withdraw_version(policy: RegistrationPolicy, *, by: User, clock: Clock = database_clock) -> None:
    """Takes back a version that is not in force yet. Its row stays, so that its number is never used again; firms that
    were told of it are told of this, too.

    Raises NotAllowed without 'policies.edit', WrongStatus for a version that applies or was taken back already.
    """
    checking.check_may_edit(by)
    with transaction.atomic():
        checking.one_at_a_time()
        now = clock()
        taken = RegistrationPolicy.objects.scheduled(now).filter(pk=policy.pk)
        if not taken.update(withdrawn_at=now, withdrawn_by=by):
            raise WrongStatus(
                f"Version {policy.version} is not waiting to begin any more. "
                "What is in force is changed by publishing a new version."
            )
        wake_on_commit(TELL)
