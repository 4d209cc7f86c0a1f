"""Which firms a change of rights concerns: those that could sell what it is about, and those that do (L3).

Who does is known further up (open registrations): apps there provide it when they are ready.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from partners.models import Partner
from partners.querysets import PartnerQuerySet
from policies.authorised import shut_out
from policies.binding import Right
from policies.enums import Treatment
from policies.facts import Firm
from policies.findings import Effect
from policies.firms import as_firms, selling_firms
from policies.loading import authorisations_at, rights_during
from policies.models import RegistrationPolicy
from policies.reach import spares
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
    policy that applies while it runs, or that have something open inside it; by name. Those that it takes nothing from, since
    they hold a right to all of it, or others keep them out of it, are none."""
    rights = rights_meanwhile(right)
    return [partner for partner in firms_there(right, at) if not spares(right, partner.pk, rights)]


def firms_there(right: Right, at: datetime) -> list[Partner]:
    """The same, with those that it takes nothing from."""
    return _selling_or_at_work(selling_firms().exclude(pk=right.partner), right, at)


def rights_meanwhile(right: Right) -> tuple[Right, ...]:
    """Those that run at some moment while it does."""
    return rights_during(right.from_at, right.until or datetime.max.replace(tzinfo=right.from_at.tzinfo))


def holder_relies(right: Right, at: datetime) -> bool:
    """Whether the end of the right takes something from its holder: it may register what it is about, or has something open."""
    return bool(_selling_or_at_work(selling_firms().filter(pk=right.partner), right, at))


def _selling_or_at_work(rows: PartnerQuerySet, right: Right, at: datetime) -> list[Partner]:
    busy = {firm for provider in _providers for firm in provider(right)}
    asked = [row for row in authorisations_at(at) if row.product_line == right.product_line]
    asked = [row for row in asked if row.effect == Effect.REFUSED]
    firms = as_firms(rows.prefetch_related("territories"), at)
    versions = [RegistrationPolicy.objects.in_force(at), *RegistrationPolicy.objects.scheduled(at)]
    applying = _meanwhile(versions, right, at)
    barred = [(version, shut_out([firm for _, firm in firms], version, at)) for version in applying]

    def could(partner: Partner, firm: Firm) -> bool:
        welcome = [version for version, out in barred if firm.id not in out]
        return sells_there(partner, right, welcome) and not any(gaps(firm, one) for one in asked)

    return [partner for partner, firm in firms if partner.pk in busy or could(partner, firm)]


def binds(partner: Partner, right: Right, versions: Sequence[RegistrationPolicy], at: datetime) -> bool:
    """Whether another one's right, which runs at `at` or will, takes something from the firm. Its territories count only where
    each of `versions` (the one in force, then those that come) that applies meanwhile refuses deals outside them; its
    industries never do, as no rule keeps a firm within them."""
    return sells_there(partner, right, _meanwhile(versions, right, at))


def sells_there(partner: Partner, right: Right, versions: Sequence[RegistrationPolicy]) -> bool:
    """Whether one of `versions` takes the firm's deals where the right is; no territories are 'everywhere', and so is one without
    countries."""
    territories = partner.territories.all()
    inside = (
        right.area is None
        or not territories
        or any(
            not territory.countries or not right.area.countries.isdisjoint(territory.countries)
            for territory in territories
        )
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
