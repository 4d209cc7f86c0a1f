"""Links of mails act for the person they were sent to, with one click and without signing in. Who acts where somebody is signed
in all the same is said here, for every kind of link."""

from accounts.models import User
from core.errors import LinkSpent
from registrations.models import Registration
from registrations.permissions import person_may


class NotYourLink(LinkSpent):
    """The link was sent to somebody else than who is signed in. The words tell nothing of the deal."""

    status = 409
    title = "This link was sent to somebody else"


def acting(person: User, registration: Registration, *, reader: User | None) -> User:
    """Who acts by a link that was sent to `person`: a `reader` who is signed in acts in their own name, a colleague who looks
    after the registration, too, included. Raises NotYourLink for any other; then nothing may be shown of the registration."""
    if reader is None or reader.pk == person.pk:
        return person
    if reader.is_vendor or not person_may(reader, "registrations.register", registration):
        raise NotYourLink(
            "It acts for the person it was sent to. Nothing was changed. If that is you, sign out and open it again."
        )
    return reader
