"""Giving and ending distribution rights. The database refuses an exclusive one that overlaps another; what overlaps is told in
words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from accounts.models import User
from catalog.models import Industry, ProductLine, Territory
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from core.locks import wait_in_line
from core.vendor_days import last_day, midnight, vendor_day
from partners.models import Partner
from policies.concerned import firms_concerned, holder_relies
from policies.enums import Barred
from policies.firms import SELLING
from policies.loading import right_of
from policies.models import ExclusiveRight, RegistrationPolicy
from policies.querysets import ExclusiveRightQuerySet
from policies.rights import overlap_words, overlapping
from policies.services import right_notices, rights_ahead
from policies.shown import day_words

_FURTHEST = timedelta(days=10 * 365)
_NOTE = 300
# 'righ'. Two rows that exclude each other, written at the same moment, wait for each other until the database ends one of
# them (deadlock). One after the other, the second is told what it met.
_GIVING = 0x72696768
_ONE_ALONE = "An exclusive right is for one firm alone."


@dataclass(frozen=True)
class Wanted:
    """A right as operations ask for it; days are the vendor's, `ends_on` the last one (None: until further notice)."""

    partner: Partner
    product_line: ProductLine | None
    territory: Territory | None
    industry: Industry | None
    begins_on: date
    ends_on: date | None = None
    is_exclusive: bool = True
    effect: str = Barred.REFUSED
    note: str = ""
    nobody_concerned: bool = False


def give_right(wanted: Wanted, *, by: User, clock: Clock = database_clock) -> ExclusiveRight:
    """Gives the right and tells its holder, and the firms concerned without saying whose it is, as `give_rights` does."""
    return give_rights(wanted, [wanted.partner], by=by, clock=clock)[0]


def give_rights(
    wanted: Wanted, partners: Sequence[Partner], *, by: User, clock: Clock = database_clock
) -> list[ExclusiveRight]:
    """Gives each of the firms the right that is wanted, and tells the holders, and the firms concerned once without saying whose
    they are. One that is exclusive is for one firm.

    It begins no earlier than the policy's notice period, unless it is said, and found, that nobody is concerned. Raises
    NotAllowed without 'policies.edit', BadInput naming the field: for a right to everything, a past day, one that comes
    too soon, and another right that it can't overlap, which it names: any where one of them is exclusive, and the firm's own.
    """
    _check_permission(by)
    with transaction.atomic():
        now = clock()
        if wanted.is_exclusive and len(partners) > 1:
            raise BadInput(_ONE_ALONE, field="is_exclusive")
        given = [_give(replace(wanted, partner=firm), partners, by, now) for firm in dict.fromkeys(partners)]
        right_notices.given(given)
    return given


def firms_to_tell(
    wanted: Wanted, partners: Sequence[Partner], *, clock: Clock = database_clock
) -> list[Partner]:
    """The firms concerned that `give_rights` would tell beside the holders, by name. Raises BadInput as it does, the note
    excepted."""
    now = clock()
    if wanted.is_exclusive and len(partners) > 1:
        raise BadInput(_ONE_ALONE, field="is_exclusive")
    planned_for = [planned(replace(wanted, partner=firm), now, partners) for firm in partners]
    for right in planned_for:
        _refuse_overlaps(right)
    return [firm for firm in firms_concerned(right_of(planned_for[0]), now) if firm not in partners]


def _give(wanted: Wanted, partners: Sequence[Partner], by: User, now: datetime) -> ExclusiveRight:
    right = planned(wanted, now, partners)
    right.note = _note(wanted.note)
    right.created_by, right.created_at = by, now
    _refuse_overlaps(right)
    wait_in_line(_GIVING)
    try:
        with transaction.atomic():
            right.save()
    except IntegrityError as error:  # somebody else was quicker: theirs can be read now
        _refuse_overlaps(right)
        raise BadInput("Another right was given at the same moment. Please try again.") from error
    return right


