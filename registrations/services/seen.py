"""What the portal notes about a registration under review has to be seen before it is decided about."""

from accounts.models import User
from core.errors import StaleVersion
from registrations.models import Registration
from registrations.services import new_rules, rival_ends

NOTES = (*new_rules.KINDS, rival_ends.KIND)


def require_seen(registration: Registration, number: int, *, by: User) -> None:
    """Raises StaleVersion where such a note came after timeline entry `number`, the last that a form of `by` was made from.
    What `by` ended by a decision of their own they know."""
    notes = registration.timeline.standing().filter(kind__in=NOTES, number__gt=number)
    kinds = set(notes.exclude(kind=rival_ends.KIND, actor=by).values_list("kind", flat=True))
    if kinds:
        raise StaleVersion(f"{_what(kinds)} after you opened this. Look at it again, then decide.")


def _what(kinds: set[str]) -> str:
    if kinds == {rival_ends.KIND}:
        return "What it was compared with, or kept out by, has ended"
    return "The firm is not what it was" if kinds == {new_rules.FIRM} else "A rule began or ceased to apply"
