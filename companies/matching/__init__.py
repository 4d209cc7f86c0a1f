"""Is this the company that was meant? Pure Python: the caller brings the facts, the matcher the reasons."""

from companies.matching.domains import evident_domain, registrable_domain
from companies.matching.keys import keys_of, name_keys
from companies.matching.normalise import Name, names_in, normalise
from companies.matching.score import REVIEW, SAME, score
from companies.matching.types import CompanyFacts, CompanyQuery, Frequencies, Match, Signal

__all__ = [
    "REVIEW",
    "SAME",
    "CompanyFacts",
    "CompanyQuery",
    "Frequencies",
    "Match",
    "Name",
    "Signal",
    "evident_domain",
    "keys_of",
    "name_keys",
    "names_in",
    "normalise",
    "registrable_domain",
    "score",
]
