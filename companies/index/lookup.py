"""Which names are worth comparing: two questions to the index, answered from its GIN indexes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from companies.evidence import CROWD
from companies.index.rows import row_of
from companies.index.state import STATE, check_state
from companies.matching import CompanyQuery, domain_as_name, evident_domain, meant_by, names_in
from companies.matching.probe import Probe, shortlist

# Companies whose facts are read and scored.
SCORED = 12
# So few are all scored.
FEW = 4
# So many are scored however they are spelled, since theirs stands for the name that is asked for; those of the country first.
MEANT = 12
# Names that the keys bring at most, and words that look like a mistyped one.
MOST_NAMES = 3_000
MOST_WORDS = 2_000
# Companies that domain or telephone bring at most.
MOST_BESIDE = 40

# How many names a word may have for it to matter that one of them is the very name that is looked past.
_RARE = 3
_VOCABULARY = """
SELECT {state}, {looked_past}, array_agg(word), array_agg(names)
  FROM (SELECT word, names FROM companies_word WHERE word = ANY (%(words)s)
        UNION ALL
        (SELECT word, names FROM companies_word WHERE typos && %(typos)s::int[] LIMIT %(most)s)) AS known
"""
# Words of the query that only bearers of the very name carry. The counts can't tell: they are those of the last count, and a
# name that came just now may be in them or not. (No name is found by a word that thousands of names carry: of it the list's
# few bearers tell nothing.)
_OF_NOBODY_ELSE = f"""
(SELECT array_agg(own.word) FROM unnest(%(own_words)s::text[], %(own_keys)s::int[]) AS own (word, key)
   JOIN companies_word w ON w.word = own.word
  WHERE w.names <= {_RARE} AND NOT EXISTS (
    SELECT FROM companies_nameentry e
     WHERE e.keys && ARRAY[own.key] AND e.core <> ALL (%(very)s) AND own.word = ANY (string_to_array(e.core, ' '))))
"""
_ENTRIES = """
(SELECT company_id, core, name_id FROM companies_nameentry WHERE keys && %(keys)s::int[] LIMIT %(most)s)
"""
# 'Facebook' for 'Meta Platforms': what a name is spelled like says nothing of what else it stands for. Of many that are called
# the very same, those of the country that is asked for are meant.
_MEANT = """
(SELECT company_id, NULL, NULL::bigint FROM companies_nameentry
  WHERE keys && %(named)s::int[] AND core <> ALL (%(asked)s) GROUP BY company_id LIMIT %(meant)s)
"""
_MEANT_THERE = """
(SELECT company_id, NULL, NULL::bigint FROM companies_nameentry JOIN companies_company AS c ON c.id = company_id
  WHERE keys && %(named)s::int[] AND (core <> ALL (%(asked)s) OR c.country = %(country)s)
  GROUP BY company_id, c.country ORDER BY c.country <> %(country)s LIMIT %(meant)s)
"""
# Sent along with the first question, which saves a round trip. The planner prices array overlap too high and then reads
# the whole table (200 ms for 1 ms): sequential scans are off.
_SETTINGS = """
SET LOCAL statement_timeout = %(timeout)s; SET LOCAL enable_seqscan = off; SET LOCAL jit = off;
"""
_UNINDEXED = """
SELECT n.company_id, n.text, -n.id FROM companies_companyname n
 WHERE n.id IN (SELECT name_id FROM companies_unindexedname) AND n.withdrawn_at IS NULL
"""
_BESIDE = {
    "domain": """
(SELECT id, NULL, NULL::bigint FROM companies_company WHERE domain = %(domain)s AND domain <> '' LIMIT %(beside)s)
""",
    "phone": """
(SELECT id, NULL, NULL::bigint FROM companies_company
  WHERE right(regexp_replace(phone, '[^0-9]', '', 'g'), 8) = %(phone)s AND phone <> '' LIMIT %(beside)s)
