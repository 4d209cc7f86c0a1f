"""Who of a firm reads what is announced about the policies, and which firms were told."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q

from accounts.enums import PARTNER_ADMIN
from accounts.models import User
from notifications.enums import MessageStatus
from notifications.models import Message
from partners.enums import PartnerStatus
from partners.models import Partner

# What nobody reads. A mail that could not go out, for want of an address, is read in the portal.
_TAKEN_BACK = Q(status=MessageStatus.CANCELLED, last_error="")


def firms_told(occasion: str) -> list[Partner]:
    """The firms whose people of now were told for an occasion (notifications.services.notify), by name: whoever heard that
    something comes hears that it does not, whatever the firm is or has meanwhile. Those that have ended excepted, and what was
    taken back before it left."""
    told = (
        Message.objects.filter(occasion__startswith=f"{occasion}:").exclude(_TAKEN_BACK).values("recipient")
    )
    firms = Partner.objects.filter(members__user__in=told).exclude(status=PartnerStatus.ENDED)
    return list(firms.distinct().order_by("name"))


def told_by_number(event: str, numbers: Collection[int]) -> dict[int, set[int]]:
    """Numbers of records → ids of the firms that were told of each by the event, as `firms_told` finds them; one query."""
    found = _told(event, numbers, ~_TAKEN_BACK)
    return {number: set(found[number]) for number in numbers}


def times_taken_back(event: str, number: int) -> dict[int, int]:
    """Firm → how many mails of the event about the record were taken back before they left."""
    found = _told(event, [number], _TAKEN_BACK)[number]
    return {firm: found.count(firm) for firm in found}


def _told(event: str, numbers: Collection[int], which: Q) -> dict[int, list[int]]:
    about = Q(*(Q(occasion__startswith=f"{event}:{number}:") for number in numbers), _connector=Q.OR)
    found: dict[int, list[int]] = defaultdict(list)
    if not numbers:
        return found
    rows = Message.objects.filter(about, which, recipient__member__isnull=False)
    for occasion, firm in rows.values_list("occasion", "recipient__member__partner"):
        found[int(occasion.removeprefix(f"{event}:").partition(":")[0])].append(firm)
    return found


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
