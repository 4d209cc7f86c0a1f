"""Which leads somebody may see, and which are waiting for what."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from catalog.territories import Grounds
from leads.enums import NOT_AGAIN, LeadStatus
from partners.enums import PartnerStatus
from partners.models import Partner, PartnerMerge
from programs.models import Enrolment

if TYPE_CHECKING:
    from accounts.models import User
    from leads.models import Gift, Lead, LeadEntry, Turn


class LeadQuerySet(models.QuerySet["Lead"]):
    def visible_to(self, user: "User") -> "LeadQuerySet":
        """Vendor staff: all. A firm's people: what their firm has or had, and what it may claim from the pool."""
        if user.may("leads.view_all"):
            return self
        firm = firm_of(user)
        if firm is None:
            return self.none()
        return self.filter(Q(pk__in=self._had_by(firm)) | Q(pk__in=self._pool_for(firm).values("pk")))

    def within_claim_of(self, user: "User") -> "LeadQuerySet":
        """What the firm's people see, and what they saw in the pool a moment ago: who comes second is told so."""
        firm = firm_of(user)
        if firm is None:
            return self.none()
        reach = Q(pk__in=self._had_by(firm))
        if firm.is_active:
            reach |= Q(pooled_at__isnull=False) & self._covered(firm)
        return self.filter(reach)

    def claimable_by(self, firm: Partner) -> "LeadQuerySet":
        """In the pool, in the firm's territory, and not declined or let go by it before."""
        return self.filter(pk__in=self._pool_for(firm).values("pk"))

    def given_to(self, firm: Partner) -> "LeadQuerySet":
        """Waiting for the firm's answer."""
        gifts = self._gifts().filter(partner=firm, ended_at=None)
        return self.filter(status=LeadStatus.GIVEN, pk__in=gifts.values("lead"))

    def to_give(self) -> "LeadQuerySet":
        """Waiting for the vendor."""
        return self.filter(status=LeadStatus.NEW)

    def for_list(self) -> "LeadQuerySet":
        """With everything that a row of a list shows, in a constant number of queries; `holding` has the open gift."""
        gifts = self._gifts().filter(ended_at=None).select_related("partner")
        return self.select_related("territory", "currency", "registration__partner").prefetch_related(
            "product_lines", Prefetch("gifts", gifts, to_attr="holding")
        )

    def _pool_for(self, firm: Partner) -> "LeadQuerySet":
        leads = self.model._default_manager.filter(status=LeadStatus.POOLED)
        if not firm.is_active:
            return leads.none()
        refused = self._gifts().filter(partner=firm, lead=OuterRef("pk"), end__in=NOT_AGAIN)
        return leads.filter(self._covered(firm)).exclude(Exists(refused))

    def _covered(self, firm: Partner) -> Q:
        """A lead where the firm works, as `Reach.serves` says; one for a program is for the firms that take part."""
        joined = Enrolment.objects.enrolled().filter(partner=firm).order_by().values("program")
        return self._served(firm) & (Q(program=None) | Q(program__in=joined))

    def _served(self, firm: Partner) -> Q:
        reach = Grounds().reach_of(firm.territories.values_list("pk", flat=True))
        if reach.everywhere:
            return Q()
        return Q(territory=None) | Q(territory__in=reach.own) | Q(country__in=reach.countries)

    def _had_by(self, firm: Partner) -> Any:
        return self._gifts().filter(partner=firm).values("lead")

    def _gifts(self) -> Any:
        gifts: Any = self.model._meta.get_field("gifts").related_model
        return gifts.objects.all()


class GiftQuerySet(models.QuerySet["Gift"]):
    def open(self) -> "GiftQuerySet":
        """In a firm's hands now."""
        return self.filter(ended_at=None)

    def to_pull_back(self, now: datetime) -> "GiftQuerySet":
        """Past the deadline without an answer, or with a firm that is not active any more."""
        silent = Q(answer_by__lte=now) | ~Q(partner__status=PartnerStatus.ACTIVE)
        return self.open().filter(silent)

    def due_for_reminder(self, now: datetime, until: datetime) -> "GiftQuerySet":
        """Not reminded yet, with a deadline between `now` and `until`."""
        return self.open().filter(reminded_at=None, answer_by__gt=now, answer_by__lte=until)


class LeadEntryQuerySet(models.QuerySet["LeadEntry"]):
    def visible_to(self, user: "User") -> "LeadEntryQuerySet":
        """All for the vendor; a firm reads what concerned it, or a record that became part of it: history doesn't move."""
        if user.may("leads.view_all"):
            return self
        firm = firm_of(user)
        if firm is None:
            return self.none()
        taken_in = PartnerMerge.objects.filter(survivor=firm, undone_at=None).values("gone")
        return self.filter(Q(partner=firm) | Q(partner__in=taken_in))


class TurnQuerySet(models.QuerySet["Turn"]):
    def locked(self) -> "TurnQuerySet":
        """All rows in one order, FOR UPDATE: two leads at once never both go to the same next firm."""
        return self.order_by("pk").select_for_update(of=("self",))


def firm_of(user: "User") -> Partner | None:
    """The firm whose leads this person works on; None without one or without the permission."""
    member = getattr(user, "member", None)
    return member.partner if member is not None and user.may("leads.work") else None
