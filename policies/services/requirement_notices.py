"""Firms that a change of a requirement shuts out or lets in are told: before it begins, and when it is taken back."""

from datetime import datetime

from django.urls import reverse

from core.clock import fixed
from notifications.services import notify
from partners.models import Partner
from policies.authorised import Difference, Standing, Touched, difference
from policies.binding import Authorisation
from policies.certificates import names_of
from policies.loading import authorisation_of
from policies.models import ProductAuthorisation
from policies.rules.product_authorisation import requirement_words
from policies.services.readers import firms_told, readers_of
from policies.shown import vendor_day

_EVENT = "policy.requirement_changes"


def changes(row: ProductAuthorisation, asked: Authorisation, touched: Difference) -> None:
    """Says what the line will require, and what that means for the firm."""
    _tell(row, asked, touched, [], at=row.created_at, taken_back=False)


def taken_back(row: ProductAuthorisation, at: datetime) -> None:
    """Says that it will not be so after all. Called once the row is taken back."""
    asked = authorisation_of(row, until=None, names=names_of(row.certificates))
    told = firms_told(f"{_EVENT}:{row.pk}:new")
    _tell(row, asked, difference(asked), told, at=at, taken_back=True)


def _tell(
    row: ProductAuthorisation,
    asked: Authorisation,
    touched: Difference,
    told: list[Partner],
    *,
    at: datetime,
    taken_back: bool,
) -> None:
    before = [Touched(firm, Standing.OPEN, Standing.OPEN, ()) for firm in told]
    concerned = {one.partner.pk: one for one in [*before, *touched.loses, *touched.gains]}
    for firm, people in readers_of(list(concerned)).items():
        one = concerned[firm]
        context = {
            "partner_name": one.partner.name,
            "product_line": asked.product_line_name,
            "begins_on": vendor_day(row.effective_from),
            "requirement": requirement_words(asked),
            "open": one.after == Standing.OPEN,
            "refused": one.after == Standing.REFUSED,
            "lacks": [{"words": gap.words, "opens": gap.opens} for gap in one.lacks],
            "taken_back": taken_back,
        }
        for person in people:
            notify(
                event=_EVENT,
                recipient=person,
                context=context,
                occasion=f"{_EVENT}:{row.pk}:{'back' if taken_back else 'new'}",
                link=reverse("policies:registration_policy"),
                clock=fixed(at),
            )
