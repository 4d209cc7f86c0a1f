"""Publishing agreements. A version is never changed: who accepted it, accepted these very words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from core.uploads import check_upload
from core.vendor_days import vendor_day
from notifications.announcing import wake_on_commit
from partners.enums import PartnerKind
from partners.models import Agreement, AgreementVersion
from partners.services.agreements.asking_firms import EDIT, TASK


@dataclass(frozen=True)
class Wording:
    """A version to be: its text, a file, or both; what is new in it, in words; its days (the vendor's)."""

    effective_on: date
    accept_by: date
    text: str = ""
    changes: str = ""
    upload: "UploadedFile[Any] | None" = None


def create_agreement(
    *, by: User, title: str, kinds: Iterable[str], wording: Wording, clock: Clock = database_clock
) -> AgreementVersion:
    """A new agreement with its first version, published at once: the firms of `kinds` (none: all) are asked to accept it.
    Raises NotAllowed without 'agreements.edit', BadInput naming the field."""
    _check(by)
    title, kinds = " ".join(title.split()), sorted(set(kinds))
    if not title:
        raise BadInput("Enter a title.", field="title")
    if set(kinds) - set(PartnerKind.values):
        raise BadInput("Choose kinds of partners from the list.", field="kinds")
    try:
        with transaction.atomic():
            agreement = Agreement.objects.create(title=title, kinds=kinds)
            return _publish(agreement, wording, by, clock)
    except IntegrityError as error:
        raise BadInput("There is an agreement with this title already.", field="title") from error


def publish_version(
    agreement: Agreement, *, by: User, after: int, wording: Wording, clock: Clock = database_clock
) -> AgreementVersion:
    """The next version after number `after`: every firm is asked to accept again, by a date. Raises NotAllowed,
    StaleVersion when somebody published one meanwhile, WrongStatus for an agreement that has ended, BadInput naming the
    field: days in the past, or nothing to read."""
    _check(by)
    with transaction.atomic():
        locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
        if locked.ended_at is not None:
            raise WrongStatus("This agreement has ended. Write a new one.")
        last = locked.versions.aggregate(last=Max("number"))["last"] or 0
        if last != after:
            raise StaleVersion("Somebody published another version while you were writing. Read it first.")
        return _publish(locked, wording, by, clock, number=last + 1)


def end_agreement(agreement: Agreement, *, by: User, clock: Clock = database_clock) -> Agreement:
    """Asks nobody any more; what was accepted is kept. Raises NotAllowed, WrongStatus when it has ended already."""
    _check(by)
    if not Agreement.objects.filter(pk=agreement.pk, ended_at=None).update(ended_at=clock()):
        raise WrongStatus("This agreement has ended already.")
    agreement.refresh_from_db(fields=["ended_at"])
    return agreement


def _publish(
    agreement: Agreement, wording: Wording, by: User, clock: Clock, number: int = 1
) -> AgreementVersion:
    now = clock()
    today = vendor_day(now)
    if wording.effective_on < today:
        raise BadInput("It can't take effect in the past. Choose today or later.", field="effective_on")
    if wording.accept_by < today:
        raise BadInput("Nobody can accept it in the past. Choose today or later.", field="accept_by")
    if not wording.text.strip() and wording.upload is None:
        raise BadInput("Write the text, or add it as a file.", field="text")
    version = AgreementVersion(
        agreement=agreement,
        number=number,
        text=wording.text.strip(),
        changes=wording.changes.strip(),
        effective_on=wording.effective_on,
        accept_by=wording.accept_by,
        published_by=by,
        published_at=now,
    )
    if wording.upload is not None:
        version.take_file(check_upload(wording.upload))
    version.save(force_insert=True)
    wake_on_commit(TASK)
    return version


def _check(by: User) -> None:
    if not by.may(EDIT):
        raise NotAllowed("Your role does not include agreements.")
