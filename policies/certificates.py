"""Types of certificates as the policies name them: by code, with their names."""

from collections.abc import Collection

from django.db.models import Q

from partners.models import CertificateType
from programs.models import Path


def names_of(codes: Collection[str]) -> dict[str, str]:
    """Code → name, for those that are known."""
    if not codes:
        return {}
    return dict(CertificateType.objects.filter(code__in=codes).values_list("code", "name"))


def types_to_ask_for(besides: Collection[str] = ()) -> list[tuple[str, str]]:
    """Code and name of every type that firms can come by, with papers or by training, and of those in `besides`, by name."""
    granted = Path.objects.published().filter(grants__isnull=False).values("grants")
    rows = CertificateType.objects.filter(Q(offered=True) | Q(pk__in=granted) | Q(code__in=besides))
    return list(rows.order_by("name", "pk").values_list("code", "name"))
