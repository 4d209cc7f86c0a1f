"""Which programs and enrolments somebody may see."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from partners.enums import StandingChange
from partners.models import FirmEntry
from programs.enums import ENROLMENT_OPEN, EnrolmentStatus, MoveStatus, ProgramStatus
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
        return self.going_on_one_of([on])

    def going_on_one_of(self, days: Collection[date]) -> "ProgramQuerySet":
        """The same for all from the first to the last of these days; `Program.spans` tells one from another."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=min(days)), starts_on__lte=max(days)).exclude(
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

    def counting_for_tiers(self) -> "EnrolmentQuerySet":
        """In the program now, or left by the firm's own word while it was under notice of a move down, which that does not
        put off: what the program asks for binds the firm until the move is over."""
        moves = apps.get_model("programs", "Move").objects.filter(
            partner=OuterRef("partner"), status=MoveStatus.NOTICED, decided_at__lte=OuterRef("ended_at")
        )
        left = Q(Exists(moves), status=EnrolmentStatus.LEFT, decided_at__isnull=False)
        return self.filter(Q(status=EnrolmentStatus.ENROLLED) | left)

    def last_ended(self) -> "EnrolmentQuerySet":
        """Each firm's last enrolment in a program, where that ended."""
        later = self.model.objects.filter(
            program=OuterRef("program"), partner=OuterRef("partner"), pk__gt=OuterRef("pk")
        )
        return self.filter(~Exists(later), status=EnrolmentStatus.ENDED)

    def ended_by_portal(self, why: str) -> "EnrolmentQuerySet":
        """Ended by the portal for this reason."""
        return self.filter(status=EnrolmentStatus.ENDED, ended_by=None, reason=why)

    def ended_with_partnership(self) -> "EnrolmentQuerySet":
        """Ended in the moment in which the firm's partnership did (services/firm_changes.py)."""
        return self.filter(_with_partnership(), status=EnrolmentStatus.ENDED)

    def ended_by_word(self) -> "EnrolmentQuerySet":
        """Ended by a person who meant this program, on either side."""
        return self.filter(ended_by__isnull=False).exclude(_with_partnership(), status=EnrolmentStatus.ENDED)


def _with_partnership() -> Exists:
    return Exists(
        FirmEntry.objects.filter(
            partner=OuterRef("partner"), kind=StandingChange.END, at=OuterRef("ended_at")
        )
    )
