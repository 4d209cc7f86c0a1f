"""Changes of a firm's status: from where to where, by whom, and that what was shown before is what is done."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts import enums
from core.clock import database_clock
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from leads.models import Gift
from leads.services import giving
from notifications.models import Message, Notice
from partners import consequences
from partners.enums import PartnerStatus, StandingChange
from partners.models import FirmEntry, Partner
from partners.services.ending import finish_ended
from partners.services.standing import change_standing
from partners.words import tell
from registrations.enums import Status
from registrations.models import Registration
from registrations.services import agreements, decisions
from registrations.services.timeline import first_broken
from tests.leads.makers import make_lead
from tests.people import make_user, submitted

pytestmark = pytest.mark.django_db
C = StandingChange
ALLOWED = {
    (C.BEGIN, "prospect"): "onboarding",
    (C.ACTIVATE, "prospect"): "active",
    (C.ACTIVATE, "onboarding"): "active",
    (C.SUSPEND, "onboarding"): "suspended",
    (C.SUSPEND, "active"): "suspended",
    (C.END, "prospect"): "ended",
    (C.END, "onboarding"): "ended",
    (C.END, "active"): "ended",
    (C.END, "suspended"): "ended",
    (C.REINSTATE, "suspended"): "active",
    (C.REINSTATE, "ended"): "active",
}


@pytest.mark.parametrize("change", C)
@pytest.mark.parametrize("source", PartnerStatus)
def test_from_where_to_where(change, source, northgate, olga, mara, bob):
    Partner.objects.filter(pk=northgate.pk).update(status=source)
    northgate.refresh_from_db()
    for person in (mara, bob, None):
        if person or change != C.ACTIVATE:
            with pytest.raises(NotAllowed):
                change_standing(northgate, change, by=person, reason="Because.")
    target = ALLOWED.get((change, source.value))
    if target is None:
        with pytest.raises(WrongStatus):
            change_standing(northgate, change, by=olga, reason="Because.")
    else:
        change_standing(northgate, change, by=olga, reason="Because.", version=northgate.version)
        with pytest.raises(StaleVersion):
            change_standing(northgate, change, by=olga, reason="Because.", version=northgate.version)
    northgate.refresh_from_db()
    assert northgate.status == (target or source)
    told = FirmEntry.objects.filter(kind=change).values_list("actor__name", "data__from", "data__to")
    assert list(told) == ([("Olga", source.value, target)] if target else [])


@pytest.mark.parametrize("source", ["prospect", "onboarding", "active"])
@pytest.mark.parametrize("stops", [[C.SUSPEND], [C.END], [C.SUSPEND, C.END]])
def test_a_firm_that_is_reinstated_goes_back_to_where_it_was(client, northgate, olga, bob, source, stops):
    """However it was stopped: what was never decided is not decided by that. The page says it before."""
    Partner.objects.filter(pk=northgate.pk).update(status=source)
    for change in stops if source != "prospect" else [C.END]:
        change_standing(Partner.objects.get(pk=northgate.pk), change, by=olga, reason="Unpaid.")
    client.force_login(olga)
    page = client.get(reverse("partners:standing", args=[northgate.code, "reinstate"])).content.decode()
    assert f"goes back to where it was ({source})" in page
    back = change_standing(Partner.objects.get(pk=northgate.pk), C.REINSTATE, by=olga, reason="Paid.")
    assert back.status == source
    mail = Message.objects.filter(event="partner.standing_changed", recipient=bob).latest("pk")
    assert "Your firm is reinstated" in mail.subject


@pytest.fixture
def busy(alice, bob, charlie, northgate, southridge, mara, gateways, sensors):
    """Northgate with one of each: held (with charlie in line behind), under review, in line, co-sold, given a lead."""
    now = {"clock": database_clock}
    large = {**now, "value": Decimal(900_000)}
    held = submitted(alice, "Held Pumps AG", gateways, **now)
    behind = submitted(charlie, "Held Pumps AG", gateways, **large)
    decisions.put_on_waitlist(behind, behind=held, by=mara)
    review = submitted(alice, "Review Steel SE", gateways, **large)
    theirs = submitted(charlie, "Waited Glass KG", gateways, **now)
    waiting = submitted(alice, "Waited Glass KG", gateways, **large)
    decisions.put_on_waitlist(waiting, behind=theirs, by=mara)
    shared_holder = submitted(charlie, "Shared Paper BV", gateways, **now)
    shared = submitted(alice, "Shared Paper BV", gateways, **large)
    proposal = agreements.propose(
        shared, holder=shared_holder, kind="split", other_share=40, text="Both know them.", by=mara
    )
    agreements.agree(proposal, by=charlie)
    agreements.agree(proposal, by=alice)
    lead = make_lead(mara, "Lead Works Oy", gateways)
    giving.give(lead, way="hand", by=mara, partner=northgate)
    return {
        "held": held,
        "behind": behind,
        "review": review,
        "waiting": waiting,
        "shared": shared,
        "lead": lead,
    }


def fresh(registration):
    return Registration.objects.get(pk=registration.pk)


def test_what_is_shown_is_what_is_done(busy, client, olga, northgate, alice, charlie):
    """Ending: the page's numbers, the rows, the history and the mails agree; the next in line moves up."""
    client.force_login(olga)
    address = reverse("partners:standing", args=[northgate.code, "end"])
    shown = {row.key: row.count for row in client.get(address).context["consequences"]}
    assert shown == {
        "leads pulled back": 1,
        "protected registrations revoked": 1,
        "registrations under review closed": 1,
        "registrations in line closed": 2,
    }
    assert client.post(address, {"version": 1, "reason": ""}).status_code == 422
    assert fresh(busy["held"]).status == Status.APPROVED
    assert client.post(address, {"version": 1, "reason": "Bought by a rival."}).status_code == 302

    entry = FirmEntry.objects.get(kind="end")
    assert entry.data["done"] == shown and entry.data["reason"] == "Bought by a rival."
    (told,) = tell([entry], vendor=True)
    assert "1 lead pulled back" in told.body and "2 registrations in line closed" in told.body
    assert {name: fresh(busy[name]).status for name in ("held", "behind", "review", "waiting", "shared")} == {
        "held": Status.REVOKED,
        "behind": Status.OFFERED,
        "review": Status.REFUSED,
        "waiting": Status.REFUSED,
        "shared": Status.REFUSED,
    }
    assert Gift.objects.filter(partner=northgate, ended_at=None).count() == 0
    for name in ("held", "review", "waiting", "shared"):
        last = fresh(busy[name]).timeline.latest("number")
        assert (last.actor, last.data["text"]) == (olga, "Bought by a rival.")
        assert first_broken(busy[name]) is None
        assert fresh(busy[name]).decisions.latest("id").rule == "The partnership with your firm ended."
    events = Message.objects.values_list("event", "recipient__name")
    for expected in (
        ("partner.records_ended", "Alice"),
        ("registration.offered", "Charlie"),
        ("registration.split_ended", "Charlie"),
        ("partner.standing_changed", "Bob"),
    ):
        assert expected in events
    told = [event for event, name in events if name == "Alice" and event != "lead.given"]
    assert told.count("partner.records_ended") == 1 and not {
        "registration.revoked",
        "registration.refused",
    } & set(told)
    listed = Message.objects.get(event="partner.records_ended", recipient=alice).text
    for name, became in (
        ("held", "protection ended"),
        ("review", "closed under review"),
        ("waiting", "closed in line"),
        ("shared", "closed in line"),
    ):
        assert f"({busy[name].code}): {became}" in listed
    assert "Bought by a rival." in listed and "Charlie" not in listed and "Southridge" not in listed
    bobs = Message.objects.get(event="partner.records_ended", recipient__name="Bob").text
    assert f"Lead Works Oy ({busy['lead'].code}): pulled back" in bobs and "Held Pumps" not in bobs
    assert not any(row.changes for row in consequences.foresee(northgate, C.END))
    assert (
        "Bought by a rival."
        in client.get(reverse("partners:history", args=[northgate.code])).content.decode()
    )


