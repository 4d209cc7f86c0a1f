"""Everything that writes companies, their names, verdicts and named accounts."""

from companies.services.changes import undo_change
from companies.services.discarding import discard
from companies.services.doubles import look_for_doubles
from companies.services.facts import edit_facts
from companies.services.hierarchy import set_parent
from companies.services.locks import lock_companies, lock_registry
from companies.services.merge_plan import MergePlan, plan_merge
from companies.services.named_accounts import import_named_accounts
from companies.services.registry import (
    Resolution,
    add_alias,
    create_company,
    find_or_create_company,
    withdraw_name,
)
from companies.services.suggestions import put_off, take_up
from companies.services.verdicts import declare_different, declare_same, undo_verdict

__all__ = [
    "MergePlan",
    "Resolution",
    "add_alias",
    "create_company",
    "declare_different",
    "declare_same",
    "discard",
    "edit_facts",
    "find_or_create_company",
    "import_named_accounts",
    "lock_companies",
    "lock_registry",
    "look_for_doubles",
    "plan_merge",
    "put_off",
    "set_parent",
    "take_up",
    "undo_change",
    "undo_verdict",
    "withdraw_name",
]
