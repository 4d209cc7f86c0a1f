"""Forms of this app."""

from companies.forms.filters import CompanySearchForm, NamedAccountFilter
from companies.forms.imports import ImportForm

__all__ = ["CompanySearchForm", "ImportForm", "NamedAccountFilter"]
