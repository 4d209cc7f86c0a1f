"""Only a firm in good standing registers deals."""

from policies.facts import Facts
from policies.findings import Effect, Finding
from policies.models import RegistrationPolicy
from policies.rulebook import Rulebook
from policies.saying import Kind, Said

CODE = "partner_standing"
SETTING = ""
READS = ()


def check(facts: Facts, book: Rulebook) -> Finding | None:
    """Refused while the firm is suspended or ended."""
    if facts.firm.status not in ("suspended", "ended"):
        return None
    return Finding(CODE, Effect.REFUSED, "Only active partners can register deals.", book.record)


def sentence(policy: RegistrationPolicy, base: str) -> Said:
    """What partners read of it."""
    return Said(Kind.DONT, "Don't register deals while your firm is suspended: only active partners can.")
