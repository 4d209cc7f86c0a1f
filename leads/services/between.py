"""What stands between firms and leads: the one place that says which firm may have which lead. Asked for the list that a person
chooses from, by the ways that choose by themselves, for the pool, and to find what nobody there can claim."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef, prefetch_related_objects

from catalog.territories import Grounds, Reach
from leads.enums import NOT_AGAIN, GiftEnd, LeadStatus
from leads.models import Gift, Lead
from leads.services.beside import deals_of, own_of
from partners.enums import PartnerStatus
from partners.models import Member, Partner
from partners.querysets import PartnerQuerySet
from programs.models import Enrolment
from registrations.foreseen import Foreseen

_BATCH = 500


class Between:
    """These firms and these leads: gathered in a constant number of queries, then asked without any.

    Obstacles forbid a firm a lead. Doubts, and refusals by the policy, forbid it to the ways that choose by themselves and to
    the firm itself, but not to a person of the vendor's. Firms come from `firms_in_view`, where more is asked than `refusals`.
    """

    def __init__(self, leads: Collection[Lead], partners: Collection[Partner], *, at: datetime) -> None:
        prefetch_related_objects(list(leads), "company", "territory", "currency", "program")
        programs = {lead.program_id for lead in leads if lead.program_id is not None}
        gifts = Gift.objects.filter(lead__in=leads, partner__in=partners, end__in=[*NOT_AGAIN, ""])
        self._had = {
            (lead, partner): end for lead, partner, end in gifts.values_list("lead", "partner", "end")
        }
        joined = Enrolment.objects.enrolled().filter(program__in=programs, partner__in=partners)
        self._joined = set(joined.values_list("program", "partner")) if programs else set()
        grounds = Grounds()
        self._reach = {partner.pk: grounds.reach_of(_own(partner)) for partner in partners}
        self._deals = deals_of(leads)
        self._beside = own_of(list(leads), self._deals, {partner.pk for partner in partners})
        self._foreseen = Foreseen(partners, list(self._deals.values()), at=at)

    def obstacles(self, partner: Partner, lead: Lead) -> list[str]:
        """What forbids the firm the lead, in words for the vendor."""
        found = []
        end = self._had.get((lead.pk, partner.pk))
        if end is not None:
            words = {
                GiftEnd.DECLINED: "Declined this lead",
                GiftEnd.PULLED_BACK: "Let this lead's deadline pass",
            }
            found.append(words.get(GiftEnd(end), "") if end else "Has this lead now")
        elif (lead.pk, partner.pk) in self._beside.deals:
            found.append("Has registered this company for the same products")
        elif (lead.pk, partner.pk) in self._beside.leads:
            found.append("Has another lead for this company and the same products")
        if not partner.is_active:
            found.append(f"Is {partner.get_status_display().lower()}, not active")
        elif not partner.reachable:  # type: ignore[attr-defined]
            found.append("Nobody there can sign in and answer")
        return found

    def doubts(self, partner: Partner, lead: Lead) -> list[str]:
        """Why the lead is hardly meant for the firm, in words for the vendor."""
        found = []
        if not self.serves(partner, lead):
            found.append(f"Does not serve {lead.territory}")
        if lead.program is not None and not self.takes_part(partner, lead):
            found.append(f"Does not take part in {lead.program}")
        return found

    def reach_of(self, partner: Partner) -> Reach:
        """Where the firm works."""
        return self._reach[partner.pk]

    def serves(self, partner: Partner, lead: Lead) -> bool:
        """Whether the firm works where the lead is."""
        return self.reach_of(partner).serves(lead.territory_id, str(lead.country or ""))

    def takes_part(self, partner: Partner, lead: Lead) -> bool:
        """Whether the firm is in the program that the lead is kept for."""
        return (lead.program_id, partner.pk) in self._joined

    def refusals(self, partner: Partner, lead: Lead) -> tuple[str, ...]:
        """Why the policy would refuse the firm's registration of the lead now, in words for the firm's own people."""
        return self._foreseen.refusals(partner, self._deals[lead.pk])

    def own_deals(self, partner: Partner, lead: Lead) -> tuple[str, ...]:
        """That the firm has registered the same already, in words for its own people."""
        has = (lead.pk, partner.pk) in self._beside.deals
        return ("Your firm has registered this company for the same products already.",) if has else ()

    def may_claim(self, partner: Partner, lead: Lead) -> bool:
        """Whether nothing stands between them."""
        return not (
            self.obstacles(partner, lead) or self.doubts(partner, lead) or self.refusals(partner, lead)
        )


def firms_in_view() -> PartnerQuerySet:
    """Firms with what `Between` asks of them."""
    people = Member.objects.filter(
        partner=OuterRef("pk"), user__is_active=True, user__role__permissions__contains=["leads.work"]
    )
    return Partner.objects.annotate(reachable=Exists(people)).prefetch_related("territories")


def _own(partner: Partner) -> set[int]:
    return {territory.pk for territory in partner.territories.all()}


def refusals_for(firm: Partner, leads: Collection[Lead], *, at: datetime) -> dict[int, tuple[str, ...]]:
    """Why the firm could not register each lead, by the lead's id, in words for its own people: as many queries for one as for
    many."""
    between = Between(leads, [firm], at=at)
    return {lead.pk: (*between.own_deals(firm, lead), *between.refusals(firm, lead)) for lead in leads}


def claimable_by_none(leads: Iterable[Lead], *, at: datetime) -> list[Lead]:
    """Those of the leads in the pool that no firm can claim at `at`. Firms are looked at by the batch, and a lead no further
    than to the first one that can: mostly one batch is all."""
    left = [lead for lead in leads if lead.status == LeadStatus.POOLED]
    for batch in batches_of_firms() if left else ():
        between = Between(left, batch, at=at)
        left = [lead for lead in left if not any(between.may_claim(firm, lead) for firm in batch)]
        if not left:
            break
    return left


def batches_of_firms() -> Iterator[list[Partner]]:
    """All active firms with what `Between` asks of them, some hundreds at a time."""
    firms, seen = firms_in_view().filter(status=PartnerStatus.ACTIVE).order_by("pk"), 0
    while batch := list(firms.filter(pk__gt=seen)[:_BATCH]):
        yield batch
        seen = batch[-1].pk
