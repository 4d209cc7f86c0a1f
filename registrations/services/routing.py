"""To whom a registration goes for its review: the partner's manager, who stands in for them, else the next in turn."""

from datetime import datetime

from django.db.models import Count, Q

from accounts.absences import Roster, roster
from accounts.enums import ADMINISTRATOR, CHANNEL_MANAGER
from accounts.models import User
from partners.models import Partner
from registrations.enums import UNDER_REVIEW
from registrations.models import Registration


def reviewer_for(partner: Partner, at: datetime) -> User | None:
    """Whose desk a new review lands on: the partner's manager, even while away (their delegate sees it, too); without
    one who can sign in, the next in rotation. None where there is no channel manager at all."""
    manager = partner.manager
    if manager is not None and manager.is_active:
        return manager
    return next_in_rotation(roster(at))


def acting_referee(registration: Registration, at: datetime) -> User | None:
    """Who is told about it at `at`: see `acting`."""
    return acting(registration, roster(at))


def acting(registration: Registration, present: Roster) -> User | None:
    """The reviewer or the partner's manager, their stand-in while they are away, else the next in rotation."""
    for person in (registration.reviewer, registration.partner.manager):
        found = present.stand_in(person) if person is not None else None
        if found is not None:
            return found
    return next_in_rotation(present)


def above(registration: Registration, present: Roster) -> User | None:
    """Who hears of it after the reviewer did: their manager, or who stands in for that one, else an administrator."""
    reviewer = registration.reviewer or registration.partner.manager
    boss = reviewer.manager if reviewer is not None else None
    found = present.stand_in(boss) if boss is not None else None
    if found is not None:
        return found
    administrators = User.objects.filter(is_active=True, role__code=ADMINISTRATOR)
    return next((person for person in administrators.order_by("pk") if person.pk not in present.away), None)


def next_in_rotation(present: Roster) -> User | None:
    """The channel manager who is here and has the fewest reviews in hand; of several the one who joined first."""
    order = rotation(present)
    return order[0] if order else None


def rotation(present: Roster) -> list[User]:
    """Channel managers who are here, the one whose turn it is first: one query."""
    in_hand = Count("reviews", filter=Q(reviews__status__in=UNDER_REVIEW))
    people = User.objects.filter(is_active=True, role__code=CHANNEL_MANAGER).annotate(in_hand=in_hand)
    return [person for person in people.order_by("in_hand", "pk") if person.pk not in present.away]


def referees() -> list[User]:
    """Everybody who may decide, by name, each with `in_hand`: how many reviews they have."""
    in_hand = Count("reviews", filter=Q(reviews__status__in=UNDER_REVIEW))
    may_decide = User.objects.filter(is_active=True, role__permissions__contains=["registrations.decide"])
    return list(may_decide.annotate(in_hand=in_hand).order_by("name", "pk"))
