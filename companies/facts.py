"""From rows to what the matcher takes, and the questions of whether a name is exactly a company's and its facts agree."""

from __future__ import annotations

from companies.matching import CompanyFacts, CompanyQuery, Name, evident_domain
from companies.matching.forms import are_foreign
from companies.models import Company


def facts_of(company: Company) -> CompanyFacts:
    """What is known of a company loaded by `with_active_names`, its own name first."""
    others = [text for text in company.active_names if text != company.name]
    return CompanyFacts(
        names=(company.name, *others),
        domain=company.domain or company.website,
        country=company.country,
        city=company.city,
        postcode=company.postcode,
        phone=company.phone,
    )


def known_as(company: Company) -> list[CompanyFacts]:
    """What is known of a company, then of each record in `company.merged` by the names that it is still called by: what people
    declared to be one is found by what either was known as. What a record does not tell is as the company has it."""
    whole = facts_of(company)
    return [whole, *(_as_part(part, whole) for part in company.merged)]


def _as_part(part: Company, whole: CompanyFacts) -> CompanyFacts:
    own = facts_of(part)
    return CompanyFacts(
        names=tuple(name for name in own.names if name in whole.names),
        domain=own.domain or whole.domain,
        country=own.country or whole.country,
        city=own.city or whole.city,
        postcode=own.postcode or whole.postcode,
        phone=own.phone or whole.phone,
    )


def is_the_name(one: Name, other: Name) -> bool:
    """Whether two names are exactly one after normalising.

    A name in another language ('Banque de France', 'Bank of France') is not exactly it, nor one with the legal form of another
    country ('Nordwind GmbH', 'Nordwind Kft.'): a person decides (C4).
    """
    one, other = one.read_beside(other), other.read_beside(one)
    return (
        not set(one.spellings).isdisjoint(other.spellings)
        and one.as_written == other.as_written
        and not one.is_read_alike_only(other)
        and not are_foreign(one.form_class, other.form_class)
    )


def is_compatible(query: CompanyQuery, known: CompanyFacts) -> bool:
    """Whether country and own domain agree, a missing one agreeing with any."""
    country, domain = query.country.strip().upper(), evident_domain(query.domain)
    theirs = evident_domain(known.domain)
    return (not country or not known.country or country == known.country) and (
        not domain or not theirs or domain == theirs
    )
