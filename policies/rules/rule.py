"""What a rule's file offers."""

from typing import Protocol

from policies.facts import Facts
from policies.findings import Finding
from policies.models import RegistrationPolicy
from policies.rulebook import Rulebook
from policies.saying import Said


class Rule(Protocol):
    """A rule: pure, typed, one file. `CODE` is what its findings are called."""

    @property
    def CODE(self) -> str: ...

    def check(self, facts: Facts, book: Rulebook) -> Finding | None:
        """What it says of these facts; None where it does not apply."""


class PolicyRule(Rule, Protocol):
    """A rule of the registration policy. `SETTING` is the setting that its sentence explains, '' where there is none;
    `READS` are all settings that it looks at."""

    @property
    def SETTING(self) -> str: ...

    @property
    def READS(self) -> tuple[str, ...]: ...

    def sentence(self, policy: RegistrationPolicy, base: str) -> Said:
        """What partners read of it; `base` is the code of the base currency."""
