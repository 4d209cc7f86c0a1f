"""Who may see which firms, people and invitations."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from partners.enums import ApplicationState, EntryAudience, PartnerStatus, StepSide

if TYPE_CHECKING:
    from accounts.models import User
    from partners.models import Application, FirmEntry, Invitation, Member, OnboardingStep, Partner


class PartnerQuerySet(models.QuerySet["Partner"]):
    def visible_to(self, user: "User") -> "PartnerQuerySet":
        """All firms for the vendor's staff, their own for members, none for others."""
        if user.may("partners.view_all"):
            return self
        return self.filter(members__user=user)

    def mentioning(self, text: str) -> "PartnerQuerySet":
        """Firms with `text` in their name, city or website, or with it as their code."""
        if not text:
            return self
        return self.filter(
            Q(name__icontains=text)
            | Q(city__icontains=text)
            | Q(website__icontains=text)
            | Q(code__iexact=text)
        )

    def with_people(self) -> "PartnerQuerySet":
        """With `people`, the number of members who can sign in."""
        members: Any = self.model._meta.get_field("members").related_model
        counted = (
            members.objects.filter(partner=OuterRef("pk"), user__is_active=True)
            .order_by()
            .values("partner")
            .annotate(number=Count("pk"))
            .values("number")
        )
        return self.annotate(people=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


class MemberQuerySet(models.QuerySet["Member"]):
    def visible_to(self, user: "User") -> "MemberQuerySet":
        """The people of the firms that `user` may see."""
        if user.may("partners.view_all"):
            return self
        return self.filter(partner__members__user=user)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: "User") -> "InvitationQuerySet":
        """All for those who invite anybody, their firm's for those who invite into it."""
        if user.may("members.invite_any"):
            return self
        if user.may("members.invite_firm"):
            return self.filter(partner__members__user=user)
        return self.none()

    def open(self, now: datetime) -> "InvitationQuerySet":
        """Not accepted, not revoked, not expired."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: "User") -> "ApplicationQuerySet":
        """Confirmed ones, for those who vet them or read everything."""
        if user.may("partners.view_all"):
            return self.exclude(state=ApplicationState.UNCONFIRMED)
        return self.none()

    def waiting(self) -> "ApplicationQuerySet":
        """To be decided, the one that was promised an answer first first."""
        return self.filter(state=ApplicationState.RECEIVED).order_by("answer_by", "id")


class StepQuerySet(models.QuerySet["OnboardingStep"]):
    def current(self) -> "StepQuerySet":
        """Not taken back by what they came from."""
        return self.filter(dropped_at=None)

    def undone(self) -> "StepQuerySet":
        """Still to be done."""
        return self.current().filter(done_at=None)

    def waiting(self, side: StepSide) -> "StepQuerySet":
        """Of open stages, to be done by this side, with firms that are onboarded or active; the first due first."""
        firms = (PartnerStatus.ONBOARDING, PartnerStatus.ACTIVE)
        mine = self.undone().filter(side=side, opened_at__isnull=False, partner__status__in=firms)
        return mine.order_by(F("due_at").asc(nulls_last=True), "partner__name", "stage", "place", "id")

    def due(self, now: datetime) -> "StepQuerySet":
        """Open, to be done within a day or past it, and nobody was reminded yet."""
        return self.undone().filter(reminded_at=None, due_at__lte=now + timedelta(days=1))


class FirmEntryQuerySet(models.QuerySet["FirmEntry"]):
    def visible_to(self, user: "User") -> "FirmEntryQuerySet":
        """Everything for the vendor; a firm reads what is for both of its own."""
        if user.may("partners.view_all"):
            return self
        return self.filter(partner__members__user=user, audience=EntryAudience.BOTH)
