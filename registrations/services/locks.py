"""Locking the rows of registrations, always after their companies."""

from registrations.models import Registration

# Put together here, once: a row has some fifty columns, and a queryset writes all of them out anew each time.
_LOCK = "SELECT * FROM registrations_registration WHERE id = ANY(%s) ORDER BY rank FOR UPDATE"


def lock_registration(pk: int) -> Registration:
    """The registration as it is behind its row lock, which is held to the end of the transaction. Raises DoesNotExist."""
    return lock_registrations([pk])[pk]


def lock_registrations(pks: list[int]) -> dict[int, Registration]:
    """The registrations by id, in the order of their ranks, in which they are locked. Raises DoesNotExist."""
    found = {row.pk: row for row in Registration.objects.raw(_LOCK, [pks])}
    if len(found) < len(set(pks)):
        raise Registration.DoesNotExist("One of these registrations is not there.")
    return found
