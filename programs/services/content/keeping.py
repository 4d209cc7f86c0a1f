"""Writing content: an item with its audience, and its next version. Who may: 'content.edit'."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, Q

from accounts.models import User
from core.alike import alike
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from core.uploads import check_upload
from core.vendor_days import vendor_day
from partners.models import Group
from programs.enums import ContentKind
from programs.models import ContentAudience, ContentItem, ContentVersion


@dataclass(frozen=True)
class Said:
    """What a version says. `upload` is the file of a document; without one a new version keeps the file it has."""

    title: str
    summary: str = ""
    body: str = ""
    changes: str = ""
    due_on: date | None = None
    upload: "UploadedFile[Any] | None" = None


@dataclass(frozen=True)
class Audience:
    """Whom it is for: all firms, or those in at least one of the groups."""

    for_all: bool = False
    groups: Iterable[Group] = ()


def create_item(
    *, by: User, kind: str, said: Said, audience: Audience, clock: Clock = database_clock
) -> ContentItem:
    """A new item with a first version that nobody reads before it is published. Raises NotAllowed without
    'content.edit', BadInput naming the field."""
    check_may_edit(by)
    if kind not in ContentKind.values:
        raise BadInput("Choose what it is.", field="kind")
    with transaction.atomic():
        item = ContentItem.objects.create(
            kind=kind, for_all=audience.for_all, created_by=by, created_at=clock()
        )
        _set_audience(item, audience)
        _write(ContentVersion(item=item, number=1), item, said, by=by, clock=clock)
    return item


def change_item(
    item: ContentItem,
    *,
    by: User,
    version: int,
    said: Said,
    audience: Audience,
    clock: Clock = database_clock,
) -> ContentVersion:
    """Writes the item's draft, the next version if all are published, and sets the audience, which counts at once.

    Raises like `create_item`, and StaleVersion when somebody changed the item since `version`."""
    check_may_edit(by)
    with transaction.atomic():
        locked = lock(item, version)
        ContentItem.objects.filter(pk=locked.pk).update(for_all=audience.for_all, version=version + 1)
        _set_audience(locked, audience)
        draft = draft_of(locked) or _next_version(locked)
        return _write(draft, locked, said, by=by, clock=clock)


def discard_draft(item: ContentItem, *, by: User, version: int) -> None:
    """Throws the unpublished version away; an item that was never published goes with it. Raises NotAllowed, StaleVersion,
    WrongStatus without a draft."""
    check_may_edit(by)
    with transaction.atomic():
        locked = lock(item, version)
        draft = draft_of(locked)
        if draft is None:
            raise WrongStatus("There is no draft to throw away.")
        draft.delete()
        if locked.current_id is None:
            locked.delete()
        else:
            ContentItem.objects.filter(pk=locked.pk).update(version=version + 1)


def draft_of(item: ContentItem) -> ContentVersion | None:
    """The version that is not published yet, if there is one."""
    return item.versions.filter(published_at=None).first()


def lock(item: ContentItem, version: int) -> ContentItem:
    """The item's row, locked. Raises StaleVersion when it is not what the person looked at."""
    locked = ContentItem.objects.select_for_update().get(pk=item.pk)
    if locked.version != version:
        raise StaleVersion("Somebody changed this while you were writing. Look at it, then change it again.")
    return locked


def check_title(version: ContentVersion) -> None:
    """Raises BadInput where readers have, or a draft would give them, something else of this kind and title."""
    item = version.item
    others = ContentVersion.objects.filter(item__kind=item.kind, item__withdrawn_at=None).exclude(item=item)
    others = others.filter(Q(published_at=None) | Q(pk=F("item__current")))
    if alike(others, version.title, "title").exists():
        raise BadInput(
            f"There is a {item.get_kind_display().lower()} with this title already.", field="title"
        )


def check_may_edit(by: User) -> None:
    """Raises NotAllowed without 'content.edit'."""
    if not by.may("content.edit"):
        raise NotAllowed("Your role does not include changing the library.")


def _next_version(item: ContentItem) -> ContentVersion:
    """An empty next version with the file of the one before."""
    last = item.versions.latest("number")
    return ContentVersion(
        item=item,
        number=last.number + 1,
        file=last.file.name,
        file_name=last.file_name,
        file_type=last.file_type,
        file_size=last.file_size,
        file_sha256=last.file_sha256,
    )


def _write(
    version: ContentVersion, item: ContentItem, said: Said, *, by: User, clock: Clock
) -> ContentVersion:
    version.title = " ".join(said.title.split())
    if not version.title:
        raise BadInput("Enter a title.", field="title")
    check_title(version)
    version.summary, version.changes = said.summary.strip(), said.changes.strip()
    version.body = said.body.strip()
    version.due_on = said.due_on if item.kind == ContentKind.ANNOUNCEMENT else None
    if item.kind == ContentKind.FILE:
        if said.upload is not None:
            version.take_file(check_upload(said.upload))
        elif not version.file:
            raise BadInput("Choose the file.", field="file")
    elif not version.body:
        raise BadInput("Write the text.", field="body")
    if version.due_on is not None and version.due_on < vendor_day(clock()):
        raise BadInput("Choose a day that is still to come.", field="due_on")
    version.written_by, version.written_at = by, clock()
    version.save()
    return version


def _set_audience(item: ContentItem, audience: Audience) -> None:
    wanted = [] if audience.for_all else list(audience.groups)
    item.audiences.exclude(group__in=wanted).delete()
    links = [ContentAudience(item=item, group=group) for group in wanted]
    ContentAudience.objects.bulk_create(links, ignore_conflicts=True)
