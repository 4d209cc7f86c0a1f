"""A program: what the vendor packages for the firms of its audience, and for how long."""

from datetime import date
from functools import partial

from django.db import models

from accounts.models import User
from core.alike import Alike
from core.codes import new_code
from partners.models import Group
from programs.enums import Joining, ProgramStatus
from programs.models.training import Path
from programs.querysets.programs import ProgramQuerySet

_code = partial(new_code, "G")


class Program(models.Model):
    """One program. A firm of its audience joins it in the way that `joining` says; without groups everybody is in its
    audience. It runs while it is open and the day lies between its dates, both included."""

    code = models.CharField(max_length=16, unique=True, default=_code, editable=False)
    name = models.CharField(max_length=120)
    summary = models.TextField(max_length=2000)
    status = models.CharField(max_length=10, choices=ProgramStatus, default=ProgramStatus.DRAFT)
    joining = models.CharField(max_length=12, choices=Joining, default=Joining.APPLICATION)
    audience = models.ManyToManyField(Group, blank=True, related_name="programs")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)  # grows with each edit: stale forms are refused
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = ProgramQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Alike("name"), name="program_name_once"),
            models.CheckConstraint(
                condition=models.Q(status__in=ProgramStatus.values), name="program_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="program_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def spans(self, day: date) -> bool:
        """Whether the day lies between its dates, both included."""
        return self.starts_on <= day and not self.is_over(day)

    def is_over(self, day: date) -> bool:
        """Whether its last day is before that one."""
        return self.ends_on is not None and self.ends_on < day


class Stage(models.Model):
    """A step of a program's journey. It opens, for a firm, when the one before is open and all its conditions are met;
    once open it stays open."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="stages")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    text = models.TextField(max_length=1000, blank=True)

    class Meta:
        ordering = ["program", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "number"],
                name="stage_in_order",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"


class Condition(models.Model):
    """What a firm must have done before a stage opens. `kind` names a file of programs/conditions; `target` and
    `threshold` are what that file makes of them, such as a path's code, or a figure and its least value."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="conditions")
    kind = models.CharField(max_length=20)
    target = models.CharField(max_length=120, blank=True)
    threshold = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["stage", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"


class ProgramPath(models.Model):
    """A training path that belongs to a program, from the start or from a stage on."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="program_paths")
    path = models.ForeignKey(Path, on_delete=models.PROTECT, related_name="program_paths")
    stage = models.ForeignKey(
        Stage, null=True, blank=True, on_delete=models.SET_NULL, related_name="program_paths"
    )

    class Meta:
        ordering = ["program", "path__name"]
        constraints = [models.UniqueConstraint(fields=["program", "path"], name="path_once_in_a_program")]

    def __str__(self) -> str:
        return f"{self.path_id} in {self.program_id}"
