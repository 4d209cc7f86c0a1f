"""A run of the policy as a simulation looks at it."""

from dataclasses import dataclass
from datetime import datetime

from policies.facts import Facts
from policies.outcome import Landing
from registrations.enums import Occasion


@dataclass(frozen=True)
class Case:
    """What was asked about one registration, and where it landed then.

    `run` is the id of what was kept. `facts` is None where that can't be read any more. `reconstructed`: the facts were put
    together afterwards from what the records hold. `only_refusals`: nothing but a refusal counted (models.PolicyRun).
    """

    registration: int
    occasion: Occasion
    at: datetime
    policy: int
    landing: Landing
    facts: Facts | None
    run: int = 0
    only_refusals: bool = False
    reconstructed: bool = False


@dataclass(frozen=True)
class Cursor:
    """How far the reading has come: in the runs that were kept (`kept`), then among the older registrations."""

    kept: bool = True
    at: datetime | None = None
    id: int = 0
