"""Types of certificates: what can be held, by whom, for how long."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from core.errors import BadInput, NotAllowed, StaleVersion
from partners.models import CertificateType

VERIFY = "certificates.verify"
FIELDS = ("name", "kind", "issuer", "held_by", "validity_months", "needs_file", "offered", "note")


def create_type(*, by: User, code: str, fields: Mapping[str, Any]) -> CertificateType:
    """A new type with the given FIELDS. Raises NotAllowed without 'certificates.verify', BadInput naming the field."""
    _check(by, fields)
    made = CertificateType(code=code.strip().lower(), **fields)
    _clean(made)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise BadInput("There is a type with this code already.", field="code") from error
    return made


def update_type(
    known: CertificateType, *, by: User, version: int, fields: Mapping[str, Any]
) -> CertificateType:
    """Changes the given FIELDS; the code stays. Raises NotAllowed, StaleVersion when somebody changed it since `version`,
    BadInput naming the field: whom it is made out to stays once there are certificates."""
    _check(by, fields)
    with transaction.atomic():
        locked = CertificateType.objects.select_for_update().get(pk=known.pk)
        if locked.version != version:
            raise StaleVersion(
                "Somebody changed this type while you were writing. Look at it, then change it again."
            )
        if fields.get("held_by", locked.held_by) != locked.held_by and locked.certificates.exists():
            raise BadInput(
                "There are certificates of this type. Whom it is made out to can't change any more.",
                field="held_by",
            )
        for name, value in fields.items():
            setattr(locked, name, value)
        locked.version += 1
        _clean(locked)
        locked.save(update_fields=[*fields, "version"])
    return locked


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
