"""The link of an offer's mail: signed, for one person and one offer. Opening it changes nothing; its page's buttons do."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import User
from core.errors import LinkSpent
from registrations.models import Offer
from registrations.permissions import person_may
from registrations.services.mail_links import acting

_SALT = "registrations.offer"
_SECONDS = 400 * 86_400  # the offer's own deadline is what ends it; the page of an old one says what happened
_BROKEN = "This link is not complete. Sign in to see the offer."
_NOT_THEIRS = "Somebody else looks after this registration now, so this link no longer answers for it."


@dataclass(frozen=True)
class OfferLink:
    """What a good link stands for, and who acts by it."""

    offer: Offer
    person: User


def link_for(offer: Offer, person: User) -> str:
    """The address for a mail to `person`."""
    token = signing.dumps([offer.code, person.pk], salt=_SALT)
    return f"{settings.PORTAL_URL}{reverse('registrations:offer_link', args=[token])}"


def read(token: str, *, reader: User | None = None) -> OfferLink:
    """What the link stands for, whether or not the offer is still open; `reader` is who is signed in. Raises LinkSpent for one
    that is none, or whose person does not look after the registration any more; NotYourLink."""
    try:
        code, person_id = signing.loads(token, salt=_SALT, max_age=_SECONDS)
    except (signing.BadSignature, ValueError) as error:
        raise LinkSpent(_BROKEN) from error
    offer = Offer.objects.select_related("registration__partner").filter(code=code).first()
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if offer is None or person is None:
        raise LinkSpent(_BROKEN)
    person = acting(person, offer.registration, reader=reader)
    if not person_may(person, "registrations.register", offer.registration):
        raise LinkSpent(_NOT_THEIRS)
    return OfferLink(offer, person)
