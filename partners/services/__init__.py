"""What changes firms, their people and invitations."""

from partners.services.firms import create_partner, update_partner
from partners.services.invitations import (
    accept_invitation,
    invite,
    link_for,
    read_invitation,
    revoke_invitation,
)
from partners.services.members import deactivate_person, reactivate_person

__all__ = [
    "accept_invitation",
    "create_partner",
    "deactivate_person",
    "invite",
    "link_for",
    "reactivate_person",
    "read_invitation",
    "revoke_invitation",
    "update_partner",
]
