"""The content library: documents, pages and announcements, their versions, whom they are for, and who has read what."""

from functools import partial
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models

from accounts.models import User
from core.codes import new_code
from partners.models import Group
from partners.models.kept_file import WithFile
from programs.enums import ContentKind
from programs.querysets.content import ContentItemQuerySet

_code = partial(new_code, "CT")
# Both: 'simple' finds names and codes as they are written, 'english' finds 'price' in 'prices'.
_CONFIGS = ("simple", "english")


def _vector() -> Any:
    parts = [
        SearchVector(column, weight=weight, config=config)
        for column, weight in (("title", "A"), ("summary", "B"), ("file_name", "B"), ("body", "C"))
        for config in _CONFIGS
    ]
    joined: Any = parts[0]
    for part in parts[1:]:
        joined = joined + part
    return joined


class ContentItem(models.Model):
    """One thing in the library. Readers see `current`, the newest published version; without one it is a draft.

    It is for all firms or for those in at least one of its groups; ended firms see nothing."""

    code = models.CharField(max_length=16, unique=True, default=_code, editable=False)
    kind = models.CharField(max_length=12, choices=ContentKind)
    for_all = models.BooleanField(default=False)
    groups = models.ManyToManyField(Group, through="ContentAudience", related_name="content")
    current = models.ForeignKey("ContentVersion", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    reach_at = models.DateTimeField(null=True)  # when its firms were first written down (ContentReach)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = ContentItemQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=ContentKind.values), name="content_kind_known")
        ]

    def __str__(self) -> str:
        return self.code


class ContentAudience(models.Model):
    """A group that an item is for."""

    item = models.ForeignKey(ContentItem, on_delete=models.CASCADE, related_name="audiences")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="content_audiences")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "group"], name="content_audience_once")]

    def __str__(self) -> str:
        return f"{self.item_id} for {self.group_id}"


class ContentVersion(WithFile):
    """What an item says at a time. Once published it never changes; an edit makes the next one. `due_on` is the day by
    which an announcement asks to be acknowledged. `told_up_to` and `told_at` are how far the mails to the audience are."""

    item = models.ForeignKey(ContentItem, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=150)
    summary = models.CharField(max_length=300, blank=True)
    body = models.TextField(max_length=50_000, blank=True)
    changes = models.CharField(max_length=300, blank=True)
    due_on = models.DateField(null=True)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    told_up_to = models.BigIntegerField(default=0)
    told_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    search = models.GeneratedField(expression=_vector(), output_field=SearchVectorField(), db_persist=True)

    class Meta:
        ordering = ["item", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="content_versions_in_order"),
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(published_at=None), name="content_one_draft"
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="content_search"),
            models.Index(
                fields=["published_at"],
                condition=models.Q(told_at=None, published_at__isnull=False),
                name="content_to_tell",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class ContentReading(models.Model):
    """A receipt: who opened which version when and, of an announcement, when they acknowledged it."""

    version = models.ForeignKey(ContentVersion, on_delete=models.PROTECT, related_name="readings")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="content_readings")
    opened_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["version", "user"], name="content_read_once")]

    def __str__(self) -> str:
        return f"{self.user_id} read {self.version_id}"
