"""Forms of this app."""

from companies.forms.editing import FactsForm, NameForm, ReasonForm
from companies.forms.filters import CompanySearchForm, DoublesFilter, NamedAccountFilter
from companies.forms.imports import ImportForm

__all__ = [
    "CompanySearchForm",
    "DoublesFilter",
    "FactsForm",
    "ImportForm",
    "NameForm",
    "NamedAccountFilter",
    "ReasonForm",
]
