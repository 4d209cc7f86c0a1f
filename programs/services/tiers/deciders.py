"""Who decides on the moves of a firm: its own manager, whoever stands in for them, and those above them."""

from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.absences import roster
from accounts.models import User
from partners.models import Partner
from programs.enums import MoveStatus
from programs.models import Move
from programs.permissions import DECIDE_TIERS
from programs.services.notices import people_who_may

_FIRMS = "partners.edit"  # who says which manager a firm has
_LONGEST_LINE = 50


def decider_of(partner: Partner, at: datetime) -> User | None:
    """The one who is asked at `at`: the firm's manager, while they are away their stand-in. None where nobody of them may
    decide: then everybody may whose role includes it."""
    manager = partner.manager
    if manager is None:
        return None
    acting = roster(at).stand_in(manager)
    return acting if acting is not None and acting.may(DECIDE_TIERS) else None


def asked_to_decide(partner: Partner, at: datetime) -> list[User]:
    """Those who are told that there is something to decide."""
    one = decider_of(partner, at)
    return [one] if one is not None else people_who_may(DECIDE_TIERS)


def waiting_for(person: User, at: datetime) -> QuerySet[Move]:
    """The moves to decide that `person` is asked about: of their own firms, of those they stand in for, and of firms that
    nobody looks after. Nothing for those whose role does not include it."""
    if not person.may(DECIDE_TIERS):
        return Move.objects.none()
    people = [person, *roster(at).represented_by(person)]
    nobody = Q(partner__manager=None) | Q(partner__manager__is_active=False)
    return Move.objects.filter(Q(partner__manager__in=people) | nobody, status=MoveStatus.PROPOSED)


def may_decide(partner: Partner, person: User, at: datetime) -> bool:
    """Whether `person` decides on the firm's moves at `at`: its manager, their stand-in, those above the manager, and who
    also says which manager a firm has."""
    if not person.may(DECIDE_TIERS):
        return False
    asked = decider_of(partner, at)
    return asked is None or person.may(_FIRMS) or person == asked or _is_in_line(person, partner.manager)


def _is_in_line(person: User, manager: User | None) -> bool:
    """The manager themselves, or somebody they report to."""
    steps = 0
    while manager is not None and steps < _LONGEST_LINE:
        if manager.pk == person.pk:
            return True
        manager, steps = manager.manager, steps + 1
    return False
