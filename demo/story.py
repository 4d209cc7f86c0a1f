"""How the demo's deals are written down: a company, its product lines, and steps counted in days before today.

A step is '<days ago> <verb> [<words>]', such as '48 submit' or '46 refuse territory: The plant is in Japan. // seen twice'.
The verbs are the functions of demo/verbs.py.
"""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random

# Steps older than this many days are moved from weekends to the Friday before.
_RECENT = 6


@dataclass(frozen=True)
class Step:
    """One thing that happens: when, what, and the words that go with it."""

    at: datetime
    verb: str
    words: str


@dataclass(frozen=True)
class Story:
    """One registration from draft to where it stands. `place` is 'DE Ulm 89073'; `lines` 'edge-runtime*40=52000 …'."""

    key: str
    owner: str
    company: str
    place: str
    lines: str
    steps: list[str]
    site: str = ""
    industry: str = ""
    deal: str = ""
    fields: dict[str, object] = field(default_factory=dict)

    def random(self, purpose: object) -> Random:
        """Chance that is the same on every load, whatever else the demo holds."""
        return Random(f"concord:{self.key}:{purpose}")

    def timed(self, today: datetime) -> list[Step]:
        """The steps with their moments; `today` is the beginning of the day of loading, in UTC."""
        return [self._step(number, text, today) for number, text in enumerate(self.steps)]

    def _step(self, number: int, text: str, today: datetime) -> Step:
        when, verb, *words = text.split(" ", 2)
        days, _, clock = when.partition("@")
        day = (today - timedelta(days=int(days))).date()
        if int(days) > _RECENT and day.weekday() > 4 and not clock:
            day -= timedelta(days=day.weekday() - 4)
        chance = self.random(number)
        # Later steps of a day come later, whatever chance says.
        hour = time.fromisoformat(clock) if clock else time(min(7 + number * 2, 17), chance.randrange(60))
        at = datetime.combine(day, hour, tzinfo=today.tzinfo) + timedelta(seconds=chance.randrange(60))
        return Step(at, verb, words[0] if words else "")
