"""Making two records of one firm one, and the way back."""

from partners.services.merging.merge import merge_partners
from partners.services.merging.plan import MergePlan, plan_merge
from partners.services.merging.undo import UNDO_HOURS, may_undo, moved_on_trial, undo_merge, undoable

__all__ = [
    "UNDO_HOURS",
    "MergePlan",
    "may_undo",
    "merge_partners",
    "moved_on_trial",
    "plan_merge",
    "undo_merge",
    "undoable",
]
