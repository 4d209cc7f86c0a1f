"""Out of office: who is away, and who stands in for whom on a day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import transaction

from accounts.enums import Side
from accounts.models import Absence, User
from accounts.zones import local_day
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, WrongStatus

_LONGEST_CHAIN = 5


@dataclass(frozen=True)
class Roster:
    """The absences that hold at one moment, by person: one query, then any number of questions."""

    away: dict[int, Absence]

    def stand_in(self, person: User) -> User | None:
        """Who acts for `person` now: themselves, else their delegate, else the delegate's. None where the chain ends
        with somebody whose account is closed, or leads in a circle."""
        seen: set[int] = set()
        acting: User = person
        while acting.pk in self.away and acting.pk not in seen and len(seen) < _LONGEST_CHAIN:
            seen.add(acting.pk)
            acting = self.away[acting.pk].delegate
        return acting if acting.is_active and acting.pk not in self.away else None

    def represented_by(self, person: User) -> list[User]:
        """Those who are away and for whom `person` acts now, by name."""
        found = []
        for absence in self.away.values():
            acting = self.stand_in(absence.user)
            if acting is not None and acting.pk == person.pk:
                found.append(absence.user)
        return sorted(found, key=str)


def roster(at: datetime) -> Roster:
    """Who is away at `at`, each by the date in their own time zone."""
    rows = Absence.objects.around(at.astimezone(UTC).date()).select_related("user__role", "delegate__role")
    return Roster(
        {row.user_id: row for row in rows if row.starts_on <= local_day(row.user, at) <= row.ends_on}
    )


def delegates_for(person: User) -> list[User]:
    """Active colleagues who may do the same work, by name."""
    others = User.objects.filter(is_active=True, role__side=Side.VENDOR).exclude(pk=person.pk)
    return [other for other in others.order_by("name", "pk") if _can_stand_in(person, other)]


def plan_absence(
    person: User,
    *,
    delegate: User,
    starts_on: date,
    ends_on: date,
    by: User,
    clock: Clock = database_clock,
) -> Absence:
    """Notes that `person` is away from `starts_on` to `ends_on`, both included, and that `delegate` stands in.

    Raises NotAllowed for anybody's absence but one's own, BadInput for a delegate who cannot do the work, days that
    are over or in the wrong order, and days that another absence holds already.
    """
    if by.pk != person.pk or not person.is_vendor:
        raise NotAllowed("You can only plan your own absence.")
    if delegate.pk == person.pk or not delegate.is_active or not _can_stand_in(person, delegate):
        raise BadInput("Choose a colleague who may do the same work.", field="delegate")
    if ends_on < starts_on:
        raise BadInput("The last day comes before the first.", field="ends_on")
    at = clock()
    if ends_on < local_day(person, at):
        raise BadInput("These days are over already.", field="ends_on")
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=person.pk)
        if person.absences.planned().filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
            raise BadInput(
                "You are away on some of these days already. Take that back first.", field="starts_on"
            )
        return Absence.objects.create(
            user=person, delegate=delegate, starts_on=starts_on, ends_on=ends_on, created_at=at
        )


def cancel_absence(absence: Absence, *, by: User, clock: Clock = database_clock) -> None:
    """Takes an absence back; work goes to its owner again at once. Raises NotAllowed, WrongStatus."""
    if by.pk != absence.user_id:
        raise NotAllowed("You can only take back your own absence.")
    if not Absence.objects.planned().filter(pk=absence.pk).update(cancelled_at=clock()):
        raise WrongStatus("This absence was taken back already.")


def set_manager(person: User, *, manager: User | None, by: User) -> None:
    """Says whom overdue work of `person` is told to. Raises NotAllowed without 'members.invite_any', BadInput for
    somebody of a partner, for oneself and for a circle."""
    if not by.may("members.invite_any"):
        raise NotAllowed("Your role does not include this.")
    above, steps = manager, 0
    while above is not None:
        if above.pk == person.pk or not above.is_vendor or steps > 50:
            raise BadInput(f"{manager} cannot be the manager of {person}: the line would lead in a circle.")
        above, steps = above.manager, steps + 1
    User.objects.filter(pk=person.pk).update(manager=manager)


def set_single_keys(person: User, *, on: bool) -> None:
    """Whether shortcuts of one key act for this person (WCAG 2.2, 2.1.4)."""
    User.objects.filter(pk=person.pk).update(single_keys=on)


def _can_stand_in(person: User, delegate: User) -> bool:
    work = {name for name in person.role.permissions if name.endswith((".decide", ".judge", ".revoke"))}
    return delegate.is_vendor and work <= set(delegate.role.permissions)
