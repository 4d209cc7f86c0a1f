"""Which training firms take for certificates that they don't hold: what `partners/certificates/obtaining.py` asks."""

from collections.abc import Collection
from datetime import datetime

from django.urls import reverse

from core.vendor_days import vendor_day
from partners.certificates.obtaining import Training
from partners.models import Partner
from programs.models import Path
from programs.training import opened_paths


def trainings_that_grant(partners: Collection[Partner], at: datetime) -> dict[int, dict[str, Training]]:
    """By firm and by the type's code, the training that is open to its people; of several the first by name. Two queries,
    however many firms."""
    rows = Path.objects.published().filter(grants__isnull=False).select_related("grants")
    paths = list(rows.order_by("-name", "-pk"))  # the first by name comes last, and stays
    selling = [one for one in partners if one.is_selling] if paths else []
    opened = opened_paths(selling, vendor_day(at)) if selling else set()
    return {
        firm.pk: {
            path.grants.code: Training(path.name, reverse("programs:path", args=[path.code]))
            for path in paths
            if path.grants is not None and (path.for_everybody or (firm.pk, path.pk) in opened)
        }
        for firm in selling
    }
