"""Records of firms that have become others, since what is kept of a deal names the record of its day."""

from collections.abc import Iterable

from partners.models import PartnerMerge


def with_merged(partners: Iterable[int]) -> frozenset[int]:
    """The ids of these firms and of the records that have become them, one after the other."""
    found = frozenset(partners)
    following = found
    while following:
        gone = PartnerMerge.objects.filter(survivor__in=following, undone_at=None)
        following = frozenset(gone.values_list("gone", flat=True)) - found
        found |= following
    return found
