"""Locking the rows of registrations, always after their companies."""

from registrations.models import Registration


def lock_registration(pk: int) -> Registration:
    """The registration as it is behind its row lock, which is held to the end of the transaction. Raises DoesNotExist."""
    return lock_registrations([pk])[pk]


def lock_registrations(pks: list[int]) -> dict[int, Registration]:
    """The registrations by id, in the order of their ranks, in which they are locked. Raises DoesNotExist."""
    rows = Registration.objects.filter(pk__in=pks).order_by("rank").select_for_update()
    found = {row.pk: row for row in rows}
    if len(found) < len(set(pks)):
        raise Registration.DoesNotExist("One of these registrations is not there.")
    return found
