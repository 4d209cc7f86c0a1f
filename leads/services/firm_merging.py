"""What a merge of two partner records does in this app: leads and turns go over."""

from collections.abc import Iterable

from django.db.models import F, Q

from leads.enums import NOT_AGAIN
from leads.models import Gift
from partners.merging.relations import Relation
from partners.models import Partner

_ANSWERED = Q(end__in=["", *NOT_AGAIN])

RELATIONS = (
    Relation(
        "leads.Gift.partner",
        "Leads given",
        shows="lead__code",
        unless=("lead",),
        among=_ANSWERED,
        # The portal reminded of it, or pulled it back; or its own people answered: what they made of it goes with them.
        returns=Q(ended_by=None) | ~Q(ended_by__member__partner=F("partner")),
    ),
    Relation("leads.Turn.partner", "Turn in the rotation", returns=Q(pk__isnull=False)),
    Relation("leads.LeadEntry.partner", "History of leads", stays="It can't be changed by anybody."),
)


def clashes(gone: Partner, survivor: Partner) -> Iterable[str]:
    """What forbids the merge: a lead that one of the two has and the other declined, or let pass."""
    declined = Gift.objects.filter(partner=survivor, end__in=NOT_AGAIN)
    held = Gift.objects.filter(partner=gone, ended_at=None, lead__in=declined.values("lead"))
    for gift in held.select_related("lead").order_by("pk")[:10]:
        yield (
            f"{gone} has lead {gift.lead.code}, which {survivor} declined or let pass. Take it back first, or wait for"
            " their answer."
        )