def planned(wanted: Wanted, now: datetime, together: Collection[Partner] = ()) -> ExclusiveRight:
    """The right that would be given, unsaved, `together` with those of other firms to the same. Raises BadInput as `give_right`
    does, overlaps and note excepted."""
    if wanted.partner.status not in SELLING:
        raise BadInput(f"{wanted.partner} is not an active partner.", field="partner")
    if wanted.product_line is None and wanted.territory is None and wanted.industry is None:
        raise BadInput(
            "Choose a product line, a territory or an industry: a right to everything would close the portal to all "
            "other partners.",
            field="product_line",
        )
    if wanted.territory is not None and not wanted.territory.countries:
        raise BadInput(f"{wanted.territory} has no countries, so nothing would lie in it.", field="territory")
    if wanted.effect not in Barred.values:
        raise BadInput("Choose what other partners get.", field="effect")
    today = vendor_day(now)
    _check_days(wanted, today, now)
    right = ExclusiveRight(
        partner=wanted.partner,
        product_line=wanted.product_line,
        territory=wanted.territory,
        countries=sorted(wanted.territory.countries) if wanted.territory else [],
        industry=wanted.industry,
        begins_at=now if wanted.begins_on == today else midnight(wanted.begins_on),
        ends_at=midnight(wanted.ends_on + timedelta(days=1)) if wanted.ends_on else None,
        is_exclusive=wanted.is_exclusive,
        effect=wanted.effect,
        nobody_concerned=wanted.nobody_concerned,
    )
    _check_notice(right, wanted.begins_on, now, together)
    return right


def earliest_begin(now: datetime) -> date:
    """The first day on which a right may begin that is announced at `now`."""
    notice = RegistrationPolicy.objects.in_force(now).right_notice_days
    return vendor_day(now) + timedelta(days=notice)


def earliest_end(now: datetime) -> date:
    """The first day that may be the last of a right whose end is announced at `now`."""
    return max(earliest_begin(now) - timedelta(days=1), vendor_day(now))


def end_right(
    right: ExclusiveRight,
    *,
    by: User,
    on: date,
    note: str,
    version: int,
    agreed: bool = False,
    clock: Clock = database_clock,
) -> ExclusiveRight:
    """Lets the right end with the day `on`; its holder is told, and who may register again.

    The holder hears of it the policy's notice period ahead, unless it is said that it `agreed`, which is kept, or the portal
    finds that it does not rely on the right. Raises NotAllowed, StaleVersion, WrongStatus for one that has ended, BadInput for
    a day that has passed, that comes too soon or that is not before its present end.
    """
    _check_permission(by)
    with transaction.atomic():
        now = clock()
        locked = _locked(right, version, now)
        if on < max(vendor_day(now), vendor_day(locked.begins_at)):
            raise BadInput("Choose today or a later day on which it runs.", field="on")
        if on > vendor_day(now) + _FURTHEST:
            raise BadInput("Choose a day within the next ten years.", field="on")
        if locked.ends_at is not None and on >= last_day(locked.ends_at):
            told = day_words(locked.ends_at - timedelta(microseconds=1))
            raise BadInput(f"It ends on {told} already. To go on after that, give a new right.", field="on")
        if not agreed:
            _check_end_notice(locked, on, now)
        locked.ends_at, locked.end_agreed = midnight(on + timedelta(days=1)), agreed
        _write_end(locked, by=by, note=note, now=now, fields=("ends_at", "end_agreed"))
        _tell_of_ends([locked], now)
    return locked


def take_back_right(
    right: ExclusiveRight, *, by: User, note: str, version: int, clock: Clock = database_clock
) -> ExclusiveRight:
    """Takes back a right that has not begun: it never applies. Raises NotAllowed, StaleVersion, WrongStatus."""
    _check_permission(by)
    with transaction.atomic():
        now = clock()
        locked = _locked(right, version, now)
        if locked.begins_at <= now:
            raise WrongStatus("This right has begun, so it can only be ended.")
        locked.withdrawn_at = now
        _write_end(locked, by=by, note=note, now=now, fields=("withdrawn_at",))
        _tell_of_ends([locked], now)
    return locked


def end_rights_of(partner: Partner, *, by: User | None, reason: str, clock: Clock = database_clock) -> int:
    """Ends at once what the firm has and takes back what it would have; returns how many. For changes of the firm's
    standing: the caller has asked for the permission, and holds the firm."""
    now = clock()
    rows = rights_left(partner, now).select_for_update(of=("self",))
    found = list(rows.select_related("partner", "product_line", "territory", "industry"))
    for right in found:
        field = "ends_at" if right.begins_at < now else "withdrawn_at"
        setattr(right, field, now)
        _write_end(
            right, by=by, note=reason[:_NOTE] or "The firm's standing changed.", now=now, fields=(field,)
        )
    _tell_of_ends(found, now)
    return len(found)


