"""Stored domains follow the lists: what older ones reduced otherwise is brought in step when names are indexed anew."""

from datetime import UTC, date, datetime

import pytest

from companies.index.rebuild import mark_all
from companies.matching import CompanyQuery
from companies.models import Company, NamedAccount, Suggestion, Verdict
from companies.search import search
from companies.services import create_company, declare_same, edit_facts, undo_change, undo_verdict
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
        ("Malerei Huber", "https://www.societe.com/huber-1", "societe.com", ""),
        ("Malerei Huber", "https://bizfileonline.sos.ca.gov/1", "sos.ca.gov", ""),
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


def test_undoing_a_merge_takes_back_a_domain_that_was_reduced_anew_since() -> None:
    gone, kept = company("Magistrat Linz", "www.linz.gv.at"), company("Stadt Linz")
    Company.objects.filter(pk=gone.pk).update(domain="gv.at")
    declare_same(Company.objects.get(pk=kept.pk), Company.objects.get(pk=gone.pk), by=None, keep=kept)
    mark_all()
    kept.refresh_from_db()
    assert (kept.website, kept.domain) == ("www.linz.gv.at", "linz.gv.at")

    undo_verdict(Verdict.objects.get(), by=None)

    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.website, kept.domain, gone.domain) == ("", "", "linz.gv.at")


def test_undoing_a_change_of_the_website_writes_back_no_old_domain() -> None:
    town = company("Stadt Linz", "www.linz.gv.at")
    Company.objects.filter(pk=town.pk).update(domain="gv.at")
    change = edit_facts(town, {"website": "linz.webflow.io"}, by=None)
    Company.objects.filter(pk=town.pk).update(domain="webflow.io")  # as an older version reduced it
    mark_all()

    assert change is not None
    undo_change(change, by=None)

    town.refresh_from_db()
    assert (town.website, town.domain) == ("www.linz.gv.at", "linz.gv.at")
