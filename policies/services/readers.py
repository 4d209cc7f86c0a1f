"""Who of a firm reads what is announced about the policies."""

from collections.abc import Collection

from accounts.enums import PARTNER_ADMIN
from accounts.models import User
from notifications.models import Message
from partners.enums import PartnerStatus
from partners.models import Partner


def firms_told(occasion: str) -> list[Partner]:
    """The firms whose people of now were told for an occasion (notifications.services.notify), by name: whoever heard that
    something comes hears that it does not, whatever the firm is or has meanwhile. Those that have ended excepted."""
    told = Message.objects.filter(occasion__startswith=f"{occasion}:").values("recipient")
    firms = Partner.objects.filter(members__user__in=told).exclude(status=PartnerStatus.ENDED)
    return list(firms.distinct().order_by("name"))


def readers_of(partner_ids: Collection[int]) -> dict[int, list[User]]:
    """Firm → its admins, else everybody of it who registers deals; one query for all."""
    people = User.objects.filter(member__partner__in=partner_ids, is_active=True).select_related("member")
    found: dict[int, list[User]] = {partner_id: [] for partner_id in partner_ids}
    for person in people.order_by("pk"):
        if person.may("registrations.register"):
            found[person.member.partner_id].append(person)
    return {
        firm: [person for person in those if person.role.code == PARTNER_ADMIN] or those
        for firm, those in found.items()
    }
