"""Lists about firms that are found on other pages: as many questions to the database for many rows as for few."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import enums
from core.clock import database_clock
from partners.models import Partner
from partners.services import update_partner
from programs.conditions import judge
from programs.models import Condition, ContentReading, Enrolment, Program
from programs.services import enrolling
from programs.services.keeping import ConditionGiven
from programs.services.sweeping import sweep_programs
from tests.people import make_user
from tests.programs.content.makers import content
from tests.programs.makers import make_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def things(olga, northgate):
    return {"program": make_program(olga, "First"), "item": content(olga, "Guide")}


def fill(number, olga, northgate, things):
    """So many firms that could be merged or invited, each with a reader; changes and programs of Northgate."""
    now = database_clock()
    for count in range(number):
        name = f"{number} {count}"
        firm = Partner.objects.create(name=f"Northgate {name}", country="DE", status="active")
        person = make_user(f"Rep {name}", enums.PARTNER_REP, firm)
        ContentReading.objects.create(user=person, version=things["item"].current, opened_at=now)
        northgate.refresh_from_db()
        update_partner(northgate, by=olga, version=northgate.version, fields={"city": f"City {name}"})
        program = make_program(olga, f"Program {name}")
        Enrolment.objects.create(
            program=program,
            partner=northgate,
            way="invitation",
            asked_at=now,
            decided_at=now,
            status="enrolled",
        )


@pytest.mark.parametrize("page", ["history", "choose_merge", "partner", "invite", "content_readers"])
def test_as_many_queries_for_many_rows_as_for_few(page, client, olga, northgate, things):
    addresses = {
        "invite": reverse("programs:invite", args=[things["program"].code]),
        "content_readers": f"{reverse('programs:content_readers', args=[things['item'].code])}?show=all",
    }
    address = addresses.get(page) or reverse(f"partners:{page}", args=[northgate.code])
    client.force_login(olga)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    fill(1, olga, northgate, things)
    queries()
    few = queries()
    fill(4, olga, northgate, things)
    assert queries() == few


MONEY = [("One", []), ("Two", [ConditionGiven("figure", "won_value", Decimal(1_000_000))])]


def asked_by(act) -> int:
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


def test_stages_that_ask_for_money_need_no_more_queries_for_many_programs(client, olga, bob, northgate):
    """The currency is asked for once, not for each condition and each firm."""
    client.force_login(bob)
    counts = []
    for number in (1, 3, 6):
        while Program.objects.count() < number:
            program = make_program(olga, f"Program {Program.objects.count()}", stages=MONEY)
            enrolling.take_in(program, northgate, at=database_clock())
        page = client.get(reverse("programs:ours"))
        assert "Won in twelve months" in page.text
        counts.append(asked_by(lambda: client.get(reverse("programs:ours"))))
    assert counts[0] == counts[1] == counts[2]


def test_the_sweep_needs_no_more_queries_for_many_firms(olga, mara):
    program = make_program(olga, stages=MONEY)
    counts = []
    for number in (2, 8):
        for count in range(number):
            firm = Partner.objects.create(name=f"Firm {number} {count}", country="DE", status="active")
            enrolling.take_in(program, firm, at=database_clock())
        counts.append(asked_by(sweep_programs))
    assert counts[0] == counts[1]


def test_a_condition_is_judged_for_the_firms_of_its_own_program(olga, northgate):
    mine, other = (
        enrolling.take_in(make_program(olga, name, stages=MONEY), northgate, at=database_clock())
        for name in ("One", "Other")
    )
    conditions = list(Condition.objects.select_related("stage"))
    found = judge(conditions, [mine, other], database_clock())
    programs = {one.pk: one.stage.program_id for one in conditions}
    assert sorted((programs[condition], enrolment) for condition, enrolment in found) == sorted(
        (one.program_id, one.pk) for one in (mine, other)
    )
