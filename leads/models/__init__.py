"""The tables of the leads app."""

from leads.models.entry import LeadEntry, LeadHead
from leads.models.gift import Gift
from leads.models.lead import Lead
from leads.models.rotation import Turn

__all__ = ["Gift", "Lead", "LeadEntry", "LeadHead", "Turn"]
