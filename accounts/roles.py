"""The roles that come with the portal. Roles are rows: this table is loaded by a migration, then edited as data."""

from dataclasses import dataclass

from accounts import enums
from accounts.enums import Side

_REP = [
    "registrations.register",
    "registrations.view_own",
    "partners.view_own",
    "policies.view",
    "leads.work",
    "content.read",
    "programs.view_own",
    "training.take",
]
_READ_ALL = [
    "registrations.view_all",
    "companies.view",
    "named_accounts.view",
    "partners.view_all",
    "policies.view",
    "reports.view",
    "reports.export",
    "registrations.export_case",
    "leads.view_all",
    "content.view_all",
    "programs.view_all",
]
_LEADS = ["leads.manage"]
_REFEREE = ["registrations.decide", "registrations.revoke", "companies.judge", "tiers.decide"]
_OPERATIONS = [
    "named_accounts.import",
    "partners.edit",
    "partners.vet",
    "certificates.verify",
    "agreements.edit",
    "members.invite_any",
    "policies.edit",
    "groups.edit",
    "content.edit",
    "programs.edit",
    "programs.enrol",
    "training.edit",
]
_OUTBOX = ["outbox.view", "outbox.resend"]


@dataclass(frozen=True)
class RoleSeed:
    """A role as it is first loaded: its code, its name on screens, its side and what it may do."""

    code: str
    name: str
    side: Side
    permissions: list[str]


SEEDS = [
    RoleSeed(enums.PARTNER_REP, "Partner rep", Side.PARTNER, _REP),
    RoleSeed(
        enums.PARTNER_ADMIN,
        "Partner admin",
        Side.PARTNER,
        [
            *_REP,
            "registrations.view_firm",
            "members.invite_firm",
            "partners.edit_own",
            "programs.join",
            "certificates.submit",
            "agreements.accept",
        ],
    ),
    RoleSeed(enums.CHANNEL_MANAGER, "Channel manager", Side.VENDOR, [*_READ_ALL, *_REFEREE, *_LEADS]),
    RoleSeed(
        enums.CHANNEL_OPERATIONS,
        "Channel operations",
        Side.VENDOR,
        [*_READ_ALL, *_OPERATIONS, *_OUTBOX, *_LEADS],
    ),
    RoleSeed(enums.AUDITOR, "Auditor", Side.VENDOR, [*_READ_ALL, "outbox.view"]),
    RoleSeed(
        enums.ADMINISTRATOR,
        "Administrator",
        Side.VENDOR,
        [*_READ_ALL, *_REFEREE, *_OPERATIONS, *_OUTBOX, *_LEADS],
    ),
]

PERMISSIONS = sorted({permission for seed in SEEDS for permission in seed.permissions})
