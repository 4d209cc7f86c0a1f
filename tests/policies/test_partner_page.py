"""What a firm's people read of what binds them, and the question 'may I register this?': rules, reasons, and never a rival."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils.html import escape

from accounts.models import User
from catalog.models import Currency, Industry
from core.clock import database_clock
from notifications.models import Message
from partners.groups.services import pick_firm
from partners.models import Partner
from policies.by_country import Standing
from policies.enums import Barred
from policies.forms.fields import amount_in
from policies.may import may_register
from policies.mine import mine
from policies.models import RegistrationPolicy
from policies.outcome import Landing
from policies.services import publish_version
from registrations.enums import Status
from registrations.services.partner_actions import update
from tests.people import submitted
from tests.policies.makers import circle, give, hold, licence, require, territory, today

pytestmark = pytest.mark.django_db
POLICY, ASK = "/policies/registration/", "/policies/ask/"
RIVAL = "Zanzibar Secret Systems"


@pytest.fixture
def rival(southridge, europe):
    southridge.name = RIVAL
    southridge.save()
    southridge.territories.add(europe)
    return southridge


def text_of(answer):
    return " ".join(answer.content.decode().split())


def test_the_page_says_what_binds_this_firm_and_whose_right_it_is_never(
    client, alice, charlie, northgate, rival, olga, gateways, sensors, europe
):
    northgate.territories.add(europe)
    drones, radios = (
        type(gateways).objects.create(code=code, name=code.title()) for code in ("drones", "radios")
    )
    require(gateways, olga, certificates=[licence().code])
    require(sensors, olga, least_tier="gold", effect=Barred.REVIEW)
    require(radios, olga, begins=20, kinds=["msp"])
    theirs = give(rival, olga, product_line=drones, territory=europe, note=f"{RIVAL} pays.")
    coming = give(rival, olga, product_line=radios, begins=40)
    own = give(northgate, olga, product_line=gateways, territory=territory("south", "FR", "IT"))
    client.force_login(alice)

    read = mine(northgate, database_clock())
    page = text_of(client.get(POLICY))

    assert {line.name: line.standing for line in read.lines} == {
        "Gateways": Standing.REFUSED,
        "Sensors": Standing.REVIEW,
        "Drones": Standing.OPEN,
        "Radios": Standing.OPEN,
    }
    for words in (
        "It takes a valid Export Licence.",
        "Upload your Export Licence",
        "It takes Gold tier or higher.",
        "Not open to your firm at present: Drones in Europe.",
        "Radios: new registrations of your firm will be refused.",
        "Radios is for partners of the type Managed service provider.",
        "What your firm lacks for that today: it is for partners of the type Managed service provider.",
        "Your firm's admin can do that.",
        "Your firm's distribution rights",
        "Gateways in South",
    ):
        assert words in page, words
    client.force_login(charlie)
    other = text_of(client.get(POLICY))
    assert "Your firm's distribution rights" in other and "Drones in Europe" in other
    for leak in (RIVAL, theirs.code, coming.code, own.code, "pays."):
        assert leak not in page
    assert "Northgate" not in other


def test_a_circle_is_never_named_to_partners(client, alice, northgate, olga, gateways, sensors):
    """Not on the policy's page, not in the answer, not in mails and notices, not where a registration is refused by it."""
    group = circle(olga, "Quokka elite")
    require(gateways, olga, groups=[group], note="The first Quokkas try it.")
    require(sensors, olga, begins=20, groups=[group], kinds=["msp"])
    refused = submitted(alice, "Refused KG", gateways, clock=database_clock)
    client.force_login(alice)
    question = {"product_lines": "gateways", "country": "DE"}
    pages = [
        text_of(client.get(address))
        for address in (
            POLICY,
            f"{ASK}?{urlencode(question)}",
            "/notices/",
            f"/registrations/{refused.code}/",
        )
    ]
    mails = [mail.text for mail in Message.objects.filter(recipient=alice)]

    assert refused.status == Status.REFUSED and len(mails) >= 3
    assert "It is for a circle of partners that we choose. Ask your channel manager." in pages[0]
    assert "Sensors is for partners of the type Managed service provider in a circle" in pages[0]
    assert "it is for a circle of partners that we choose" in pages[1]
    assert any("It is for a circle of partners that we choose. Ask your" in mail for mail in mails)
    for text in [*pages, *mails]:
        assert "Quokka" not in text and group.code not in text
    pick_firm(group, northgate, by=olga, kind="added", reason="Asked for it.")
    answer = text_of(client.get(ASK, question, headers={"HX-Request": "true"}))
    assert "Yes, as far as" in answer and "Quokka" not in answer


