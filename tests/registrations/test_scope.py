"""What a registration holds follows from the policy, and the database refuses two that collide (C1, C6, R6)."""

from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog.models import Industry, Territory
from companies.matching import CompanyQuery
from companies.models import Company
from companies.relatives import families_of_each, relatives_of
from companies.services import create_company, declare_same, set_parent
from core.errors import ScopeTaken
from policies.models import RegistrationPolicy
from registrations.enums import Status
from registrations.models import Holding
from registrations.services import decisions, judgements, partner_actions
from registrations.services.places import place_in_line
from registrations.services.precheck import precheck
from registrations.services.timeline import first_broken
from tests.people import MONDAY, MONDAY_CLOCK

pytestmark = pytest.mark.django_db
ACME = "Acme Pumps GmbH"


@pytest.fixture
def policy(db):
    """`policy(scope_product_line=False)`: a version with these settings is in force from Monday on."""

    def publish(**settings):
        last = RegistrationPolicy.objects.order_by("-version")[0]
        return RegistrationPolicy.objects.create(
            version=last.version + 1, effective_from=MONDAY, created_at=MONDAY, **settings
        )

    return publish


@pytest.fixture
def asia(db):
    return Territory.objects.create(code="asia", name="Asia", countries=["JP"])


@pytest.fixture
def dach(db):
    return Territory.objects.create(code="dach-test", name="DACH", countries=["DE", "AT", "CH"])


@pytest.fixture
def nowhere(db):
    """Without countries: where it ends nobody can tell, so it is everywhere."""
    return Territory.objects.create(code="nowhere", name="To be drawn", countries=[])


@pytest.fixture
def food(db):
    return Industry.objects.create(code="food-test", name="Food")


@pytest.fixture
def metals(db):
    return Industry.objects.create(code="metals-test", name="Metals")


# Settings, what the second differs in from the first, and where it lands. Each pair fails when its dimension is ignored.
CASES = [
    ({}, {"line": "sensors"}, Status.IN_REVIEW),  # looked at, since it is the same company
    ({"review_other_scope": False}, {"line": "sensors"}, Status.APPROVED),
    ({"review_other_scope": False}, {}, Status.IN_REVIEW),
    ({"review_other_scope": False, "scope_product_line": False}, {"line": "sensors"}, Status.IN_REVIEW),
    ({"review_other_scope": False}, {"territory": "asia"}, Status.IN_REVIEW),
    ({"review_other_scope": False, "scope_territory": True}, {"territory": "asia"}, Status.APPROVED),
    ({"review_other_scope": False, "scope_territory": True}, {"territory": None}, Status.IN_REVIEW),
    # Another name for some of the same countries is no other place.
    ({"review_other_scope": False, "scope_territory": True}, {"territory": "dach"}, Status.IN_REVIEW),
    ({"review_other_scope": False, "scope_territory": True}, {"territory": "nowhere"}, Status.IN_REVIEW),
    ({"review_other_scope": False}, {"industry": "metals"}, Status.IN_REVIEW),
    ({"review_other_scope": False, "scope_industry": True}, {"industry": "metals"}, Status.APPROVED),
    ({"review_other_scope": False, "scope_industry": True}, {"industry": None}, Status.IN_REVIEW),
]


@pytest.mark.parametrize(("settings", "differs", "landing"), CASES)
def test_what_narrows_the_company(
    settings,
    differs,
    landing,
    policy,
    register,
    alice,
    charlie,
    mara,
    europe,
    asia,
    food,
    metals,
    sensors,
    request,
):
    policy(**settings)
    held = register(alice, ACME, territory=europe, industry=food)
    wanted = {"territory": europe, "industry": food}
    wanted |= {name: request.getfixturevalue(value) if value else None for name, value in differs.items()}
    rival = register(charlie, ACME, **wanted)

    assert (held.status, rival.status) == (Status.APPROVED, landing)
    if landing == Status.APPROVED:
        assert Holding.objects.filter(ended_at=None).count() == 2
        return
    outside = not rival.conflicts.get(rival=held).same_product_line
    assert outside == (settings == {})
    if outside:
        decisions.assign(rival, by=mara)
    else:
        judgements.declare_same(rival.conflicts.get(), by=mara)
        rival.refresh_from_db()
        with pytest.raises(ScopeTaken):
            decisions.assign(rival, by=mara)


ALL = dict.fromkeys(("product_line", "territory", "industry"))


