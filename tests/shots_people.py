"""Who looks at the pages: the demo's people by role, and a newcomer whose firm has nothing yet."""

from accounts.models import Role, User
from partners.enums import PartnerStatus
from partners.models import Member, Partner

_EMAILS = {
    "partner_rep": "alice@northgate.example",
    "partner_admin": "bob@northgate.example",
    "channel_manager": "mara@korrel.example",
    "channel_operations": "olga@korrel.example",
    "auditor": "ivan@korrel.example",
    "administrator": "ada@korrel.example",
    "newcomer": "new@freshwater.example",
    "suspended": "gareth@meridian-plant.example",
}


def person(role: str) -> User | None:
    """The person for a role; None for 'anonymous'."""
    email = _EMAILS.get(role)
    return User.objects.get(email=email) if email else None


def make_newcomer() -> User:
    """The only member of a firm that joined today: every list is empty."""
    manager = User.objects.get(email=_EMAILS["channel_manager"])
    firm = Partner.objects.create(
        name="Freshwater Systems", country="IE", city="Cork", status=PartnerStatus.ACTIVE, manager=manager
    )
    role = Role.objects.get(code="partner_admin")
    user = User.objects.create(
        email=_EMAILS["newcomer"], name="Niamh Byrne", role=role, time_zone="Europe/Dublin"
    )
    Member.objects.create(user=user, partner=firm)
    return user
