"""A firm's page: what is missing next, what it says of itself, roles, history, firsts, and parts that other apps add."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from accounts import enums
from accounts.models import Role, User
from core.clock import database_clock, fixed
from core.errors import BadInput, NotAllowed, StaleVersion
from leads.services.eligibility import eligible
from notifications.models import Message, Notice
from partners.completeness import needs_of
from partners.enums import PartnerStatus
from partners.groups.fields import field_of
from partners.models import FirmEntry, FirmMilestone, Partner, PartnerMerge
from partners.services import change_member, invite, update_own_profile, update_partner
from partners.words import tell
from registrations.enums import RefusalReason, Status
from registrations.services import appeals, decisions, partner_actions
from registrations.services.undo import undo
from tests.leads.makers import make_lead
from tests.people import MONDAY, make_user, submitted
from tests.policies.makers import licence, require

pytestmark = pytest.mark.django_db


def page_of(partner):
    return reverse("partners:partner", args=[partner.code])


def next_thing(client, person, partner):
    client.force_login(person)
    found = client.get(page_of(partner)).context["completeness"]
    return found.next.words if found.next else None


def test_the_next_useful_step_for_who_can_do_it(client, olga, mara, bob, alice, northgate, europe):
    """Each side is told its own next thing; who can't do it isn't nagged."""
    assert next_thing(client, bob, northgate) == "Add your website"
    assert next_thing(client, alice, northgate) == "Say what you do: sales, marketing or technical work"
    assert next_thing(client, olga, northgate) == "Set the firm's territories"
    assert next_thing(client, mara, northgate) is None
    version = northgate.version
    update_own_profile(northgate, by=bob, version=version, fields={"website": "n.example", "city": "Ulm"})
    assert next_thing(client, bob, northgate) == "Say who does sales, marketing and technical work"
    change_member(bob.member, by=bob, functions=["sales", "technical"])
    change_member(alice.member, by=alice, functions=["marketing"])
    assert next_thing(client, alice, northgate) is None
    assert next_thing(client, bob, northgate) is None
    update_partner(northgate, by=olga, version=version + 1, fields={}, territories=[europe])
    assert next_thing(client, olga, northgate) == "Set the firm's industries"
    assert client.get(page_of(northgate)).context["completeness"].met == 7


def test_what_the_next_step_is_good_for_is_so(
    client, mara, olga, bob, northgate, southridge, europe, gateways
):
    """It said that leads near a firm's city go to the firm; nothing gives leads by city."""
    good_for = {need.key: need.why for need in needs_of(northgate, [])}
    update_own_profile(
        northgate, by=bob, version=northgate.version, fields={"website": "n.example", "city": "Ulm"}
    )
    client.force_login(mara)
    assert (
        "Our people find you by it" in good_for["website"] and "Our people find you by it" in good_for["city"]
    )
    for text in ("n.example", "Ulm"):
        found = client.get(reverse("partners:list"), {"q": text})
        assert [row.name for row in found.context["rows"]] == ["Northgate"]
    assert "see where you are" in good_for["city"] and "Ulm" in found.content.decode()
    assert "open it from your firm’s page" in good_for["website"]
    assert 'href="https://n.example"' in client.get(page_of(northgate)).content.decode()

    assert "come first to firms whose own it is" in good_for["territories"]
    make_user("Rolf", enums.PARTNER_ADMIN, southridge)
    southridge.territories.add(europe)
    lead = make_lead(mara, "Blohm Presswerk GmbH", gateways, territory=europe)
    assert [one.partner for one in eligible(lead)] == [southridge, northgate]

    assert good_for["industries"] == "Groups of firms go by them, and programs by groups."
    assert {field_of(one).code for one in ("industry", "city")} == {"industry", "city"}


