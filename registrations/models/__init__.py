"""The tables of the registrations app; `Registration` is the heart of the product."""

from registrations.models.attachment import Attachment
from registrations.models.conflict import Conflict
from registrations.models.decision import Decision
from registrations.models.holding import Holding, Line
from registrations.models.milestone import Milestone
from registrations.models.precheck import PrecheckLog
from registrations.models.registration import Registration
from registrations.models.timeline import TimelineEntry

__all__ = [
    "Attachment",
    "Conflict",
    "Decision",
    "Holding",
    "Line",
    "Milestone",
    "PrecheckLog",
    "Registration",
    "TimelineEntry",
]
