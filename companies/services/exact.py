"""Which existing company has exactly the name asked for: no score, no doubt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from companies.facts import is_the_same_by_name
from companies.matching import CompanyQuery, evident_domain, normalise
from companies.matching.keys import hashed
from companies.models import Company, CompanyName

_MOST_BEARERS = 500
_BATCH = 200


def find_exact(query: CompanyQuery) -> Company | None:
    """The company with the query's name whose country and domain agree, None where there is none."""
    return find_exact_many([query])[0]


def find_exact_many(queries: Sequence[CompanyQuery]) -> list[Company | None]:
    """For each query the company as in `find_exact`; two statements for every 200 queries."""
    answers: list[Company | None] = []
    for start in range(0, len(queries), _BATCH):
        batch = queries[start : start + _BATCH]
        bearers = _bearers({key for query in batch for key in joined_keys(query)})
        for query in batch:
            companies = {c.pk: c for key in joined_keys(query) for c in bearers.get(key, ())}
            answers.append(best_of(query, companies.values()))
    return answers


def joined_keys(query: CompanyQuery) -> list[int]:
    """The keys that every name spelled like the query's carries."""
    return [hashed(f"j:{spelling.replace(' ', '')}") for spelling in normalise(query.name).spellings]


def best_of(query: CompanyQuery, companies: Iterable[Company]) -> Company | None:
    """Of the companies with the query's name and nothing against it the one with most evidence, then the oldest."""
    country, domain = query.country.strip().upper(), evident_domain(query.domain)
    return min(
        (company for company in companies if is_the_same_by_name(query, company)),
        key=lambda c: (not domain or c.domain != domain, not country or c.country != country, c.pk or 0),
        default=None,
    )


def _bearers(keys: set[int]) -> dict[int, list[Company]]:
    rows = CompanyName.objects.active().filter(keys__overlap=sorted(keys), company__merged_into=None)
    carried = list(rows.order_by("company_id").values_list("company_id", "keys")[: _MOST_BEARERS * _BATCH])
    companies = {c.pk: c for c in Company.objects.with_active_names({pk for pk, _ in carried})}
    found: dict[int, list[Company]] = defaultdict(list)
    for company_id, name_keys in carried:
        for key in keys.intersection(name_keys):
            if company_id in companies and companies[company_id] not in found[key]:
                found[key].append(companies[company_id])
    return found