def test_a_firm_edits_what_is_its_own(client, bob, alice, olga, northgate):
    client.force_login(bob)
    address = reverse("partners:edit_own")
    User.objects.filter(pk=northgate.manager_id).update(is_active=False)  # their channel manager left
    form = {"website": "https://north.example/", "city": "Bremen", "time_zone": "Europe/Berlin", "version": 1}
    assert client.post(address, {**form, "website": "no site"}).status_code == 422
    assert (
        client.post(address, {**form, "name": "Evil", "tier": "platinum", "status": "ended"}).status_code
        == 302
    )
    northgate.refresh_from_db()
    assert (northgate.website, northgate.city, northgate.time_zone) == (
        "north.example",
        "Bremen",
        "Europe/Berlin",
    )
    assert (northgate.name, northgate.tier, northgate.status) == ("Northgate", "registered", "active")
    assert client.post(address, form).status_code == 409  # the version it was made from is gone
    for person in (alice, olga):
        with pytest.raises(NotAllowed):
            update_own_profile(northgate, by=person, version=2, fields={"city": "X"})
    with pytest.raises(StaleVersion):
        update_own_profile(northgate, by=bob, version=1, fields={"city": "X"})
    with pytest.raises(BadInput):
        update_partner(northgate, by=olga, version=2, fields={"status": "ended"})
    client.force_login(olga)
    page = client.get(reverse("partners:partner", args=[northgate.code]))
    assert page.context["completeness"].next.key == "manager"


def test_history_says_who_changed_what(client, olga, bob, alice, charlie, northgate, europe):
    update_partner(northgate, by=olga, version=1, fields={"tier": "gold", "city": ""}, territories=[europe])
    update_partner(northgate, by=olga, version=2, fields={"tier": "gold"})  # nothing new: no line
    change_member(alice.member, by=bob, role=Role.objects.get(code=enums.PARTNER_ADMIN))
    client.force_login(bob)
    page = client.get(reverse("partners:history", args=[northgate.code])).content.decode()
    for words in (
        "Tier: Registered → Gold",
        "Territories: empty → Europe",
        "Olga, channel operations",
        "Role: Partner rep",
    ):
        assert words in page
    assert FirmEntry.objects.filter(kind="edit").count() == 1
    client.force_login(charlie)
    assert client.get(reverse("partners:history", args=[northgate.code])).status_code == 404
    with pytest.raises(Exception, match="never changed"), connection.cursor() as cursor:
        cursor.execute("UPDATE partners_firmentry SET kind = 'x'")


@pytest.mark.parametrize(
    ("who", "whom", "status"),
    [
        ("bob", "alice", 302),
        ("olga", "alice", 302),
        ("alice", "dan", 403),
        ("bob", "charlie", 404),
        ("mara", "alice", 403),
    ],
)
def test_who_gives_roles(who, whom, status, client, request, bob):
    by, person = request.getfixturevalue(who), request.getfixturevalue(whom)
    client.force_login(by)
    answer = client.post(
        reverse("partners:member", args=[person.pk]), {"role": "partner_admin", "functions": ["sales"]}
    )
    assert answer.status_code == status
    person.refresh_from_db()
    assert (person.role.code == "partner_admin") == (status == 302)
    assert person.member.functions == (["sales"] if status == 302 else [])


def test_roles_stay_sound(client, bob, alice, olga, northgate):
    rep, auditor = Role.objects.get(code=enums.PARTNER_REP), Role.objects.get(code=enums.AUDITOR)
    with pytest.raises(BadInput, match="only admin"):
        change_member(bob.member, by=olga, role=rep)
    with pytest.raises(NotAllowed):
        change_member(bob.member, by=bob, role=rep)
    for wrong in ({"role": auditor}, {"functions": ["cooking"]}):
        with pytest.raises(BadInput):
            change_member(alice.member, by=bob, **wrong)
    client.force_login(alice)
    form = client.get(reverse("partners:member", args=[alice.pk]))
    assert list(form.context["form"].fields) == ["functions"]  # one's own role is not for oneself
    client.post(
        reverse("partners:member", args=[alice.pk]), {"functions": ["technical"], "role": "partner_admin"}
    )
    alice.refresh_from_db()
    assert (alice.role.code, alice.member.functions) == (enums.PARTNER_REP, ["technical"])


def test_a_channel_manager_whose_account_is_closed_is_not_named_to_the_firm(client, bob, olga, northgate):
    """Mail to that address reached nobody; operations read whose account it was."""
    User.objects.filter(pk=northgate.manager_id).update(is_active=False)
    client.force_login(bob)
    steps = reverse("partners:onboarding", args=[northgate.code])
    for address in (page_of(northgate), steps):
        assert "mara@" not in client.get(address).text.lower() and "Mara" not in client.get(address).text
    client.force_login(olga)
    assert "The account is closed: operations get the mail" in client.get(page_of(northgate)).text


