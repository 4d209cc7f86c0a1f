"""Whose certificates are whose, and which hold on a day."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from core.vendor_days import vendor_day
from partners.certificates.enums import CertificateStatus
from partners.enums import PartnerStatus

if TYPE_CHECKING:
    from accounts.models import User
    from partners.models import Certificate, CertificateType

# A certificate of a person counts while the person belongs to the firm and can sign in.
OF_SOMEBODY_HERE = Q(member=None) | Q(member__user__is_active=True)
_DAY = timedelta(days=1)


class CertificateTypeQuerySet(models.QuerySet["CertificateType"]):
    def offered(self) -> "CertificateTypeQuerySet":
        """Those that new certificates may be of."""
        return self.filter(offered=True)


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, user: "User") -> "CertificateQuerySet":
        """All for the vendor's staff, the firm's for its people, none for others."""
        if user.may("partners.view_all"):
            return self
        if user.may("partners.view_own"):
            return self.filter(partner__members__user=user)
        return self.none()

    def with_names(self) -> "CertificateQuerySet":
        """With what a list shows of each, without a query a row."""
        return self.select_related("type", "partner", "member__user")

    def to_verify(self) -> "CertificateQuerySet":
        """Waiting for operations, the longest wait first. Not those of firms whose partnership ended: there is nothing that
        they would open; reinstated, the firm finds them in the queue again."""
        waiting = self.filter(status=CertificateStatus.SUBMITTED).exclude(partner__status=PartnerStatus.ENDED)
        return waiting.order_by("submitted_at", "id")

    def holding(self, at: datetime) -> "CertificateQuerySet":
        """Verified, and valid on the day of `at`, the vendor's."""
        return self.holding_on(vendor_day(at))

    def holding_on(self, day: date) -> "CertificateQuerySet":
        """Verified, and valid on `day`."""
        return self.filter(
            OF_SOMEBODY_HERE,
            Q(valid_to=None) | Q(valid_to__gte=day),
            status=CertificateStatus.VERIFIED,
            valid_from__lte=day,
        )

    def renewed(self) -> Exists:
        """As a condition: another one of the same type and holder is verified and goes on where it ends."""
        return Exists(self._follower(CertificateStatus.VERIFIED))

    def renewal_waits(self) -> Exists:
        """As a condition: such a one was handed in and is not verified yet."""
        return Exists(self._follower(CertificateStatus.SUBMITTED))

    def with_followers(self) -> "CertificateQuerySet":
        """With `is_renewed` and `renewal_is_waiting`, as the conditions below say, and for what no longer counts
        `is_replaced` and `is_tried_again`: a later one of the same type and holder is verified, or was handed in."""
        return self.annotate(
            is_renewed=self.renewed(),
            renewal_is_waiting=self.renewal_waits(),
            is_replaced=self.replaced(),
            is_tried_again=Exists(
                self._same_holder(CertificateStatus.SUBMITTED).filter(pk__gt=OuterRef("pk"))
            ),
        )

    def replaced(self) -> Exists:
        """As a condition: a later one of the same type and holder is verified, with or without a gap between."""
        return Exists(self._same_holder(CertificateStatus.VERIFIED).filter(pk__gt=OuterRef("pk")))

    def ending(self, first: date, last: date) -> "CertificateQuerySet":
        """Verified, the end between the two days, both included, and nothing that goes on; the soonest first."""
        found = self.filter(
            OF_SOMEBODY_HERE, status=CertificateStatus.VERIFIED, valid_to__range=(first, last)
        )
        return found.filter(~self.renewed()).order_by("valid_to", "id")

    def _follower(self, status: CertificateStatus) -> models.QuerySet["Certificate"]:
        later = Q(valid_to=None) | Q(valid_to__gt=OuterRef("valid_to"))
        day_after = models.ExpressionWrapper(
            OuterRef("valid_to") + models.Value(_DAY), output_field=models.DateField()
        )
        return self._same_holder(status).filter(later, valid_from__lte=day_after)

    def _same_holder(self, status: CertificateStatus) -> models.QuerySet["Certificate"]:
        others = self.model._default_manager.annotate(holder=Coalesce("member_id", 0)).filter(
            holder=Coalesce(OuterRef("member_id"), 0),
            type=OuterRef("type_id"),
            partner=OuterRef("partner_id"),
            status=status,
        )
        return others.exclude(pk=OuterRef("pk"))
