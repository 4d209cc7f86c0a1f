"""Records that became part of another one: they stay for their history, and count for nothing."""

from django.db.models import Q

from partners.models import PartnerMerge


def merged_away() -> Q:
    """What holds for a firm's record that is part of another one now."""
    return Q(pk__in=PartnerMerge.objects.filter(undone_at=None).order_by().values("gone"))
