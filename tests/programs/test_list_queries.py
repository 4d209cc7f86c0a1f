"""Lists about firms that are found on other pages: as many questions to the database for many rows as for few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import enums
from core.clock import database_clock
from partners.models import Partner
from partners.services import update_partner
from programs.models import ContentReading, Enrolment
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
