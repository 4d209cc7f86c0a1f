"""End customers, their names, what was decided about them, and who claims them."""

from companies.models.company import Company
from companies.models.name import CompanyName
from companies.models.named_account import NamedAccount
from companies.models.verdict import Verdict

__all__ = ["Company", "CompanyName", "NamedAccount", "Verdict"]
