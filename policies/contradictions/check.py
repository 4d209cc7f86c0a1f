"""What a check of settings beside each other is, and the small change of the checks."""

from collections.abc import Callable
from dataclasses import dataclass, field

from policies.settings import Values


@dataclass(frozen=True)
class Ground:
    """What stands around a policy: whether the catalogue has territories and industries, the kinds and tiers of the firms
    that register deals and who is of both (`firms`), and whether one of them has territories of its own. Without a firm
    nothing is known of firms."""

    territories: bool = True
    industries: bool = True
    kinds: frozenset[str] = field(default_factory=frozenset)
    tiers: frozenset[str] = field(default_factory=frozenset)
    firms: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    own_territories: bool = True


@dataclass(frozen=True)
class Check:
    """One thing that does not fit, or may not have been meant. It is told at `setting`; `beside` are the other settings
    that it is about. `words` gives the sentence, '' where all is well; settings that are missing or None are not looked at,
    since a form reports those by itself."""

    setting: str
    beside: tuple[str, ...]
    words: Callable[[Values, Ground], str]


@dataclass(frozen=True)
class Told:
    """What a check said."""

    setting: str
    beside: tuple[str, ...]
    words: str


def given(values: Values, *names: str) -> bool:
    """Whether all of these settings have a value."""
    return all(values.get(name) is not None for name in names)


def first_notice(values: Values) -> int:
    """How many days ahead the first final notice goes out; 0 for none."""
    finals: list[int] = values.get("final_notice_days") or [0]
    return max(finals)


def in_calendar_days(business_days: int) -> int:
    """How many days of a calendar so many business days take at least."""
    weeks, rest = divmod(business_days, 5)
    return 7 * weeks + rest
