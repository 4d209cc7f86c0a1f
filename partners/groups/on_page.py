"""What a firm's page says of its groups; for the vendor only."""

from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import User
from partners.groups.membership import groups_of
from partners.models import Partner
from partners.page_parts import Part

_NAMED = 3


def groups_of_firm(partner: Partner, reader: User) -> list[Part]:
    """The groups that the firm is in: two queries."""
    found = groups_of(partner)
    names = ", ".join(group.name for group in found[:_NAMED])
    note = f"{names} and {len(found) - _NAMED} more" if len(found) > _NAMED else names
    url = f"{reverse('partners:groups')}?{urlencode({'firm': partner.code})}"
    return [Part("groups", "Groups", url, len(found), note, icon="category", order=60)]