def test_the_page_changes_with_the_records(client, bob, northgate, olga, gateways):
    require(gateways, olga, certificates=[licence().code])
    client.force_login(bob)
    before = text_of(client.get(POLICY))
    assert f"/partners/{northgate.code}/certificates/new/?type=export" in before
    hold(northgate, licence())

    assert "Upload your Export Licence" not in text_of(client.get(POLICY))


@pytest.mark.parametrize(
    ("asked", "landing", "words"),
    [
        ({}, Landing.APPROVED, ""),
        ({"product_lines": "sensors"}, Landing.REFUSED, "it takes a valid Export Licence"),
        ({"product_lines": "drones"}, Landing.REFUSED, "Not open to your firm at present: Drones in Europe."),
        ({"product_lines": "drones", "country": "JP"}, Landing.APPROVED, ""),
        ({"product_lines": "radios", "industry": "metals"}, Landing.REFUSED, "Radios for Metals"),
        ({"product_lines": "radios", "industry": "food"}, Landing.APPROVED, ""),
        ({"product_lines": "radios"}, Landing.IN_REVIEW, "a channel manager looks at"),
        ({"value": "250 000", "currency": "EUR"}, Landing.IN_REVIEW, "looked at by a channel manager"),
        ({"tender": "on"}, Landing.REFUSED, "Public tenders cannot be registered."),
    ],
)
def test_the_question_is_answered_as_the_engine_would_decide(
    asked, landing, words, client, alice, rival, olga, gateways, sensors, europe
):
    """The answer, and what really becomes of such a registration, are the same."""
    drones, radios = (
        type(gateways).objects.create(code=code, name=code.title()) for code in ("drones", "radios")
    )
    trades = {code: Industry.objects.create(code=code, name=code.title()) for code in ("food", "metals")}
    publish_version(by=olga, settings={"refuse_public_tender": True}, note="No tenders.")
    require(sensors, olga, certificates=[licence().code])
    give(rival, olga, product_line=drones, territory=europe)
    give(rival, olga, product_line=radios, industry=trades["metals"])
    question = {"product_lines": "gateways", "country": "DE", **asked}
    client.force_login(alice)

    page = client.get(ASK, question, headers={"HX-Request": "true"})

    assert page.status_code == 200 and words in text_of(page)
    titles = {
        Landing.APPROVED: "Yes, as far as",
        Landing.IN_REVIEW: "Yes, and a",
        Landing.REFUSED: "No, it would",
    }
    assert titles[landing] in text_of(page) and RIVAL not in text_of(page)
    assert "not at who has registered a company" in text_of(page)
    line = type(gateways).objects.get(code=question["product_lines"])
    fields = {"country": question["country"], "tender": "tender" in asked}
    fields |= {"industry": trades[asked["industry"]]} if "industry" in asked else {}
    fields |= {"value": Decimal(250_000)} if "value" in asked else {}
    made = submitted(alice, "Real KG", line, clock=database_clock, **fields)
    assert made.status == Status(landing)


def test_what_stands_against_all_of_a_firms_deals_is_said_of_each_line(
    client, alice, northgate, olga, gateways
):
    client.force_login(alice)
    assert [line.label for line in mine(northgate, database_clock()).lines] == ["May register"]
    publish_version(by=olga, settings={"open_most_registered": 1}, note="One at a time.")
    submitted(alice, "Large Works AG", gateways, clock=database_clock)
    full = text_of(client.get(POLICY))
    assert "A firm of your tier can have 1 deal open at a time" in full and "May register</" not in full
    publish_version(by=olga, settings={"open_most_registered": 9, "auto_approve": False}, note="All.")
    assert [line.label for line in mine(northgate, database_clock()).lines] == ["Looked at first"]

    publish_version(by=olga, settings={"least_tier": "gold"}, note="Gold alone.")

    told = text_of(client.get(POLICY))
    assert "Deals can be registered from the tier Gold on." in told and "Not open" in told


def test_deals_that_stand_under_an_earlier_version_are_named_with_it(client, alice, charlie, olga, gateways):
    """An update starts the days of the version that approved the deal, not those on the page."""
    client.force_login(alice)
    old = submitted(alice, "Old KG", gateways, clock=database_clock)
    assert "What goes on as before" not in text_of(client.get(POLICY))
    publish_version(by=olga, settings={"protection_days": 90}, note="Longer.")
    submitted(alice, "New KG", gateways, clock=database_clock)

    page = text_of(client.get(POLICY))

    assert "1 protected deal of your firm stands under version 1: its days" in page
    assert "/policies/registration/1/" in page and "version 2:" not in page
    update(old, by=alice, fields={}, note="They liked the pilot.")
    old.refresh_from_db()
    assert (old.protected_until - database_clock()).days == 59
    client.force_login(charlie)
    assert "What goes on as before" not in text_of(client.get(POLICY))


