"""Training: modules, the versions of their quizzes, and paths of modules that grant a certificate."""

from functools import partial

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.models import User
from core.alike import Alike
from core.codes import new_code
from partners.models.certificate import CertificateType
from partners.models.kept_file import WithFile
from programs.enums import Publishing
from programs.querysets.training import ModuleQuerySet, PathQuerySet

_module_code = partial(new_code, "TM")
_path_code = partial(new_code, "TP")


class Module(WithFile):
    """A lesson: text, a link to a video, a file and a quiz, as far as there are any. With a quiz it is done when that is
    passed, else when the person says so. After `attempts` failures in a row (0: no limit) the next one waits
    `pause_hours`."""

    code = models.CharField(max_length=16, unique=True, default=_module_code, editable=False)
    name = models.CharField(max_length=120)
    text = models.TextField(max_length=20_000, blank=True)
    minutes = models.PositiveSmallIntegerField(default=10)
    video_url = models.URLField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=3)
    pause_hours = models.PositiveSmallIntegerField(default=24)
    status = models.CharField(max_length=10, choices=Publishing, default=Publishing.DRAFT)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = ModuleQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Alike("name"), name="module_name_once")]

    def __str__(self) -> str:
        return self.name


class Quiz(models.Model):
    """One version of a module's quiz. Never changed: an edit makes the next one, so what an attempt answered stays
    readable. `pass_mark` is the least share of right answers, in percent."""

    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="quizzes")
    number = models.PositiveIntegerField()
    pass_mark = models.PositiveSmallIntegerField(
        default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    # [{"text": …, "answers": [{"text": …, "right": bool}]}]; more than one right answer: all of them must be chosen.
    questions = models.JSONField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "quizzes"
        ordering = ["module", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["module", "number"], name="quiz_versions_in_order"),
            models.CheckConstraint(
                condition=models.Q(pass_mark__gte=1, pass_mark__lte=100),
                name="quiz_pass_mark_is_a_percentage",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.module_id} v{self.number}"


class Path(models.Model):
    """Modules in an order. Passing all of them grants the person a certificate of the type `grants`, if there is one, for
    as long as that type is valid. `for_everybody`: every firm may take it, not only those of a program that has it.
    `in_order`: a module opens when the one before it is done; paths from before there was this switch have it off."""

    code = models.CharField(max_length=16, unique=True, default=_path_code, editable=False)
    name = models.CharField(max_length=120)
    summary = models.TextField(max_length=1000, blank=True)
    grants = models.ForeignKey(
        CertificateType, null=True, blank=True, on_delete=models.PROTECT, related_name="granted_by"
    )
    for_everybody = models.BooleanField(default=False)
    in_order = models.BooleanField(default=True, db_default=False)
    status = models.CharField(max_length=10, choices=Publishing, default=Publishing.DRAFT)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = PathQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Alike("name"), name="path_name_once")]

    def __str__(self) -> str:
        return self.name


class PathModule(models.Model):
    """A module's place in a path."""

    path = models.ForeignKey(Path, on_delete=models.CASCADE, related_name="path_modules")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="path_modules")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["path", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["path", "number"], name="modules_in_order", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["path", "module"], name="module_once_in_a_path"),
        ]

    def __str__(self) -> str:
        return f"{self.path_id}/{self.number}"
