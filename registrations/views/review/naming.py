"""How the desk names registrations in its sentences."""

from django.utils.text import Truncator

from registrations.models import Registration


def short(row: Registration) -> str:
    """The firm's name, cut where it is very long."""
    return cut(row.partner.name)


def cut(name: str) -> str:
    """A firm's name, at most 40 characters of it."""
    return str(Truncator(name).chars(40))


def named(row: Registration) -> str:
    """'Southridge (R-7KQ2MX)'."""
    return f"{short(row)} ({row.code})"


def possessive(row: Registration) -> str:
    """'Southridge's R-7KQ2MX'."""
    return f"{short(row)}’s {row.code}"


def joined(*sentences: str) -> str:
    """Those that say something, one after the other."""
    return " ".join(sentence for sentence in sentences if sentence)
