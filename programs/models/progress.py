"""What people did in training: takes of paths, modules done, attempts at quizzes."""

from functools import partial

from django.db import models

from accounts.models import User
from core.codes import new_code
from partners.certificates.enums import CertificateStatus
from partners.models import Partner
from partners.models.certificate import Certificate
from programs.models.training import Module, Path, Quiz
from programs.querysets.training import AttemptQuerySet, TakeQuerySet

_code = partial(new_code, "TA")


class Take(models.Model):
    """A person's way through a path, for the firm they belonged to then. Passed once; to renew what it granted, they
    take it again. `valid_until` is the last day of what it granted (null: for good, or nothing)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="takes")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="takes")
    path = models.ForeignKey(Path, on_delete=models.PROTECT, related_name="takes")
    started_at = models.DateTimeField()
    passed_at = models.DateTimeField(null=True)
    valid_until = models.DateField(null=True)
    certificate = models.ForeignKey(Certificate, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = TakeQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "path"], condition=models.Q(passed_at=None), name="one_open_take"
            )
        ]
        indexes = [models.Index(fields=["partner", "passed_at"], name="take_of_firm")]

    def __str__(self) -> str:
        return f"{self.user_id} takes {self.path_id}"

    @property
    def is_revoked(self) -> bool:
        """Whether what it granted was taken back: then it no longer counts, and may be taken again."""
        return self.certificate is not None and self.certificate.status == CertificateStatus.REVOKED


class Attempt(models.Model):
    """One attempt at a quiz, of the version it was begun with. Scored once, by the first submission. `answers` are the
    chosen numbers by question, `score` the percentage of questions answered rightly."""

    code = models.CharField(max_length=16, unique=True, default=_code, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="attempts")
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="attempts")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="attempts_made")
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    answers = models.JSONField(default=list)
    score = models.PositiveSmallIntegerField(null=True)
    passed = models.BooleanField(null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "module"], condition=models.Q(submitted_at=None), name="one_open_attempt"
            ),
            models.CheckConstraint(
                condition=models.Q(submitted_at=None, score=None, passed=None)
                | models.Q(submitted_at__isnull=False, score__isnull=False, passed__isnull=False),
                name="attempt_submitted_is_scored",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ModuleDone(models.Model):
    """A module that a person has done on a take; with a quiz, the attempt that passed."""

    take = models.ForeignKey(Take, on_delete=models.CASCADE, related_name="done")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="done")
    at = models.DateTimeField()
    attempt = models.ForeignKey(Attempt, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "modules done"
        ordering = ["take", "at"]
        constraints = [models.UniqueConstraint(fields=["take", "module"], name="module_done_once")]

    def __str__(self) -> str:
        return f"{self.module_id} on {self.take_id}"
