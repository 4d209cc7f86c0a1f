"""Reading tables and models before somebody waits for them."""

from __future__ import annotations

import gc

from companies.matching.letters import own_letters
from companies.matching.model import list_model
from companies.matching.score import score
from companies.matching.types import CompanyFacts, CompanyQuery


def read_tables() -> None:
    """Makes a process ready for its first look-up, which would take half a second longer otherwise.

    All that is in memory by then stays for the process's life: the garbage collector is told to leave it alone, which
    saves it from going through half a million words of tables in the midst of a look-up.
    """
    score(CompanyQuery("Acme Pumps GmbH, Vienna", domain="acme.com"), CompanyFacts(("Acme (formerly Apex)",)))
    own_letters("华")
    list_model()
    gc.collect()
    gc.freeze()
