"""What people of a firm that is suspended or ended find where sending a form would be refused: what is so, why, whom to ask."""

import pytest
from django.urls import reverse

from core.errors import WrongStatus
from leads.services.giving import put_into_pool
from partners.enums import StandingChange
from partners.models import Certificate
from partners.services import invite
from partners.services.certificates import verify_certificate
from partners.services.standing import change_standing
from registrations.enums import Status
from registrations.models import Registration
from tests.leads.makers import make_lead
from tests.partners.certificates.makers import handed_in, make_type
from tests.partners.merging.test_merging import do as merge_into
from tests.people import draft_for

pytestmark = pytest.mark.django_db
C = StandingChange


@pytest.fixture
def stop(northgate, olga):
    def change(what, why="Unpaid."):
        return change_standing(northgate, what, by=olga, reason=why)

    return change


def read(response):
    return response.content.decode()


@pytest.mark.parametrize("change", [C.SUSPEND, C.END])
def test_the_form_gives_way_to_the_page_that_says_so(client, stop, alice, mara, change):
    stop(change)
    client.force_login(alice)
    page = client.get(reverse("registrations:new"))
    assert page.status_code == 403 and 'name="company_name"' not in read(page)
    for words in ("“Unpaid.”", mara.email, reverse("registrations:list")):
        assert words in read(page)


def test_what_was_written_while_a_firm_is_suspended_stays_a_draft(client, stop, alice, gateways):
    client.force_login(alice)
    typed = {"company_name": "Blohm Presswerk", "website": "blohm.example", "country": "DE", "value": "900"}
    form = client.get(reverse("registrations:new")).context["form"]
    stop(C.SUSPEND)
    kept = client.post(
        reverse("registrations:new"),
        {**typed, "currency": form["currency"].value(), "form_key": form["form_key"].value()},
        follow=True,
    )
    draft = Registration.objects.get()
    assert kept.redirect_chain[-1][0] == reverse("registrations:check", args=[draft.code])
    assert "Blohm Presswerk" in read(kept) and "Your firm is suspended" in read(kept)
    assert "Submit the registration" not in read(kept)


def test_a_draft_is_read_and_never_burnt_by_submitting(client, stop, alice, gateways):
    draft = draft_for(alice, "Blohm Presswerk GmbH", gateways)
    client.force_login(alice)
    check = reverse("registrations:check", args=[draft.code])
    version = client.get(check).context["draft"].version
    stop(C.SUSPEND)
    assert client.get(reverse("registrations:details", args=[draft.code])).headers["Location"] == check
    refused = client.post(check, {"version": version})
    assert refused.status_code == 403 and "Nothing was changed." in read(refused)
    assert Registration.objects.get().status == Status.DRAFT

    stop(C.REINSTATE)
    assert client.get(reverse("registrations:details", args=[draft.code])).status_code == 200


def test_an_ended_firm_is_asked_for_nothing(client, stop, alice, bob, olga, northgate, register):
    deal, kind = register(alice, "Acme Pumps GmbH"), make_type()
    stop(C.END, "Sold.")
    client.force_login(alice)
    attach = client.get(reverse("registrations:attach", args=[deal.code]))
    assert attach.status_code == 403 and "The partnership with the firm has ended" in read(attach)
    again = client.post(reverse("registrations:use_again", args=[deal.code]))
    assert again.status_code == 403 and Registration.objects.count() == 1

    client.force_login(bob)
    form = reverse("partners:submit_certificate", args=[northgate.code])
    assert client.get(form).status_code == 403 and "“Sold.”" in read(client.get(form))
    assert form not in read(client.get(reverse("partners:our_certificates")))
    client.force_login(olga)
    told = client.get(f"{form}?type={kind.code}")
    assert told.status_code == 403 and "no certificates of it are taken" in read(told)


@pytest.mark.parametrize("change", [C.SUSPEND, C.END])
def test_lists_promise_nothing_either(client, stop, alice, mara, gateways, change):
    put_into_pool(make_lead(mara, "Blohm Presswerk GmbH", gateways), by=mara)
    stop(change)
    client.force_login(alice)
    for name in ("leads:ours", "programs:training", "programs:ours"):
        page = read(client.get(reverse(name)))
        assert "“Unpaid.”" in page and mara.email in page
        assert "We write to you when we give you one" not in page and "appears here as soon as" not in page


def test_somebody_can_be_asked_when_the_manager_has_left(client, stop, alice, mara, olga):
    stop(C.SUSPEND)
    type(mara).objects.filter(pk=mara.pk).update(is_active=False)
    client.force_login(alice)
    page = read(client.get(reverse("registrations:new")))
    assert olga.email in page and mara.email not in page


def test_certificates_of_an_ended_firm_leave_the_queue_and_come_back(client, stop, bob, olga, northgate):
    one = handed_in(northgate, make_type(), bob)
    stop(C.END)
    assert not Certificate.objects.to_verify().exists()
    with pytest.raises(WrongStatus, match="has ended"):
        verify_certificate(one, by=olga, version=1)
    client.force_login(olga)
    page = read(client.get(reverse("partners:certificate", args=[one.code])))
    assert "Not verified: the partnership ended" in page and "verify/" not in page
    stop(C.REINSTATE)
    assert list(Certificate.objects.to_verify()) == [one]
    verify_certificate(one, by=olga, version=1)


@pytest.mark.parametrize(
    ("change", "title"), [(C.SUSPEND, "The firm is suspended"), (C.END, "The partnership has ended")]
)
def test_both_sides_read_on_its_page_what_is_so_and_nothing_that_is_not(
    client, stop, bob, olga, mara, northgate, southridge, change, title
):
    """The vendor when, by whom and why; an invitation that the end stopped is not called open; the library promises nothing."""
    invite(email="new@northgate.example", name="", role=bob.role, partner=northgate, by=bob)
    stop(change, "Sold.")
    stop(C.REINSTATE, "Again.")
    client.force_login(mara)
    page = reverse("partners:partner", args=[northgate.code])
    assert title not in read(client.get(page))
    stop(change, "Sold again.")
    assert title in read(client.get(page)) and "“Sold again.”" in read(client.get(page))
    assert ", by Olga." in read(client.get(page))
    client.force_login(bob)
    own = read(client.get(reverse("partners:firm")))
    assert ("Works no longer" in own) == (change == C.END) and title not in own
    library = read(client.get(reverse("programs:library")))
    assert "“Sold again.”" in library and "we write to you when it does" not in library


def test_a_record_that_is_part_of_another_one_does_not_read_as_ended(client, olga, northgate, southridge):
    merge_into(northgate, southridge, olga)
    client.force_login(olga)
    page = read(client.get(reverse("partners:partner", args=[northgate.code])))
    assert "This record is part of" in page and "The partnership has ended" not in page
