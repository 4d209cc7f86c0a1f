"""Which firm holds which certificates at a moment."""

from collections.abc import Collection
from datetime import datetime

from partners.models import Certificate


def valid_certificates(partner_ids: Collection[int], at: datetime) -> dict[int, frozenset[str]]:
    """The codes of the types that each firm has a valid certificate of at `at` (days are the vendor's): one query, every id has a
    set. What was verified, rejected or revoked since `at` counts as it is known now."""
    found: dict[int, set[str]] = {partner_id: set() for partner_id in partner_ids}
    rows = Certificate.objects.holding(at).filter(partner__in=partner_ids).order_by()
    for partner_id, code in rows.values_list("partner_id", "type__code").distinct():
        found[partner_id].add(code)
    return {partner_id: frozenset(codes) for partner_id, codes in found.items()}
