"""Types of certificates as the policies name them: by code, with their names."""

from collections.abc import Collection

from partners.models import CertificateType


def names_of(codes: Collection[str]) -> dict[str, str]:
    """Code → name, for those that are known."""
    if not codes:
        return {}
    return dict(CertificateType.objects.filter(code__in=codes).values_list("code", "name"))


def types_to_ask_for(besides: Collection[str] = ()) -> list[tuple[str, str]]:
    """Code and name of every type that is offered, and of those in `besides` that no longer are, by name."""
    rows = CertificateType.objects.order_by("name", "pk").values_list("code", "name", "offered")
    return [(code, name) for code, name, offered in rows if offered or code in besides]
