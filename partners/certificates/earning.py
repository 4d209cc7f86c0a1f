"""How a certificate that its holder earned, such as by training, is earned anew: nobody hands a paper in for it. Apps further
up know it (programs: paths of training): they provide it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

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
    """`by` is the name of what it was granted for; `way` how the holder earns the type anew, None where nothing that they may
    take grants it."""

    by: str
    way: Way | None


Provider = Callable[[Collection[Certificate], datetime], dict[int, Earned]]
Beside = Callable[[Certificate], list[Certificate]]
_providers: list[tuple[Provider, Beside]] = []


def provide(provider: Provider, *, beside: Beside) -> None:
    """Adds a provider; an app does so when it is ready. It answers by the ids of those certificates that were earned; `beside`
    which others rest on the same as one."""
    if (provider, beside) not in _providers:
        _providers.append((provider, beside))


def earned(certificates: Collection[Certificate], at: datetime) -> dict[int, Earned]:
    """Those of the certificates that were earned, by id, and how they are earned anew at `at`."""
    return {pk: one for provider, _ in _providers for pk, one in provider(certificates, at).items()}


def earned_beside(certificate: Certificate) -> list[Certificate]:
    """The holder's other certificates that count and rest on something that this one rests on."""
    return [one for _, beside in _providers for one in beside(certificate)]
