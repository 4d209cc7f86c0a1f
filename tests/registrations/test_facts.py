"""The facts that the policy is asked about: all of a registration, and what is asked for before submitting."""

from decimal import Decimal

import pytest

from catalog.models import Industry
from companies.evidence import CROWD
from companies.matching import CompanyQuery
from companies.services import create_company, set_parent
from core.clock import fixed
from core.errors import BadInput
from policies.facts import Rival
from policies.models import RegistrationPolicy
from registrations import conflicts
from registrations.enums import Status
from registrations.facts import facts_of
from registrations.models import Registration
from registrations.services import submission
from registrations.services.submission import missing
from tests.people import MONDAY, MONDAY_CLOCK, draft_for
from tests.registrations.requests_help import policy

pytestmark = pytest.mark.django_db


def test_a_registration_as_the_rules_see_it(alice, northgate, charlie, gateways, sensors, europe, register):
    northgate.territories.add(europe)
    register(alice, "Kestrel Foods")
    theirs = register(charlie, "Acme Pumps GmbH", line=sensors, territory=europe)
    assert theirs.status == Status.APPROVED
    deal = register(alice, "Acme Pumps GmbH", value=Decimal(20_000), tender=True, contact_made="call")
    found = conflicts.check(
        conflicts.query_of(deal), at=MONDAY, about=deal.company, leave_out=deal.pk, partner=northgate.pk
    )

    facts = facts_of(deal, at=MONDAY, found=found)

    assert (facts.at, facts.product_lines, facts.country, facts.areas) == (
        MONDAY,
        (gateways.pk,),
        "DE",
        (europe.pk,),
    )
    assert (facts.value_in_base, facts.tender, facts.contact_stated) == (Decimal(20_000), True, True)
    assert (facts.open_registrations, facts.let_expire_at, facts.crowd, facts.check_failed) == (
        1,
        None,
        False,
        False,
    )
    firm = facts.firm
    assert (firm.id, firm.kind, firm.tier, firm.status, firm.country) == (
        *(northgate.pk, "reseller", "registered", "active", "DE"),
    )
    assert firm.territories == (europe.pk,)
    (rival,) = facts.rivals
    assert rival == Rival(
        score=rival.score,
        holds=True,
        product_lines=(sensors.pk,),
        territory=europe.pk,
        same_company=True,
    )
    assert rival.score > 0.8


def test_rivals_at_relatives_are_facts_whatever_the_policy_says(alice, charlie, mara, register):
    """So that a version that holds families together can be tried on registrations of before."""
    parent = register(charlie, "Kestrel Foods").company
    child = create_company(CompanyQuery("Blohm Presswerk", country="DE"), by=mara)
    set_parent(child, parent, by=mara)

    deal = register(alice, "Blohm Presswerk")

    assert deal.status == Status.APPROVED and not deal.conflicts.exists()
    found = conflicts.check(
        conflicts.query_of(deal), at=MONDAY, about=deal.company, leave_out=deal.pk, partner=deal.partner_id
    )
    (rival,) = found.rivals
    assert (rival.family, rival.same_company, rival.score, rival.holds) == (True, False, 0.0, True)
    together = RegistrationPolicy(scope_family=True)
    (row,) = found.evidence(facts_of(deal, at=MONDAY, found=found), together)
    assert (row.score, row.signals[0]["code"]) == (1.0, "family")


