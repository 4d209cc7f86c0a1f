"""Inviting and accepting: who reaches whom, what a link is worth, and that one invitation makes one account."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import enums
from accounts.models import Role, User
from core.clock import database_clock, fixed
from core.errors import BadInput, LinkSpent, NotAllowed, WrongStatus
from notifications.models import Message
from partners.enums import PartnerStatus
from partners.models import Invitation, Member
from partners.services import accept_invitation, invite, link_for, revoke_invitation
from tests.concurrency.racing import race
from tests.people import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def role(code=enums.PARTNER_REP):
    return Role.objects.get(code=code)


def token_of(invitation):
    return link_for(invitation).rstrip("/").rsplit("/", 1)[1]


def invited(by, partner, email="new@example.org", code=enums.PARTNER_REP):
    return invite(email=email, name="Nora New", role=role(code), partner=partner, by=by)


def test_an_invitation_is_mailed_with_a_link_that_makes_the_account(bob, northgate):
    invitation = invited(bob, northgate, email=" New@Example.org ")

    mail = Message.objects.get(event="invitation")
    assert (mail.address, invitation.email) == ("new@example.org", "new@example.org")
    link = re.search(r"http://testserver/invitations/([^/\s]+)/", mail.text)
    assert link is not None and link.group(0) in mail.html
    user = accept_invitation(link.group(1), name=" Nora  New ", password=PASSWORD, time_zone="Europe/Berlin")
    assert (user.name, user.role.code, user.time_zone) == ("Nora New", enums.PARTNER_REP, "Europe/Berlin")
    assert user.member.partner == northgate and user.check_password(PASSWORD)


def test_a_link_works_once(bob, northgate):
    token = token_of(invited(bob, northgate))
    accept_invitation(token, name="Nora", password=PASSWORD)

    with pytest.raises(LinkSpent):
        accept_invitation(token, name="Nora", password=PASSWORD)
    assert User.objects.filter(email="new@example.org").count() == 1


@pytest.mark.parametrize("spoil", ["expired", "revoked", "tampered", "ended firm", "account made otherwise"])
def test_links_that_are_spent(spoil, bob, northgate, client):
    invitation = invited(bob, northgate)
    token = token_of(invitation)
    if spoil == "expired":
        Invitation.objects.update(expires_at=database_clock() - timedelta(seconds=1))
    elif spoil == "revoked":
        revoke_invitation(invitation, by=bob)
    elif spoil == "tampered":
        token = token[:-2] + "xx"
    elif spoil == "ended firm":
        type(northgate).objects.update(status=PartnerStatus.ENDED)
    else:
        User.objects.create_user("NEW@example.org", name="Nora", role=role())

    with pytest.raises(LinkSpent):
        accept_invitation(token, name="Nora", password=PASSWORD)
    assert client.get(reverse("partners:accept_invitation", args=[token])).status_code == 410
    assert client.post(reverse("partners:accept_invitation", args=[token])).status_code == 410
    assert not Member.objects.filter(user__email__iexact="new@example.org").exists()


def test_a_token_of_another_purpose_is_no_invitation(bob, northgate):
    from django.core import signing

    invitation = invited(bob, northgate)

    with pytest.raises(LinkSpent):
        accept_invitation(signing.dumps(invitation.pk, salt="other"), name="Nora", password=PASSWORD)
    with pytest.raises(LinkSpent):
        accept_invitation(signing.dumps(["x"], salt="partners.invitation"), name="Nora", password=PASSWORD)


@pytest.mark.parametrize(
    ("name", "password", "zone", "field"),
    [
        ("Nora", "short", "UTC", "password"),
        ("Nora", "314159265358979", "UTC", "password"),
        ("Nora", "1q2w3e4r5t6y7u8i9o0p", "UTC", "password"),
        ("Nora", "new@example.org.", "UTC", "password"),
        ("  ", PASSWORD, "UTC", "name"),
        ("Nora", PASSWORD, "Mars/Olympus", "time_zone"),
    ],
)
def test_what_a_newcomer_enters_is_checked_and_the_link_stays_good(
    name, password, zone, field, bob, northgate
):
    token = token_of(invited(bob, northgate))

    with pytest.raises(BadInput) as refusal:
        accept_invitation(token, name=name, password=password, time_zone=zone)

    assert refusal.value.field == field
    assert not User.objects.filter(email="new@example.org").exists()
    assert accept_invitation(token, name="Nora", password=PASSWORD).pk


def test_a_second_invitation_of_a_firm_replaces_its_first(bob, northgate):
    first, second = invited(bob, northgate), invited(bob, northgate)

    with pytest.raises(LinkSpent):
        accept_invitation(token_of(first), name="Nora", password=PASSWORD)
    assert accept_invitation(token_of(second), name="Nora", password=PASSWORD).pk


def test_a_firm_cannot_cancel_the_invitation_of_another(bob, northgate, southridge):
    rival = make_user("Rita", enums.PARTNER_ADMIN, southridge)
    theirs = invited(rival, southridge)

    ours = invited(bob, northgate)

    assert Invitation.objects.open(database_clock()).count() == 2
    assert accept_invitation(token_of(theirs), name="Nora", password=PASSWORD).member.partner == southridge
    with pytest.raises(LinkSpent, match="account already"):
        accept_invitation(token_of(ours), name="Nora", password=PASSWORD)


def test_a_firm_does_not_learn_whether_an_address_has_an_account_elsewhere(bob, northgate, charlie, olga):
    assert invited(bob, northgate, email=charlie.email).pk
    assert invited(bob, northgate, email="nobody@example.org").pk

    with pytest.raises(BadInput, match="has an account already"):
        invited(olga, northgate, email=charlie.email)


def test_colleagues_are_not_invited_twice(bob, alice, northgate):
    with pytest.raises(BadInput, match="belongs to the firm already"):
        invited(bob, northgate, email=alice.email.upper())


@pytest.mark.parametrize(
    ("who", "firm", "code", "error"),
    [
        ("bob", "northgate", enums.PARTNER_ADMIN, None),
        ("bob", "southridge", enums.PARTNER_REP, NotAllowed),
        ("bob", None, enums.AUDITOR, NotAllowed),
        ("bob", "northgate", enums.AUDITOR, BadInput),
        ("alice", "northgate", enums.PARTNER_REP, NotAllowed),
        ("mara", "northgate", enums.PARTNER_REP, NotAllowed),
        ("ivan", None, enums.AUDITOR, NotAllowed),
        ("olga", "southridge", enums.PARTNER_ADMIN, None),
        ("olga", None, enums.CHANNEL_MANAGER, None),
        ("olga", None, enums.CHANNEL_OPERATIONS, None),
        ("olga", None, enums.ADMINISTRATOR, NotAllowed),
        ("olga", None, enums.PARTNER_REP, BadInput),
        ("olga", "northgate", enums.CHANNEL_MANAGER, BadInput),
        ("ada", None, enums.ADMINISTRATOR, None),
    ],
)
def test_who_may_invite_whom(who, firm, code, error, request, northgate, southridge):
    by = request.getfixturevalue(who)
    partner = request.getfixturevalue(firm) if firm else None

    if error is None:
        assert invited(by, partner, code=code).pk
    else:
        with pytest.raises(error):
            invited(by, partner, code=code)
        assert not Invitation.objects.exists()


def test_people_of_an_ended_firm_are_not_invited(olga, northgate):
    northgate.status = PartnerStatus.ENDED

    with pytest.raises(BadInput, match="has ended"):
        invited(olga, northgate)


def test_revoking_is_for_those_who_may_invite_and_says_when_it_is_late(bob, charlie, northgate):
    invitation = invited(bob, northgate)

    with pytest.raises(NotAllowed):
        revoke_invitation(invitation, by=charlie)
    revoke_invitation(invitation, by=bob)
    with pytest.raises(WrongStatus):
        revoke_invitation(invitation, by=bob)


def test_an_old_invitation_expires_after_two_weeks(bob, northgate):
    invitation = invited(bob, northgate)
    token = token_of(invitation)
    late = fixed(invitation.created_at + timedelta(days=14, seconds=1))

    with pytest.raises(LinkSpent):
        accept_invitation(token, name="Nora", password=PASSWORD, clock=late)


def test_the_database_refuses_vendor_staff_as_members_from_both_ends(mara, alice, northgate):
    with pytest.raises(IntegrityError, match="never members"), transaction.atomic():
        Member.objects.create(user=mara, partner=northgate)
    with pytest.raises(IntegrityError, match="cannot become vendor staff"), transaction.atomic():
        User.objects.filter(pk=alice.pk).update(role=role(enums.AUDITOR))
    with pytest.raises(IntegrityError, match="never members"), transaction.atomic():
        Member.objects.filter(user=alice).update(user=mara)
    assert User.objects.filter(pk=alice.pk).update(role=role(enums.PARTNER_ADMIN)) == 1


def test_opening_the_link_changes_nothing_and_says_who_invites(client, bob, northgate):
    invitation = invited(bob, northgate)
    address = reverse("partners:accept_invitation", args=[token_of(invitation)])

    page = client.get(address).content.decode()

    assert "Bob" in page and "Northgate" in page and "Partner rep" in page and "new@example.org" in page
    assert not User.objects.filter(email="new@example.org").exists()
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_accepting_by_the_page_signs_in(client, bob, northgate):
    address = reverse("partners:accept_invitation", args=[token_of(invited(bob, northgate))])

    refused = client.post(address, {"name": "Nora", "password": "short", "time_zone": "UTC"})
    assert refused.status_code == 422 and "15 characters" in refused.content.decode()
    answer = client.post(address, {"name": "Nora", "password": PASSWORD, "time_zone": "Europe/Paris"})

    assert answer.status_code == 302
    assert int(client.session["_auth_user_id"]) == User.objects.get(email="new@example.org").pk
    assert client.post(address, {"name": "Nora", "password": PASSWORD, "time_zone": "UTC"}).status_code == 410


@pytest.mark.django_db(transaction=True)
def test_accepting_twice_at_once_makes_one_account(bob, northgate):
    token = token_of(invited(bob, northgate))

    results = race(*[lambda: accept_invitation(token, name="Nora", password=PASSWORD)] * 2)

    assert sorted(type(result).__name__ for result in results) == ["LinkSpent", "User"]
    assert User.objects.filter(email="new@example.org").count() == 1


@pytest.mark.django_db(transaction=True)
def test_inviting_one_address_twice_at_once_leaves_one_invitation_and_no_fault(bob, northgate):
    results = race(*[lambda: invited(bob, northgate)] * 2)

    assert {type(result) for result in results} <= {Invitation, BadInput}
    assert Invitation.objects.open(database_clock()).count() == 1
