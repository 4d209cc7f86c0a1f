"""Firms that a change of a requirement shuts out or lets in are told: before it begins, and when it is taken back.

What is announced after it is told by what applies until then. As that changes, those are told for whom it means something
else: at any moment the last that a firm heard about a day is what happens on it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse

from core.clock import Clock, database_clock, fixed
from notifications.holding import by_calendar
from notifications.services import notify
from partners.models import Partner
from policies.authorised import Difference, Standing, Touched, difference, in_force, step
from policies.binding import Authorisation
from policies.certificates import names_of
from policies.following import Following, if_it_comes, if_taken_back
from policies.loading import authorisation_of, authorisations_at
from policies.models import ProductAuthorisation
from policies.rules.product_authorisation import requirement_words
from policies.services.readers import firms_told, readers_of
from policies.shown import vendor_day

_INSTANT = timedelta(microseconds=1)
_EVENT = "policy.requirement_changes"


def changes(row: ProductAuthorisation, asked: Authorisation, touched: Difference) -> None:
    """Says what the line will require, and what that means for the firm."""
    at = row.created_at
    _tell([*touched.loses, *touched.gains], asked, at, occasion=f"{row.pk}:new")
    _tell_what_follows(if_it_comes(asked), at, occasion=f"before:{row.pk}")


def taken_back(row: ProductAuthorisation, at: datetime) -> None:
    """Says that it will not be so after all. Called once the row is taken back."""
    asked = authorisation_of(row, until=None, names=names_of(row.certificates))
    following, touched = if_taken_back(asked), difference(asked)
    told = [_unchanged(firm) for firm in firms_told(f"{_EVENT}:{row.pk}")]
    until = vendor_day(following.asked.from_at) if following is not None else None
    concerned = [*told, *touched.loses, *touched.gains]
    _tell(concerned, asked, at, occasion=f"{row.pk}:back", taken_back=True, until=until)
    _tell_what_follows(following, at, occasion=f"without:{row.pk}")


def _tell_what_follows(following: Following | None, at: datetime, *, occasion: str) -> None:
    """Tells those who heard nothing of the next one, since it altered nothing for them until now. What it asks for stays, so
    what others heard stays true."""
    if following is None:
        return
    _tell_who_has_not_heard(following.asked, following.touched, at, occasion=occasion)


def tell_who_is_touched_since(*, clock: Clock = database_clock) -> None:
    """A sweep: firms for which what is announced changes something by now, and did not when it was announced, as a firm that
    was shut out has gained the licence since. Safe to run any number of times."""
    now = clock()
    rows = ProductAuthorisation.objects.scheduled(now).select_related("product_line")
    for row in rows.prefetch_related("territories", "groups"):
        asked = authorisation_of(row, until=None, names=names_of(row.certificates))
        just_before = asked.from_at - _INSTANT
        until_then = in_force(authorisations_at(just_before), asked.product_line, just_before)
        with transaction.atomic(), by_calendar(now):
            _tell_who_has_not_heard(asked, step(until_then, asked), now, occasion="since")


def _tell_who_has_not_heard(asked: Authorisation, found: Difference, at: datetime, *, occasion: str) -> None:
    number = asked.code.partition(":")[2]
    heard = {firm.pk for firm in firms_told(f"{_EVENT}:{number}")}
    fresh = [one for one in [*found.loses, *found.gains] if one.partner.pk not in heard]
    _tell(fresh, asked, at, occasion=f"{number}:{occasion}")


def _unchanged(firm: Partner) -> Touched:
    return Touched(firm, Standing.OPEN, Standing.OPEN, ())


def _tell(
    touched: Iterable[Touched], asked: Authorisation, at: datetime, *, occasion: str, **more: Any
) -> None:
    concerned = {one.partner.pk: one for one in touched}
    for firm, people in readers_of(list(concerned)).items():
        one = concerned[firm]
        context = {
            "partner_name": one.partner.name,
            "product_line": asked.product_line_name,
            "begins_on": vendor_day(asked.from_at),
            "requirement": requirement_words(asked),
            "open": one.after == Standing.OPEN,
            "refused": one.after == Standing.REFUSED,
            "lacks": [{"words": gap.words, "opens": gap.opens} for gap in one.lacks],
            "taken_back": False,
            **more,
        }
        for person in people:
            notify(
                event=_EVENT,
                recipient=person,
                context=context,
                occasion=f"{_EVENT}:{occasion}",
                link=reverse("policies:registration_policy"),
                clock=fixed(at),
            )
