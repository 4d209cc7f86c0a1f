"""How long protection lasts and what renews it (R7)."""

from datetime import datetime, timedelta

from policies.models import RegistrationPolicy
from registrations.models import Registration

# What begins or renews protection; pass it to save(update_fields=…).
FIELDS = ("protected_from", "protected_until", "protection_epoch", "last_update_at")


def end_of_renewed(registration: Registration, policy: RegistrationPolicy, *, at: datetime) -> datetime:
    """When protection ends that is renewed at `at`: never earlier than it would have, as extensions may reach further."""
    full = at + timedelta(days=policy.protection_days)
    return max(registration.protected_until or full, full)


def renew(registration: Registration, policy: RegistrationPolicy, *, at: datetime) -> None:
    """Protects for the policy's full period from `at`, or as long as before; a new epoch begins, and its reminders with it."""
    if registration.protected_from is None:
        registration.protected_from = at
    registration.protected_until = end_of_renewed(registration, policy, at=at)
    registration.protection_epoch += 1
    registration.last_update_at = at
