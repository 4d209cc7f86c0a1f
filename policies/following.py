"""What the requirement announced next for a line means for firms, as another one comes before it or is taken back there.

What it asks for stays the same. Whom it shuts out or lets in is measured by what applies until then.
"""

from dataclasses import dataclass
from datetime import timedelta

from policies.authorised import Difference, in_force, step
from policies.binding import Authorisation
from policies.certificates import names_of
from policies.loading import authorisation_of, authorisations_at
from policies.models import ProductAuthorisation

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Following:
    """The next one, and whom it touches by what will apply until then."""

    asked: Authorisation
    touched: Difference


def if_it_comes(asked: Authorisation) -> Following | None:
    """What comes after `asked`, if that is announced; None where nothing does."""
    return _following(asked, asked)


def if_taken_back(asked: Authorisation) -> Following | None:
    """What comes after `asked`, if that is taken back, or was; None where nothing does."""
    just_before = asked.from_at - _INSTANT
    return _following(asked, in_force(authorisations_at(just_before), asked.product_line, just_before))


def _following(asked: Authorisation, until_then: Authorisation | None) -> Following | None:
    rows = ProductAuthorisation.objects.standing().select_related("product_line")
    later = rows.filter(product_line=asked.product_line, effective_from__gt=asked.from_at)
    row = later.prefetch_related("territories", "groups").order_by("effective_from", "pk").first()
    if row is None:
        return None
    following = authorisation_of(row, until=None, names=names_of(row.certificates))
    return Following(following, step(until_then, following))