""",
}
_NOTHING: dict[str, str] = {}


@dataclass(frozen=True)
class Shortlist:
    """Companies worth scoring, the likeliest by their names first. `known` says how many of `total` names carry a word;
    `reach` how many names the keys brought; `crowd`: more than CROWD companies are called the same as the query or, where none
    is, have one word more."""

    company_ids: list[int]
    known: Mapping[str, int]
    total: int
    reach: int
    crowd: bool


def look_up(
    query: CompanyQuery,
    *,
    timeout_ms: int,
    most: int = SCORED,
    exclude: Iterable[int] = (),
    by_name_only: bool = False,
    look_past: bool = False,
) -> Shortlist:
    """The companies worth scoring for a query, `most` by their names and some more by domain and telephone: always two
    statements, for at most `timeout_ms` each. `exclude` leaves companies out. `look_past`: companies that bear the very name
    leave none of the others out. With either, what bears the very name makes none of its words known, as if it were not there:
    a slip that was registered once, and by this very query, is still a slip. Raises IndexNotReady where an answer could be
    wrong.

    The timeout, and settings for the planner, hold to the end of the transaction or the rollback to its savepoint.
    """
    probe = Probe(meant_by(query.name))
    left_out = set(exclude)
    very = _very_names(query) if look_past or left_out else set()
    known, total, unindexed = _ask_vocabulary(probe, very, timeout_ms)
    beside = _NOTHING if by_name_only else _asked_beside(query)
    asked = {name.core for name in probe.names}
    country = "" if by_name_only else query.country
    found = _ask_entries(probe, probe.keys(known, total), asked, country, beside, unindexed=unindexed)
    named = [(company, core) for company, core, name in found if name is not None and company not in left_out]
    other = [company for company, _, name in found if name is None and company not in left_out]
    companies = _likeliest(probe, named, most, apart=asked if look_past else set())
    return Shortlist(
        company_ids=list(dict.fromkeys([*companies, *other])),
        known=known,
        total=total,
        reach=len(named),
        crowd=_is_crowd(named, asked),
    )


def _is_crowd(named: Sequence[tuple[int, str]], asked: Collection[str]) -> bool:
    if len(named) <= CROWD:
        return False
    alike = {company for company, core in named if core in asked}
    if not alike:
        for words in (core.split() for core in asked if core):
            longest, all_of_it, spaces = max(words, key=len), set(words), len(words)
            # Of thousands of names few have so many words and the longest of those asked for.
            alike.update(
                company
                for company, core in named
                if longest in core and core.count(" ") == spaces and all_of_it < set(core.split())
            )
    return len(alike) > CROWD


def _likeliest(
    probe: Probe, named: Sequence[tuple[int, str]], most: int, *, apart: Collection[str]
) -> list[int]:
    """Of (company, core) the companies with the cores that look most like the query, at most `most`; first those with a core
    in `apart`, which are no measure for the others."""
    if len(named) <= FEW:
        return list(dict.fromkeys(company for company, _ in named))
    first = [company for company, core in named if core in apart]
    rest = [(company, core) for company, core in named if core not in apart]
    places = shortlist(probe, [core for _, core in rest], most * 2)  # some come by several names
    return list(dict.fromkeys([*first, *(rest[place][0] for place in places)]))[:most]


def _very_names(query: CompanyQuery) -> set[str]:
    return {name.core for name in meant_by(query.name)} | {name.core for _, name in names_in(query.name)}


def _ask_vocabulary(probe: Probe, very: Collection[str], timeout_ms: int) -> tuple[dict[str, int], int, bool]:
    """The words asked for with their counts, how many names there are, and whether some have no entry. Words that only names
    with a core in `very` carry count as nobody's."""
    asked: dict[str, Any] = {
        "words": probe.words,
        "typos": probe.typos,
        "most": MOST_WORDS,
        "timeout": timeout_ms,
        "own_words": list(probe.own),
        "own_keys": list(probe.own.values()),
        "very": list(very),
    }
    vocabulary = _VOCABULARY.format(state=STATE, looked_past=_OF_NOBODY_ELSE if very else "NULL")
    with connection.cursor() as cursor:
        cursor.execute(_SETTINGS + vocabulary, asked)
        version, total, unindexed, nobodys, words, counts = cursor.fetchone()
    some_unindexed = check_state(version, unindexed)
    known = dict(zip(words or (), counts or (), strict=True))
    for word in nobodys or ():
        known.pop(word, None)
    return known, total or 0, some_unindexed


def _asked_beside(query: CompanyQuery) -> dict[str, str]:
    """What else may find a company: a domain of its own and the telephone number."""
    domain = evident_domain(query.domain) or domain_as_name(query.name)
    return {"domain": domain, "phone": telephone_key(query.phone)}


def _ask_entries(
    probe: Probe,
    keys: Sequence[int],
    asked: Collection[str],
    country: str,
    beside: Mapping[str, str],
    *,
    unindexed: bool,
) -> list[tuple[int, str, int | None]]:
    """(company, core, name) of the names that the keys bring; with name None the companies that something else found."""
    parts = [
        _ENTRIES,
        _MEANT_THERE if country else _MEANT,
        *([_UNINDEXED] if unindexed else []),
        *(_BESIDE[field] for field in beside if beside[field]),
    ]
    parameters: dict[str, Any] = {
        "keys": list(keys),
        "most": MOST_NAMES,
        "named": probe.named,
        "asked": list(asked),
        "meant": MEANT,
        "country": country,
        "beside": MOST_BESIDE,
        **beside,
    }
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        found = cursor.fetchall()
    return [(company, _core(core, name), name) for company, core, name in found]


def _core(text: str, name: int | None) -> str:
    """The core as stored, or made now for a name without an entry (its id comes negative)."""
    return row_of(text).core if name is not None and name < 0 else text


def telephone_key(phone: str) -> str:
    """The last eight digits of a number, as the database's index has them; '' for fewer than seven."""
    digits = re.sub(r"[^0-9]", "", phone[:60])[-8:]
    return digits if len(digits) >= 7 else ""
