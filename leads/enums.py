"""Closed lists of the leads app. Logic is keyed on these codes, never on labels."""

from django.db import models


class LeadStatus(models.TextChoices):
    """Where a lead stands. Labels are the vendor's; workflow.py has the partner's words."""

    NEW = "new", "To be given"
    POOLED = "pooled", "In the pool"
    GIVEN = "given", "Waiting for an answer"
    ACCEPTED = "accepted", "Accepted"
    CLOSED = "closed", "Closed"


class LeadAction(models.TextChoices):
    """What can be done to a lead: the names of history entries and of the rows in workflow.TRANSITIONS."""

    CREATE = "create", "Create"
    CHANGE = "change", "Change"
    GIVE = "give", "Give"
    POOL = "pool", "Put into the pool"
    CLAIM = "claim", "Claim"
    ACCEPT = "accept", "Accept"
    DECLINE = "decline", "Decline"
    PULL_BACK = "pull_back", "Pull back"
    TAKE_BACK = "take_back", "Take back"
    CLOSE = "close", "Close"


class Way(models.TextChoices):
    """How a firm comes to a lead."""

    HAND = "hand", "By hand"
    TERRITORY = "territory", "By territory"
    ROTATION = "rotation", "In turn"
    POOL = "pool", "From the pool"


class Onward(models.TextChoices):
    """Where a lead goes when a firm declines it or stays silent."""

    ROTATION = "rotation", "To the next in turn"
    TERRITORY = "territory", "To the next firm of the territory"
    POOL = "pool", "Into the pool"
    BACK = "back", "Back to us"


class GiftEnd(models.TextChoices):
    """How a gift ended; empty while the firm has the lead."""

    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    PULLED_BACK = "pulled_back", "Pulled back"
    TAKEN_BACK = "taken_back", "Taken back"


# After these the firm isn't offered the lead again. What the vendor took back was no word of the firm's.
NOT_AGAIN = (GiftEnd.DECLINED, GiftEnd.PULLED_BACK)


class DeclineReason(models.TextChoices):
    """Why a partner declines a lead."""

    CAPACITY = "capacity", "No capacity at the moment"
    FIT = "fit", "Not what we do"
    TERRITORY = "territory", "Outside our territory"
    INTEREST = "interest", "We work with a competitor of this company"
    SIZE = "size", "Too small or too large for us"
    CONTACT = "contact", "The contact can't be reached or has no need"
    OTHER = "other", "Another reason"


class CloseReason(models.TextChoices):
    """Why the vendor closes a lead."""

    NO_NEED = "no_need", "No need any more"
    DUPLICATE = "duplicate", "Double of another lead"
    DIRECT = "direct", "Direct sales takes it"
    INVALID = "invalid", "Wrong or unusable"