@pytest.mark.parametrize(
    ("one", "two", "collide"),
    [
        (("gateways", "europe", "food"), ("gateways", "europe", "food"), True),
        (("gateways", "europe", "food"), ("sensors", "europe", "food"), False),
        (("gateways", "europe", "food"), ("gateways", "asia", "food"), False),
        (("gateways", "europe", "food"), ("gateways", "europe", "metals"), False),
        (("gateways", "europe", "food"), (None, None, None), True),
        (("gateways", None, None), (None, "asia", None), True),
        (("gateways", None, "food"), ("sensors", "asia", None), False),
        (("gateways", "europe", "food"), ("gateways", "dach", "food"), True),
        (("gateways", "dach", None), ("gateways", "asia", None), False),
        (("gateways", "asia", None), ("gateways", "nowhere", None), True),
    ],
)
def test_the_database_refuses_two_scopes_that_meet(
    one,
    two,
    collide,
    register,
    alice,
    charlie,
    request,
    europe,
    asia,
    dach,
    nowhere,
    food,
    metals,
    sensors,
    gateways,
):
    deals = [register(alice, ACME), register(charlie, "Zeta Bakery")]
    Holding.objects.all().delete()
    company = deals[0].company

    def hold(deal, values):
        found = [request.getfixturevalue(name) if name else None for name in values]
        Holding.objects.create(
            registration=deal, company=company, since=MONDAY, **dict(zip(ALL, found, strict=True))
        )

    hold(deals[0], one)
    if collide:
        with pytest.raises(IntegrityError, match="one_holder_per_scope"), transaction.atomic():
            hold(deals[1], two)
        Holding.objects.update(ended_at=MONDAY)
    hold(deals[1], two)


@pytest.fixture
def group(register, alice, mara):
    """Acme is held; it has a parent and a subsidiary, and the parent another one."""
    held = register(alice, ACME)
    names = ("Vandermeer Group NV", "Acme Pumps Service Oy", "Kettle Works Ltd")
    parent, below, sister = (create_company(CompanyQuery(name, country="DE"), by=mara) for name in names)
    set_parent(held.company, parent, by=mara)
    set_parent(below, held.company, by=mara)
    set_parent(sister, parent, by=mara)
    return held, parent, below, sister


def test_relatives_are_parents_and_subsidiaries(group):
    held, parent, below, sister = group
    assert set(relatives_of(held.company_id)) == {held.company_id, parent.pk, below.pk}
    assert set(relatives_of(parent.pk)) == {held.company_id, parent.pk, below.pk, sister.pk}
    assert set(relatives_of(sister.pk)) == {parent.pk, sister.pk}


def test_a_family_is_all_that_have_a_relative_in_common(group):
    held, parent, below, sister = group
    alone = create_company(CompanyQuery("Tin Whistle Ltd", country="DE"), by=None)
    whole = sorted([held.company_id, parent.pk, below.pk, sister.pk])
    found = families_of_each([below.pk, sister.pk, parent.pk, alone.pk])
    assert found == {below.pk: whole, sister.pk: whole, parent.pk: whole, alone.pk: [alone.pk]}


def into(deal, company):
    """`deal`, which is under review, as one of `company`."""
    type(deal).objects.filter(pk=deal.pk).update(company=company)
    deal.refresh_from_db()
    return deal


def test_a_subsidiary_is_free_unless_the_policy_holds_the_family(group, policy, register, charlie, mara):
    _, parent, _, _ = group
    policy(auto_approve=False)
    free = into(register(charlie, "Vandermeer Group NV"), parent)
    decisions.assign(free, by=mara, clock=MONDAY_CLOCK)
    assert Holding.objects.filter(ended_at=None).count() == 2


def test_the_family_is_one_where_the_policy_says_so(group, policy, register, alice, charlie, dan, mara):
    held, _, below, _ = group
    policy(scope_family=True, waitlist_same=True, review_other_scope=False)
    rival = register(charlie, "Acme Pumps Service Oy", clock=MONDAY_CLOCK)
    # The holder's own rows are of the policy before; the newcomer's scope has the parent and the subsidiary in it.
    assert (rival.status, rival.waits_for) == (Status.WAITLISTED, held)
    assert rival.conflicts.get(rival=held).signals[0]["code"] == "family"
    assert rival.company_id == below.pk and Company.objects.get(pk=below.pk).merged_into_id is None
    second = register(dan, "Vandermeer Group NV", clock=MONDAY_CLOCK)
    assert (second.status, place_in_line(second)) == (Status.WAITLISTED, 2)

    held.refresh_from_db()
    partner_actions.withdraw(held, by=alice, clock=MONDAY_CLOCK)

    rival.refresh_from_db()
    second.refresh_from_db()
    assert (rival.status, second.status) == (Status.OFFERED, Status.WAITLISTED)


