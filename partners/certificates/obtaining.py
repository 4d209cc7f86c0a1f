"""How a firm comes by certificates of types that it is not to hand in on paper: by training that grants them, where such is open
to it. Apps further up know that (programs: paths of training): they provide it.

Training goes before paper: it is open at once, and nobody has to verify anything.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from partners.models import CertificateType, Partner


@dataclass(frozen=True)
class Training:
    """What the firm's people take, by `name`, and the page where they do."""

    name: str
    url: str


# Firms and a moment → by the firm's id and the type's code, training that grants the type and is open to the firm.
Provider = Callable[[Collection[Partner], datetime], dict[int, dict[str, Training]]]
_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Adds a provider; an app does so when it is ready. It takes a constant number of queries."""
    if provider not in _providers:
        _providers.append(provider)


def without_paper(partners: Collection[Partner], at: datetime) -> dict[int, dict[str, Training | None]]:
    """By the firm's id, the types, by code, that it is not led to the form for: None where no training is open to it and the
    type takes no papers, so that it can do nothing by itself. Each firm has an entry."""
    closed = list(CertificateType.objects.filter(offered=False).order_by().values_list("code", flat=True))
    found: dict[int, dict[str, Training | None]] = {one.pk: dict.fromkeys(closed) for one in partners}
    for provider in _providers:
        for pk, by_code in provider(partners, at).items():
            found[pk] |= by_code
    return found
