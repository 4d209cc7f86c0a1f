"""Firms that a change of a requirement shuts out or lets in are told: before it begins, and when it is taken back.

What is announced after it is told by what applies until then. As that changes, those are told for whom it means something
else: at any moment the last that a firm heard about a day is what happens on it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse

from core.clock import Clock, database_clock, fixed
from core.vendor_days import vendor_day
from notifications.holding import by_calendar
from notifications.services import cancel_unread, notify
from partners.models import Partner
from policies.authorised import Difference, difference, in_force, step
from policies.binding import Authorisation
from policies.by_country import Standing
from policies.certificates import names_of
from policies.following import Following, if_it_comes, if_taken_back
from policies.loading import authorisation_of, authorisations_at
from policies.models import ProductAuthorisation
from policies.reserved_then import reserved_then
from policies.rules.product_authorisation import requirement_words
from policies.services import rights_ahead
from policies.services.readers import firms_told, readers_of
from policies.stands import Stand

_INSTANT = timedelta(microseconds=1)
_EVENT = "policy.requirement_changes"


def changes(row: ProductAuthorisation, asked: Authorisation, touched: Difference) -> None:
    """Says what the line will require, and what that means for the firm."""
    at = row.created_at
    _tell(_how(touched), asked, at, occasion=f"{row.pk}:new")
    _tell_what_follows(if_it_comes(asked), at, occasion=f"before:{row.pk}")
    rights_ahead.tell_who_has_not_heard(at)  # whom it lets in, a right ahead keeps out again


def taken_back(row: ProductAuthorisation, at: datetime) -> None:
    """Says that it will not be so after all to who could read that it would. Called once the row is taken back."""
    asked = authorisation_of(row, until=None, names=names_of(row.certificates))
    following, touched = if_taken_back(asked), difference(asked)
    cancel_unread(f"{_EVENT}:{row.pk}", at=at)
    how = _how(touched)
    told = {firm: how.get(firm) for firm in firms_told(f"{_EVENT}:{row.pk}")}
    until = vendor_day(following.asked.from_at) if following is not None else None
    _tell(told, asked, at, occasion=f"{row.pk}:back", taken_back=True, until=until)
    _tell_what_follows(following, at, occasion=f"without:{row.pk}")
    rights_ahead.tell_who_has_not_heard(at)


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
    fresh = {firm: stand for firm, stand in _how(found).items() if firm.pk not in heard}
    _tell(fresh, asked, at, occasion=f"{number}:{occasion}")


def _how(found: Difference) -> dict[Partner, Stand | None]:
    """The firms that are touched, and how they stand afterwards."""
    return {one.partner: one.after for one in [*found.loses, *found.gains]}


def _tell(
    concerned: Mapping[Partner, Stand | None],
    asked: Authorisation,
    at: datetime,
    *,
    occasion: str,
    **more: Any,
) -> None:
    """Tells each firm how it will stand; None where nothing comes of it."""
    firms = {firm.pk: firm for firm in concerned}
    reserved = reserved_then(asked, firms.values())
    for pk, people in readers_of(list(firms)).items():
        context = {
            "partner_name": firms[pk].name,
            "product_line": asked.product_line_name,
            "begins_on": vendor_day(asked.from_at),
            "requirement": requirement_words(asked),
            "taken_back": False,
            **_standing(concerned[firms[pk]], reserved[pk]),
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


def _standing(stand: Stand | None, reserved: Sequence[str]) -> dict[str, Any]:
    """How the firm stands then, with all that stands against it: what it lacks, what the policy says of all its deals, and what
    is not open to it by others' rights. `lacking`: it lacks something."""
    if stand is None:
        return {"open": True, "in_part": False, "refused": False, "lacking": False, "lacks": []}
    # That the policy looks at what is refused anyway is nothing against it.
    hard = stand.welcome.freest() == stand.freest
    policy = [gap.words for gap in stand.barred if gap.kind == "policy" and hard]
    against = [{"words": gap.words, "opens": gap.opens} for gap in stand.lacks]
    against += [{"words": words, "opens": ""} for words in [*policy, *reserved]]
    return {
        "open": not against,
        "in_part": stand.freest == Standing.OPEN and bool(against),
        "refused": stand.freest == Standing.REFUSED,
        "lacking": bool(stand.lacks),
        "lacks": against,
    }
