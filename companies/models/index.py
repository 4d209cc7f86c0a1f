"""The index that the search asks. companies.index writes it, nothing else does; docs/decisions tell how it stays in step."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from companies.models.company import Company
from companies.models.name import CompanyName


class NameEntry(models.Model):
    """One active name of a standing company, as it is compared and under the keys it is found by.

    Without foreign keys in the database: a rebuild swaps the table, and names are never deleted.
    """

    name = models.OneToOneField(
        CompanyName, primary_key=True, on_delete=models.CASCADE, db_constraint=False, related_name="entry"
    )
    company = models.ForeignKey(
        Company, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    core = models.TextField()
    keys = ArrayField(models.IntegerField())

    class Meta:
        verbose_name_plural = "name entries"
        indexes = [GinIndex(fields=["keys"], name="nameentry_keys", fastupdate=False)]

    def __str__(self) -> str:
        return self.core


class Word(models.Model):
    """The vocabulary: how many names carry a word (as last counted), and the hashes that a mistyped one shares."""

    word = models.TextField(primary_key=True, db_collation="C")
    names = models.IntegerField()
    typos = ArrayField(models.IntegerField())

    class Meta:
        indexes = [GinIndex(fields=["typos"], name="word_typos", fastupdate=False)]

    def __str__(self) -> str:
        return self.word


class UnindexedName(models.Model):
    """A name that changed and whose entry does not show it yet. Triggers write these rows, in whatever way a name was
    changed; `marked_in` is the transaction that did it. The search scores such names without the index."""

    name = models.ForeignKey(
        CompanyName, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    marked_in = models.BigIntegerField()

    def __str__(self) -> str:
        return f"name {self.name_id}"


class IndexState(models.Model):
    """The one row that says by which version of the rules the index was written, and how many names it holds."""

    version = models.IntegerField()
    names = models.BigIntegerField(default=0)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="indexstate_has_one_row")]

    def __str__(self) -> str:
        return f"version {self.version}, {self.names} names"
