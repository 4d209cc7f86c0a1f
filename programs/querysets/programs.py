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
        """Open, on a day between its dates."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), status=ProgramStatus.OPEN, starts_on__lte=on)


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
