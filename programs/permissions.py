"""The permissions of programs, tiers and training, and whose firm somebody acts for."""

from programs.querysets.reach import firm_of

__all__ = [
    "DECIDE_TIERS",
    "EDIT",
    "EDIT_TRAINING",
    "ENROL",
    "JOIN",
    "TRAIN",
    "VIEW_ALL",
    "VIEW_OWN",
    "firm_of",
]

VIEW_ALL = "programs.view_all"
VIEW_OWN = "programs.view_own"
JOIN = "programs.join"
EDIT = "programs.edit"
ENROL = "programs.enrol"
DECIDE_TIERS = "tiers.decide"
TRAIN = "training.take"
EDIT_TRAINING = "training.edit"
