"""Errors of the domain. Each carries a sentence for the person who asked and the HTTP status that says the same."""


class DomainError(Exception):
    """Something that the rules refuse. `message` is shown to the person; nothing was changed."""

    status = 409
    title = "That could not be done"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadInput(DomainError):
    """What was sent cannot be used; `field` names the form field, where there is one."""

    status = 422
    title = "Please check what you entered"

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class NotAllowed(DomainError):
    """The person may see this but not do it."""

    status = 403
    title = "You cannot do this"


class WrongStatus(DomainError):
    """The action does not exist from the status that the record has now."""


class StaleVersion(DomainError):
    """Somebody else changed the record since the person looked at it."""

    title = "This changed while you were looking"


class ScopeTaken(DomainError):
    """Another registration holds the protected scope."""

    title = "Somebody holds this already"


class LinkSpent(DomainError):
    """A mailed link that has expired, was used, or was tampered with."""

    status = 410
    title = "This link no longer works"


class TooLate(DomainError):
    """The time in which this could be done has passed."""

    status = 410
    title = "The time for this has passed"


class TooMany(DomainError):
    """A quota is used up."""

    status = 429
    title = "That is a lot of questions"
