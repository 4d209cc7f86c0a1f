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


def is_compatible(query: CompanyQuery, company: Company) -> bool:
    """Whether country and own domain agree, a missing one agreeing with any."""
    country, domain = query.country.strip().upper(), evident_domain(query.domain)
    theirs = evident_domain(company.domain or company.website)
    return (not country or not company.country or country == company.country) and (
        not domain or not theirs or domain == theirs
    )