SETTINGS: tuple[tuple[dict[str, Any], dict[str, Any], dict[str, str], str | None, str], ...] = (
    # what the policy says, what the firm is, what is asked; where it lands, what it depends on
    ({"open_most_registered": 1}, {"open": True}, {}, "refused", ""),
    ({"open_most_registered": 2}, {"open": True}, {}, "approved", ""),
    ({"open_most_registered": 1}, {"open": True, "tier": "gold"}, {}, "approved", ""),
    ({"least_value": 10_000}, {}, {"value": "9 999,99"}, "refused", ""),
    ({"least_value": 10_000}, {}, {"value": "10,000"}, "approved", ""),
    ({"least_value": 10_000}, {}, {"value": "9 000", "currency": "GBP"}, "approved", ""),
    ({"auto_approve_below": 20_000}, {}, {"value": "20000"}, "in_review", ""),
    ({"auto_approve_below": 20_000}, {}, {"value": "19999,99"}, "approved", ""),
    ({"auto_approve": False}, {}, {}, "in_review", ""),
    ({"evidence_required": True}, {}, {}, "approved", "what contact with the company took place"),
    ({"least_value": 10_000}, {}, {}, "approved", "Deals below 10,000"),
    ({"least_tier": "gold"}, {}, {}, "refused", ""),
    ({"registering_kinds": ["msp"]}, {}, {}, "refused", ""),
    ({"outside_territory": "refused"}, {"north": True}, {}, "refused", ""),
    ({"outside_territory": "review"}, {"north": True}, {}, "in_review", ""),
    ({"outside_territory": "refused"}, {"north": True}, {"country": "JP"}, "refused", ""),  # in no territory
    ({"outside_territory": "refused"}, {}, {"country": "SE"}, "approved", ""),
    ({}, {"status": "onboarding"}, {}, "in_review", ""),
    ({"onboarding_partners": "refused"}, {"status": "onboarding"}, {}, "refused", ""),
    ({"onboarding_partners": "allowed"}, {"status": "onboarding"}, {}, "approved", ""),
    ({}, {}, {"value": "2000000000000"}, None, ""),
)


def test_every_setting_is_answered_as_it_decides(client, alice, northgate, europe, olga, gateways):
    """The answer beside what becomes of the registration that is submitted then, each case by itself."""
    north = territory("north", "SE")
    pounds = Currency.objects.get_or_create(code="GBP", defaults={"name": "Pound", "symbol": "£"})[0]
    Currency.objects.filter(pk=pounds.pk).update(rate_to_base=Decimal("1.2"))
    client.force_login(alice)
    titles = {"approved": "Yes, as far as", "in_review": "Yes, and a", "refused": "No, it would"}
    for number, (settings, firm, asked, landing, depends) in enumerate(SETTINGS):
        with transaction.atomic():
            if settings:
                publish_version(by=olga, settings=settings, note="Otherwise.")
            fields = {name: firm[name] for name in ("tier", "status") if name in firm}
            Partner.objects.filter(pk=northgate.pk).update(**fields or {"city": ""})
            northgate.territories.set([north] if firm.get("north") else [])
            if firm.get("open"):
                submitted(alice, "Large Works AG", gateways, clock=database_clock)
            question = {"product_lines": "gateways", "country": "DE", "currency": "EUR", **asked}
            page = client.get(ASK, question, headers={"HX-Request": "true"})
            if landing is None:
                assert page.status_code == 422
            else:
                told = text_of(page)
                assert titles[landing] in told, (number, told)
                assert depends in told and ("What was not told" in told or not depends), (number, told)
                value = amount_in(asked["value"]) if "value" in asked else Decimal(15_000)
                deal = {"value": value, "currency": Currency.objects.get(code=question["currency"])}
                deal |= {"country": question["country"], "contact_made": "visit"}
                alice.refresh_from_db()
                made = submitted(
                    User.objects.get(pk=alice.pk), "Real KG", gateways, clock=database_clock, **deal
                )
                assert made.status == landing, number
            transaction.set_rollback(True)