def test_a_suspended_firm_keeps_what_it_holds(busy, client, olga, northgate, alice, gateways):
    client.force_login(olga)
    address = reverse("partners:standing", args=[northgate.code, "suspend"])
    rows = client.get(address).context["consequences"]
    assert [(row.key, row.changes) for row in rows if row.changes] == [("leads pulled back", True)]
    assert "Stay protected: 1 registration" in [row.label for row in rows]
    before = {row.pk: row.status for row in Registration.objects.all()}

    client.post(address, {"version": 1, "reason": "Unpaid."})

    assert {row.pk: row.status for row in Registration.objects.all()} == before
    assert FirmEntry.objects.get(kind="suspend").data["done"] == {"leads pulled back": 1}
    refused = submitted(alice, "New Deal AG", gateways, clock=database_clock)
    assert refused.status == Status.REFUSED  # the rule that stands for new ones
    change_standing(northgate, C.REINSTATE, by=olga, reason="Paid.")
    assert submitted(alice, "Newer Deal AG", gateways, clock=database_clock).status == Status.APPROVED


def test_reasons_and_silence(northgate, olga, bob, mara):
    for reason in ("", "   ", "x" * 1001):
        with pytest.raises(BadInput):
            change_standing(northgate, C.SUSPEND, by=olga, reason=reason)
    change_standing(northgate, C.SUSPEND, by=olga, reason="Unpaid\ninvoices.")
    mail = Message.objects.get(event="partner.standing_changed")
    assert mail.recipient == bob and "Unpaid\ninvoices." in mail.text and "stays protected" in mail.text
    assert Notice.objects.get(user=mara).title == "Northgate is suspended now"


