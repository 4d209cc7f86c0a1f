"""Who may do what with companies; the names of actions are listed with the roles."""

from __future__ import annotations

from accounts.models import User
from core.errors import NotAllowed

JUDGE = "companies.judge"
IMPORT_ACCOUNTS = "named_accounts.import"


def check(by: User | None, permission: str) -> None:
    """Raises NotAllowed when a person lacks the permission; the portal itself (None) may do everything."""
    if by is not None and not by.may(permission):
        raise NotAllowed("Your role does not include this. Ask an administrator of your organisation.")
