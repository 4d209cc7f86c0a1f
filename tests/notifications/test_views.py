"""The pages of notices and outbox, through the whole portal."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import enums
from core.clock import database_clock
from notifications.enums import MessageStatus
from notifications.models import Message, Notice
from tests.notifications.makers import LINK, person, row, tell, words

pytestmark = pytest.mark.django_db

NOTICES = "/notices/"
OUTBOX = "/outbox/"


@pytest.fixture
def alice():
    return person("Alice")


@pytest.fixture
def olga():
    return person("Olga", enums.CHANNEL_OPERATIONS)


@pytest.fixture
def signed_in(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def test_addresses():
    assert reverse("notifications:notices") == NOTICES
    assert reverse("notifications:outbox") == OUTBOX
    assert reverse("notifications:open", args=[7]) == "/notices/7/open/"


@pytest.mark.parametrize("address", [NOTICES, OUTBOX])
def test_strangers_sign_in_first(client, address):
    response = client.get(address)
    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next={address}"


def test_one_reads_ones_own_notices_newest_first(signed_in, alice):
    tell(alice, "1", context=words(company_name="First GmbH"))
    tell(alice, "2", context=words(company_name="Second GmbH"))
    tell(person("Bob"), "3", context=words(company_name="Secret GmbH"))
    page = signed_in(alice).get(NOTICES).content.decode()
    assert page.index("Second GmbH") < page.index("First GmbH")
    assert "Secret GmbH" not in page
    assert "Notices, 2 unread" in page


def test_looking_marks_nothing_and_opening_does(signed_in, alice):
    tell(alice)
    notice = Notice.objects.get()
    client = signed_in(alice)
    client.get(NOTICES)
    assert client.get(f"/notices/{notice.pk}/open/").status_code == 405
    notice.refresh_from_db()
    assert notice.read_at is None
    response = client.post(f"/notices/{notice.pk}/open/")
    assert (response.status_code, response.url) == (302, LINK)
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_somebody_elses_notice_is_not_there(signed_in, alice):
    tell(person("Bob"))
    notice = Notice.objects.get()
    assert signed_in(alice).post(f"/notices/{notice.pk}/open/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_a_notice_never_leads_out_of_the_portal(signed_in, alice):
    tell(alice, link="https://evil.example/")
    response = signed_in(alice).post(f"/notices/{Notice.objects.get().pk}/open/")
    assert response.url == NOTICES


def test_all_are_read_at_once_by_a_post(signed_in, alice):
    tell(alice, "1"), tell(alice, "2")
    client = signed_in(alice)
    assert client.get("/notices/read-all/").status_code == 405
    assert Notice.objects.unread().count() == 2
    assert client.post("/notices/read-all/").url == NOTICES
    assert Notice.objects.unread().count() == 0


def test_no_notices_says_what_will_come(signed_in, alice):
    assert "No notices yet" in signed_in(alice).get(NOTICES).content.decode()


def test_a_page_of_notices_asks_as_much_for_three_as_for_twenty(
    signed_in, alice, django_assert_max_num_queries, django_assert_num_queries
):
    client = signed_in(alice)
    for number in range(3):
        tell(alice, str(number))
    client.get(NOTICES)
    with django_assert_max_num_queries(12) as few:
        client.get(NOTICES)
    for number in range(3, 20):
        tell(alice, str(number))
    with django_assert_num_queries(len(few)):
        client.get(NOTICES)


def test_older_notices_follow(signed_in, alice):
    for number in range(27):
        tell(alice, str(number), context=words(company_name=f"Company {number:02}"))
    client = signed_in(alice)
    first = client.get(NOTICES)
    assert "Company 02 " not in first.content.decode()
    after = first.context["page"].after
    older = client.get(NOTICES, {"after": after}).content.decode()
    assert "Company 01" in older
    assert "Company 00" in older
    assert "Company 02" not in older


@pytest.mark.parametrize("role", [enums.PARTNER_REP, enums.PARTNER_ADMIN, enums.CHANNEL_MANAGER])
def test_the_outbox_is_not_everybodys(signed_in, role):
    assert signed_in(person("Nosy", role)).get(OUTBOX).status_code == 403


@pytest.mark.parametrize(
    ("role", "resends"),
    [(enums.CHANNEL_OPERATIONS, True), (enums.ADMINISTRATOR, True), (enums.AUDITOR, False)],
)
def test_the_outbox_shows_what_failed_and_who_may_send_it_again(signed_in, alice, role, resends):
    tell(alice)
    Message.objects.update(status=MessageStatus.FAILED, last_error="550 no such user <b>")
    page = signed_in(person("Olga", role)).get(OUTBOX, {"status": "failed"}).content.decode()
    assert "alice@firm.example" in page
    assert "550 no such user &lt;b&gt;" in page
    assert ("Send again" in page) is resends


def test_the_outbox_is_filtered_by_status_address_and_code(signed_in, alice, olga):
    tell(alice, "1", context=words(company_name="Pending Co"))
    tell(person("Bob"), "2", context=words(company_name="Sent Co"), about="R-9ZZZZZZ")
    Message.objects.filter(about="R-9ZZZZZZ").update(status=MessageStatus.SENT, sent_at=database_clock())
    client = signed_in(olga)

    def shows(**query):
        page = client.get(OUTBOX, query).content.decode()
        return [name for name in ("Pending Co", "Sent Co") if name in page]

    assert shows() == ["Pending Co", "Sent Co"]
    assert shows(status="pending") == ["Pending Co"]
    assert shows(q="BOB@firm.example") == ["Sent Co"]
    assert shows(q="r-9zzzzzz") == ["Sent Co"]
    assert shows(q="r-9zzzzzz", status="pending") == []
    assert shows(status="nonsense", after="x'--") == ["Pending Co", "Sent Co"]


def test_sending_again(signed_in, alice, olga):
    message = tell(alice)
    Message.objects.update(status=MessageStatus.FAILED, attempts=8)
    client = signed_in(olga)
    address = f"/outbox/{message.pk}/resend/"
    assert client.get(address).status_code == 405
    response = client.post(address, follow=True)
    assert "on its way again" in response.content.decode()
    assert (row(message).status, row(message).attempts) == (MessageStatus.PENDING, 0)
    assert "no longer given up" in client.post(address, follow=True).content.decode()


def test_an_auditor_changes_nothing(signed_in, alice):
    message = tell(alice)
    Message.objects.update(status=MessageStatus.FAILED)
    assert signed_in(person("Ivan", enums.AUDITOR)).post(f"/outbox/{message.pk}/resend/").status_code == 403
    assert row(message).status == MessageStatus.FAILED


def test_a_held_notice_is_not_counted(signed_in, alice):
    tell(alice, not_before=database_clock() + timedelta(hours=1))
    page = signed_in(alice).get(NOTICES).content.decode()
    assert "Notices, none unread" in page
    assert "Acme Pumps" not in page
