"""Whom the vendor's side of a firm comes to, and what comes to somebody of the firms they keep: one rule from both ends."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from accounts.absences import roster
from accounts.enums import Side
from accounts.models import User
from partners.enums import StepSide
from partners.models import OnboardingStep, Partner
from partners.querysets import StepQuerySet

_VET = "partners.vet"


def keepers_of(partner: Partner, at: datetime) -> list[User]:
    """Whom the vendor's side of a firm comes to at `at`: its channel manager, while they are away their stand-in; without
    one, everybody who vets partners."""
    manager = partner.manager
    if manager is None or not manager.is_active:
        return operations()
    return [roster(at).stand_in(manager) or manager]


def keepers_of_some(firms: Collection[Partner], at: datetime) -> list[User]:
    """Everybody to whom the vendor's side of one of these firms comes at `at`: three queries."""
    managers = {firm.manager_id for firm in firms}
    known = {pk for pk in managers if pk is not None}
    working = User.objects.filter(pk__in=known, is_active=True).in_bulk()
    away = roster(at)
    found = {(away.stand_in(person) or person) for person in working.values()}
    if managers - working.keys():
        found.update(operations())
    return sorted(found, key=lambda person: person.pk)


def operations() -> list[User]:
    """Those who vet partners."""
    staff = User.objects.filter(is_active=True, role__side=Side.VENDOR, role__permissions__contains=[_VET])
    return list(staff.order_by("pk"))


def steps_waiting_for(user: User, at: datetime) -> StepQuerySet:
    """The vendor's own steps of open stages with the firms that this person keeps, the first due first: two queries."""
    return OnboardingStep.objects.waiting(StepSide.VENDOR).filter(kept_by(user, at, "partner__"))


def kept_by(user: User, at: datetime, prefix: str = "") -> Q:
    """The firms whose vendor's side comes to this person at `at`, their own also while they are away; `prefix` leads to the
    firm. One query, for absences."""
    manager = f"{prefix}manager"
    found = Q(**{f"{manager}__in": [user, *roster(at).represented_by(user)]})
    if user.is_vendor and user.may(_VET):
        found |= Q(**{f"{manager}__isnull": True}) | Q(**{f"{manager}__is_active": False})
    return found
