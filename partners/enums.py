"""Closed lists about partners."""

from django.db import models

# The source of the steps by which a firm is brought in; apps further up give steps with sources of their own.
ONBOARDING = "onboarding"


class PartnerKind(models.TextChoices):
    RESELLER = "reseller", "Reseller"
    DISTRIBUTOR = "distributor", "Distributor"
    INTEGRATOR = "integrator", "System integrator"
    MSP = "msp", "Managed service provider"
    CONSULTANT = "consultant", "Consultant"


class PartnerTier(models.TextChoices):
    REGISTERED = "registered", "Registered"
    SILVER = "silver", "Silver"
    GOLD = "gold", "Gold"
    PLATINUM = "platinum", "Platinum"


class PartnerStatus(models.TextChoices):
    PROSPECT = "prospect", "Prospect"
    ONBOARDING = "onboarding", "Onboarding"
    ACTIVE = "active", "Active"
    SUSPENDED = "suspended", "Suspended"
    ENDED = "ended", "Ended"


class StandingChange(models.TextChoices):
    """What is done to a firm's status: partners/workflow.py says from where to where."""

    BEGIN = "begin", "Begin onboarding"
    ACTIVATE = "activate", "Activate"
    SUSPEND = "suspend", "Suspend"
    END = "end", "End the partnership"
    REINSTATE = "reinstate", "Reinstate"


class PickKind(models.TextChoices):
    """What somebody said by hand of a firm and a group."""

    ADDED = "added", "Added"
    EXCLUDED = "excluded", "Excluded"


class PartnerFunction(models.TextChoices):
    """What somebody at a partner does: a firm that sells needs each of them."""

    SALES = "sales", "Sales"
    MARKETING = "marketing", "Marketing"
    TECHNICAL = "technical", "Technical"


class EntryAudience(models.TextChoices):
    """Who may read a line of a firm's history."""

    BOTH = "both", "Firm and vendor"
    VENDOR = "vendor", "Vendor only"


class MilestoneKind(models.TextChoices):
    """What a firm reaches once."""

    FIRST_REGISTRATION = "first_registration", "First registration"
    FIRST_WIN = "first_win", "First win"


class ApplicationState(models.TextChoices):
    """How far an application has come. Unconfirmed ones wait for the link in the mail and reach nobody."""

    UNCONFIRMED = "unconfirmed", "Not confirmed"
    RECEIVED = "received", "To be decided"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"


UNDECIDED = (ApplicationState.UNCONFIRMED, ApplicationState.RECEIVED)
DECIDED = (ApplicationState.ACCEPTED, ApplicationState.DECLINED)


class ApplicationReason(models.TextChoices):
    """Why an application is declined; the applicant reads it."""

    FIT = "fit", "Our products and your business don't fit at present"
    REGION = "region", "We have enough partners in your region at present"
    KNOWN = "known", "Your firm works with us already"
    INCOMPLETE = "incomplete", "We could not verify what you wrote"
    OTHER = "other", "Another reason"


class StepSide(models.TextChoices):
    """Who does a step of onboarding."""

    PARTNER = "partner", "Partner"
    VENDOR = "vendor", "Vendor"


class GroupEntryKind(models.TextChoices):
    """What happened to a group."""

    CREATED = "created", "Made"
    CHANGED = "changed", "Changed"
    ADDED = "added", "Added by hand"
    EXCLUDED = "excluded", "Excluded by hand"
    DROPPED = "dropped", "Left to the rule again"
