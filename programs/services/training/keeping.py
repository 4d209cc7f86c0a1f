"""Operations write training: modules, their quizzes, and paths."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from core.uploads import check_upload
from partners.certificates.enums import HeldBy
from partners.models import CertificateType
from programs.enums import Publishing
from programs.models import Module, Path, PathModule, Quiz
from programs.permissions import EDIT_TRAINING
from programs.quizzes import Questions, problems
from programs.services.training import granting

MODULE_FIELDS = ("name", "text", "minutes", "video_url", "attempts", "pause_hours")
_Row = TypeVar("_Row", Module, Path)
PATH_FIELDS = ("name", "summary", "grants", "for_everybody", "in_order")


def save_module(
    module: Module | None,
    *,
    by: User,
    fields: Mapping[str, Any],
    version: int = 0,
    upload: "UploadedFile[Any] | None" = None,
    drop_file: bool = False,
    clock: Clock = database_clock,
) -> Module:
    """Writes MODULE_FIELDS and the file of a module, or of a new one (a draft). Raises NotAllowed, StaleVersion, BadInput
    naming the field."""
    _check(by)
    checked = check_upload(upload) if upload is not None else None
    try:
        with transaction.atomic():
            row = _opened(Module, module, version) if module else Module(created_by=by, created_at=clock())
            for name, value in fields.items():
                setattr(row, name, value)
            if row.video_url and not row.video_url.startswith(("https://", "http://")):
                raise BadInput("Enter an address that begins with https://.", field="video_url")
            if drop_file and checked is None:
                row.file, row.file_name, row.file_type, row.file_size, row.file_sha256 = "", "", "", 0, ""
            if checked is not None:
                row.take_file(checked)
            _clean(row)
            row.save()
    except IntegrityError as error:
        raise BadInput("There is a module with this name already.", field="name") from error
    return row


def save_quiz(
    module: Module,
    *,
    by: User,
    questions: Questions,
    pass_mark: int,
    version: int,
    clock: Clock = database_clock,
) -> Quiz | None:
    """The quiz as it is asked from now on: a new version, unless nothing changed. No questions: the module has no quiz from
    now on (an empty version says so). Attempts already begun end with the version they were begun with. Raises NotAllowed,
    StaleVersion, BadInput saying what is wrong with the questions."""
    _check(by)
    if questions and (wrong := problems(questions)):
        raise BadInput(" ".join(wrong))
    if not 1 <= pass_mark <= 100:
        raise BadInput("The pass mark is a percentage from 1 to 100.", field="pass_mark")
    with transaction.atomic():
        row = _opened(Module, module, version)
        latest = row.quizzes.order_by("-number").first()
        if (latest.questions if latest else []) == list(questions) and (
            not questions or (latest is not None and latest.pass_mark == pass_mark)
        ):
            return latest
        row.save(update_fields=["version"])
        number = (row.quizzes.aggregate(last=Max("number"))["last"] or 0) + 1
        return Quiz.objects.create(
            module=row,
            number=number,
            pass_mark=pass_mark,
            questions=list(questions),
            created_by=by,
            created_at=clock(),
        )


def save_path(
    path: Path | None,
    *,
    by: User,
    fields: Mapping[str, Any],
    modules: Sequence[Module],
    version: int = 0,
    clock: Clock = database_clock,
) -> Path:
    """Writes PATH_FIELDS and the modules, in their order, of a path or of a new one (a draft). People who are on it go on
    with the new list, and what they did on other paths counts as where they begin; who has done all that it asks now has
    passed. Raises NotAllowed, StaleVersion, BadInput naming the field."""
    _check(by)
    if len({module.pk for module in modules}) < len(modules):
        raise BadInput("A module stands in a path once.", field="modules")
    try:
        with transaction.atomic():
            row = _opened(Path, path, version) if path else Path(created_by=by, created_at=clock())
            for name, value in fields.items():
                setattr(row, name, value)
            _clean(row)
            _check_granted(row)
            row.save()
            row.path_modules.all().delete()
            PathModule.objects.bulk_create(
                PathModule(path=row, module=module, number=number)
                for number, module in enumerate(modules, start=1)
            )
            granting.pass_complete(row, at=clock())
    except IntegrityError as error:
        raise BadInput("There is a path with this name already.", field="name") from error
    return row


def publish_module(module: Module, status: Publishing, *, by: User, version: int) -> Module:
    """Publishes or retires a module. Raises WrongStatus for one without any content, or one that a published path needs."""
    _check(by)
    with transaction.atomic():
        row = _opened(Module, module, version)
        if status == Publishing.PUBLISHED and not (row.text or row.video_url or row.file or latest_quiz(row)):
            raise WrongStatus("The module is empty: give it a text, a video, a file or a quiz first.")
        if status != Publishing.PUBLISHED:
            used = row.path_modules.filter(path__status=Publishing.PUBLISHED).select_related("path").first()
            if used:
                raise WrongStatus(f"“{used.path.name}” needs this module. Take it out there first.")
        row.status = status
        row.save(update_fields=["status", "version"])
    return row


def publish_path(path: Path, status: Publishing, *, by: User, version: int) -> Path:
    """Publishes or retires a path. Raises WrongStatus for one without modules, or with one that is not published."""
    _check(by)
    with transaction.atomic():
        row = _opened(Path, path, version)
        if status == Publishing.PUBLISHED:
            modules = [one.module for one in row.path_modules.select_related("module")]
            if not modules:
                raise WrongStatus("The path has no modules yet.")
            hidden = [module.name for module in modules if module.status != Publishing.PUBLISHED]
            if hidden:
                raise WrongStatus(f"Not published yet: {', '.join(hidden)}.")
        row.status = status
        row.save(update_fields=["status", "version"])
    return row


def latest_quiz(module: Module) -> Quiz | None:
    """The quiz that a new attempt is asked; None for a module without one."""
    latest = module.quizzes.order_by("-number").first()
    return latest if latest is not None and latest.questions else None


def _check(by: User) -> None:
    if not by.may(EDIT_TRAINING):
        raise NotAllowed("Your role does not include changing training.")


def _opened(model: "type[_Row]", row: "_Row", version: int) -> "_Row":
    locked = model.objects.select_for_update().get(pk=row.pk)
    if locked.version != version:
        raise StaleVersion("Somebody changed this after you opened it. Look at it again, then change it.")
    locked.version += 1
    return locked


def _check_granted(path: Path) -> None:
    """Passing grants a person's certificate, so the type must be one for people; its row is locked until that is saved."""
    if path.grants_id is None:
        return
    kind = CertificateType.objects.select_for_update().get(pk=path.grants_id)
    if kind.held_by != HeldBy.PERSON:
        raise BadInput(
            f"“{kind.name}” is made out to firms. Choose a type that is made out to a person.", field="grants"
        )


def _clean(row: Module | Path) -> None:
    try:
        row.clean_fields(exclude=["created_by", "file", "grants"])
    except ValidationError as error:
        field, words = next(iter(error.message_dict.items()))
        raise BadInput(words[0], field=field) from error
