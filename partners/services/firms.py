"""Taking firms in and keeping what is known of them."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from catalog.models import Industry, Territory
from core.clock import Clock, database_clock, fixed
from core.errors import BadInput, NotAllowed, StaleVersion
from partners.enums import PartnerStatus
from partners.models import Partner
from partners.permissions import may_edit_own
from partners.services import notices
from partners.services.history import record
from partners.services.locking import lock_firm
from partners.services.onboarding import follow_kind, give_plan
from partners.services.standing import activate_by_itself, stands_at

# What operations change. The status is no field: services/standing.py changes it, with what follows.
FIELDS = ("name", "kind", "tier", "country", "city", "website", "time_zone", "manager")
# What a firm changes by itself.
OWN_FIELDS = ("city", "website", "time_zone")
BEGINS = (PartnerStatus.PROSPECT, PartnerStatus.ONBOARDING, PartnerStatus.ACTIVE)
_NAME_TAKEN = "There is a partner with this name already."


def create_partner(
    *,
    by: User,
    fields: Mapping[str, Any],
    territories: Iterable[Territory] = (),
    industries: Iterable[Industry] = (),
    begins: str = PartnerStatus.PROSPECT,
    application: str = "",
    clock: Clock = database_clock,
) -> Partner:
    """A new firm with the given FIELDS. `begins` is its first status, one of BEGINS; with onboarding it gets the steps of
    its kind, and where none of them is needed it may be active at once; `application` is the code of the one it applied by.

    Raises NotAllowed without 'partners.edit', BadInput naming the field.
    """
    _check(by, fields)
    if begins not in BEGINS:
        raise BadInput("Choose how the firm begins.", field="begins")
    partner = Partner(**fields, status=begins)
    _clean(partner, fields)
    try:
        with transaction.atomic():
            partner.save()
            partner.territories.set(territories)
            partner.industries.set(industries)
            at = clock()
            record(partner, "created", actor=by, at=at, data={"to": begins, "application": application})
            if begins == PartnerStatus.ONBOARDING:
                give_plan(partner, by=by, at=at)
                notices.new_firm(partner, but_not=by, at=at)
                partner = activate_by_itself(partner, clock=fixed(at))
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
    clock: Clock = database_clock,
) -> Partner:
    """Changes the given FIELDS, and the lists that are given; another kind in the middle of onboarding brings the steps of
    that kind, and may leave nothing to do. Raises NotAllowed without 'partners.edit', StaleVersion when somebody changed the
    firm since `version`, BadInput naming the field."""
    _check(by, fields)
    lists = {"territories": territories, "industries": industries}
    return _update(partner, by, version, fields, lists, clock)


def update_own_profile(
    partner: Partner, *, by: User, version: int, fields: Mapping[str, Any], clock: Clock = database_clock
) -> Partner:
    """Changes OWN_FIELDS, by the firm's own admin. Raises NotAllowed for others, StaleVersion, BadInput."""
    if not may_edit_own(by, partner):
        raise NotAllowed("Only admins of the firm change its profile.")
    own = {name: value for name, value in fields.items() if name in OWN_FIELDS}
    return _update(partner, by, version, own, {}, clock)


def _update(
    partner: Partner,
    by: User,
    version: int,
    fields: Mapping[str, Any],
    lists: Mapping[str, Iterable[Any] | None],
    clock: Clock,
) -> Partner:
    try:
        with transaction.atomic():
            locked = lock_firm(partner.pk)
            if locked.version != version:
                raise StaleVersion(
                    "Somebody changed this firm while you were writing. Look at it, then change it again."
                )
            kind = locked.kind
            before = {name: _shown(locked, name) for name in fields}
            for name, value in fields.items():
                setattr(locked, name, value)
            locked.version += 1
            _clean(locked, fields)
            locked.save(update_fields=[*fields, "version"])
            changes = {
                name: [was, now] for name, was in before.items() if was != (now := _shown(locked, name))
            } | _set_lists(locked, lists)
            if changes:
                at = clock()
                record(locked, "edit", actor=by, at=at, data={"changes": changes})
                # Also while it is suspended in the middle of it: reinstated, it goes on with the steps of its new kind.
                if "kind" in changes and stands_at(locked) == PartnerStatus.ONBOARDING:
                    follow_kind(locked, was=kind, by=by, at=at)
                    locked = activate_by_itself(locked, clock=fixed(at))
    except IntegrityError as error:
        raise BadInput(_NAME_TAKEN, field="name") from error
    return locked


def _set_lists(partner: Partner, lists: Mapping[str, Iterable[Any] | None]) -> dict[str, list[str]]:
    """Sets territories and industries where they are given; returns what changed, in words."""
    changes = {}
    for name, chosen in lists.items():
        if chosen is None:
            continue
        rows = getattr(partner, name)
        before = ", ".join(sorted(str(row) for row in rows.all()))
        rows.set(chosen)
        after = ", ".join(sorted(str(row) for row in rows.all()))
        if before != after:
            changes[name] = [before, after]
    return changes


def _shown(partner: Partner, name: str) -> str:
    """A field as the history says it."""
    display = getattr(partner, f"get_{name}_display", None)
    if display is not None:
        return str(display())
    value = getattr(partner, name)
    return str(value.name) if name == "country" and value else str(value or "")


def _check(by: User, fields: Mapping[str, Any]) -> None:
    if not by.may("partners.edit"):
        raise NotAllowed("Your role does not include changing partners.")
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise BadInput(f"A partner has no {', '.join(sorted(unknown))} to set.")


def _clean(partner: Partner, given: Collection[str]) -> None:
    """Raises BadInput for what was given and can't be. A manager who left meanwhile is nobody's fault who changes a city."""
    partner.name = " ".join(partner.name.split())
    manager = partner.manager if "manager" in given else None
    if manager is not None and not (
        manager.is_active and manager.is_vendor and manager.may("registrations.decide")
    ):
        raise BadInput("Choose a channel manager who decides registrations.", field="manager")
    try:
        partner.clean_fields(exclude=["code", "manager"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise BadInput(" ".join(messages), field=field) from error
