"""Reading tables and models before somebody waits for them."""

from __future__ import annotations

from companies.matching.model import list_model
from companies.matching.score import score
from companies.matching.types import CompanyFacts, CompanyQuery


def read_tables() -> None:
    """Makes a process ready for its first look-up, which would take half a second longer otherwise."""
    score(CompanyQuery("Acme Pumps GmbH, Vienna", domain="acme.com"), CompanyFacts(("Acme (formerly Apex)",)))
    list_model()
