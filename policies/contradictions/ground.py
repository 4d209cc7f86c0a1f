"""What stands around a policy now: what the catalogue offers, and which firms register deals."""

from catalog.models import Industry, Territory
from partners.models import Partner
from policies.contradictions.check import Ground
from policies.firms import selling_firms


def ground_now() -> Ground:
    """Four short queries."""
    firms = set(selling_firms().order_by().values_list("kind", "tier").distinct())
    own = Partner.territories.through.objects.filter(partner__in=selling_firms().order_by())
    return Ground(
        territories=Territory.objects.exists(),
        industries=Industry.objects.exists(),
        kinds=frozenset(kind for kind, _ in firms),
        tiers=frozenset(tier for _, tier in firms),
        firms=frozenset(firms),
        own_territories=not firms or own.exists(),
    )
