"""Stored domains follow the lists: what older ones reduced otherwise is brought in step when names are indexed anew."""

from datetime import UTC, date, datetime

import pytest

from companies.index.rebuild import mark_all
from companies.matching import CompanyQuery
from companies.models import Company, NamedAccount, Suggestion
from companies.search import search
from companies.services import create_company
from companies.services.doubles import look_for_doubles

pytestmark = pytest.mark.django_db


def company(name: str, domain: str = "") -> Company:
    return create_company(CompanyQuery(name, domain=domain, country="AT"), by=None)


def test_bodies_of_one_government_are_no_doubles() -> None:
    for name, domain in (("Stadt Linz", "linz.gv.at"), ("Marktgemeinde Velden", "velden.gv.at")):
        company(name, domain)
    look_for_doubles()
    assert not Suggestion.objects.exists()

    found = search(CompanyQuery("Magistrat", domain="https://www.linz.gv.at/amt")).candidates
    assert [candidate.company.name for candidate in found] == ["Stadt Linz"]


@pytest.mark.parametrize(
    ("name", "typed", "stored", "domain"),
    [
        ("Stadt Linz", "https://www.linz.gv.at", "gv.at", "linz.gv.at"),
        ("Quill Cafe", "quill.wixsite.com", "", "quill.wixsite.com"),
        ("Harland Cranes", "", "webflow.io", ""),
        ("rki.bund.de", "", "bund.de", "rki.bund.de"),
        ("Acme", "", "acme.com", "acme.com"),
        ("acme.com", "", "", ""),  # taken away by hand
    ],
)
def test_stored_domains_are_reduced_anew(name: str, typed: str, stored: str, domain: str) -> None:
    held = company(name)
    Company.objects.filter(pk=held.pk).update(website=typed, domain=stored, doubles_seen=held.version)

    mark_all()
    held.refresh_from_db()
    assert held.domain == domain
    assert held.doubles_seen == (held.version if domain == stored else 0)


def test_domains_of_named_accounts_are_reduced_anew() -> None:
    account = NamedAccount.objects.create(
        reference="A-1",
        name="Stadt Linz",
        website="www.linz.gv.at",
        domain="gv.at",
        company=company("Stadt Linz"),
        owner_name="Dana",
        effective_from=date(2026, 1, 1),
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    mark_all()
    account.refresh_from_db()
    assert account.domain == "linz.gv.at"
