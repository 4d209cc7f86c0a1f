"""Who is told of distribution rights: the holder by name, firms concerned without a word on whose they are or how many."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.db.models import Max
from django.urls import reverse

from core.clock import fixed
from core.vendor_days import last_day, vendor_day
from notifications.enums import MessageStatus
from notifications.models import Message
from notifications.services import cancel_message, cancel_unread, notify
from partners.models import Partner
from policies.by_country import Standing
from policies.concerned import firms_there, rights_meanwhile
from policies.enums import Barred
from policies.firms import selling_firms
from policies.loading import right_of, rights_during
from policies.models import ExclusiveRight
from policies.reach import leaves_a_part, outermost, spares, within
from policies.reopening import Remaining, Reopening, afterwards, remaining, reopenings
from policies.rights import right_words
from policies.services.readers import firms_told, readers_of, times_taken_back, told_by_number

_INSTANT = timedelta(microseconds=1)
# A second right to a scope that is not exclusive is given within minutes of the first.
_HELD_SECONDS = 600
_GIVEN, ANNOUNCED, ENDS = "policy.right_given", "policy.right_announced", "policy.right_ends"


def given(rights: Sequence[ExclusiveRight]) -> None:
    """Before they begin, rights to one scope that were given together: each holder that they get theirs, the others once that
    what they are about is reserved. The news waits some minutes, as another firm may be given a right there next: what a firm
    was to read that has one to all of it by now is taken back."""
    for right in rights:
        _tell({right.partner: {}}, _GIVEN, right, right.created_at)
    first, told, at = rights[0], right_of(rights[0]), rights[0].created_at
    others = {right_of(right).code for right in rights[1:]}
    meanwhile = [right for right in rights_meanwhile(told) if right.code not in others]
    holders = {right.partner_id for right in rights}
    there = (firm for firm in firms_there(told, at) if firm.pk not in holders)
    announce(first, [firm for firm in there if not spares(told, firm.pk, meanwhile)], at)
    for right in rights:
        _take_back_what_is_untrue(right)


def announce(right: ExclusiveRight, firms: Iterable[Partner], at: datetime) -> None:
    """Tells the firms that new registrations of theirs inside it are kept out from its beginning on; also a firm for which
    that was taken back before it could read it."""
    told, again = right_of(right), times_taken_back(ANNOUNCED, right.pk)
    beside = rights_during(right.begins_at, right.begins_at)
    by_occasion: dict[str, dict[Partner, dict[str, Any]]] = defaultdict(dict)
    for firm in firms:
        in_part = leaves_a_part(told, firm.pk, beside, right.begins_at)
        # By what was taken back, so that two sweeps at once tell it once.
        by_occasion[f"{again.get(firm.pk, 0) + 1}"][firm] = {"in_part": in_part}
    for about, context in by_occasion.items():
        _tell(context, ANNOUNCED, right, at, about=about, held_seconds=_HELD_SECONDS)


def _take_back_what_is_untrue(right: ExclusiveRight) -> None:
    """News that waits still, of rights that take nothing from the firm which has this one by now."""
    prefix = f"{ANNOUNCED}:"
    waiting = Message.objects.filter(
        occasion__startswith=prefix,
        status=MessageStatus.PENDING,
        recipient__member__partner=right.partner_id,
    )
    for message in waiting:
        other = ExclusiveRight.objects.select_related("product_line", "territory", "industry").get(
            pk=message.occasion.removeprefix(prefix).partition(":")[0]
        )
        told = right_of(other)
        if spares(told, right.partner_id, rights_meanwhile(told)):
            cancel_message(message)


def ends(right: ExclusiveRight) -> None:
    """It ends earlier than was said, or does not begin at all. The holder reads what follows for it; of the others whoever may
    register more from then on, with what still stands against that, also a firm that could not when the right was given. Who
    was told of what does not begin reads so in any case, and where others' rights do the same for a shorter time until when;
    who could not read the announcement yet never hears of either."""
    taken_back = right.withdrawn_at is not None
    at, end = right.end_set_at or right.created_at, right.begins_at if taken_back else right.ends_at
    assert end is not None
    bound = right_of(right)
    _tell({right.partner: _own(right, end)}, ENDS, right, at)
    told, unread, wait = _take_back_announcement(right, at, over=taken_back or end <= at)
    told.pop(right.partner_id, None)
    concerned = {firm.pk: firm for firm in selling_firms().exclude(pk=right.partner_id)} | told
    concerned = {pk: firm for pk, firm in concerned.items() if pk not in unread}
    opens = reopenings(bound, list(concerned.values()), end)
    meanwhile = rights_meanwhile(bound)
    # What another right does as strictly is not taken back for them.
    misled = {pk: firm for pk, firm in told.items() if taken_back and not spares(bound, pk, meanwhile)}
    left = remaining(bound, [firm for pk, firm in misled.items() if pk not in opens])
    context = {concerned[pk]: _opening(found) for pk, found in opens.items()}
    context |= {firm: _opening(None) for pk, firm in misled.items() if pk not in opens and pk not in left}
    context |= {misled[pk]: _shorter(found, found.until) for pk, found in left.items() if found.until}
    _tell(context, ENDS, right, at, held_seconds=wait)


def _take_back_announcement(
    right: ExclusiveRight, at: datetime, *, over: bool
) -> tuple[dict[int, Partner], set[int], int]:
    """The firms told of the right, those of whom nobody could read that at `at`, and the seconds until the last of it has left.
    Where it is `over`, what nobody could read does not leave any more."""
    occasion = f"{ANNOUNCED}:{right.pk}"
    told = {firm.pk: firm for firm in firms_told(occasion)}
    if not over:
        waiting = Message.objects.filter(occasion__startswith=f"{occasion}:", status=MessageStatus.PENDING)
        last = waiting.aggregate(last=Max("not_before"))["last"]
        return told, set(), max(ceil((last - at).total_seconds()), 0) if last is not None else 0
    cancel_unread(occasion, at=at)
    read = {firm.pk: firm for firm in firms_told(occasion)}
    return read, set(told) - set(read), 0


def _own(right: ExclusiveRight, end: datetime) -> dict[str, Any]:
    """What follows for its holder."""
    then = afterwards(right_of(right), right.partner, end)
    return {
        "own": True,
        "refused_then": then.standing == Standing.REFUSED,
        "looked_at_then": then.standing == Standing.REVIEW,
        "parts_then": [
            {
                "what": one.what,
                "refused": one.refused,
                "until": last_day(one.until) if one.until is not None else None,
            }
            for one in then.parts
        ],
    }


def _opening(found: Reopening | None) -> dict[str, Any]:
    return {
        "own": False,
        "open": found is not None,
        "looked_at": found is not None and found.standing == Standing.REVIEW,
        "in_part": found is not None and found.in_part,
        "until": vendor_day(found.until) if found is not None and found.until else None,
    }


def _shorter(found: Remaining, until: datetime) -> dict[str, Any]:
    return _opening(found.opening) | {
        "only_until": last_day(until),
        "refused": found.kept == Standing.REFUSED,
    }


def ending(right: ExclusiveRight, now: datetime) -> None:
    """Reminds the holder of the end that the right was given with."""
    assert right.ends_at is not None
    own = _own(right, right.ends_at) | {"reminder": True}
    _tell({right.partner: own}, ENDS, right, now, about="reminder")


def ended(rights: Sequence[ExclusiveRight], now: datetime) -> None:
    """They ended at one moment, as it was said when they were given, or later: whoever may register more since then and has not
    read of that reads so, no scope twice."""
    bound = {right_of(right).code: right for right in rights}
    found: dict[str, dict[int, Reopening]] = {}
    firms: dict[int, Partner] = {}
    for code, right in bound.items():
        assert right.ends_at is not None
        told = right_of(right)
        there = {firm.pk: firm for firm in firms_there(told, right.ends_at - _INSTANT)}
        found[code] = reopenings(told, list(there.values()), now)
        firms |= there
    heard = [(right_of(right), _heard_of_end(right)) for right in rights]
    said: dict[str, dict[Partner, dict[str, Any]]] = defaultdict(dict)
    for pk, firm in firms.items():
        opening = [right_of(right) for code, right in bound.items() if pk in found[code]]
        known = [right for right, read_by in heard if pk in read_by]
        for one in outermost([one for one in opening if not any(within(one, other) for other in known)]):
            said[one.code][firm] = _opening(found[one.code][pk])
    for code, context in said.items():
        _tell(context, ENDS, bound[code], now, about="over")


def _heard_of_end(right: ExclusiveRight) -> set[int]:
    """Firms told of it when it was set, and those that never heard of the right, which ended before they could."""
    told = told_by_number(ENDS, [right.pk])[right.pk] if right.end_set_at is not None else set()
    return told | (
        set(times_taken_back(ANNOUNCED, right.pk)) - told_by_number(ANNOUNCED, [right.pk])[right.pk]
    )


def _tell(
    firms: Mapping[Partner, dict[str, Any]],
    event: str,
    right: ExclusiveRight,
    at: datetime,
    *,
    about: str = "",
    held_seconds: int = 0,
) -> None:
    """Tells the firms, each with what its mail says beside what the right is, once for `about`, else for its version."""
    said = {firm.pk: {"partner_name": firm.name, **more} for firm, more in firms.items()}
    for firm, people in readers_of(list(said)).items():
        for person in people:
            notify(
                event=event,
                recipient=person,
                context=_context(right) | said[firm],
                # The code would tell the firms concerned nothing, and is not theirs to know.
                occasion=f"{event}:{right.pk}:{about or right.version}",
                link=reverse("policies:registration_policy"),
                held_seconds=held_seconds,
                clock=fixed(at),
            )


def _context(right: ExclusiveRight) -> dict[str, Any]:
    """Plain values, none of which says whose right it is. Whether it is exclusive its holder alone reads."""
    return {
        "scope": right_words(right),
        "begins_on": vendor_day(right.begins_at),
        "ends_on": last_day(right.ends_at) if right.ends_at else None,
        "exclusive": right.is_exclusive,
        "refused": right.effect == Barred.REFUSED,
        "taken_back": right.withdrawn_at is not None,
    }