def _tell_of_ends(rights: Sequence[ExclusiveRight], now: datetime) -> None:
    """Tells of ends that are written, and of rights ahead those who were spared of them by these."""
    for right in rights:
        right_notices.ends(right)
    rights_ahead.tell_who_has_not_heard(now)


def rights_left(partner: Partner, now: datetime) -> ExclusiveRightQuerySet:
    """The firm's rights that run or will."""
    rows = ExclusiveRight.objects.standing().filter(partner=partner)
    return rows.exclude(ends_at__lte=now).order_by("pk")


def _check_permission(by: User) -> None:
    if not by.may("policies.edit"):
        raise NotAllowed("Your role does not include changing the policy.")


def _check_days(wanted: Wanted, today: date, now: datetime) -> None:
    if wanted.begins_on < today:
        raise BadInput(
            "A right can't begin in the past: registrations were decided without it.", field="begins_on"
        )
    if wanted.ends_on is not None and wanted.ends_on < wanted.begins_on:
        raise BadInput("It would end before it begins.", field="ends_on")
    if max(wanted.begins_on, wanted.ends_on or today) > today + _FURTHEST:
        late = "ends_on" if wanted.ends_on and wanted.ends_on > today + _FURTHEST else "begins_on"
        raise BadInput("Choose a day within the next ten years.", field=late)


def _check_notice(
    right: ExclusiveRight, begins_on: date, now: datetime, together: Collection[Partner]
) -> None:
    """The policy says that firms concerned hear of it so many days ahead: what somebody ticks doesn't change who they are."""
    first = earliest_begin(now)
    if begins_on >= first:
        return
    earliest = f"it can begin on {day_words(midnight(first))} at the earliest."
    if not right.nobody_concerned:
        raise BadInput(
            f"Firms concerned are told ahead, so {earliest} Choose that day or a later one, or tick that nobody is concerned.",
            field="begins_on",
        )
    concerned = [firm for firm in firms_concerned(right_of(right), now) if firm not in together]
    if concerned:
        more = f" and {len(concerned) - 1} more" if len(concerned) > 1 else ""
        verb = "are" if more else "is"
        raise BadInput(
            f"{concerned[0]}{more} {verb} concerned and told ahead, so {earliest}", field="begins_on"
        )


def _check_end_notice(right: ExclusiveRight, on: date, now: datetime) -> None:
    first = earliest_end(now)
    if on >= first or not holder_relies(right_of(right), now):
        return
    raise BadInput(
        f"{right.partner} is told ahead, so it can end on {day_words(midnight(first))} at the earliest. Choose that day or a "
        "later one, or tick that they agreed.",
        field="on",
    )


def _refuse_overlaps(right: ExclusiveRight) -> None:
    found = overlapping(right)
    if found:
        raise BadInput(overlap_words(found))


def _locked(right: ExclusiveRight, version: int, now: datetime) -> ExclusiveRight:
    locked = ExclusiveRight.objects.select_for_update(of=("self",))
    found = locked.select_related("partner", "product_line", "territory", "industry").get(pk=right.pk)
    if found.withdrawn_at is not None or (found.ends_at is not None and found.ends_at <= now):
        raise WrongStatus("This right has ended already.")
    if found.version != version:
        raise StaleVersion("Somebody changed this right while you were looking. Look at it, then try again.")
    return found


def _write_end(
    right: ExclusiveRight, *, by: User | None, note: str, now: datetime, fields: tuple[str, ...]
) -> None:
    right.end_note, right.end_set_by, right.end_set_at = _note(note), by, now
    right.version += 1
    right.save(update_fields=[*fields, "end_note", "end_set_by", "end_set_at", "version"])


def _note(note: str) -> str:
    text = " ".join(note.split())
    if not text:
        raise BadInput("Say why, for those who read it later.", field="note")
    if len(text) > _NOTE:
        raise BadInput(f"Please keep this to {_NOTE} characters.", field="note")
    return text
