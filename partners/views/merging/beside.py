"""Two records side by side, fact by fact."""

from core.shown import day
from partners.models import Partner
from partners.services.merging.plan import country_of


def beside(gone: Partner, survivor: Partner) -> list[dict[str, object]]:
    """Rows for components/compare.html; the facts of `survivor` are those that stay."""
    return [
        {"label": label, "left": left or "–", "right": right or "–", "differs": left != right}
        for (label, left), (_, right) in zip(_facts(gone), _facts(survivor), strict=True)
    ]


def _facts(partner: Partner) -> list[tuple[str, str]]:
    return [
        ("Name", partner.name),
        ("Code", partner.code),
        ("Status", partner.get_status_display()),
        ("Kind", partner.get_kind_display()),
        ("Tier", partner.get_tier_display()),
        ("Country", country_of(partner)),
        ("City", partner.city),
        ("Website", partner.website),
        ("Channel manager", str(partner.manager or "")),
        ("Territories", ", ".join(str(one) for one in partner.territories.all())),
        ("Industries", ", ".join(str(one) for one in partner.industries.all())),
        ("Partner since", day(partner.created_at)),
    ]
