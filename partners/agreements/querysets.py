"""Which agreements are asked of which firms."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from partners.enums import PartnerStatus

if TYPE_CHECKING:
    from accounts.models import User
    from partners.models import Agreement, AgreementVersion, Partner

# Firms that are asked: not those that only applied, and not those whose partnership has ended.
ASKED = (PartnerStatus.ONBOARDING, PartnerStatus.ACTIVE, PartnerStatus.SUSPENDED)


class TermsQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: "User") -> "TermsQuerySet":
        """All for the vendor's staff; for people of a firm those that bind it, and those that it once accepted."""
        if user.may("partners.view_all"):
            return self
        member = getattr(user, "member", None)
        if member is None or not user.may("partners.view_own"):
            return self.none()
        accepted = Q(versions__acceptances__partner=member.partner_id)
        return self.filter(_binding(member.partner) | accepted).distinct()

    def asked(self) -> "TermsQuerySet":
        """Those that have not ended."""
        return self.filter(ended_at=None)

    def binding(self, partner: "Partner") -> "TermsQuerySet":
        """Those that a firm is asked to accept, if firms of its status are asked at all."""
        if partner.status not in ASKED:
            return self.none()
        return self.filter(_binding(partner))


class TermsVersionQuerySet(models.QuerySet["AgreementVersion"]):
    def visible_to(self, user: "User") -> "TermsVersionQuerySet":
        """Versions of the agreements that somebody may see."""
        if user.may("partners.view_all"):
            return self
        agreements = self.model._meta.get_field("agreement").related_model
        return self.filter(agreement__in=agreements.objects.visible_to(user))  # type: ignore[union-attr]

    def newest(self) -> "TermsVersionQuerySet":
        """The last published one of each agreement: the one that is asked for."""
        newer = self.model._default_manager.filter(
            agreement=models.OuterRef("agreement_id"), number__gt=models.OuterRef("number")
        )
        return self.filter(~models.Exists(newer))


def _binding(partner: "Partner") -> Q:
    return Q(ended_at=None) & (Q(kinds=[]) | Q(kinds__contains=[partner.kind]))
