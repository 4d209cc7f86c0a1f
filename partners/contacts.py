"""Who hears of what concerns a firm."""

from collections.abc import Iterable
from datetime import datetime

from accounts.enums import PARTNER_ADMIN
from accounts.models import User
from partners.keepers import keepers_of
from partners.models import Partner


def admins_of(partner: Partner) -> list[User]:
    """The firm's admins who can sign in, else everybody there who can: where the only admin left, the firm still hears."""
    return admins_among(list(User.objects.filter(member__partner=partner, is_active=True).order_by("pk")))


def admins_among(people: list[User]) -> list[User]:
    """The admins of these people of one firm, else all of them."""
    return [person for person in people if person.role.code == PARTNER_ADMIN] or people


def manager_of(partner: Partner) -> User | None:
    """The firm's channel manager, if they can sign in."""
    manager = partner.manager
    return manager if manager is not None and manager.is_active else None


def each_once(*people: User | None, but_not: User | None = None) -> list[User]:
    """These people, each once and those who can sign in, without `but_not` (whose own doing it was)."""
    found: dict[int, User] = {}
    for person in people:
        if person is not None and person.is_active and person != but_not:
            found.setdefault(person.pk, person)
    return list(found.values())


def firm_and_keepers(
    partner: Partner, *also: User | None, at: datetime, but_not: User | None = None
) -> list[User]:
    """The firm's admins, whoever keeps it at `at`, and whoever else is named."""
    everybody: Iterable[User | None] = [*admins_of(partner), *keepers_of(partner, at), *also]
    return each_once(*everybody, but_not=but_not)