def test_the_answer_does_not_depend_on_who_registered_what(client, alice, charlie, gateways, northgate):
    question = {"product_lines": "gateways", "country": "DE"}
    client.force_login(alice)
    before = client.get(ASK, question, headers={"HX-Request": "true"}).content
    submitted(charlie, "Held KG", gateways, clock=database_clock)

    assert client.get(ASK, question, headers={"HX-Request": "true"}).content == before
    may = may_register(
        Partner.objects.get(pk=northgate.pk),
        product_lines=[gateways.pk],
        country="DE",
        industry=None,
        value=None,
        tender=False,
        now=database_clock(),
    )
    assert may.outcome.landing == Landing.APPROVED


def test_without_a_catalogue_the_question_and_a_right_say_why_there_is_nothing_to_choose(client, alice, olga):
    client.force_login(alice)
    assert "no deal can be registered before there are" in text_of(client.get(ASK))
    client.force_login(olga)
    assert "no product line, territory or industry yet" in text_of(client.get("/policies/rights/new/"))


@pytest.mark.parametrize(
    "question",
    [
        {"country": "DE"},
        {"product_lines": "gateways"},
        {"product_lines": "nothing", "country": "DE"},
        {"product_lines": "gateways", "country": "ZZ"},
        {"product_lines": "gateways", "country": "DE", "value": "much"},
        {"product_lines": "gateways", "country": "DE", "value": "1" * 400},
        {"product_lines": "gateways", "country": "DE\x00", "industry": "\x00"},
    ],
)
def test_a_question_that_cannot_be_read_says_what_to_do(question, client, alice, gateways):
    client.force_login(alice)

    for headers in ({}, {"HX-Request": "true"}):
        answer = client.get(ASK, question, headers=headers)
        assert answer.status_code == 422 and "as far as the rules go" not in text_of(answer)


def test_what_was_answered_is_not_asked_again_when_it_is_registered(client, alice, gateways):
    dollars = Currency.objects.get_or_create(code="USD", defaults={"name": "Dollar", "rate_to_base": "0.9"})[
        0
    ]
    question = {"product_lines": "gateways", "country": "JP", "value": "45 000", "currency": "USD"}
    client.force_login(alice)

    answer = client.get(ASK, question, headers={"HX-Request": "true"})
    link = answer.context["answer"]["register_url"]
    form = client.get(link).context["form"]

    assert f'href="{escape(link)}"' in answer.content.decode()
    assert [form[name].value() for name in ("country", "value", "currency")] == ["JP", "45,000", dollars.pk]
    for nonsense in (
        {"country": "ZZ", "value": "much", "currency": "XXX"},
        {"value": "\x00", "currency": "\x00"},
    ):
        form = client.get("/registrations/new/", nonsense).context["form"]
        assert [form[name].value() for name in ("country", "value")] == ["DE", None]


def test_announced_limits_of_other_tiers_are_no_business_of_this_firm(client, alice, mara, olga, northgate):
    northgate.tier = "silver"
    northgate.save()
    limits = {"open_most_registered": 6, "open_most_silver": 60}
    begins = database_clock() + timedelta(days=9)
    publish_version(by=olga, settings=limits, note="Less.", effective_from=begins)

    told = {}
    for person in (alice, mara):
        client.force_login(person)
        (row,) = client.get(POLICY).context["announced"]
        told[person.name] = [change.setting for change in row.changes]

    assert told == {"Alice": ["open_most_silver"], "Mara": ["open_most_registered", "open_most_silver"]}


def test_limits_of_other_tiers_stand_on_no_page_of_the_policy_for_a_partner(
    client, alice, mara, olga, northgate
):
    northgate.tier = "silver"
    northgate.save()
    before = RegistrationPolicy.objects.in_force(database_clock())
    limits = {"open_most_registered": 6, "open_most_gold": 900}
    made = publish_version(by=olga, settings=limits, note="Less.")
    version = f"/policies/registration/{made.version}/"
    compare = reverse("policies:compare_versions") + f"?from={before.version}&to={made.version}"

    client.force_login(alice)
    full, difference = text_of(client.get(version)), text_of(client.get(compare))
    assert "as a Silver partner" in full and "as a Gold partner" not in full and "Registered" not in full
    assert "For your firm they say the same" in difference
    assert "Gold" not in difference and "Registered partner" not in difference
    client.force_login(mara)
    assert "as a Gold partner" in text_of(client.get(version))
    assert "as a Gold partner" in text_of(client.get(compare))


def test_a_suspended_firm_reads_that_it_cannot(client, alice, northgate, gateways):
    northgate.status = "suspended"
    northgate.save()
    client.force_login(alice)

    answer = client.get(ASK, {"product_lines": "gateways", "country": "DE"})

    assert "No, it would be refused" in text_of(answer)
    assert client.get(POLICY).status_code == 200 and today()
