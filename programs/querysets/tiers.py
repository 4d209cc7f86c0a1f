"""Criteria in force, figures of a day, moves to decide."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from programs.enums import MOVE_OPEN
from programs.querysets.reach import firm_of

if TYPE_CHECKING:
    from accounts.models import User
    from programs.models import Criterion, Move, Snapshot


class CriterionQuerySet(models.QuerySet["Criterion"]):
    def in_force(self, on: date) -> "CriterionQuerySet":
        """Those that bind on a day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def latest_of(self, partner_id: int) -> "Snapshot | None":
        """A firm's figures as they were computed last."""
        return self.filter(partner_id=partner_id).order_by("-on").first()


class MoveQuerySet(models.QuerySet["Move"]):
    def visible_to(self, user: "User") -> "MoveQuerySet":
        """All for the vendor; a firm sees those that were decided."""
        if user.may("programs.view_all"):
            return self
        firm = firm_of(user)
        if firm is None or not user.may("programs.view_own"):
            return self.none()
        return self.filter(partner=firm, decided_at__isnull=False).exclude(status="declined")

    def open(self) -> "MoveQuerySet":
        """To be decided, or with notice given."""
        return self.filter(status__in=MOVE_OPEN)
