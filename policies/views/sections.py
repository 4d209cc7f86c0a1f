"""The tabs above the pages of the policies."""

from typing import Any

from django.urls import reverse

from accounts.models import User

READ = "partners.view_all"  # these pages name firms: for the vendor's people
EDIT = "policies.edit"
_SECTIONS = (
    ("registration", "Registration policy", "policies:registration_policy"),
    ("requirements", "Product authorisation", "policies:requirements"),
    ("rights", "Distribution rights", "policies:rights"),
    ("routes", "Review routes", "policies:routes"),
    ("guidance", "Dos and don'ts", "policies:guidance"),
)


def sections(user: User, here: str) -> list[dict[str, Any]]:
    """The tabs for the vendor's people; none for partners, who read all that binds them on one page."""
    if not user.may(READ):
        return []
    return [
        {"label": label, "url": reverse(route), "active": name == here, "count": None}
        for name, label, route in _SECTIONS
    ]


def crumbs(title: str, route: str, own: str = "", url: str = "", last: str = "") -> list[dict[str, str]]:
    """Where a page stands: the section, the record, what is done to it."""
    trail = [{"label": title, "url": reverse(route)}]
    if own:
        trail.append({"label": own, "url": url} if last else {"label": own})
    if last:
        trail.append({"label": last})
    return trail
