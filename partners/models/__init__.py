"""The tables of the partners app; `Partner` is the firm."""

from partners.models.agreement import Agreement, AgreementAcceptance, AgreementVersion
from partners.models.application import Application, ApplicationCheck, ApplicationNote, ChecklistItem
from partners.models.certificate import Certificate, CertificateType, CertificateWarning
from partners.models.firm import Partner
from partners.models.group import Group, GroupPick
from partners.models.group_entry import GroupEntry
from partners.models.history import FirmEntry
from partners.models.merge import MergedRow, PartnerMerge
from partners.models.milestone import FirmMilestone
from partners.models.onboarding import OnboardingPlan, OnboardingStep, PlanStep, WrittenStep
from partners.models.people import Invitation, Member

__all__ = [
    "Agreement",
    "AgreementAcceptance",
    "AgreementVersion",
    "Application",
    "ApplicationCheck",
    "ApplicationNote",
    "Certificate",
    "CertificateType",
    "CertificateWarning",
    "ChecklistItem",
    "FirmEntry",
    "FirmMilestone",
    "Group",
    "GroupEntry",
    "GroupPick",
    "Invitation",
    "Member",
    "MergedRow",
    "OnboardingPlan",
    "OnboardingStep",
    "Partner",
    "PartnerMerge",
    "PlanStep",
    "WrittenStep",
]