def test_firsts_come_once(client, alice, bob, dan, mara, charlie, northgate, gateways):
    first = submitted(alice, "First Pumps AG", gateways, clock=database_clock)
    submitted(dan, "Second Pumps SE", gateways, clock=database_clock)
    mark = FirmMilestone.objects.get()
    assert (mark.kind, mark.about, mark.partner) == ("first_registration", first.code, northgate)
    notices = Notice.objects.filter(event="partner.first_registration")
    assert {notice.user for notice in notices} == {alice, bob, mara}
    assert Message.objects.filter(event__startswith="partner.").count() == 0  # quiet
    day = database_clock().date()
    partner_actions.record_won(first, by=alice, value=Decimal(9_000), closed_on=day)
    won = FirmMilestone.objects.get(kind="first_win")
    client.force_login(bob)
    page = client.get(page_of(northgate)).content.decode()
    assert page.count("celebration-mark") == 2 and "First Pumps AG" in page
    FirmMilestone.objects.update(at=won.at - timedelta(days=31))
    page = client.get(page_of(northgate)).content.decode()
    assert "celebration-mark" not in page and "First win" in page
    submitted(charlie, "Third Pumps KG", gateways, clock=database_clock)
    assert FirmMilestone.objects.count() == 3  # southridge has its own


def test_a_deal_that_an_appeal_gave_back_is_the_first(alice, mara, northgate, gateways, olga):
    """The policy refused it, so it was none; the next one was marked in its place."""
    require(gateways, olga, certificates=[licence().code])
    first = submitted(alice, "First Pumps AG", gateways, clock=database_clock)
    assert (first.status, FirmMilestone.objects.count()) == (Status.REFUSED, 0)
    dispute = appeals.appeal(first.decisions.get(), by=alice, text="We hold it.")
    appeals.grant(dispute, by=mara, text="Right.")
    require(gateways, olga)
    submitted(alice, "Second Pumps SE", gateways, clock=database_clock)
    assert list(FirmMilestone.objects.values_list("kind", "about")) == [("first_registration", first.code)]
    assert Notice.objects.filter(event="partner.first_registration", user=mara).count() == 1


def test_with_the_appeal_that_gave_it_back_the_first_is_undone(alice, mara, gateways, olga):
    """The mark stood on a refused deal, and the next one came in without a word."""
    require(gateways, olga, certificates=[licence().code])
    first = submitted(alice, "First Pumps AG", gateways, clock=database_clock)
    dispute = appeals.appeal(first.decisions.get(), by=alice, text="We hold it.")
    undo(appeals.grant(dispute, by=mara, text="Right."), by=mara)
    first.refresh_from_db()
    notices = Notice.objects.filter(event="partner.first_registration")
    assert (first.status, FirmMilestone.objects.count(), notices.count()) == (Status.REFUSED, 0, 0)
    told = tell(FirmEntry.objects.filter(kind__startswith="first"), vendor=False)
    assert [one.title for one in told] == ["Not the first after all", "First registration"]
    require(gateways, olga)
    second = submitted(alice, "Second Pumps SE", gateways, clock=database_clock)
    assert FirmMilestone.objects.get().about == second.code
    assert notices.get(user=alice).title.endswith(": Second Pumps SE")


def test_what_came_in_before_the_undo_is_the_first_then(alice, mara, gateways, olga):
    """Within the ten seconds: the firm had registrations and no first, and a later one became it."""
    licensed = [licence().code]
    require(gateways, olga, certificates=licensed)
    refused = [
        submitted(alice, name, gateways, clock=database_clock)
        for name in ("First AG", "Second AG", "Third AG")
    ]
    first, second, third = (
        appeals.appeal(deal.decisions.get(), by=alice, text="We hold it.") for deal in refused
    )
    granted = [appeals.grant(dispute, by=mara, text="Right.") for dispute in (first, second)]
    require(gateways, olga)
    between = submitted(alice, "Between SE", gateways, clock=database_clock)
    appeals.grant(third, by=mara, text="Right.")
    assert FirmMilestone.objects.get().about == refused[0].code

    undo(granted[1], by=mara)  # it was none, and is passed over
    assert FirmMilestone.objects.get().about == refused[0].code
    undo(granted[0], by=mara)

    mark = FirmMilestone.objects.get()
    assert (mark.about, mark.at) == (between.code, between.submitted_at)
    notice = Notice.objects.get(event="partner.first_registration", user=alice)
    assert notice.title.endswith(": Between SE")
    submitted(alice, "Later SE", gateways, clock=database_clock)
    assert FirmMilestone.objects.get() == mark


