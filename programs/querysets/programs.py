"""Which programs and enrolments somebody may see."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from programs.enums import ENROLMENT_OPEN, EnrolmentStatus, ProgramStatus
from programs.querysets.reach import firm_of

if TYPE_CHECKING:
    from accounts.models import User
    from programs.models import Enrolment, Program


class ProgramQuerySet(models.QuerySet["Program"]):
    def running(self, on: date) -> "ProgramQuerySet":
        """Open, on a day between its dates: firms can join."""
        return self.going_on(on).filter(status=ProgramStatus.OPEN)

    def going_on(self, on: date) -> "ProgramQuerySet":
        """Opened once, on a day between its dates. One that was closed to newcomers goes on for the firms that are in."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on).exclude(
            status=ProgramStatus.DRAFT
        )


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, user: "User") -> "EnrolmentQuerySet":
        """All for the vendor, their firm's for its people."""
        if user.may("programs.view_all"):
            return self
        firm = firm_of(user)
        return (
            self.filter(partner=firm) if firm is not None and user.may("programs.view_own") else self.none()
        )

    def open(self) -> "EnrolmentQuerySet":
        """Invited, applied or enrolled."""
        return self.filter(status__in=ENROLMENT_OPEN)

    def enrolled(self) -> "EnrolmentQuerySet":
        """In the program now."""
        return self.filter(status=EnrolmentStatus.ENROLLED)
