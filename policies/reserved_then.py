"""What others' rights will keep from firms of a line on the day that a requirement begins, for the mail that tells of it."""

from collections.abc import Iterable
from datetime import datetime

from partners.models import Partner
from policies.binding import Authorisation
from policies.by_country import Standing
from policies.concerned import binds
from policies.firms import as_firms
from policies.loading import rights_during
from policies.models import RegistrationPolicy
from policies.reserved import reserved_at
from policies.rules import product_authorisation


def reserved_then(asked: Authorisation, partners: Iterable[Partner]) -> dict[int, list[str]]:
    """Ids of the firms: what is said, empty where nothing is kept from them of what the line's requirement and the policy leave.
    As many queries for many firms."""
    at = asked.from_at
    rights = rights_during(at, datetime.max.replace(tzinfo=at.tzinfo))
    versions = [RegistrationPolicy.objects.in_force(at)]
    inside = [right for right in rights if right.product_line in (None, asked.product_line)]
    found = {}
    for partner, firm in as_firms(partners, at):
        asks = product_authorisation.by_country(firm, asked)
        others = [
            right
            for right in inside
            if right.partner != firm.id
            and binds(firm, right, versions, at)
            and asks.freest(right.countries) < Standing.REFUSED
        ]
        found[partner.pk] = [one.words_then for one in reserved_at(at, firm.id, others, rights)]
    return found
