"""The pages of companies and named accounts: what they show, to whom, with how many statements."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from companies.matching import CompanyQuery
from companies.models import Company, NamedAccount, Verdict
from companies.services import add_alias, create_company, declare_different, declare_same
from core.clock import database_clock, fixed
from policies.models import RegistrationPolicy
from tests.companies.makers import make_account

pytestmark = pytest.mark.django_db
CLOCK = fixed(datetime(2026, 3, 2, 9, tzinfo=UTC))
ENDS = (
    "Alpha Beta Gamma Delta Omega Sigma Nova Terra Astra Luna Vega Orion Apex Zenit Prima Optima Ultra Mega Euro "
    "Inter Trans Pan Omni Uni"
).split()
CSV = b"reference,name,owner_name,effective_from\nC-1,Nordwind Logistik,Dana,2026-01-01\n"


@pytest.fixture
def at(client: Client) -> Callable[[User], Client]:
    """`at(mara)` is a browser in which Mara is signed in."""

    def sign_in(user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in


def company(name: str, **facts: str) -> Company:
    return create_company(CompanyQuery(name, **facts), by=None, clock=CLOCK)


def upload(content: bytes, name: str = "accounts.csv") -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, content, content_type="text/csv")}


def test_search_shows_the_company_and_why(at: Callable[[User], Client], mara: User) -> None:
    held = company("International Business Machines Corp.", country="US")
    make_account(held, owner_name="Dana Direct")
    page = at(mara).get(reverse("companies:search"), {"q": "I.B.M."})

    text = page.content.decode()
    assert page.status_code == 200
    assert held.get_absolute_url() in text
    assert "initials" in text
    assert "Dana Direct" in text


def test_the_policy_says_what_counts_as_the_same(at: Callable[[User], Client], mara: User) -> None:
    company("Aurora Bottling Company")

    def told(**limits: float) -> list[str]:
        now = database_clock()
        version = RegistrationPolicy.objects.count() + 1
        RegistrationPolicy.objects.create(version=version, effective_from=now, created_at=now, **limits)
        page = at(mara).get(reverse("companies:search"), {"q": "Aurora Bottles"})
        out = StringIO()
        call_command("find_company", "Aurora Bottles", stdout=out)
        return [*(one.tier.code for one in page.context["findings"].found), out.getvalue().split()[1]]

    assert told(same_score=1.0, review_score=0.05) == ["review", "review"]
    assert told(same_score=0.05, review_score=0.05) == ["same", "same"]
    assert told(same_score=1.0, review_score=1.0) == ["found."]


def test_search_says_what_a_person_declared_different(at: Callable[[User], Client], mara: User) -> None:
    one, other = company("Apex Systems", country="US"), company("Apex System", country="GB")
    declare_different(one, other, by=mara, clock=CLOCK)
    page = at(mara).get(reverse("companies:search"), {"q": "Apex Systems", "country": "US"})

    found = [(shown.company, shown.tier.code) for shown in page.context["findings"].found]
    assert (found[0][0], found[1]) == (one, (other, "different"))
    assert "Declared different" in page.content.decode()


def test_search_also_lists_names_that_contain_the_letters(at: Callable[[User], Client], mara: User) -> None:
    held = company("Nordwindlogistik")
    page = at(mara).get(reverse("companies:search"), {"q": "windlog"})

    assert page.context["findings"].found == []
    assert page.context["findings"].containing == [held]


@pytest.mark.parametrize("asked", ["", "🚀", "x" * 5_000, "\x00", "‮مرحبا", "<script>"])
def test_search_takes_any_text(at: Callable[[User], Client], mara: User, asked: str) -> None:
    page = at(mara).get(reverse("companies:search"), {"q": asked, "country": "nonsense"})

    assert page.status_code == 200
    assert b"<script>" not in page.content.split(b'id="companies"')[1].split(b"</main>")[0]


def test_a_failed_search_does_not_look_like_nothing_found(
    at: Callable[[User], Client], mara: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("companies.search.ranked", lambda *_, **__: 1 / 0)
    company("Siemens AG")
    text = at(mara).get(reverse("companies:search"), {"q": "Siemens"}).content.decode()

    assert "could not be finished" in text
    assert "No company like that" not in text


@pytest.mark.parametrize("asked", ["Harrowdene", "Harrowdene Ltd"])
def test_of_a_crowd_the_closest_are_listed_and_nothing_is_denied(
    at: Callable[[User], Client], mara: User, asked: str
) -> None:
    """None of so many alike is likely; the page says how unlikely each is, not that there is none."""
    for end in ENDS:
        company(f"Harrowdene {end}", country="GB")
    page = at(mara).get(reverse("companies:search"), {"q": asked})
    listed = page.context["findings"].found

    assert "More than 20 companies look alike" in page.content.decode()
    assert "No company like that" not in page.content.decode()
    assert len(listed) == 10 and {one.tier.code for one in listed} == {"crowd"}
    assert all(int(one.percent.rstrip("%")) < 50 for one in listed)
    chosen = at(mara).get(
        reverse("companies:choose_merge", args=[Company.objects.latest("pk").code]), {"q": asked}
    )
    assert "No company like that" not in chosen.content.decode()


def test_a_branch_by_its_name_is_no_relative_that_anybody_declared(
    at: Callable[[User], Client], mara: User
) -> None:
    for town in ("Köln", "Bremen", "Essen"):
        company(f"Volksbank {town}", country="DE")
    found = at(mara).get(reverse("companies:search"), {"q": "Volksbank"}).context["findings"].found

    assert [one.tier.words for one in found] == ["May be a branch"] * 3


def test_company_page_shows_names_claims_and_verdicts(at: Callable[[User], Client], mara: User) -> None:
    held, other = company("Meta Platforms Inc"), company("Metta Plating")
    add_alias(held, "Facebook", by=mara, clock=CLOCK)
    make_account(held, owner_name="Dana Direct")
    declare_different(held, other, by=mara, reason="a plating shop", clock=CLOCK)
    text = at(mara).get(held.get_absolute_url()).content.decode()

    for words in ("Facebook", "Dana Direct", "Metta Plating", "a plating shop", "Take back"):
        assert words in text


def test_the_undo_button_is_for_referees_only(at: Callable[[User], Client], mara: User, ivan: User) -> None:
    held, other = company("Apex Systems"), company("Apex Solutions")
    declare_different(held, other, by=mara, clock=CLOCK)
    address = reverse("companies:undo_verdict", args=[held.code, other.code])

    browser = at(ivan)
    assert "Take back" not in browser.get(held.get_absolute_url()).content.decode()
    assert browser.post(address).status_code == 403
    browser = at(mara)
    assert browser.get(address).status_code == 405
    assert browser.post(address).headers["Location"] == held.get_absolute_url()
    assert Verdict.objects.get().undone_by == mara
    assert browser.post(address).status_code == 404


def test_a_merged_company_points_to_the_survivor(at: Callable[[User], Client], mara: User) -> None:
    one, other = company("Bright Robotics"), company("Brite Robotix")
    declare_same(one, other, by=mara, clock=CLOCK)

    page = at(mara).get(other.get_absolute_url())
    assert page.context["survivor"] == one
    assert one.get_absolute_url() in page.content.decode()


def test_named_accounts_are_filtered_and_paged(at: Callable[[User], Client], ivan: User) -> None:
    held = company("Nordwind Logistik")
    ended = make_account(held, name="Ended", effective_from=date(2020, 1, 1), ends_on=date(2020, 2, 1))
    opportunity = make_account(held, name="Chance", kind="open_opportunity", owner_name="Eli Early")
    for number in range(30):
        make_account(held, name=f"Claim {number:02}")
    browser = at(ivan)

    def names(**filters: str) -> list[str]:
        page = browser.get(reverse("companies:named_accounts"), filters)
        return [account.name for account, _ in page.context["rows"]]

    assert (len(names()), len(names(page="2"))) == (25, 7)
    assert names(force="ended") == [ended.name]
    assert names(kind="open_opportunity") == [opportunity.name]
    assert names(q="eli early") == [opportunity.name]
    assert names(q="nobody") == []
    assert len(names(kind="nonsense", page="nonsense")) == 25


def test_named_account_page(at: Callable[[User], Client], ivan: User) -> None:
    account = make_account(company("Nordwind Logistik"), reference="CRM-77")
    text = at(ivan).get(account.get_absolute_url()).content.decode()

    assert "CRM-77" in text
    assert account.company.get_absolute_url() in text


def test_import_is_looked_at_then_confirmed_once(at: Callable[[User], Client], olga: User) -> None:
    browser = at(olga)
    checked = browser.post(reverse("companies:import_named_accounts"), upload(CSV))
    assert (checked.status_code, NamedAccount.objects.count()) == (200, 0)
    assert "Nordwind Logistik" in checked.content.decode()

    confirm = reverse("companies:confirm_import")
    for _ in range(2):
        done = browser.post(confirm, {"token": checked.context["token"]})
        assert done.headers["Location"] == reverse("companies:named_accounts")
    account = NamedAccount.objects.get()
    assert (account.reference, account.created_by) == ("C-1", olga)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (CSV + b"C-2,,Dana,soon\n", "is missing"),
        (b"PK\x03\x04", "This is a spreadsheet"),
        (b"", "The file is empty"),
        (b"a,b\n1,2\n", "lacks the column reference"),
        (b"x" * 1_000_001, "larger than"),
        (b"reference,name\n\x00", "not a text file"),
    ],
)
def test_a_bad_file_is_told_in_words_and_can_not_be_confirmed(
    at: Callable[[User], Client], olga: User, content: bytes, words: str
) -> None:
    page = at(olga).post(reverse("companies:import_named_accounts"), upload(content))

    assert page.status_code == 422
    assert words in page.content.decode()
    assert 'name="token"' not in page.content.decode()


def test_no_file_at_all(at: Callable[[User], Client], olga: User) -> None:
    page = at(olga).post(reverse("companies:import_named_accounts"))
    assert (page.status_code, "Choose a file." in page.content.decode()) == (422, True)


def test_a_confirmation_belongs_to_the_person_who_looked(
    at: Callable[[User], Client], olga: User, ada: User
) -> None:
    token = at(olga).post(reverse("companies:import_named_accounts"), upload(CSV)).context["token"]
    browser = at(ada)
    for wrong in (token, token[:-2] + "xx", ""):
        answer = browser.post(reverse("companies:confirm_import"), {"token": wrong})
        assert answer.headers["Location"] == reverse("companies:import_named_accounts")
    assert not NamedAccount.objects.exists()


def test_the_example_can_be_imported(at: Callable[[User], Client], olga: User) -> None:
    browser = at(olga)
    example = browser.get(reverse("companies:import_example"))
    checked = browser.post(reverse("companies:import_named_accounts"), upload(example.content))
    assert checked.context["report"].created == 2


PAGES = ["search", "named_accounts", "import_named_accounts", "import_example"]


@pytest.mark.parametrize("name", PAGES)
def test_partners_see_none_of_it(at: Callable[[User], Client], alice: User, bob: User, name: str) -> None:
    assert at(alice).get(reverse(f"companies:{name}")).status_code == 403
    assert at(bob).get(reverse(f"companies:{name}")).status_code == 403


def test_partners_see_no_company_and_no_claim(at: Callable[[User], Client], alice: User) -> None:
    account = make_account(company("Nordwind Logistik"))
    browser = at(alice)
    assert browser.get(account.get_absolute_url()).status_code == 403
    assert browser.get(account.company.get_absolute_url()).status_code == 403
    assert not Company.objects.visible_to(alice).exists()
    assert not NamedAccount.objects.visible_to(alice).exists()


def test_anonymous_people_sign_in_first(client: Client) -> None:
    for name in PAGES:
        assert client.get(reverse(f"companies:{name}")).status_code == 302


def test_importing_is_for_operations(at: Callable[[User], Client], ivan: User, mara: User) -> None:
    for person in (ivan, mara):
        browser = at(person)
        assert browser.post(reverse("companies:import_named_accounts"), upload(CSV)).status_code == 403
        assert browser.post(reverse("companies:confirm_import"), {"token": "x"}).status_code == 403


@pytest.mark.parametrize("query", [{}, {"q": "Nordwind"}])
def test_as_many_statements_for_three_rows_as_for_one(
    at: Callable[[User], Client], mara: User, query: dict[str, str]
) -> None:
    browser = at(mara)

    def statements(name: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            page = browser.get(reverse(name), query)
        assert page.status_code == 200
        return len(captured)

    make_account(company("Nordwind Logistik"))
    first = [statements("companies:search"), statements("companies:named_accounts")]
    for name in ("Nordwind Logistik Polska", "Nordwind Shipping"):
        make_account(company(name), name=f"{name} claim")
    assert [statements("companies:search"), statements("companies:named_accounts")] == first


def test_htmx_gets_the_part_alone(at: Callable[[User], Client], mara: User) -> None:
    company("Nordwind Logistik")
    part = at(mara).get(reverse("companies:search"), {"q": "Nordwind"}, headers={"HX-Request": "true"})

    text = part.content.decode()
    assert '<div id="companies"' in text and 'id="results-count"' in text and "<html" not in text
