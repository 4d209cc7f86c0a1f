"""Publishing a version to its audience, withdrawing an item, putting it back. Who may: 'content.edit'."""

from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, WrongStatus
from core.vendor_days import vendor_day
from notifications.announcing import wake_on_commit
from programs.models import ContentItem, ContentVersion
from programs.services.content.keeping import check_may_edit, check_title, draft_of, lock

SWEEP = "programs.sweep_content"


def publish(item: ContentItem, *, by: User, version: int, clock: Clock = database_clock) -> ContentVersion:
    """Makes the draft what readers see; the audience is told by mail, in the background. Raises NotAllowed, StaleVersion,
    WrongStatus without a draft, BadInput without an audience or for a title that something else has."""
    check_may_edit(by)
    with transaction.atomic():
        locked = lock(item, version)
        draft = draft_of(locked)
        if draft is None:
            raise WrongStatus("There is nothing new to publish.")
        if not (locked.for_all or locked.audiences.exists() or locked.program_contents.exists()):
            raise BadInput(
                "Choose whom it is for, or put it into a program, before you publish it.", field="groups"
            )
        check_title(draft)
        now = clock()
        if draft.due_on is not None and draft.due_on < vendor_day(now):
            raise BadInput("The day to acknowledge it by has passed. Choose another one.", field="due_on")
        draft.published_at, draft.published_by = now, by
        draft.save(update_fields=["published_at", "published_by"])
        changes = {"current": draft, "withdrawn_at": None, "version": version + 1}
        ContentItem.objects.filter(pk=locked.pk).update(**changes)
        wake_on_commit(SWEEP)
    return draft


def withdraw(item: ContentItem, *, by: User, version: int, clock: Clock = database_clock) -> None:
    """Takes an item away from its readers; its versions and receipts stay. Raises NotAllowed, StaleVersion, WrongStatus
    unless readers see it."""
    check_may_edit(by)
    with transaction.atomic():
        locked = lock(item, version)
        if locked.current_id is None or locked.withdrawn_at is not None:
            raise WrongStatus("Readers don't see this anyway.")
        ContentItem.objects.filter(pk=locked.pk).update(withdrawn_at=clock(), version=version + 1)


def put_back(item: ContentItem, *, by: User, version: int) -> None:
    """Shows a withdrawn item again, as it was; nobody is told twice. Raises NotAllowed, StaleVersion, WrongStatus unless it
    was withdrawn, BadInput for a title that something else has got since."""
    check_may_edit(by)
    with transaction.atomic():
        locked = lock(item, version)
        if locked.withdrawn_at is None:
            raise WrongStatus("This was not withdrawn.")
        if locked.current is not None:
            check_title(locked.current)
        ContentItem.objects.filter(pk=locked.pk).update(withdrawn_at=None, version=version + 1)
