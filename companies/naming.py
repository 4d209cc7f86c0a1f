"""What can't be a company's name: one rule for forms, files and services."""

from __future__ import annotations

from companies.matching import meant_by, normalise
from companies.matching.legal import is_surely_a_form


def why_no_name(text: str) -> str:
    """Why a text can't be a company's name, in a sentence for the person; '' where it can. 'GmbH' alone can't, but 'SAS' and 'AG'
    may be somebody's name."""
    if not any(map(str.isalnum, text)) or not normalise(text).core:
        return "Enter the company's name with at least one letter or digit."
    if all(len(name.words) == 1 and is_surely_a_form(name.words[0].surface) for name in meant_by(text)):
        return f"“{text.strip()}” is a legal form. Add the company's name."
    return ""
