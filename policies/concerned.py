"""Which firms a change of rights concerns: those that could sell what it is about, and those that do (L3).

Who does is known further up (open registrations): apps there provide it when they are ready.
"""

from collections.abc import Callable
from datetime import datetime

from partners.models import Partner
from policies.authorised import shut_out
from policies.binding import Right
from policies.facts import Firm
from policies.firms import as_firms, selling_firms
from policies.loading import authorisations_at
from policies.models import RegistrationPolicy
from policies.rules.product_authorisation import gaps

# A right → ids of firms that work on something inside it; in a constant number of queries.
Provider = Callable[[Right], set[int]]
_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Adds a provider; an app does so when it is ready."""
    if provider not in _providers:
        _providers.append(provider)


def firms_concerned(right: Right, at: datetime) -> list[Partner]:
    """Firms other than the right's own that may register what it is about as things stand at `at`, where they work and in
    their industries, or that have something open inside it; by name."""
    busy = {firm for provider in _providers for firm in provider(right)}
    asked = [row for row in authorisations_at(at) if row.product_line == right.product_line]
    rows = selling_firms().exclude(pk=right.partner).prefetch_related("territories", "industries")
    firms = as_firms(rows, at)
    barred = shut_out([firm for _, firm in firms], RegistrationPolicy.objects.in_force(at), at)

    def could(partner: Partner, firm: Firm) -> bool:
        open_to_it = firm.id not in barred and not any(gaps(firm, one) for one in asked)
        return open_to_it and works_there(partner, right)

    return [partner for partner, firm in firms if partner.pk in busy or could(partner, firm)]


def works_there(partner: Partner, right: Right) -> bool:
    """Whether the firm's territories and industries meet the right's; empty lists of a firm's are 'everywhere' and 'all'."""
    territories, industries = partner.territories.all(), partner.industries.all()
    there = (
        right.area is None
        or not territories
        or any(not right.area.countries.isdisjoint(territory.countries) for territory in territories)
    )
    theirs = (
        right.industry is None or not industries or right.industry in {industry.pk for industry in industries}
    )
    return there and theirs
