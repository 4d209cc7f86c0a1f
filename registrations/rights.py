"""What the policies ask this app about distribution rights."""

from policies.binding import Right
from registrations.models import Registration


def firms_at_work(right: Right) -> set[int]:
    """Ids of the firms that have an open registration inside the right: one query."""
    rows = Registration.objects.open()
    if right.product_line is not None:
        rows = rows.filter(lines__product_line=right.product_line)
    if right.area is not None:
        rows = rows.filter(country__in=right.area.countries)
    if right.industry is not None:
        rows = rows.filter(industry=right.industry)
    return set(rows.order_by().values_list("partner_id", flat=True).distinct())
