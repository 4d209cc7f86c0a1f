"""What grants certificates of a type by itself. Apps further up know it (programs: paths of training): they provide it, and
whom such a type is made out to stays."""

from collections.abc import Callable

# The id of a type → the names of what grants it to people.
Provider = Callable[[int], list[str]]
_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Adds a provider; an app does so when it is ready. Lock the type's row before you begin to grant it, and see whom it is
    made out to then: a change of the type at the same moment waits for that lock."""
    if provider not in _providers:
        _providers.append(provider)


def granted_by(type_id: int) -> list[str]:
    """The names of all that grants a type to people, such as paths of training."""
    return [name for provider in _providers for name in provider(type_id)]
