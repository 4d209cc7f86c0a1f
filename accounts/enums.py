"""Sides of the portal and the codes of the roles that come with it."""

from django.db import models


class Side(models.TextChoices):
    PARTNER = "partner", "Partner"
    VENDOR = "vendor", "Vendor"


PARTNER_REP = "partner_rep"
PARTNER_ADMIN = "partner_admin"
CHANNEL_MANAGER = "channel_manager"
CHANNEL_OPERATIONS = "channel_operations"
AUDITOR = "auditor"
ADMINISTRATOR = "administrator"
