"""What a rule of the policy says about one registration."""

from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """What a finding does to the registration. Of several the strongest decides: `outcome.decide`."""

    ALLOWED = "allowed"  # it speaks for the registration, or only informs
    REFUSED = "refused"
    REVIEW = "review"
    EVIDENCE = "evidence"  # a person looks at it until the evidence is there
    WAITLIST = "waitlist"
    INCOMPLETE = "incomplete"  # the partner fills it in first; nothing is decided before


@dataclass(frozen=True)
class Finding:
    """One rule that spoke: its code, what follows, and the sentence a partner may read, which names no rival.

    `record` names the row that says so, as 'kind:number', such as 'policy:3' for version 3 of the registration policy;
    `beside` are further rows that the words are about.
    """

    rule: str
    effect: Effect
    words: str
    record: str = ""
    beside: tuple[str, ...] = ()
