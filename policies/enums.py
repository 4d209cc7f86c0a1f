"""Closed lists of the policies."""

from django.db import models


class Treatment(models.TextChoices):
    """What the policy has done with a kind of registration."""

    ALLOWED = "allowed", "Treated like any other"
    REVIEW = "review", "Looked at by a channel manager"
    REFUSED = "refused", "Refused"


class RequiredField(models.TextChoices):
    """Fields of a registration that a policy can ask for: named as there, labelled as in its sentence."""

    WEBSITE = "website", "the company's website"
    CITY = "city", "the company's city"
    POSTCODE = "postcode", "the company's postcode"
    INDUSTRY = "industry", "the company's industry"
    TERRITORY = "territory", "the territory"
    CONTACT_NAME = "contact_name", "the name of a contact person"
    CONTACT_EMAIL = "contact_email", "the contact person's e-mail address"
    CONTACT_PHONE = "contact_phone", "the contact person's telephone number"
    DEAL_NAME = "deal_name", "a name for the deal"
    EXPECTED_CLOSE = "expected_close", "when you expect it to close"
    COMPETITORS = "competitors", "who you compete with"
    NEXT_STEP = "next_step", "the next step"


class Barred(models.TextChoices):
    """What those get who lack an authorisation, or stand inside somebody else's distribution right."""

    REFUSED = "refused", "Refused"
    REVIEW = "review", "Looked at by a channel manager"


class Advice(models.TextChoices):
    """What an own text of operations says."""

    DO = "do", "Do"
    DONT = "dont", "Don't"


class RightNewsKind(models.TextChoices):
    """What is told of the end of a right."""

    ENDS = "ends", "To its holder, ahead"
    ENDED = "ended", "To those for whom it opens"


class NewsKind(models.TextChoices):
    """What partners are told about a version of the registration policy."""

    ANNOUNCED = "announced", "Announced"
    TAKEN_BACK = "taken_back", "Taken back"
