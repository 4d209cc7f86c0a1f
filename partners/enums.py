"""Closed lists about partners."""

from django.db import models


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
