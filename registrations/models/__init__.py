"""The tables of the registrations app; `Registration` is the heart of the product."""

from registrations.models.agreement import Agreement
from registrations.models.attachment import Attachment
from registrations.models.conflict import Conflict
from registrations.models.decision import Decision
from registrations.models.desk import Escalation, Look, SavedView, Snooze
from registrations.models.holding import Holding, Line
from registrations.models.incoming import IncomingMail, MailboxReading
from registrations.models.milestone import Milestone
from registrations.models.offer import Offer
from registrations.models.policy_run import PolicyRun
from registrations.models.precheck import PrecheckLog
from registrations.models.registration import Registration
from registrations.models.requests import Appeal, CustomerLetter, Extension
from registrations.models.simulation import SimulatedCase, Simulation
from registrations.models.timeline import TimelineEntry, TimelineHead

__all__ = [
    "Agreement",
    "Appeal",
    "Attachment",
    "Conflict",
    "CustomerLetter",
    "Decision",
    "Escalation",
    "Extension",
    "Holding",
    "IncomingMail",
    "Line",
    "Look",
    "MailboxReading",
    "Milestone",
    "Offer",
    "PolicyRun",
    "PrecheckLog",
    "Registration",
    "SavedView",
    "SimulatedCase",
    "Simulation",
    "Snooze",
    "TimelineEntry",
    "TimelineHead",
]
