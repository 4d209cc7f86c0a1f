"""Why nothing closes with a certificate, in words that begin a sentence: '…, so nothing closes with it.'"""

from datetime import date

from core.shown import day
from partners.certificates.ending import Held, Moment, Some, opened, tips
from partners.certificates.gates import Judge

UNASKED = "No rule asks for it at the moment"
GONE = "Whoever it is made out to is not here any more"
AHEAD = "Its first day is still to come"
PAST = "Its last day has passed"
ENOUGH = "What the firm holds besides is enough"
SHUT = "What asks for it stays as it is, with it or without it"


def why_nothing(
    moment: Moment, own: Held, counted: Some, judge: Judge, *, today: date, is_asked_for: bool
) -> str:
    """The reason of one that closes nothing. `counted` are all certificates of the firm that count at some time;
    `is_asked_for` says whether any rule names its type."""
    if _hangs_on(moment, own, judge):
        copies = sorted(
            {one for one in moment.after if one.code == own.code}, key=lambda one: (one.holder, one.pk)
        )
        return f"Another one goes on ({_who(copies)})" if copies else ENOUGH
    gone = frozenset(one for one in counted if one.end and own.end and one.end < own.end) - moment.before
    if first := _closed_with(moment, own, gone, judge):
        past = first.end is not None and first.end < today
        closes, ends = ("closed", "ended") if past else ("closes", "ends")
        return f"What asks for it {closes} already with {first.words}, which {ends} on {day(first.end)}"
    return SHUT if is_asked_for else UNASKED


def _hangs_on(moment: Moment, own: Held, judge: Judge) -> bool:
    """Whether something that is open would close with it, were the others not there."""
    others = moment.before | moment.after
    return any(tips(moment, gate, own, others, judge) for gate in opened(moment, moment.before, judge))


def _closed_with(moment: Moment, own: Held, gone: Some, judge: Judge) -> Held | None:
    """The one that ended before it, and with which something closed, or closes, that hangs on `own` as well."""
    is_open = set(opened(moment, moment.before, judge)) if gone else set()
    everything = moment.before | gone
    for gate in opened(moment, everything, judge) if gone else []:
        if gate in is_open or not tips(moment, gate, own, everything, judge, gone):
            continue
        for last in sorted({one.end for one in gone if one.end}):
            ended = frozenset(one for one in gone if one.end and one.end <= last)
            if gate in opened(moment, everything - ended, judge):
                continue
            those = [one for one in ended if one.end == last and tips(moment, gate, one, ended, judge, gone)]
            return min(those, key=lambda one: (one.name, one.pk), default=None)
    return None


def _who(copies: list[Held]) -> str:
    first = copies[0].holder or copies[0].number
    return f"{first} and {len(copies) - 1} more" if len(copies) > 1 else first
