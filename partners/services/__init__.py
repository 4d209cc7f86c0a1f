"""What changes firms, their people and invitations."""

from partners.services.firms import create_partner, update_own_profile, update_partner
from partners.services.invitations import (
    accept_invitation,
    invite,
    link_for,
    read_invitation,
    revoke_invitation,
)
from partners.services.members import change_member, deactivate_person, reactivate_person

__all__ = [
    "accept_invitation",
    "change_member",
    "create_partner",
    "deactivate_person",
    "invite",
    "link_for",
    "reactivate_person",
    "read_invitation",
    "revoke_invitation",
    "update_own_profile",
    "update_partner",
]
