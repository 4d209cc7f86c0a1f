"""Files as evidence: a partner's, and those that only the vendor may read."""

from functools import partial

from django.db import models

from accounts.models import User
from core.codes import new_code
from registrations.enums import Audience
from registrations.models.registration import Registration
from registrations.querysets import AttachmentQuerySet

_code = partial(new_code, "A", 12)


def _path(attachment: "Attachment", _name: str) -> str:
    """Stored under its code: the name a partner chose never reaches the file system."""
    return f"attachments/{attachment.code}"


class Attachment(models.Model):
    """A file with the name it came with; served as a download, after an access check."""

    code = models.CharField(max_length=20, unique=True, default=_code, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="attachments")
    file = models.FileField(upload_to=_path)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    audience = models.CharField(
        max_length=10, choices=Audience, default=Audience.BOTH, db_default=Audience.BOTH
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
