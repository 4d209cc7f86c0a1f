"""What of this app uses groups of partners: what product lines require."""

from collections.abc import Collection

from django.urls import reverse

from core.clock import database_clock
from partners.groups.uses import Use
from policies.models import AuthorisationGroup, ProductAuthorisation


def uses_of_groups(group_ids: Collection[int]) -> dict[int, list[Use]]:
    """The product lines whose requirement names each group, or did once: three queries."""
    links = (
        AuthorisationGroup.objects.filter(group__in=group_ids)
        .select_related("authorisation__product_line")
        .order_by("authorisation__product_line__name", "authorisation__product_line_id")
    )
    found: dict[int, dict[int, Use]] = {group_id: {} for group_id in group_ids}
    standing = _standing() if (rows := list(links)) else set()
    for link in rows:
        line, binds = link.authorisation.product_line, link.authorisation_id in standing
        if binds or line.pk not in found[link.group_id]:
            kind = "Product authorisation" if binds else "Past product authorisation"
            url = reverse("policies:requirement", args=[line.code])
            found[link.group_id][line.pk] = Use(kind, line.name, url, kept=True)
    return {group_id: list(uses.values()) for group_id, uses in found.items()}


def _standing() -> set[int]:
    """The ids of the requirements that apply now or are announced."""
    now = database_clock()
    rows = ProductAuthorisation.objects
    return {
        row for some in (rows.in_force(now), rows.scheduled(now)) for row in some.values_list("pk", flat=True)
    }
