"""Contact with the company that nobody stated."""

from policies.facts import Facts
from policies.findings import Effect, Finding
from policies.models import RegistrationPolicy
from policies.rulebook import Rulebook
from policies.saying import Kind, Said

CODE = "no_contact"
SETTING = "evidence_required"
READS = ("evidence_required",)


def check(facts: Facts, book: Rulebook) -> Finding | None:
    """A person looks until the contact is stated, where the policy asks for it."""
    if facts.contact_stated or not book.policy.evidence_required:
        return None
    return Finding(
        CODE, Effect.EVIDENCE, "The policy asks what contact with the company took place.", book.record
    )


def sentence(policy: RegistrationPolicy, base: str) -> Said:
    """What partners read of it."""
    if policy.evidence_required:
        text = "Say what contact with the company took place. Without it a channel manager has to look first."
        return Said(Kind.DO, text)
    text = "Say what contact with the company took place, if there was any. It is not required."
    return Said(Kind.DO, text)
