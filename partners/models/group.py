"""Groups of firms: a rule kept as data, and firms that somebody put in or kept out by hand."""

from functools import partial

from django.db import models

from accounts.models import User
from core.alike import Alike
from core.codes import new_code
from partners.enums import PickKind
from partners.groups.querysets import GroupQuerySet
from partners.models.firm import Partner

_code = partial(new_code, "GR")


class Group(models.Model):
    """Firms that belong together for programs, policies, content and reports. Who is in is never stored: the rule is
    asked each time (partners/groups/membership.py). `rule` is read by partners/groups/rules.py alone."""

    code = models.CharField(max_length=16, unique=True, default=_code, editable=False)
    name = models.CharField(max_length=80)
    note = models.CharField(max_length=300, blank=True)
    rule = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Alike("name"), name="group_name_once")]

    def __str__(self) -> str:
        return self.name


class GroupPick(models.Model):
    """A firm that is in or out of a group by somebody's word, whatever the rule says."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="picks")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="group_picks")
    kind = models.CharField(max_length=10, choices=PickKind)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["group", "partner"], name="group_pick_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=PickKind.values), name="group_pick_kind_known"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="group_pick_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.get_kind_display()} {self.group}"
