"""Signing in, what it gives away (nothing), and a person's own page."""

import re

import pytest
from django.core import mail
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts import enums, roles, zones
from accounts.access import requires
from accounts.middleware import ReaderTimeZone
from accounts.models import Role, User
from core.errors import NotAllowed
from tests.people import PASSWORD, make_user

pytestmark = pytest.mark.django_db
SIGN_IN = "/account/sign-in/"


def sign_in(client, login, password):
    return client.post(SIGN_IN, {"login": login, "password": password})


def test_the_words_of_signing_in_are_the_portals(client, alice):
    for page in (SIGN_IN, reverse("account_reset_password")):
        shown = client.get(page).content.decode()
        assert "E-mail" in shown and "Email" not in shown
    refused = sign_in(client, alice.email, "something else").content.decode()
    assert "The e-mail address or the password is not right." in refused


def test_signing_in_by_address_in_any_spelling(client, alice):
    assert sign_in(client, alice.email.upper(), PASSWORD).status_code == 302
    assert int(client.session["_auth_user_id"]) == alice.pk


def test_a_wrong_password_and_an_unknown_address_read_the_same(client, alice):
    def answer(login):
        response = sign_in(client, login, "wrong horse battery staple")
        text = re.sub(r'(csrf\w*|nonce)[^>]*value="[^"]*"|X-CSRFToken[^}]*', "", response.content.decode())
        return response.status_code, text.replace(login, "")

    wrong, unknown = answer(alice.email), answer("nobody@northgate.example")

    assert wrong == unknown
    assert "_auth_user_id" not in client.session


def test_a_closed_account_cannot_sign_in(client, alice):
    User.objects.filter(pk=alice.pk).update(is_active=False)

    sign_in(client, alice.email, PASSWORD)

    assert client.get(reverse("accounts:profile")).status_code == 302
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up_by_themselves(client):
    data = {"email": "me@example.org", "password1": PASSWORD, "password2": PASSWORD}

    assert "Accounts begin with an invitation" in client.get("/account/sign-up/").content.decode()
    client.post("/account/sign-up/", data)

    assert not User.objects.filter(email="me@example.org").exists()


def test_the_reset_mail_holds_a_link_that_sets_a_new_password(client, alice):
    client.post("/account/password/reset/", {"email": alice.email})

    assert [message.to for message in mail.outbox] == [[alice.email]]
    link = re.search(r"http://testserver(\S+/key/\S+/)", mail.outbox[0].body)
    assert link is not None
    form = client.get(link.group(1), follow=True)
    fresh = "another horse battery staple"
    client.post(form.request["PATH_INFO"], {"password1": fresh, "password2": fresh})
    alice.refresh_from_db()
    assert alice.check_password(fresh)


def test_a_reset_for_an_unknown_address_reads_the_same_and_tells_nobody_of_an_account(client, alice):
    known = client.post("/account/password/reset/", {"email": alice.email}, follow=True)
    unknown = client.post("/account/password/reset/", {"email": "nobody@example.org"}, follow=True)

    assert known.status_code == unknown.status_code == 200
    assert known.redirect_chain == unknown.redirect_chain


def test_short_and_common_passwords_are_refused_at_a_change(client, alice):
    client.force_login(alice)
    for weak in ("short", "314159265358979", "1q2w3e4r5t6y7u8i9o0p"):
        client.post(
            "/account/password/change/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
        )
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


@pytest.mark.parametrize("seed", roles.SEEDS, ids=lambda seed: seed.code)
def test_the_loaded_roles_are_those_of_the_table(seed):
    role = Role.objects.get(code=seed.code)

    assert (role.name, role.side) == (seed.name, seed.side)
    assert set(seed.permissions) <= set(role.permissions)


def test_roles_are_rows_and_a_permission_taken_away_works_at_once(client, mara):
    client.force_login(mara)
    assert client.get(reverse("partners:list")).status_code == 200

    role = mara.role
    role.permissions = [name for name in role.permissions if name != "partners.view_all"]
    role.save()

    assert client.get(reverse("partners:list")).status_code == 403


def test_sides():
    mara, rep = make_user("Vera", enums.CHANNEL_MANAGER), make_user("Rolf", enums.PARTNER_REP)

    assert (mara.is_vendor, mara.is_partner_side, rep.is_vendor, rep.is_partner_side) == (
        True,
        False,
        False,
        True,
    )


def test_who_has_left_may_do_nothing(mara):
    assert mara.may("registrations.decide")
    mara.is_active = False
    assert not mara.may("registrations.decide")


def test_access_lets_in_whoever_holds_one_of_the_permissions(alice, mara):
    @requires("registrations.decide", "named_accounts.import")
    def view(request):
        return "in"

    request = RequestFactory().get("/")
    request.user = mara
    assert view(request) == "in"
    request.user = alice
    with pytest.raises(NotAllowed):
        view(request)


@pytest.mark.parametrize(
    ("zone", "shown"), [("Asia/Tokyo", "Asia/Tokyo"), ("Mars/Olympus", "UTC"), ("", "UTC"), ("../etc", "UTC")]
)
def test_times_are_shown_in_the_readers_zone(zone, shown, alice):
    request = RequestFactory().get("/")
    alice.time_zone = zone
    request.user = alice

    assert ReaderTimeZone(lambda _: str(timezone.get_current_timezone()))(request) == shown


def test_the_profile_changes_name_and_time_zone_and_nothing_else(client, alice):
    client.force_login(alice)
    address = reverse("accounts:profile")

    answer = client.post(
        address,
        {
            "name": " Alice  Adler ",
            "time_zone": "Asia/Tokyo",
            "role": 6,
            "email": "x@y.example",
            "is_active": "",
        },
    )

    assert answer.status_code == 302
    before = (alice.email, alice.role_id)
    alice.refresh_from_db()
    assert (alice.name, alice.time_zone) == ("Alice Adler", "Asia/Tokyo")
    assert ((alice.email, alice.role_id), alice.is_active) == (before, True)


@pytest.mark.parametrize(
    "data",
    [
        {"name": "", "time_zone": "UTC"},
        {"name": "🎈", "time_zone": "UTC"},
        {"name": "x" * 121, "time_zone": "UTC"},
        {"name": "Al", "time_zone": "Mars"},
    ],
)
def test_a_profile_that_says_nothing_is_refused(data, client, alice):
    client.force_login(alice)

    answer = client.post(reverse("accounts:profile"), data)

    assert answer.status_code == 422 and "data-error-summary" in answer.content.decode()
    alice.refresh_from_db()
    assert alice.name == "Alice"


def test_the_profile_asks_for_a_sign_in(client):
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_zones_hold_utc_and_are_real():
    assert zones.is_zone("UTC") and zones.is_zone("Europe/Berlin")
    assert not zones.is_zone("posixrules") and not zones.is_zone("")