def test_who_was_in_before_it_was_refused_keeps_the_first_when_an_appeal_is_undone(alice, mara, gateways):
    first = submitted(alice, "First Pumps AG", gateways, value=Decimal(900_000))
    later = fixed(MONDAY + timedelta(hours=1))
    reasons = {"reason_code": RefusalReason.EARLY, "text": "Too early."}
    refused = decisions.refuse(first, by=mara, clock=later, **reasons)
    noor, day = make_user("Noor", enums.CHANNEL_MANAGER), fixed(MONDAY + timedelta(days=1))
    dispute = appeals.appeal(refused, by=alice, text="It is not.", clock=later)
    undo(appeals.grant(dispute, by=noor, text="Right.", clock=day), by=noor, clock=day)
    first.refresh_from_db()
    assert (first.status, FirmMilestone.objects.get().about) == (Status.REFUSED, first.code)


def test_parts_of_other_apps(client, alice, bob, mara, northgate, gateways):
    submitted(alice, "Part Pumps AG", gateways, clock=database_clock)
    make_user("Rita", enums.PARTNER_REP, northgate)
    for person, registrations in ((mara, 1), (bob, 1), (alice, 1)):
        client.force_login(person)
        parts = {part.key: part for part in client.get(page_of(northgate)).context["parts"]}
        assert parts["registrations"].count == registrations and "leads" in parts
        assert client.get(parts["registrations"].url).status_code == 200
        assert client.get(parts["leads"].url).status_code == 200


def test_a_new_firm_begins_with_its_steps(client, olga):
    client.force_login(olga)
    form = {"name": "Westgate", "kind": "distributor", "tier": "gold", "country": "DE", "time_zone": "UTC"}
    assert client.post(reverse("partners:new_partner"), {**form, "begins": "suspended"}).status_code == 422
    client.post(reverse("partners:new_partner"), {**form, "begins": "onboarding"})
    made = Partner.objects.get()
    assert (made.status, made.steps.count()) == ("onboarding", 8)
    assert FirmEntry.objects.get(kind="created").actor == olga


def test_an_ended_firm_is_offered_nothing_more(client, olga, northgate):
    client.force_login(olga)
    page = reverse("partners:partner", args=[northgate.code])
    invite = reverse("partners:invite", args=[northgate.code])
    before = client.get(page)
    assert (invite in before.text, before.context["completeness"].next is not None) == (True, True)

    Partner.objects.filter(pk=northgate.pk).update(status=PartnerStatus.ENDED)

    after = client.get(page)
    assert (invite in after.text, after.context["completeness"].next) == (False, None)
    refused = client.get(invite)
    assert refused.status_code == 409 and "Reinstate it before you invite somebody" in refused.text
    whole = Partner.objects.create(name="Northgate Group", country="DE")
    PartnerMerge.objects.create(gone=northgate, survivor=whole, by=olga, at=MONDAY, reason="Bought.")
    assert "Northgate is part of Northgate Group now. Invite people there." in client.get(invite).text


def test_who_was_invited_is_not_asked_for_again(client, olga, northgate):
    """The next useful step is never one that somebody has done: the invitation is on its way."""
    client.force_login(olga)
    here = reverse("partners:partner", args=[northgate.code])
    assert client.get(here).context["completeness"].next.key == "admin"
    role = Role.objects.get(code=enums.PARTNER_ADMIN)
    invite(email="eve@northgate.example", name="Eve", role=role, partner=northgate, by=olga)
    assert client.get(here).context["completeness"].next.key != "admin"


def test_completeness_is_shown_to_those_who_can_do_nothing_about_it(client, ivan, alice, bob, northgate):
    change_member(alice.member, by=alice, functions=["sales"])
    for person in (ivan, alice):
        client.force_login(person)
        page = client.get(reverse("partners:partner", args=[northgate.code]))
        completeness = page.context["completeness"]
        assert completeness.next is None
        assert f"{completeness.met} of {completeness.total} filled in" in page.content.decode()
