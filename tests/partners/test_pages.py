"""The pages about firms and people: scope, filters, edits, accounts closed and reopened, and what they cost."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import enums
from accounts.models import User
from core.errors import NotAllowed, WrongStatus
from partners.enums import PartnerStatus
from partners.models import Invitation, Partner
from partners.services import deactivate_person, reactivate_person, update_partner
from tests.people import make_user

pytestmark = pytest.mark.django_db


def page_of(partner, name="partners:partner"):
    return reverse(name, args=[partner.code])


def form_data(**changes):
    return {
        "name": "Westgate",
        "kind": "reseller",
        "tier": "gold",
        "begins": "active",
        "country": "DE",
        "city": "Köln",
        "website": "https://Westgate.example/",
        "time_zone": "Europe/Berlin",
        "manager": "",
        **changes,
    }


@pytest.mark.parametrize(
    ("who", "listing", "own", "other", "firm", "people", "new"),
    [
        ("alice", 403, 200, 404, 200, 403, 403),
        ("bob", 403, 200, 404, 200, 403, 403),
        ("charlie", 403, 404, 200, 200, 403, 403),
        ("mara", 200, 200, 200, 403, 403, 403),
        ("ivan", 200, 200, 200, 403, 403, 403),
        ("olga", 200, 200, 200, 403, 200, 200),
        ("ada", 200, 200, 200, 403, 200, 200),
    ],
)
def test_who_sees_what(who, listing, own, other, firm, people, new, client, request, northgate, southridge):
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("partners:list")).status_code == listing
    assert client.get(page_of(northgate)).status_code == own
    assert client.get(page_of(southridge)).status_code == other
    assert client.get(reverse("partners:firm")).status_code == firm
    assert client.get(reverse("partners:people")).status_code == people
    assert client.get(reverse("partners:invite_staff")).status_code == people
    assert client.get(reverse("partners:new_partner")).status_code == new
    assert client.get(page_of(northgate, "partners:edit_partner")).status_code == new


def test_anonymous_people_sign_in_first(client, northgate):
    for address in ("list", "firm", "people", "new_partner", "invite_staff"):
        assert client.get(reverse(f"partners:{address}")).status_code == 302
    assert client.get(page_of(northgate)).status_code == 302


@pytest.mark.parametrize(
    ("who", "own", "other"), [("alice", 403, 403), ("bob", 200, 404), ("mara", 403, 403), ("olga", 200, 200)]
)
def test_who_may_open_the_invitation_form(who, own, other, client, request, northgate, southridge):
    client.force_login(request.getfixturevalue(who))

    assert client.get(page_of(northgate, "partners:invite")).status_code == own
    assert client.get(page_of(southridge, "partners:invite")).status_code == other


def test_inviting_by_the_form(client, bob, northgate):
    client.force_login(bob)
    address = page_of(northgate, "partners:invite")

    assert client.post(address, {"email": "nonsense", "role": "partner_rep"}).status_code == 422
    assert client.post(address, {"email": "a@b.example", "role": "administrator"}).status_code == 422
    answer = client.post(
        address, {"email": "nora@b.example", "name": "Nora", "role": "partner_rep"}, follow=True
    )

    assert "nora<wbr>@b<wbr>.example" in answer.content.decode()
    assert Invitation.objects.get().partner == northgate


def test_one_firm_never_reads_of_another(client, bob, charlie, olga, northgate, southridge):
    rita = make_user("Rita", enums.PARTNER_ADMIN, southridge)
    theirs = Client()
    theirs.force_login(rita)
    theirs.post(page_of(southridge, "partners:invite"), {"email": "marker@b.example", "role": "partner_rep"})
    client.force_login(bob)

    for address in (reverse("partners:firm"), page_of(northgate)):
        page = client.get(address).content.decode().replace("<wbr>", "")
        for secret in ("marker@b.example", "Southridge", "Rita", charlie.email):
            assert secret not in page
    revoke = reverse("partners:revoke_invitation", args=[Invitation.objects.get().pk])
    assert client.post(revoke).status_code == 404
    client.force_login(olga)
    assert client.post(revoke).status_code == 302


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Northgate", "Southridge"]),
        ("?q=north", ["Northgate"]),
        ("?country=FR", ["Southridge"]),
        ("?status=active&tier=registered", ["Northgate", "Southridge"]),
        ("?status=ended", []),
        ("?status=nonsense&country=%00", ["Northgate", "Southridge"]),
        ("?q=%00", ["Northgate", "Southridge"]),
        ("?page=999", ["Northgate", "Southridge"]),
    ],
)
def test_search_and_filters(query, expected, client, mara, northgate, southridge):
    client.force_login(mara)

    answer = client.get(reverse("partners:list") + query)

    assert [row.name for row in answer.context["rows"]] == expected


def test_the_list_counts_people_and_open_registrations(client, mara, alice, bob, northgate, register):
    User.objects.filter(pk=bob.pk).update(is_active=False)
    register(alice, "Acme Pumps GmbH")
    client.force_login(mara)

    row = client.get(reverse("partners:list")).context["rows"][0]

    assert row.people == 1
    assert {figure.name: figure.value for figure in row.figures} == {
        "open_registrations": "1",
        "open_value": "50,000 EUR",
    }


@pytest.mark.parametrize("address", ["list", "partner", "people"])
def test_as_many_queries_for_three_rows_as_for_one(address, client, olga, alice, northgate, register):
    url = page_of(northgate) if address == "partner" else reverse(f"partners:{address}")
    client.force_login(olga)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    register(alice, "Acme Pumps GmbH")
    client.post(page_of(northgate, "partners:invite"), {"email": "a@b.example", "role": "partner_rep"})
    client.post(reverse("partners:invite_staff"), {"email": "v@b.example", "role": "auditor"})
    client.get(url)  # what was said once in messages is gone
    one = queries()
    for number in range(2):
        firm = Partner.objects.create(name=f"Firm {number}", country="DE")
        register(make_user(f"Rep{number}", enums.PARTNER_REP, northgate), f"Company {number}")
        make_user(f"Other{number}", enums.PARTNER_REP, firm)
        make_user(f"Staff{number}", enums.AUDITOR)
        client.post(
            page_of(northgate, "partners:invite"), {"email": f"a{number}@b.example", "role": "partner_rep"}
        )
        client.post(reverse("partners:invite_staff"), {"email": f"v{number}@b.example", "role": "auditor"})
    client.get(url)
    assert queries() == one


def test_a_new_partner_and_its_first_edit(client, olga, mara, europe):
    client.force_login(olga)

    client.post(reverse("partners:new_partner"), form_data(manager=mara.pk, territories=[europe.pk]))

    made = Partner.objects.get(name="Westgate")
    assert (made.website, made.manager, list(made.territories.all())) == ("Westgate.example", mara, [europe])
    given = form_data(status="suspended", begins="prospect", city="Bonn", version=1)
    answer = client.post(page_of(made, "partners:edit_partner"), given)
    assert answer.status_code == 302
    made.refresh_from_db()
    assert (made.status, made.city) == (PartnerStatus.ACTIVE, "Bonn")  # the status has buttons of its own
    assert (made.version, made.territories.count()) == (2, 0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "northGATE"}, "name"),
        ({"name": "🎈"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"website": "no site"}, "website"),
        ({"country": "XX"}, "country"),
        ({"time_zone": "Mars"}, "time_zone"),
        ({"begins": "asleep"}, "begins"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(changes, field, client, olga, northgate):
    client.force_login(olga)

    answer = client.post(reverse("partners:new_partner"), form_data(**changes))

    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert "data-error-summary" in answer.content.decode()
    assert Partner.objects.count() == 1


def test_the_manager_is_somebody_who_decides(client, olga, ivan, northgate):
    client.force_login(olga)

    assert client.post(reverse("partners:new_partner"), form_data(manager=ivan.pk)).status_code == 422


def test_a_stale_edit_is_refused_and_nothing_overwritten(client, olga, ada, northgate):
    update_partner(northgate, by=ada, version=1, fields={"city": "Bremen"})
    client.force_login(olga)

    answer = client.post(page_of(northgate, "partners:edit_partner"), form_data(version=1))

    assert answer.status_code == 409 and "Somebody changed this firm" in answer.content.decode()
    northgate.refresh_from_db()
    assert (northgate.name, northgate.city) == ("Northgate", "Bremen")


def test_services_ask_for_the_permission_themselves(mara, northgate):
    with pytest.raises(NotAllowed):
        update_partner(northgate, by=mara, version=1, fields={"tier": "platinum"})


def test_closing_an_account_ends_its_sessions_at_once(client, bob, alice):
    theirs = Client()
    theirs.force_login(alice)
    assert theirs.get(reverse("partners:firm")).status_code == 200
    client.force_login(bob)

    assert client.post(reverse("partners:deactivate", args=[alice.pk])).status_code == 302

    assert theirs.get(reverse("partners:firm")).status_code == 302
    assert client.post(reverse("partners:deactivate", args=[alice.pk])).status_code == 409
    assert client.post(reverse("partners:reactivate", args=[alice.pk])).status_code == 302
    alice.refresh_from_db()
    assert alice.is_active


@pytest.mark.parametrize(
    ("who", "whom", "status"),
    [
        ("alice", "dan", 403),
        ("bob", "charlie", 404),
        ("bob", "olga", 404),
        ("bob", "bob", 403),
        ("olga", "charlie", 302),
        ("olga", "mara", 302),
        ("olga", "ada", 403),
        ("olga", "olga", 403),
        ("ada", "olga", 302),
        ("mara", "alice", 403),
    ],
)
def test_who_may_close_whose_account(who, whom, status, client, request):
    by, person = request.getfixturevalue(who), request.getfixturevalue(whom)
    client.force_login(by)

    assert client.post(reverse("partners:deactivate", args=[person.pk])).status_code == status
    person.refresh_from_db()
    assert person.is_active == (status != 302)


def test_account_services_say_when_there_is_nothing_to_do(bob, alice):
    with pytest.raises(WrongStatus):
        reactivate_person(alice, by=bob)
    deactivate_person(alice, by=bob)
    with pytest.raises(WrongStatus):
        deactivate_person(alice, by=bob)


def test_get_never_closes_an_account(client, bob, alice):
    client.force_login(bob)

    assert client.get(reverse("partners:deactivate", args=[alice.pk])).status_code == 405
