"""A firm that comes into a deal by consent is asked what a turn in line asks: at the proposal, and again at the last consent."""

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from core.clock import database_clock
from core.errors import BadInput
from partners.certificates.enums import CertificateStatus
from registrations.enums import ConflictState, Status
from registrations.models import Agreement, Conflict
from registrations.services import agreements, decisions
from tests.people import submitted
from tests.policies.makers import give, hold, licence, require, territory
from tests.registrations.requests_help import policy
from tests.registrations.test_agreements import state

pytestmark = pytest.mark.django_db
LACKS = "it takes a valid Export Licence"


@pytest.fixture
def papers(northgate, southridge, olga, gateways):
    """Gateways take a licence, and both firms have it."""
    require(gateways, olga, certificates=[licence().code])
    return {firm.name: hold(firm, licence()) for firm in (northgate, southridge)}


@pytest.fixture
def held(papers, alice, gateways):
    return submitted(alice, "Acme GmbH", gateways, clock=database_clock)


@pytest.fixture
def waiting(held, charlie, mara, gateways):
    """Southridge's, in line."""
    made = submitted(charlie, "Acme GmbH", gateways, clock=database_clock)
    decisions.put_on_waitlist(made, behind=held, by=mara)
    made.refresh_from_db()
    return made


def propose(waiting, held, mara, kind="transfer"):
    share = 100 if kind == "transfer" else 40
    return agreements.propose(waiting, holder=held, kind=kind, other_share=share, text="Take it.", by=mara)


def lose(papers):
    papers["Southridge"].status = CertificateStatus.REVOKED
    papers["Southridge"].save()


def answer(client, person, agreement, route="agree"):
    client.force_login(person)
    return client.post(reverse(f"registrations:{route}", args=[agreement.code]))


@pytest.mark.parametrize("kind", ["split", "transfer"])
def test_a_licence_lost_before_the_last_consent_stops_it_and_each_side_reads_its_own_words(
    kind, client, held, waiting, papers, alice, charlie, mara
):
    agreement = propose(waiting, held, mara, kind)
    assert answer(client, charlie, agreement).status_code == 302
    lose(papers)

    for person, told, untold in (
        (alice, "cannot be carried out at present", LACKS),
        (charlie, LACKS, "Northgate"),
    ):
        refused = answer(client, person, agreement)
        text = strip_tags(refused.content.decode())
        assert (refused.status_code, told in text, "Nothing is changed." in text) == (409, True, True)
        assert untold not in text and ("Southridge" not in text or person == charlie)
    agreement.refresh_from_db()
    assert (agreement.state, agreement.holder_agreed_at) == ("proposed", None)
    assert state(held, waiting) == [Status.APPROVED, Status.WAITLISTED]
    assert not held.decisions.filter(action__in=["transfer", "share"]).exists()
    client.force_login(mara)
    page = client.get(reverse("registrations:registration", args=[waiting.code])).content.decode()
    assert "At present it could not be carried out." in page and LACKS in page

    hold(waiting.partner, licence("export"), number="N-new")
    assert answer(client, alice, agreement).status_code == 302
    landed = Status.APPROVED if kind == "transfer" else Status.SHARED
    assert state(waiting) == [landed]


def test_who_would_be_refused_is_not_proposed_and_the_page_says_so_before(
    client, held, waiting, papers, mara
):
    lose(papers)
    page = reverse("registrations:propose", args=[waiting.code])
    client.force_login(mara)
    text = strip_tags(client.get(page).content.decode())
    assert "The policy refuses this to Southridge at present." in text and LACKS in text
    sent = {"version": waiting.version, "kind": "transfer", "other_share": "", "text": "Take it."}
    refused = client.post(page, sent)
    assert refused.status_code == 422 and "Take it." in refused.content.decode()
    assert not Agreement.objects.exists()


@pytest.mark.usefixtures("europe")
@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"open_most_registered": 1}, "A firm of your tier can have 1 deal open at a time"),
        ({"outside_territory": "refused"}, "outside the territories that your firm works in"),
        ({"registering_kinds": ["msp"]}, "Only partners of these kinds can register deals"),
    ],
)
def test_limits_kinds_and_territories_are_asked(
    settings, words, held, waiting, charlie, mara, southridge, sensors
):
    southridge.territories.add(territory("iberia", "ES"))
    submitted(charlie, "Blohm KG", sensors, clock=database_clock)
    policy(begins=database_clock(), **settings)
    with pytest.raises(BadInput, match=words):
        propose(waiting, held, mara)


def test_anothers_right_is_asked_without_a_name(held, waiting, mara, olga, northgate, gateways):
    give(northgate, olga, product_line=gateways)
    with pytest.raises(BadInput, match="Not open to your firm at present: Gateways") as told:
        propose(waiting, held, mara)
    assert "Northgate" not in told.value.message


def test_what_asks_for_a_look_the_manager_saw_and_what_came_since_nobody_did(
    client, held, waiting, papers, alice, charlie, mara, olga, gateways
):
    """As at a turn: who was let in by a person was looked at (decision 12)."""
    policy(begins=database_clock(), auto_approve=False)
    client.force_login(mara)
    page = reverse("registrations:propose", args=[waiting.code])
    assert "The policy asks for a look" in client.get(page).content.decode()
    agreement = propose(waiting, held, mara)
    assert answer(client, charlie, agreement).status_code == 302
    require(gateways, olga, certificates=[licence("safety", "Safety Paper").code], effect="review")

    agreement.refresh_from_db()
    with pytest.raises(agreements.NotNow, match="cannot be carried out at present"):
        agreements.agree(agreement, by=alice)
    assert state(held, waiting) == [Status.APPROVED, Status.WAITLISTED]
    with pytest.raises(agreements.NotNow, match="Gateways goes to a channel manager first"):
        agreements.agree(agreement, by=charlie)
    agreements.decline(agreement, by=charlie)
    waiting.refresh_from_db()
    again = propose(waiting, held, mara)
    for person in (alice, charlie):
        agreements.agree(again, by=person)
        again.refresh_from_db()
    assert state(held, waiting) == [Status.TRANSFERRED, Status.APPROVED]


def test_who_may_hold_the_same_and_was_not_compared_is_judged_first(
    held, waiting, alice, dan, charlie, mara, gateways
):
    """As before an approval: somebody else than the holder, whom a flag names."""
    third = submitted(dan, "Quarz Optik AG", gateways, clock=database_clock)
    agreement = propose(waiting, held, mara)
    agreements.agree(agreement, by=charlie)
    flag = Conflict.objects.create(
        registration=waiting, rival=third, company=third.company, score=0.6, found_at=database_clock()
    )
    with pytest.raises(agreements.NotNow):
        agreements.agree(agreement, by=alice)
    agreements.decline(agreement, by=charlie)
    waiting.refresh_from_db()
    with pytest.raises(BadInput, match=f"Quarz Optik AG is held by Northgate \\({third.code}\\). Say first"):
        propose(waiting, held, mara)
    Conflict.objects.filter(pk=flag.pk).update(state=ConflictState.DIFFERENT, judged_by=mara)
    assert propose(waiting, held, mara).state == "proposed"
