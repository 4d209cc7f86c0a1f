"""What becomes of operations' own texts, in words: what stands beside a text, and what follows as it ends or is taken back."""

from datetime import datetime

from django.utils.text import Truncator

from policies.models import Guidance
from policies.shown import day_words, last_day_words

_QUOTED = 80


def quoted(text: Guidance) -> str:
    """'‘Quote list prices.’', the beginning of a long one."""
    return f"‘{Truncator(text.text).chars(_QUOTED)}’"


def beside(text: Guidance, now: datetime) -> str:
    """What partners read before and after it, for who changes it; '' where nothing stands beside it."""
    before, after = text.until_then(now), text.comes_next()
    said = []
    if before:
        said.append(f"Partners read {quoted(before)} until this one comes, whichever day you choose.")
    if after:
        day = day_words(after.begins_at)
        said.append(f"{quoted(after)} comes in its place on {day}, whatever you change here.")
    return " ".join(said)


def without(text: Guidance, now: datetime) -> str:
    """What partners read where it ends at `now`, or is taken back before it begins."""
    before, after = text.until_then(now), text.comes_next()
    day = day_words(after.begins_at) if after else ""
    if before:
        return f"{quoted(before)} goes on{f' until {quoted(after)} comes on {day}' if after else ''}."
    if text.begins_at > now:
        return f"Partners never read it.{f' {quoted(after)} comes on {day} all the same.' if after else ''}"
    return f"Nothing stands in its place{f' until {quoted(after)} comes on {day}' if after else ''}."


def ended(text: Guidance, now: datetime) -> str:
    """The same, once that was done."""
    done = "Taken back." if text.begins_at > now else "Partners no longer read this text."
    return f"{done} {without(text, now)}"


def saved(text: Guidance, now: datetime) -> str:
    """From when and until when partners read a text that was written."""
    before, after = text.until_then(now), text.comes_next()
    if text.begins_at <= now:
        words = "Saved. Partners read it now"
    else:
        words = f"Saved. Partners read it from {day_words(text.begins_at)} on"
    if after:
        words += f", until {last_day_words(after.begins_at)}"
    return f"{words}. {quoted(before)} stands until then." if before else f"{words}."
