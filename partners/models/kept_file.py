"""A file that is kept with a row, where there is one."""

from typing import Any

from django.core.files.base import ContentFile
from django.db import models

from core.codes import new_code
from core.uploads import Checked


def stored_under_a_code(_row: Any, _name: str) -> str:
    """Where a file lies: the name that a person chose never reaches the file system."""
    return f"partners/{new_code('F', 14)}"


class WithFile(models.Model):
    """Columns of a file with the name it came with; empty where there is none. Served by core/downloads.py."""

    file = models.FileField(upload_to=stored_under_a_code, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_type = models.CharField(max_length=100, blank=True)
    file_size = models.PositiveIntegerField(default=0)
    file_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True

    def take_file(self, checked: Checked) -> None:
        """Writes the file to its place and notes it; the caller saves the row."""
        self.file_name, self.file_type = checked.name, checked.content_type
        self.file_size, self.file_sha256 = checked.size, checked.sha256
        self.file.save(checked.name, ContentFile(checked.content), save=False)
