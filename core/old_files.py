"""Files that nobody needs any more leave the disk: those of drafts that were given up, and those that no row names.

An app that keeps files says, when it is ready, which rows of its own give theirs up (`provide`). Then every file of the
folders below that is old enough and that no row of any table names is removed. What tables there are comes from the models
themselves, so none can be forgotten; a file that a row names is never touched.
"""

import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.core.files.storage import Storage, default_storage
from django.db.models import FileField, Model

from core.clock import Clock, database_clock

# Where rows keep their files: tests hold every FileField to these.
FOLDERS = ("attachments", "partners")
_PORTION = 500
log = logging.getLogger(__name__)

# (older than) → how many rows gave up their file, so that none names it any more.
Release = Callable[[datetime], int]
_releases: list[Release] = []


@dataclass
class OldFiles:
    """What a run did: rows that gave up their file, files that left the disk."""

    released: int = 0
    removed: int = 0


def provide(release: Release) -> None:
    """Adds what an app gives up; an app does so when it is ready."""
    if release not in _releases:
        _releases.append(release)


def remove_old_files(*, clock: Clock = database_clock) -> OldFiles:
    """Removes what is older than DRAFT_FILES_DAYS. Safe to repeat, by two workers at once. What can't be removed is logged,
    and the others go on."""
    before = clock() - timedelta(days=settings.DRAFT_FILES_DAYS)
    done = OldFiles(released=sum(release(before) for release in _releases))
    for names in _portions(_old_names(default_storage, before)):
        for name in sorted(set(names) - named(names)):
            try:
                default_storage.delete(name)
                done.removed += 1
            except OSError:
                log.exception("the old file %s could not be removed; the others go on", name)
    return done


def named(names: Collection[str]) -> set[str]:
    """Those of `names` that some row names: one query for each column of files that there is."""
    found: set[str] = set()
    for model, column in file_columns():
        rows = model._base_manager.filter(**{f"{column}__in": list(names)})
        found.update(rows.order_by().values_list(column, flat=True))
    return found


def file_columns() -> list[tuple[type[Model], str]]:
    """Every column of every table that names a file."""
    return [
        (model, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, FileField)
    ]


def _old_names(storage: Storage, before: datetime) -> Iterator[str]:
    for folder in FOLDERS:
        try:
            _, files = storage.listdir(folder)
        except FileNotFoundError:
            continue  # nothing was ever kept there
        for file in files:
            name = f"{folder}/{file}"
            try:
                written = storage.get_modified_time(name)
            except FileNotFoundError:
                continue  # somebody else removed it
            if written.astimezone(UTC) < before:
                yield name


def _portions(names: Iterator[str]) -> Iterator[list[str]]:
    portion: list[str] = []
    for name in names:
        portion.append(name)
        if len(portion) == _PORTION:
            yield portion
            portion = []
    if portion:
        yield portion
