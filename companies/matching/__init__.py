"""Is this the company that was meant? Pure Python: the caller brings the facts, the matcher the reasons."""

from companies.matching.domains import domain_as_name, evident_domain, registrable_domain
from companies.matching.entries import VERSION, Entry, entry
from companies.matching.normalise import Name, meant_by, names_in, normalise
from companies.matching.score import REVIEW, SAME, Ranked, rank, score
from companies.matching.types import CompanyFacts, CompanyQuery, Match, Signal
from companies.matching.warming import read_tables

__all__ = [
    "REVIEW",
    "SAME",
    "VERSION",
    "CompanyFacts",
    "CompanyQuery",
    "Entry",
    "Match",
    "Name",
    "Ranked",
    "Signal",
    "domain_as_name",
    "entry",
    "evident_domain",
    "meant_by",
    "names_in",
    "normalise",
    "rank",
    "read_tables",
    "registrable_domain",
    "score",
]