def test_a_crowd_is_one_of_likely_companies_and_how_likely_the_next_is_stands_beside_it(mara):
    """What a version that compares less likely companies would find too many is no crowd for others."""
    for number in range(CROWD - 1):
        create_company(CompanyQuery("Nordwind Works", city=f"Town {number}"), by=mara)
    for name in ("Nordwind Workshop", "Nordwing Works"):
        create_company(CompanyQuery(name), by=mara)

    found = conflicts.check(CompanyQuery("Nordwind Works"), at=MONDAY)

    assert (found.crowd, found.gathered_from, found.failed) == (False, 0.15, False)
    assert len(found.companies) == CROWD and 0.15 <= found.next_like < 0.45
    assert found.next_like <= min(found.companies.values())
    assert conflicts.check(CompanyQuery("Nordwind Works"), at=MONDAY, least=0.1).gathered_from == 0.1

    for town in ("Linz", "Delft"):
        create_company(CompanyQuery("Nordwind Works", city=town), by=mara)
    assert conflicts.check(CompanyQuery("Nordwind Works"), at=MONDAY).crowd


def test_less_likely_rivals_are_facts_but_no_evidence(alice, charlie, mara, register):
    """A relative that its name alone would not have led to is shown without what is alike."""
    child = register(charlie, "Dune Logistics").company
    parent = create_company(CompanyQuery("Dunes Logistik Partner", country="DE"), by=mara)
    set_parent(child, parent, by=mara)
    deal = register(alice, "Dunes Logistik Partner")
    assert deal.status == Status.APPROVED and not deal.conflicts.exists()

    found = conflicts.check(
        conflicts.query_of(deal), at=MONDAY, about=deal.company, leave_out=deal.pk, partner=deal.partner_id
    )

    (rival,) = found.rivals
    assert rival.family and 0.15 <= rival.score < 0.45
    facts = facts_of(deal, at=MONDAY, found=found)
    assert found.evidence(facts, RegistrationPolicy()) == []
    (row,) = found.evidence(facts, RegistrationPolicy(scope_family=True))
    assert (row.score, [signal["code"] for signal in row.signals]) == (1.0, ["family"])
    (low,) = found.evidence(facts, RegistrationPolicy(review_score=0.15))
    assert low.score == rival.score


def test_a_draft_without_a_value_or_lines_speaks_for_the_partner(alice, gateways):
    draft = draft_for(alice, "Acme Pumps GmbH", gateways, value=None)
    draft.lines.all().delete()

    facts = facts_of(draft, at=MONDAY)

    assert (facts.value_in_base, facts.product_lines, facts.rivals) == (None, (), ())


FIELDS = {
    "website": "acme.example",
    "city": "Essen",
    "postcode": "45127",
    "contact_name": "Ines",
    "contact_email": "ines@acme.example",
    "contact_phone": "+49 201 1",
    "deal_name": "Pumps",
    "expected_close": MONDAY.date(),
    "competitors": "Big Rival Inc.",
    "next_step": "Workshop",
}


@pytest.mark.parametrize("field", [*FIELDS, "industry", "territory"])
def test_what_the_policy_wants_filled_in_is_asked_for_at_its_field(field, alice, gateways, europe):
    values = FIELDS | {
        "territory": europe,
        "industry": Industry.objects.get_or_create(code="metals-test", defaults={"name": "Metals"})[0],
    }
    empty = None if field in ("industry", "territory", "expected_close") else ""
    draft = draft_for(alice, "Acme Pumps GmbH", gateways, **{field: empty})
    assert set(missing(draft, at=MONDAY)) <= {"expected_close"}
    policy(required_fields=[field])

    with pytest.raises(BadInput) as refusal:
        submission.submit(draft, by=alice, clock=fixed(MONDAY))

    assert (refusal.value.field, set(missing(draft))) == (field, {field})
    Registration.objects.filter(pk=draft.pk).update(**{field: values[field]})
    draft.refresh_from_db()
    assert submission.submit(draft, by=alice, clock=MONDAY_CLOCK).status == Status.APPROVED


def test_name_country_value_and_a_line_are_always_asked_for(alice, gateways):
    policy(required_fields=[])
    draft = draft_for(alice, "Acme Pumps GmbH", gateways, value=None, country="", expected_close=None)
    draft.lines.all().delete()

    assert set(missing(draft)) == {"country", "value", "lines"}
    assert facts_of(draft, at=MONDAY).areas == ()
