"""The 'still active' link of a reminder (R8): signed, expiring, used once; the page's button posts, opening does nothing."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, LinkSpent
from registrations.enums import Action, Status
from registrations.models import Registration
from registrations.permissions import person_may
from registrations.services import qualifying
from registrations.services.mail_links import acting
from registrations.services.partner_actions import renew
from registrations.services.transitions import opened

_SALT = "registrations.still_active"
_SECONDS = 45 * 86_400

_GONE = "This link has expired or is not complete. Sign in to update the registration."
_USED = "This link was used, or the registration was updated in another way. Nothing more is needed from this mail."


@dataclass(frozen=True)
class Link:
    """What a good link stands for, and who acts by it."""

    registration: Registration
    person: User


def link_for(registration: Registration, person: User | None = None) -> str:
    """The address for a mail to `person` (the owner, unless another is named). It names registration, period of
    protection and person; a new period makes it void."""
    token = signing.dumps(
        [registration.code, registration.protection_epoch, person.pk if person else registration.owner_id],
        salt=_SALT,
    )
    return f"{settings.PORTAL_URL}{reverse('registrations:still_active', args=[token])}"


def read(token: str, *, reader: User | None = None) -> Link:
    """What the link stands for, if it still does; `reader` is who is signed in. Raises LinkSpent: tampered, expired, of another
    purpose, or used; NotYourLink."""
    try:
        code, epoch, person_id = signing.loads(token, salt=_SALT, max_age=_SECONDS)
    except (signing.BadSignature, ValueError) as error:
        raise LinkSpent(_GONE) from error
    registration = Registration.objects.filter(code=code).select_related("partner", "owner").first()
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if registration is None or person is None:
        raise LinkSpent(_GONE)
    person = acting(person, registration, reader=reader)
    if not person_may(person, "registrations.register", registration):
        raise LinkSpent("Somebody else looks after this registration now, so this link no longer updates it.")
    if registration.protection_epoch != epoch:
        raise LinkSpent(_USED)
    if registration.status != Status.APPROVED:
        raise LinkSpent(f"{registration.code} is not protected any more, so there is nothing to keep alive.")
    return Link(registration, person)


def keep_alive(
    token: str, *, reader: User | None = None, note: str = "", clock: Clock = database_clock
) -> Registration:
    """Posts the update in the name of the person the mail went to, or of the `reader`, a colleague. Raises LinkSpent,
    NotYourLink, WrongStatus, NotAllowed, BadInput where the policy wants evidence, which a click is not."""
    with transaction.atomic():
        link = read(token, reader=reader)
        locked = opened(link.registration, Action.UPDATE, by=link.person)
        if locked.protection_epoch != link.registration.protection_epoch:
            raise LinkSpent(_USED)
        refused = qualifying.lacks_evidence(locked, {}, with_file=False)
        if refused:
            raise BadInput(f"{refused} Sign in to post it.")
        renew(locked, by=link.person, at=clock(), note=note, via="mail link")
    return locked
