"""Everything that writes companies, their names, verdicts and named accounts."""

from companies.services.hierarchy import set_parent
from companies.services.locks import lock_companies, lock_registry
from companies.services.named_accounts import import_named_accounts
from companies.services.registry import (
    Resolution,
    add_alias,
    create_company,
    find_or_create_company,
    withdraw_name,
)
from companies.services.verdicts import declare_different, declare_same, undo_verdict

__all__ = [
    "Resolution",
    "add_alias",
    "create_company",
    "declare_different",
    "declare_same",
    "find_or_create_company",
    "import_named_accounts",
    "lock_companies",
    "lock_registry",
    "set_parent",
    "undo_verdict",
    "withdraw_name",
]
