"""How long protection lasts and what renews it (R7)."""

from datetime import datetime, timedelta

from policies.models import RegistrationPolicy
from registrations.models import Registration

# What begins or renews protection; pass it to save(update_fields=…).
FIELDS = ("protected_from", "protected_until", "protection_epoch", "last_update_at")


def renew(registration: Registration, policy: RegistrationPolicy, *, at: datetime) -> None:
    """Protects for the policy's full period from `at`; a new epoch begins, and its reminders with it."""
    if registration.protected_from is None:
        registration.protected_from = at
    registration.protected_until = at + timedelta(days=policy.protection_days)
    registration.protection_epoch += 1
    registration.last_update_at = at
