"""Taking firms in and keeping what is known of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from catalog.models import Industry, Territory
from core.errors import BadInput, NotAllowed, StaleVersion
from partners.models import Partner

FIELDS = ("name", "kind", "tier", "status", "country", "city", "website", "time_zone", "manager")
_NAME_TAKEN = "There is a partner with this name already."


def create_partner(
    *,
    by: User,
    fields: Mapping[str, Any],
    territories: Iterable[Territory] = (),
    industries: Iterable[Industry] = (),
) -> Partner:
    """A new firm with the given FIELDS. Raises NotAllowed without 'partners.edit', BadInput naming the field."""
    _check(by, fields)
    partner = Partner(**fields)
    _clean(partner)
    try:
        with transaction.atomic():
            partner.save()
            partner.territories.set(territories)
            partner.industries.set(industries)
    except IntegrityError as error:
        raise BadInput(_NAME_TAKEN, field="name") from error
    return partner


def update_partner(
    partner: Partner,
    *,
    by: User,
    version: int,
    fields: Mapping[str, Any],
    territories: Iterable[Territory] | None = None,
    industries: Iterable[Industry] | None = None,
) -> Partner:
    """Changes the given FIELDS, and the lists that are given. Raises NotAllowed without 'partners.edit', StaleVersion
    when somebody changed the firm since `version`, BadInput naming the field."""
    _check(by, fields)
    try:
        with transaction.atomic():
            locked = Partner.objects.select_for_update().get(pk=partner.pk)
            if locked.version != version:
                raise StaleVersion(
                    "Somebody changed this firm while you were writing. Look at it, then change it again."
                )
            for name, value in fields.items():
                setattr(locked, name, value)
            locked.version += 1
            _clean(locked)
            locked.save(update_fields=[*fields, "version"])
            if territories is not None:
                locked.territories.set(territories)
            if industries is not None:
                locked.industries.set(industries)
    except IntegrityError as error:
        raise BadInput(_NAME_TAKEN, field="name") from error
    return locked


def _check(by: User, fields: Mapping[str, Any]) -> None:
    if not by.may("partners.edit"):
        raise NotAllowed("Your role does not include changing partners.")
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise BadInput(f"A partner has no {', '.join(sorted(unknown))} to set.")


def _clean(partner: Partner) -> None:
    partner.name = " ".join(partner.name.split())
    manager = partner.manager
    if manager is not None and not (
        manager.is_active and manager.is_vendor and manager.may("registrations.decide")
    ):
        raise BadInput("Choose a channel manager who decides registrations.", field="manager")
    try:
        partner.clean_fields(exclude=["code", "manager"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise BadInput(" ".join(messages), field=field) from error
