"""The locks of this app. Order: the registry first, then companies by id; never the other way round."""

from __future__ import annotations

from collections.abc import Iterable

from companies.models import Company
from core.errors import BadInput
from core.locks import wait_in_line

# 'comp'
_REGISTRY = 0x636F6D70


def lock_registry() -> None:
    """Wait until no other transaction resolves or creates companies; held to the end of this transaction.

    Two submissions of one company in two spellings share no row to lock. Taken before the match, this lock
    lets the second see the company that the first has committed. Taking it twice does no harm.
    """
    wait_in_line(_REGISTRY)


def lock_companies(ids: Iterable[int]) -> dict[int, Company]:
    """The companies by id, their rows locked FOR UPDATE in id order to the end of the transaction.

    Raises BadInput when one of them doesn't exist.
    """
    wanted = sorted(set(ids))
    found = {company.pk: company for company in Company.objects.locked(wanted)}
    if len(found) < len(wanted):
        raise BadInput("One of these companies is not known.")
    return found
