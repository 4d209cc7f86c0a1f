"""Types of certificates: what can be held, by whom, for how long."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.models import User
from core.alike import alike
from core.errors import BadInput, NotAllowed, StaleVersion
from partners.certificates.enums import HeldBy
from partners.certificates.granted import granted_by
from partners.models import CertificateType

VERIFY = "certificates.verify"
_NAME_TAKEN = "There is a type with this name already."
_CODE_STEM = 34  # of 40: the rest is for a number
FIELDS = ("name", "kind", "issuer", "held_by", "validity_months", "needs_file", "offered", "note")


def create_type(*, by: User, fields: Mapping[str, Any], code: str = "") -> CertificateType:
    """A new type with the given FIELDS; without a `code` it gets one made of its name. Raises NotAllowed without
    'certificates.verify', BadInput naming the field, for a name that another type has, too."""
    _check(by, fields)
    made = CertificateType(code=code.strip().lower() or "new", **fields)
    _clean(made)
    _check_name(made)
    if not code:
        made.code = _free_code(made.name)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        if code and "name_once" not in str(error):
            raise BadInput("There is a type with this code already.", field="code") from error
        raise BadInput(_NAME_TAKEN, field="name") from error
    return made


def update_type(
    known: CertificateType, *, by: User, version: int, fields: Mapping[str, Any]
) -> CertificateType:
    """Changes the given FIELDS; the code stays. Raises NotAllowed, StaleVersion when somebody changed it since `version`,
    BadInput naming the field: whom it is made out to stays once there are certificates, and a type
    that a training grants stays one for people."""
    _check(by, fields)
    with transaction.atomic():
        locked = CertificateType.objects.select_for_update().get(pk=known.pk)
        if locked.version != version:
            raise StaleVersion(
                "Somebody changed this type while you were writing. Look at it, then change it again."
            )
        if fields.get("held_by", locked.held_by) != locked.held_by:
            _check_holder(locked, fields["held_by"])
        for name, value in fields.items():
            setattr(locked, name, value)
        locked.version += 1
        _clean(locked)
        _check_name(locked)
        locked.save(update_fields=[*fields, "version"])
    return locked


def _check_holder(known: CertificateType, wanted: str) -> None:
    if known.certificates.exists():
        raise BadInput(
            "There are certificates of this type. Whom it is made out to can't change any more.",
            field="held_by",
        )
    if wanted != HeldBy.PERSON and (granting := granted_by(known.pk)):
        names = ", ".join(f"“{name}”" for name in granting)
        raise BadInput(
            f"Training grants this type to whoever passes: {names}. Let it grant another one first; then whom this type is"
            " made out to can change.",
            field="held_by",
        )


def _check_name(made: CertificateType) -> None:
    """Two types of one name could not be told apart where one is chosen."""
    if alike(CertificateType.objects.all(), made.name).exclude(pk=made.pk).exists():
        raise BadInput(_NAME_TAKEN, field="name")


def _free_code(name: str) -> str:
    """'ISO 27001: audits' as 'iso-27001-audits', numbered where that is taken; names in other scripts count up from 'type'."""
    stem = slugify(name)[:_CODE_STEM].strip("-") or "type"
    taken = set(CertificateType.objects.filter(code__startswith=stem).values_list("code", flat=True))
    free = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(code for code in free if code not in taken)


def _check(by: User, fields: Mapping[str, Any]) -> None:
    if not by.may(VERIFY):
        raise NotAllowed("Your role does not include the types of certificates.")
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise BadInput(f"A type has no {', '.join(sorted(unknown))} to set.")


def _clean(made: CertificateType) -> None:
    made.name, made.issuer = " ".join(made.name.split()), " ".join(made.issuer.split())
    try:
        made.clean_fields()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise BadInput(" ".join(messages), field=field) from error
    if made.validity_months == 0:
        raise BadInput("A certificate is valid for a month at least.", field="validity_months")