def test_what_came_in_while_it_ended_ends_too(northgate, olga, alice, gateways):
    """A submission that was on its way while the partnership ended is found by the sweep."""
    started = database_clock()
    change_standing(northgate, C.END, by=olga, reason="Over.")
    assert finish_ended(since=started) == []
    Partner.objects.filter(pk=northgate.pk).update(status=PartnerStatus.ACTIVE)
    late = submitted(alice, "Late AG", gateways, clock=database_clock)
    Partner.objects.filter(pk=northgate.pk).update(status=PartnerStatus.ENDED)

    assert finish_ended(since=started) == [northgate.code]
    assert fresh(late).status == Status.REVOKED
    assert finish_ended(since=started) == []


def test_buttons_stand_where_they_can_be_used(client, olga, mara, northgate):
    page = reverse("partners:partner", args=[northgate.code])
    client.force_login(olga)
    assert [row["code"] for row in client.get(page).context["changes"]] == ["suspend", "end"]
    assert client.get(reverse("partners:standing", args=[northgate.code, "begin"])).status_code == 409
    assert client.get(reverse("partners:standing", args=[northgate.code, "explode"])).status_code == 404
    make_user("Otto", enums.CHANNEL_MANAGER)
    client.force_login(mara)
    assert client.get(page).context["changes"] == []


def test_a_suspended_firm_reads_so_where_it_would_begin(client, olga, alice, bob, charlie, northgate, mara):
    """Before somebody fills a form in for nothing: that, why, and whom to ask. Nobody else reads it."""
    change_standing(northgate, StandingChange.SUSPEND, by=olga, reason="Unpaid.")
    places = [reverse("registrations:overview"), reverse("registrations:new"), reverse("partners:firm")]
    for person in (alice, bob):
        client.force_login(person)
        for place in places:
            page = client.get(place).content.decode()
            assert "Your firm is suspended" in page and "“Unpaid.”" in page and mara.email in page
        assert "Register your first deal" not in client.get(places[0]).content.decode()
    client.force_login(charlie)
    assert not any("is suspended" in client.get(place).content.decode() for place in places)
    change_standing(northgate, StandingChange.REINSTATE, by=olga, reason="Paid.")
    client.force_login(alice)
    assert "is suspended" not in client.get(places[0]).content.decode()
    change_standing(northgate, StandingChange.END, by=olga, reason="Sold.")
    assert "The partnership with your firm has ended" in client.get(places[0]).content.decode()


def test_a_firm_that_has_ended_is_not_led_to_what_is_refused(client, olga, alice, northgate, register):
    deal = register(alice, "Acme Pumps GmbH")
    client.force_login(alice)
    listed, page = reverse("registrations:list"), reverse("registrations:registration", args=[deal.code])
    assert reverse("registrations:new") in client.get(listed).content.decode()
    change_standing(northgate, StandingChange.END, by=olga, reason="Sold.")
    assert reverse("registrations:new") not in client.get(listed).content.decode()
    assert "Use again" not in client.get(page).content.decode()
