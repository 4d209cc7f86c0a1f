"""Which firms a change of rights concerns: those that could sell what it is about, and those that do (L3).

Who does is known further up (open registrations): apps there provide it when they are ready.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from partners.models import Partner
from partners.querysets import PartnerQuerySet
from policies.authorised import in_force
from policies.binding import Authorisation, Right
from policies.by_country import Standing
from policies.facts import Firm
from policies.firms import as_firms, selling_firms
from policies.loading import authorisations_during, rights_during
from policies.models import RegistrationPolicy
from policies.reach import spares
from policies.rules import own_territory
from policies.stands import Around, version_at

# A right → ids of firms that work on something inside it; in a constant number of queries.
Provider = Callable[[Right], set[int]]
_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Adds a provider; an app does so when it is ready."""
    if provider not in _providers:
        _providers.append(provider)


def firms_concerned(right: Right, at: datetime) -> list[Partner]:
    """Firms other than the right's own that may register what it is about, if only to be looked at, under a version of the
    policy and a requirement that apply while it runs, or that have something open inside it; by name. Those that it takes
    nothing from, since they hold a right to all of it, or others keep them out of it, are none."""
    rights = rights_meanwhile(right)
    return [partner for partner in firms_there(right, at) if not spares(right, partner.pk, rights)]


def firms_there(right: Right, at: datetime, *, but: Collection[int] = ()) -> list[Partner]:
    """The same, with those that it takes nothing from; `but` for these firms, by id, which are not looked at."""
    return _selling_or_at_work(selling_firms().exclude(pk__in=[right.partner, *but]), right, at)


def rights_meanwhile(right: Right) -> tuple[Right, ...]:
    """Those that run at some moment while it does."""
    return rights_during(right.from_at, right.until or datetime.max.replace(tzinfo=right.from_at.tzinfo))


def holder_relies(right: Right, at: datetime) -> bool:
    """Whether the end of the right takes something from its holder: it may register what it is about, or has something open."""
    return bool(_selling_or_at_work(selling_firms().filter(pk=right.partner), right, at))


def _selling_or_at_work(rows: PartnerQuerySet, right: Right, at: datetime) -> list[Partner]:
    busy = {firm for provider in _providers for firm in provider(right)}
    applying = _applying(right, at)

    def could(firm: Firm) -> bool:
        stands = (policy.stand(firm, right.product_line or 0, asked) for policy, asked in applying)
        return any(one.by_country.freest(right.countries) < Standing.REFUSED for one in stands)

    return [partner for partner, firm in as_firms(rows, at) if partner.pk in busy or could(firm)]


def _applying(right: Right, at: datetime) -> list[tuple[Around, Authorisation | None]]:
    """What binds besides rights while this one runs, from `at` on: each version of the policy, with each requirement of the line
    that is asked for under it."""
    start, end = max(at, right.from_at), right.until or datetime.max.replace(tzinfo=at.tzinfo)
    versions = _meanwhile(RegistrationPolicy.objects.from_now(at), right, at)
    asked = [row for row in authorisations_during(start, end) if row.product_line == right.product_line]
    begins = [version.effective_from for version in versions] + [row.from_at for row in asked]
    moments = {start, *(moment for moment in begins if moment is not None and start < moment < end)}
    around = {version.pk: Around(version, (), at) for version in versions}
    return [
        (around[version_at(versions, moment).pk], in_force(asked, right.product_line or 0, moment))
        for moment in sorted(moments)
    ]


def binds(firm: Firm, right: Right, versions: Sequence[RegistrationPolicy], at: datetime) -> bool:
    """Whether another one's right, which runs at `at` or will, takes something from the firm. Its territories count only where
    each of `versions` (the one in force, then those that come) that applies meanwhile refuses deals outside them; its
    industries never do, as no rule keeps a firm within them."""
    welcome = (own_territory.by_country(firm, version) for version in _meanwhile(versions, right, at))
    return any(one.freest(right.countries) < Standing.REFUSED for one in welcome)


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
