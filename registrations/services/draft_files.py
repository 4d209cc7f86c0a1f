"""The evidence of drafts that were never submitted and that nobody touched for long is given up; the drafts stay."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from core.clock import database_clock
from registrations.enums import Status
from registrations.models import Attachment, Registration
from registrations.services import timeline

GIVEN_UP = "files_given_up"


def give_up(before: datetime) -> int:
    """Takes the files out of drafts that were thrown away before that moment, or lie untouched since; returns how many. The
    history of each says so. Files come off the disk as no row names them any more (core/old_files.py)."""
    stale = Q(registration__discarded_at__lt=before) | Q(registration__changed_at__lt=before)
    files = Attachment.objects.filter(
        stale, registration__status=Status.DRAFT, registration__submitted_at=None, added_at__lt=before
    )
    files = files.exclude(
        registration__in=Attachment.objects.filter(added_at__gte=before).values("registration")
    )
    given_up = 0
    for pk in list(files.order_by("registration").values_list("registration", flat=True).distinct()):
        with transaction.atomic():
            # The row first: a draft that is being submitted, or written to, keeps what it has.
            draft = Registration.objects.select_for_update().filter(pk=pk, status=Status.DRAFT).first()
            mine = files.filter(registration=draft) if draft is not None else files.none()
            number = mine.count()
            if draft is not None and number:
                mine.delete()
                timeline.record(draft, GIVEN_UP, actor=None, at=database_clock(), data={"number": number})
                given_up += number
    return given_up
