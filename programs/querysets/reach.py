"""Whose firm somebody acts for."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User
    from partners.models import Partner


def firm_of(user: "User") -> "Partner | None":
    """The firm that this person belongs to; None for the vendor's staff and for people without one."""
    member = getattr(user, "member", None)
    return member.partner if member is not None else None
