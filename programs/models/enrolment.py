"""A firm in a program: how it came in, which stages opened, how it ended."""

from functools import partial

from django.db import models

from accounts.models import User
from core.codes import new_code
from partners.models import Partner
from programs.enums import ENROLMENT_OPEN, EnrolmentStatus, Joining
from programs.models.program import Condition, Program, Stage
from programs.querysets.programs import EnrolmentQuerySet

_code = partial(new_code, "E")


class Enrolment(models.Model):
    """One firm's way through one program; a partial UNIQUE keeps a second open one out. `status` is written by
    services/enrolling.py only. `asked_*` is the invitation or application, `decided_*` the answer to it, `ended_*` the
    end of what had begun."""

    code = models.CharField(max_length=16, unique=True, default=_code, editable=False)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="enrolments")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="enrolments")
    status = models.CharField(max_length=10, choices=EnrolmentStatus)
    way = models.CharField(max_length=12, choices=Joining)
    text = models.TextField(max_length=1000, blank=True)  # the applicant's words, or the inviter's
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(max_length=1000, blank=True)  # of a refusal or an end; the firm reads it

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=EnrolmentStatus.values), name="enrolment_status_known"
            ),
            models.UniqueConstraint(
                fields=["program", "partner"],
                condition=models.Q(status__in=ENROLMENT_OPEN),
                name="one_open_enrolment",
            ),
        ]
        indexes = [models.Index(fields=["partner", "status"], name="enrolment_of_firm")]

    def __str__(self) -> str:
        return f"{self.partner} in {self.program}"


class StageOpened(models.Model):
    """When a stage opened for an enrolled firm. `facts` says what was true then: each condition in words."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="opened")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="opened")
    at = models.DateTimeField()
    facts = models.JSONField(default=list)

    class Meta:
        ordering = ["enrolment", "at", "id"]
        constraints = [models.UniqueConstraint(fields=["enrolment", "stage"], name="stage_opens_once")]

    def __str__(self) -> str:
        return f"{self.stage_id} for {self.enrolment_id}"


class StepDone(models.Model):
    """The vendor's word that a step (a condition of kind 'vendor') is done for a firm."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="steps_done")
    condition = models.ForeignKey(Condition, on_delete=models.CASCADE, related_name="steps_done")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["enrolment", "at"]
        constraints = [models.UniqueConstraint(fields=["enrolment", "condition"], name="step_done_once")]

    def __str__(self) -> str:
        return f"{self.condition_id} for {self.enrolment_id}"
