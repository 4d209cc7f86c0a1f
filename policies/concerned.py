"""Which firms a change of rights concerns: those that could sell what it is about, and those that do (L3).

Who does is known further up (open registrations): apps there provide it when they are ready.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from partners.models import Partner
from policies.authorised import shut_out
from policies.binding import Right
from policies.enums import Treatment
from policies.facts import Firm
from policies.findings import Effect
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
    """Firms other than the right's own that may register what it is about, if only to be looked at, under a version of the
    policy that applies while it runs, or that have something open inside it; by name."""
    busy = {firm for provider in _providers for firm in provider(right)}
    asked = [row for row in authorisations_at(at) if row.product_line == right.product_line]
    asked = [row for row in asked if row.effect == Effect.REFUSED]
    rows = selling_firms().exclude(pk=right.partner).prefetch_related("territories")
    firms = as_firms(rows, at)
    versions = [RegistrationPolicy.objects.in_force(at), *RegistrationPolicy.objects.scheduled(at)]
    applying = _meanwhile(versions, right, at)
    barred = [(version, shut_out([firm for _, firm in firms], version, at)) for version in applying]

    def could(partner: Partner, firm: Firm) -> bool:
        welcome = [version for version, out in barred if firm.id not in out]
        return _sells_there(partner, right, welcome) and not any(gaps(firm, one) for one in asked)

    return [partner for partner, firm in firms if partner.pk in busy or could(partner, firm)]


def binds(partner: Partner, right: Right, versions: Sequence[RegistrationPolicy], at: datetime) -> bool:
    """Whether another one's right, which runs at `at` or will, takes something from the firm. Its territories count only where
    each of `versions` (the one in force, then those that come) that applies meanwhile refuses deals outside them; its
    industries never do, as no rule keeps a firm within them."""
    return _sells_there(partner, right, _meanwhile(versions, right, at))


def _sells_there(partner: Partner, right: Right, versions: Sequence[RegistrationPolicy]) -> bool:
    """Whether one of `versions` takes the firm's deals where the right is; no territories are 'everywhere'."""
    territories = partner.territories.all()
    inside = (
        right.area is None
        or not territories
        or any(not right.area.countries.isdisjoint(territory.countries) for territory in territories)
    )
    return any(inside or version.outside_territory != Treatment.REFUSED for version in versions)


def _meanwhile(
    versions: Sequence[RegistrationPolicy], right: Right, at: datetime
) -> list[RegistrationPolicy]:
    """Those of `versions`, of which the first is in force at `at`, that apply at some moment of the right's from then on."""
    start = max(at, right.from_at)
    ends = [following.effective_from for following in versions[1:]] + [None]
    return [
        version
        for version, end in zip(versions, ends, strict=True)
        if (end is None or end > start)
        and (right.until is None or version.effective_from is None or version.effective_from < right.until)
    ]
