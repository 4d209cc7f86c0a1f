"""Which versions, rights, requirements, routes and texts apply when."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from accounts.models import User
    from policies.models import (
        ExclusiveRight,
        Guidance,
        ProductAuthorisation,
        RegistrationPolicy,
        ReviewRoute,
    )


class RegistrationPolicyQuerySet(models.QuerySet["RegistrationPolicy"]):
    def visible_to(self, user: "User") -> "RegistrationPolicyQuerySet":
        """Every version for the vendor's staff; partners see those published, but for what was taken back in time."""
        if not user.may("policies.view"):
            return self.none()
        return self if user.is_vendor else self.published().filter(withdrawn_at=None)

    def drafts(self) -> "RegistrationPolicyQuerySet":
        """What is written at, the latest first."""
        return self.filter(effective_from=None, withdrawn_at=None).order_by("-version")

    def published(self) -> "RegistrationPolicyQuerySet":
        """All but drafts."""
        return self.filter(effective_from__isnull=False)

    def before(self, moment: datetime) -> "RegistrationPolicyQuerySet":
        """What was to apply before a version that begins at `moment`, the latest first."""
        return self.filter(effective_from__lt=moment, withdrawn_at=None).order_by(
            "-effective_from", "-version"
        )

    def in_force(self, now: datetime) -> "RegistrationPolicy":
        """The version that applies at `now`. The first version is loaded by a migration, so there always is one."""
        return self.filter(effective_from__lte=now, withdrawn_at=None).order_by(
            "-effective_from", "-version"
        )[0]

    def scheduled(self, now: datetime) -> "RegistrationPolicyQuerySet":
        """Versions that are not in force yet, the next one first."""
        return self.filter(effective_from__gt=now, withdrawn_at=None).order_by("effective_from", "version")

    def from_now(self, now: datetime) -> list["RegistrationPolicy"]:
        """The version that applies at `now` and those that follow, in the order in which they begin."""
        return [self.in_force(now), *self.scheduled(now)]


class ExclusiveRightQuerySet(models.QuerySet["ExclusiveRight"]):
    def visible_to(self, user: "User") -> "ExclusiveRightQuerySet":
        """All for the vendor's staff; a firm sees its own, those taken back excepted."""
        if not user.may("policies.view"):
            return self.none()
        if user.is_vendor:
            return self
        return self.filter(partner__members__user=user, withdrawn_at=None)

    def in_force(self, now: datetime) -> "ExclusiveRightQuerySet":
        """Those that have begun and not ended."""
        return self.standing().filter(Q(ends_at=None) | Q(ends_at__gt=now), begins_at__lte=now)

    def scheduled(self, now: datetime) -> "ExclusiveRightQuerySet":
        """Those announced, the next one first."""
        return self.standing().filter(begins_at__gt=now)

    def standing(self) -> "ExclusiveRightQuerySet":
        """All but those taken back before they began."""
        return self.filter(withdrawn_at=None)


class AuthorisationQuerySet(models.QuerySet["ProductAuthorisation"]):
    def in_force(self, now: datetime) -> "AuthorisationQuerySet":
        """One row at most for each product line: the last that has begun."""
        begun = self.standing().filter(effective_from__lte=now)
        latest = begun.order_by("product_line_id", "-effective_from", "-pk").distinct("product_line_id")
        return self.filter(pk__in=latest.values("pk"))

    def scheduled(self, now: datetime) -> "AuthorisationQuerySet":
        """Those announced, the next one first."""
        return self.standing().filter(effective_from__gt=now).order_by("effective_from", "pk")

    def standing(self) -> "AuthorisationQuerySet":
        """All but those taken back before they began."""
        return self.filter(withdrawn_at=None)


class RouteQuerySet(models.QuerySet["ReviewRoute"]):
    def in_force(self, now: datetime) -> "RouteQuerySet":
        """The list as it is at `now`, in its order."""
        return self.filter(Q(ended_at=None) | Q(ended_at__gt=now), since__lte=now).order_by("position", "pk")


class GuidanceQuerySet(models.QuerySet["Guidance"]):
    def in_force(self, now: datetime) -> "GuidanceQuerySet":
        """The texts that are shown at `now`."""
        return self.filter(Q(ended_at=None) | Q(ended_at__gt=now), begins_at__lte=now)

    def scheduled(self, now: datetime) -> "GuidanceQuerySet":
        """The texts that will be shown, the next one first."""
        waits = Q(ended_at=None) | Q(ended_at__gt=F("begins_at"))
        return self.filter(waits, begins_at__gt=now).order_by("begins_at", "pk")

    def past(self, now: datetime) -> "GuidanceQuerySet":
        """The texts that were shown once, the last first."""
        shown_once = self.filter(ended_at__lte=now, ended_at__gt=F("begins_at"))
        return shown_once.order_by("-ended_at", "-pk")
