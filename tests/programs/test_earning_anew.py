"""A certification that training granted is earned anew by training (P4, P5): mails and pages name the path, and where it is
open lead to it; nobody is asked for a paper."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import enums
from core.clock import database_clock
from core.shown import day
from core.vendor_days import vendor_day
from notifications.models import Message
from partners.enums import PartnerStatus
from partners.models import Certificate, CertificateType, Partner
from partners.services.certificates import (
    reject_certificate,
    revoke_certificate,
    send_certificate_warnings,
    verify_certificate,
)
from programs.enums import Joining, Publishing
from programs.models import Module, Path, Program, Take
from programs.services import enrolling
from programs.services.training import keeping, taking
from tests.partners.certificates.makers import placed
from tests.people import make_user
from tests.programs.makers import RIGHT, at, make_module, make_path, make_program, make_type, pass_path

pytestmark = pytest.mark.django_db
OURS = "/firm/certificates/"
PAPER_WORDS = (
    "Hand in the",
    "Hand it in again",
    "handed in",
    "Handed in",
    "Hand in one",
    "Renew it all the same",
)


@pytest.fixture
def path(olga) -> Path:
    return make_path(olga, "Seller path", make_module(olga, "Rules"), grants=make_type())


def granted(person, path: Path, *, days: int) -> Certificate:
    """What the path granted, as if it ended in so many days, or so many days ago."""
    end = vendor_day(database_clock()) + timedelta(days=days)
    take = pass_path(person, path, clock=at(0))
    assert take.certificate is not None
    Certificate.objects.filter(pk=take.certificate.pk).update(
        valid_to=end, valid_from=end - timedelta(days=500)
    )
    Take.objects.filter(pk=take.pk).update(valid_until=end)
    return Certificate.objects.get(pk=take.certificate.pk)


def mail(person) -> Message:
    return Message.objects.filter(recipient=person, event__startswith="certificate.").get()


def page_of(client, person, one: Certificate) -> str:
    client.force_login(person)
    return client.get(reverse("partners:certificate", args=[one.code])).text


def _pass(module: Module, person) -> tuple[Path, ...]:
    return taking.submit_attempt(taking.start_attempt(module, by=person), RIGHT, by=person).passed


def retire(path: Path, olga) -> None:
    path.refresh_from_db()
    keeping.publish_path(path, Publishing.RETIRED, by=olga, version=path.version)


@pytest.mark.parametrize("days", [55, 25, 5, -2])
def test_the_warnings_name_the_training(olga, alice, bob, mara, path, days):
    granted(alice, path, days=days)

    send_certificate_warnings()

    tail = " before that day, and nothing changes." if days > 0 else ". Then it counts again."
    mine, admins, ours = mail(alice), mail(bob), mail(mara)
    assert f"Take “Seller path” again{tail}" in mine.text and f"Take “Seller path” again{tail}" in mine.html
    training = reverse("programs:path", args=[path.code])
    assert f"Open the training:\nhttps://testserver{training}" in mine.text.replace("http://", "https://")
    for other in (admins, ours):
        assert f"Alice has to take “Seller path” again{tail}" in other.text
        assert "Open the certificate:" in other.text and training not in other.text
    assert not [
        words for one in (mine, admins, ours) for words in PAPER_WORDS if words in one.text + one.html
    ]


def test_the_word_on_a_revocation_names_the_training(olga, alice, bob, path):
    one = granted(alice, path, days=300)
    revoke_certificate(one, by=olga, version=one.version, reason="Somebody else sat it.")
    assert "Take “Seller path” again, so that it counts again." in mail(alice).text
    assert "Alice has to take “Seller path” again, so that it counts again." in mail(bob).text
    assert path.code in mail(alice).text and "Hand in" not in mail(alice).text + mail(alice).html


@pytest.mark.parametrize("days", [25, -2])
def test_the_pages_lead_to_the_training(client, olga, alice, bob, mara, path, days):
    one = granted(alice, path, days=days)
    counts = "on" if days > 0 else "again"
    training = reverse("programs:path", args=[path.code])

    mine = page_of(client, alice, one)
    assert f"Take “Seller path” again, so that it counts {counts}." in mine
    assert f'<a class="btn btn-primary" href="{training}">' in mine
    assert "Granted for “Seller path”" in mine and "The portal" in mine
    assert f'href="{training}"' in client.get(OURS).text

    for person in (bob, mara):
        page = page_of(client, person, one)
        assert f"Alice has to take “Seller path” again, so that it counts {counts}." in page
        assert training not in page and not [words for words in PAPER_WORDS if words in page]
    client.force_login(bob)
    firms = client.get(OURS).text
    assert f"Alice has to take “Seller path” again, so that it counts {counts}." in firms
    assert f"renews={one.code}" not in firms and "Hand in the renewal" not in firms


def test_after_a_revocation_the_pages_lead_there_too(client, olga, alice, bob, path):
    one = granted(alice, path, days=300)
    revoke_certificate(one, by=olga, version=one.version, reason="Somebody else sat it.")
    mine = page_of(client, alice, one)
    assert "Take “Seller path” again, so that it counts again." in mine and path.code in mine
    assert "Revoked" in mine and "Granted for “Seller path”" in mine
    client.force_login(bob)
    firms = client.get(OURS).text
    assert "Alice has to take “Seller path” again, so that it counts again." in firms
    assert f"like={one.code}" not in firms and f"type={one.type.code}" not in firms


def test_a_page_says_from_which_day_it_can_be_renewed(client, alice, bob, path):
    one = granted(alice, path, days=200)
    opens = day(vendor_day(database_clock()) + timedelta(days=110))
    mine = page_of(client, alice, one)
    assert f"From {opens} on, you can take “Seller path” again to renew it." in mine
    assert path.code not in mine
    assert f"From {opens} on, Alice can take “Seller path” again to renew it." in page_of(client, bob, one)
    Take.objects.update(valid_until=vendor_day(database_clock()) + timedelta(days=80))
    mine = page_of(client, alice, one)
    assert "From now on, you can take “Seller path” again to renew it." in mine and path.code in mine


@pytest.mark.parametrize("why", ["retired", "suspended", "another type"])
def test_where_no_training_is_open_it_says_so(client, olga, alice, bob, mara, northgate, path, why):
    one = granted(alice, path, days=25)
    if why == "retired":
        retire(path, olga)
    elif why == "suspended":
        Partner.objects.filter(pk=northgate.pk).update(status=PartnerStatus.SUSPENDED)
    else:
        Path.objects.update(grants=make_type("other", "Another one"))

    send_certificate_warnings()

    said = "No training that grants it is open for {} now."
    ask = " Ask your channel manager how to renew it."
    assert said.format("you") + ask in mail(alice).text and said.format("Alice") + ask in mail(bob).text
    assert said.format("Alice") in mail(mara).text and ask not in mail(mara).text
    assert said.format("you") in page_of(client, alice, one)
    assert not [
        words for words in PAPER_WORDS if words in mail(alice).text + mail(bob).text + mail(mara).text
    ]


def test_another_path_that_grants_it_takes_the_place_of_one_that_is_retired(client, olga, alice, path):
    one = granted(alice, path, days=25)
    other = make_path(olga, "New path", make_module(olga, "More"), grants=make_type())
    assert "Take “Seller path” again" in page_of(client, alice, one)  # the same one, while it is open
    retire(path, olga)
    assert "Take “New path”, so that it counts on." in page_of(client, alice, one)
    taking.begin(other, by=alice)
    assert "Go on with “New path”, so that it counts on." in page_of(client, alice, one)


@pytest.mark.parametrize("why", ["retired", "the program ended", "the firm left the program"])
def test_a_renewal_under_way_is_gone_on_with_where_nobody_can_begin_it_now(
    client, olga, alice, bob, mara, northgate, why
):
    """They read that no training was open, and she could finish."""
    rules, more = make_module(olga, "Rules"), make_module(olga, "More")
    path = make_path(olga, "Seller path", rules, more, grants=make_type(), for_everybody=why == "retired")
    program = make_program(olga, joining=Joining.INVITATION, paths=[path])
    joined = enrolling.accept(enrolling.invite(program, northgate, by=olga), by=bob)
    one = granted(alice, path, days=25)
    taking.begin(path, by=alice)
    _pass(rules, alice)
    if why == "retired":
        retire(path, olga)
    elif why == "the firm left the program":
        enrolling.leave(joined, by=bob)
    else:
        Program.objects.update(ends_on=vendor_day(database_clock()) - timedelta(days=1))

    send_certificate_warnings()

    tail = " before that day, and nothing changes."
    assert f"Go on with “Seller path”{tail}" in mail(alice).text and path.code in mail(alice).text
    for other in (bob, mara):
        assert f"Alice has to go on with “Seller path”{tail}" in mail(other).text
    mine = page_of(client, alice, one)
    assert "Go on with “Seller path”, so that it counts on." in mine and path.code in mine
    assert _pass(more, alice) == (path,)


def test_what_was_begun_to_renew_it_comes_before_what_could_be_begun(client, olga, alice, path):
    """Whichever path it is; one that was begun before, for another reason, comes after the same one."""
    rules = path.path_modules.get().module
    before = make_path(olga, "A long path", rules, make_module(olga, "Long"), grants=make_type())
    taking.begin(before, by=alice, clock=at(-1))
    one = granted(alice, path, days=25)
    assert "Take “Seller path” again" in page_of(client, alice, one)
    newer = make_path(olga, "New path", make_module(olga, "New"), grants=make_type())
    taking.begin(newer, by=alice)
    assert "Go on with “New path”" in page_of(client, alice, one)
    taking.begin(path, by=alice)
    retire(path, olga)
    assert "Go on with “Seller path”" in page_of(client, alice, one)


@pytest.mark.parametrize("why", ["the firm is suspended", "it is for another firm"])
def test_a_renewal_under_way_is_no_way_where_it_does_not_count(
    client, olga, alice, northgate, southridge, path, why
):
    one = granted(alice, path, days=25)
    taking.begin(path, by=alice)
    retire(path, olga)
    if why == "the firm is suspended":
        Partner.objects.filter(pk=northgate.pk).update(status=PartnerStatus.SUSPENDED)
    else:
        Take.objects.filter(passed_at=None).update(partner=southridge)
    assert "No training that grants it is open for you now" in page_of(client, alice, one)


def test_after_the_partnership_a_revocation_asks_for_nothing(olga, alice, bob, northgate, path):
    one = granted(alice, path, days=300)
    Partner.objects.filter(pk=northgate.pk).update(status=PartnerStatus.ENDED)
    one.refresh_from_db()
    revoke_certificate(one, by=olga, version=one.version, reason="Somebody else sat it.")
    for person in (alice, bob):
        assert "As the partnership has ended, there is nothing to do." in mail(person).text
        assert "channel manager" not in mail(person).text and "Hand in" not in mail(person).text


def test_a_paper_of_the_same_type_is_still_handed_in(client, northgate, alice, bob, path):
    one = placed(northgate, make_type(), member=alice.member, valid_to=vendor_day(database_clock()))
    page = page_of(client, bob, one)
    assert "Hand in the renewal" in page and "Seller path" not in page
    send_certificate_warnings()
    assert "Hand in the renewal before that day" in mail(bob).text


def test_the_page_of_a_revocation_names_what_rests_on_the_same_module(client, olga, alice, charlie, path):
    module = path.path_modules.get().module
    other = make_path(olga, "Engineer path", module, grants=make_type("engineer", "Certified engineer"))
    one = pass_path(alice, path, clock=at(0)).certificate
    beside = taking.begin(other, by=alice, clock=at(1)).certificate
    theirs = pass_path(charlie, other, clock=at(0)).certificate
    page = page_of(client, olga, one)
    assert f"Certified engineer, {beside.number}" in page and theirs.number not in page
    assert "stays until it is revoked, too" not in page_of(client, alice, one)
    revoke_certificate(beside, by=olga, version=beside.version, reason="x")
    assert beside.number not in page_of(client, olga, one)


def test_the_firms_list_asks_as_often_for_many_as_for_one(client, olga, bob, northgate, path):
    client.force_login(bob)
    counts = []
    for number in range(3):
        granted(make_user(f"Rep {number}", enums.PARTNER_REP, northgate), path, days=25)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(OURS).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]


@pytest.fixture
def taken_no_more(path, northgate, alice):
    """A paper that was handed in before its type came to be granted by training alone."""

    def place(**fields):
        one = placed(northgate, path.grants, member=alice.member, **fields)
        CertificateType.objects.update(offered=False)
        return one

    return place


@pytest.mark.parametrize("days", [25, -2])
def test_a_paper_whose_type_takes_none_any_more_is_renewed_by_training(
    client, alice, bob, mara, taken_no_more, days
):
    one = taken_no_more(valid_to=vendor_day(database_clock()) + timedelta(days=days))
    send_certificate_warnings()

    url = reverse("programs:path", args=[Path.objects.get().code])
    for person, says in (
        (alice, "Take “Seller path”"),
        (bob, "Alice has to take “Seller path”"),
        (mara, "Alice has to"),
    ):
        text = mail(person).text
        assert "Papers of this type are taken no more. " in text and says in text
        assert not [words for words in ("Hand in the", "No renewal was handed in") if words in text]
        assert (url in text) is (person == alice)
    for person in (alice, bob):
        for page in (page_of(client, person, one), client.get(OURS).text):
            assert says_of(person) in page and (url in page) is (person == alice)
            assert "?renews=" not in page and "?like=" not in page
    assert "Handed in" in page_of(client, bob, one) and "Granted for" not in page_of(client, bob, one)


def says_of(person) -> str:
    return "Take “Seller path”" if person.name == "Alice" else "Alice has to take “Seller path”"


def test_without_training_they_ask_their_channel_manager(client, olga, alice, bob, path, taken_no_more):
    taken_no_more(valid_to=vendor_day(database_clock()) + timedelta(days=25))
    retire(path, olga)
    send_certificate_warnings()

    text = mail(bob).text
    assert "Papers of this type are taken no more. Ask your channel manager what counts in its place." in text
    client.force_login(bob)
    assert "?renews=" not in client.get(OURS).text


def test_one_that_was_rejected_is_not_asked_for_again(client, olga, alice, bob, taken_no_more):
    one = taken_no_more(status="submitted", submitted_by=bob)

    reject_certificate(one, by=olga, version=one.version, reason="It is not readable.")

    assert "Alice has to take “Seller path” to open it." in mail(bob).text
    assert "Take “Seller path” to open it." in mail(alice).text
    assert "Hand it in again" not in mail(bob).text + page_of(client, bob, one)


def test_verified_it_leads_to_itself(olga, bob, taken_no_more):
    one = taken_no_more(status="submitted", submitted_by=bob)

    verify_certificate(one, by=olga, version=one.version)

    assert reverse("partners:certificate", args=[one.code]) in mail(bob).text
    assert "Seller path" not in mail(bob).text


def test_what_somebody_earned_who_left_is_what_the_firm_could_hold(client, alice, bob, path):
    pass_path(alice, path, clock=at(0))
    client.force_login(bob)
    assert "Granted by “<bdi>Seller path</bdi>”" not in client.get(OURS).text

    alice.is_active = False
    alice.save(update_fields=["is_active"])

    assert "Granted by “<bdi>Seller path</bdi>”" in client.get(OURS).text


def test_who_has_begun_the_training_goes_on_with_it(client, olga, alice, bob, path, taken_no_more):
    """Also where nobody begins it any more."""
    one = taken_no_more(valid_to=vendor_day(database_clock()) + timedelta(days=25))
    make_path(olga, "A newer path", make_module(olga, "New"), grants=path.grants)
    taking.begin(path, by=alice)
    retire(path, olga)
    assert "Papers of this type are taken no more. Go on with “Seller path”" in page_of(client, alice, one)
    assert "Alice has to go on with “Seller path”" in page_of(client, bob, one)


@pytest.mark.parametrize("months", [24, None])
def test_who_holds_it_by_training_already_takes_nothing(
    client, olga, alice, bob, path, taken_no_more, months
):
    """They were sent to a training that they could not begin."""
    CertificateType.objects.update(validity_months=months)
    path.refresh_from_db()
    one = taken_no_more(status="submitted", submitted_by=bob)
    pass_path(alice, path, clock=database_clock)
    make_path(olga, "Another path", make_module(olga, "New"), grants=path.grants)

    reject_certificate(one, by=olga, version=one.version, reason="It is not readable.")

    says = "Papers of this type are taken no more. {} passed “Seller path”, which counts in its place."
    mails = Message.objects.filter(event="certificate.rejected")
    assert says.format("You") in mails.get(recipient=alice).text
    assert says.format("Alice") in mails.get(recipient=bob).text
    assert path.code not in mails.get(recipient=alice).text


def test_who_passed_long_ago_takes_it_again(client, alice, path, taken_no_more):
    one = taken_no_more(valid_to=vendor_day(database_clock()) + timedelta(days=25))
    before = granted(alice, path, days=20)
    assert before.pk != one.pk
    assert "Take “Seller path” again, so that it counts on." in page_of(client, alice, one)


def test_papers_taken_no_more_are_asked_about_at_once(client, olga, bob, northgate, path):
    CertificateType.objects.update(offered=False)
    client.force_login(bob)
    counts = []
    for number in range(3):
        rep = make_user(f"Rep {number}", enums.PARTNER_REP, northgate)
        placed(northgate, path.grants, member=rep.member, valid_to=vendor_day(database_clock()))
        with CaptureQueriesContext(connection) as asked:
            assert f"Rep {number} has to take “Seller path”" in client.get(OURS).text
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]