def test_the_instant_answer_knows_the_family_too_and_asks_as_much_for_any_name(group, policy, charlie):
    policy(scope_family=False)
    names = ("Vandermeer Group NV", "Acme Pumps Service Oy", "Kettle Works Ltd", "Tin Whistle Ltd")

    def answers():
        clear, counted = [], set()
        for name in names:
            with CaptureQueriesContext(connection) as queries:
                clear.append(precheck(CompanyQuery(name, country="DE"), by=charlie, clock=MONDAY_CLOCK))
            counted.add(len(queries))
        return clear, counted

    answers()  # what is read once a process is read
    clear, _ = answers()
    assert clear[0] and clear[2:] == [True, True]
    policy(scope_family=True)
    clear, counted = answers()
    # Parent and subsidiary of a held company; the sister is neither.
    assert clear == [False, False, True, True] and len(counted) == 1


def test_a_family_ends_and_the_next_of_the_family_is_offered(
    group, policy, register, alice, charlie, dan, mara
):
    held, parent, below, _ = group
    held.refresh_from_db()
    partner_actions.withdraw(held, by=alice, clock=MONDAY_CLOCK)
    policy(scope_family=True, waitlist_same=True)
    first = register(alice, ACME, clock=MONDAY_CLOCK)
    assert set(first.holdings.filter(ended_at=None).values_list("company", flat=True)) == {
        held.company_id,
        parent.pk,
        below.pk,
    }
    second = register(charlie, "Vandermeer Group NV", clock=MONDAY_CLOCK)
    third = register(dan, "Acme Pumps Service Oy", clock=MONDAY_CLOCK)
    assert [place_in_line(second), place_in_line(third)] == [1, 2]
    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.create(registration=second, company=parent, since=MONDAY)

    partner_actions.withdraw(first, by=alice, clock=MONDAY_CLOCK)

    for row in (second, third):
        row.refresh_from_db()
        assert first_broken(row) is None
    assert (second.status, third.status, third.waits_for) == (Status.OFFERED, Status.WAITLISTED, second)


def test_joining_two_companies_that_one_registration_holds_together(group, policy, register, alice, mara):
    held, parent, _, _ = group
    held.refresh_from_db()
    partner_actions.withdraw(held, by=alice, clock=MONDAY_CLOCK)
    policy(scope_family=True)
    deal = register(alice, ACME, clock=MONDAY_CLOCK)

    declare_same(parent, deal.company, by=mara, keep=deal.company)

    current = deal.holdings.filter(ended_at=None)
    assert parent.pk not in set(current.values_list("company", flat=True))
    assert current.filter(company=deal.company).count() == 1


def test_what_is_held_keeps_the_countries_of_its_day(policy, register, alice, charlie, mara, europe, asia):
    """The database compares them, whatever becomes of the catalogue; so does a join of two companies."""
    policy(review_other_scope=False, scope_territory=True)
    held = register(alice, ACME, territory=europe)
    other = register(charlie, "Kestrel Foods", territory=asia)
    assert held.holdings.get().countries == ["DE", "FR"]
    Territory.objects.filter(pk=asia.pk).update(countries=["JP", "FR"])

    beside = register(charlie, "Zeta Bakery", territory=asia)
    with pytest.raises(ScopeTaken, match=r"Both .* have a holder"):
        declare_same(held.company, beside.company, by=mara)
    declare_same(held.company, other.company, by=mara, keep=held.company)
    current = Holding.objects.filter(ended_at=None, company=held.company).order_by("pk")
    assert [holding.countries for holding in current] == [["DE", "FR"], ["JP"]]


def test_migrating_leaves_two_holders_of_one_country_to_a_person(
    register, alice, charlie, gateways, europe, dach
):
    """Before countries were compared two could hold one company in 'Europe' and in 'DACH'."""
    migration = import_module("registrations.migrations.0025_scopes_by_country")
    deals = [register(alice, ACME), register(charlie, "Zeta Bakery")]
    Holding.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE registrations_holding DROP CONSTRAINT one_holder_per_scope")
    for deal, territory in zip(deals, (europe, dach), strict=True):
        Holding.objects.create(
            registration=deal,
            company=deals[0].company,
            product_line=gateways,
            territory=territory,
            since=MONDAY,
        )
    with pytest.raises(RuntimeError, match=f"{deals[0].code} and {deals[1].code}. Revoke one"):
        migration.refuse_two_holders(None, connection.schema_editor())
    Holding.objects.filter(registration=deals[1]).update(ended_at=MONDAY)
    migration.refuse_two_holders(None, connection.schema_editor())
