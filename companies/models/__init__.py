"""End customers, their names, what was decided about them, and who claims them."""

from companies.models.change import Change
from companies.models.company import Company
from companies.models.index import IndexState, NameEntry, UnindexedName, Word
from companies.models.name import CompanyName
from companies.models.named_account import NamedAccount
from companies.models.suggestion import Suggestion
from companies.models.verdict import Verdict

__all__ = [
    "Change",
    "Company",
    "CompanyName",
    "IndexState",
    "NameEntry",
    "NamedAccount",
    "Suggestion",
    "UnindexedName",
    "Verdict",
    "Word",
]
