"""How a certificate that nobody hands a paper in for is had anew: its holder earned it, such as by training, or its type takes
no papers any more. Apps further up know what is earned (programs: paths of training): they provide it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

from partners.certificates.obtaining import without_paper
from partners.models import Certificate


@dataclass(frozen=True)
class Way:
    """What the holder does: `act` as 'take “Selling” again', `url` where; `opens` is the first day on which that is possible,
    None where it is now."""

    act: str
    url: str
    opens: date | None = None


@dataclass(frozen=True)
class Earned:
    """`by` is the name of what it was granted for, '' for one that was handed in; `way` how the holder earns the type anew, None
    where nothing that they may take grants it; `instead` the name of what they passed that counts in place of a paper."""

    by: str
    way: Way | None
    instead: str = ""


Provider = Callable[[Collection[Certificate], datetime], dict[int, Earned]]
Beside = Callable[[Certificate], list[Certificate]]
_providers: list[tuple[Provider, Provider, Beside]] = []


def provide(provider: Provider, *, papers: Provider, beside: Beside) -> None:
    """Adds a provider; an app does so when it is ready. It answers by the ids of those certificates that were earned; `papers`
    of papers that no paper renews, by the ids of those made out to people; `beside` which others rest on the same as one."""
    if (provider, papers, beside) not in _providers:
        _providers.append((provider, papers, beside))


def without_renewal_on_paper(certificates: Collection[Certificate], at: datetime) -> dict[int, Earned]:
    """Those of the certificates that no paper renews, by id, and how they are had anew at `at`. They come with their types and
    partners."""
    found = {pk: one for provider, _, _ in _providers for pk, one in provider(certificates, at).items()}
    closed = [one for one in certificates if one.pk not in found and not one.type.offered]
    for _, papers, _ in _providers if closed else ():
        found |= papers(closed, at)
    of_firms = [one for one in closed if one.pk not in found]
    ways = without_paper(list({one.partner for one in of_firms}), at) if of_firms else {}
    for one in of_firms:
        training = ways[one.partner_id][one.type.code]
        found[one.pk] = Earned("", Way(f"take “{training.name}”", training.url) if training else None)
    return found


def earned_beside(certificate: Certificate) -> list[Certificate]:
    """The holder's other certificates that count and rest on something that this one rests on."""
    return [one for _, _, beside in _providers for one in beside(certificate)]
