"""Two records of one firm made one: what was moved, so that it can go back."""

from functools import partial

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from core.codes import new_code
from partners.models.firm import Partner

_code = partial(new_code, "M")


class PartnerMerge(models.Model):
    """`gone` became part of `survivor`. `before` keeps what undoing needs besides the rows that moved: the status of
    `gone`, what of the survivor's gave way, what apps noted. `kept` says, once it is undone, what stayed with the survivor
    because it had changed since."""

    code = models.CharField(max_length=16, unique=True, default=_code, editable=False)
    gone = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="merges")
    survivor = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="merges_taken")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(max_length=2000)
    before = models.JSONField(default=dict)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    kept = models.JSONField(default=list)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=Q(undone_at=None), name="partner_merged_into_one"
            ),
            models.CheckConstraint(condition=~Q(gone=F("survivor")), name="partner_merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.gone_id} into {self.survivor_id}"


class MergedRow(models.Model):
    """One row that a merge moved: in which relation ('leads.Gift.partner'), its key, and what it was right after, as a hash
    over the columns that the table had then. A row that is something else today was changed since."""

    merge = models.ForeignKey(PartnerMerge, on_delete=models.CASCADE, related_name="rows")
    relation = models.CharField(max_length=120)
    row = models.BigIntegerField()
    digest = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merge", "relation", "row"], name="partner_merge_row_once")
        ]

    def __str__(self) -> str:
        return f"{self.relation} {self.row}"
