"""Writing at a draft of the registration policy, in as many sittings and by as many people as it takes."""

from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, StaleVersion, WrongStatus
from policies.models import RegistrationPolicy
from policies.services import checking
from policies.settings import Values, settings_of


def begin_draft(
    *, by: User, base: RegistrationPolicy | None = None, clock: Clock = database_clock
) -> RegistrationPolicy:
    """A draft with the settings of `base`, or of the version in force. Nothing is decided by it.

    Raises NotAllowed without 'policies.edit'.
    """
    checking.check_may_edit(by)
    with transaction.atomic():
        checking.one_at_a_time()
        now = clock()
        like = base or RegistrationPolicy.objects.in_force(now)
        draft = RegistrationPolicy.objects.create(
            version=checking.next_number(),
            effective_from=None,
            created_by=by,
            created_at=now,
            changed_by=by,
            changed_at=now,
            **settings_of(like),
        )
        draft.authors.add(by)
    return draft


def save_draft(
    draft: RegistrationPolicy,
    *,
    by: User,
    revision: int,
    settings: Values,
    unfinished: dict[str, str] | None = None,
    note: str | None = None,
    clock: Clock = database_clock,
) -> RegistrationPolicy:
    """Writes settings, which may contradict each other until it is published. `unfinished` is what was entered that is no
    value yet, by setting: kept as text, so that nobody has to type it again. `note` None leaves the note as it is.

    Raises NotAllowed without 'policies.edit', WrongStatus for no draft, StaleVersion when it was saved since `revision`,
    BadInput for a setting that is none.
    """
    checking.check_may_edit(by)
    values = checking.each_by_itself(dict(settings))
    with transaction.atomic():
        locked = locked_draft(draft, revision)
        for name, value in values.items():
            setattr(locked, name, value)
        locked.unfinished = {
            name: text.replace("\x00", "")[:200] for name, text in (unfinished or {}).items()
        }
        if note is not None:
            locked.note = " ".join(note.split())
            if len(locked.note) > checking.NOTE_LENGTH:
                raise BadInput(f"Please keep this to {checking.NOTE_LENGTH} characters.", "note")
        locked.revision += 1
        locked.changed_by, locked.changed_at = by, clock()
        fields = ("unfinished", "note", "revision", "changed_by", "changed_at")
        locked.save(update_fields=[*values, *fields])
        locked.authors.add(by)
    return locked


def delete_draft(draft: RegistrationPolicy, *, by: User) -> None:
    """Throws a draft away, its simulations with it. Raises NotAllowed without 'policies.edit', WrongStatus for no draft."""
    checking.check_may_edit(by)
    with transaction.atomic():
        locked_draft(draft).delete()


def locked_draft(draft: RegistrationPolicy, revision: int | None = None) -> RegistrationPolicy:
    """The draft's row as it is now, locked. Raises WrongStatus where it is none any more, StaleVersion where it was saved
    since `revision` (None: whatever its state)."""
    found = RegistrationPolicy.objects.select_for_update(of=("self",)).filter(pk=draft.pk)
    locked = found.select_related("changed_by").first()
    if locked is None:
        raise WrongStatus("This draft was deleted meanwhile.")
    if not locked.is_draft:
        raise WrongStatus(f"Version {locked.version} was published meanwhile: it is no draft any more.")
    if revision is not None and locked.revision != revision:
        who = str(locked.changed_by) if locked.changed_by else "Somebody"
        raise StaleVersion(f"{who} saved this draft in the meantime. Look at it, then go on.")
    return locked
